"""R43, R49: files belong to a message of a case, or nowhere; on both databases."""

import io
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from kb.actions.attachments import Received, Sent, receive
from kb.actions.cases import (
    Answer,
    NotOpened,
    Opened,
    Who,
    add_note,
    attachment_for,
    attachment_for_agent,
    case_for,
    case_for_agent,
    open_case,
    reply,
)
from kb.actions.housekeeping import tidy
from kb.mail import Letters
from kb.rules.cases import Actor
from kb.rules.contact import Wish
from kb.rules.policy import Policy
from kb.rules.uploads import CASE_BYTES, FILES_BY_ACCOUNT, UploadFlaw
from kb.store import Database
from kb.store.attachments import NewAttachment
from kb.store.file_store import FileStore
from kb.store.tables import attachment
from tests.actions.people import NOW, agent, case_form, customer, own

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(40)
LATER = NOW + timedelta(minutes=20)


def file(name: str = "a.log", size: int = 10, sha256: str = "a" * 64) -> NewAttachment:
    return NewAttachment(name, "text/plain", size, sha256)


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "attachments")


@pytest.fixture
def ana(db: Database) -> Who:
    return Who(Actor.CUSTOMER, customer(db))


@pytest.fixture
def irene(db: Database) -> Who:
    return Who(Actor.AGENT, agent(db))


@pytest.fixture
def wish(db: Database, policy: Policy, ana: Who) -> Wish:
    asset = own(db, policy, ana.user_id, plan="premier")
    return Wish(request="technical", topic="backup", edition="full", asset=asset)


def opens(
    db: Database, policy: Policy, letters: Letters, who: Who, wish: Wish, *files: NewAttachment
) -> Opened | NotOpened:
    form = case_form(files=files)
    return open_case(db, policy, letters, who.user_id, wish, form, submission_id="one", now=NOW)


@pytest.fixture
def number(db: Database, policy: Policy, letters: Letters, ana: Who, wish: Wish) -> int:
    opened = opens(db, policy, letters, ana, wish, file())
    assert isinstance(opened, Opened)
    return opened.number


def takes(db: Database, store: FileStore, who: Who, *sent: tuple[str, bytes]) -> Received:
    files = [Sent(name, io.BytesIO(content)) for name, content in sent]
    return receive(db, store, files, user_id=who.user_id, now=NOW)


def counted(db: Database) -> int:
    with db.read() as conn:
        return conn.execute(select(func.count()).select_from(attachment)).scalar_one()


def names(db: Database, who: Who, number: int) -> list[str]:
    if who.actor is Actor.AGENT:
        view = case_for_agent(db, number)
    else:
        view = case_for(db, who.user_id, number)
    assert view
    return [one.name for some in view.files.values() for one in some]


def test_r43_a_case_comes_with_its_files(db: Database, ana: Who, number: int) -> None:
    view = case_for(db, ana.user_id, number)
    assert view
    first = view.messages[0]
    (one,) = view.files[first.id]
    assert (one.name, one.size, one.uploader_id, one.at) == ("a.log", 10, ana.user_id, NOW)
    assert attachment_for(db, ana.user_id, number, one.id) == one
    assert attachment_for_agent(db, number, one.id) == one


def test_a_case_that_is_not_opened_leaves_no_files(
    db: Database, policy: Policy, letters: Letters, ana: Who
) -> None:
    own(db, policy, ana.user_id)
    nothing = Wish(request="technical", topic="backup", edition="full", asset=4711)
    assert isinstance(opens(db, policy, letters, ana, nothing, file()), NotOpened)
    assert counted(db) == 0


def test_the_same_form_at_the_same_moment_brings_its_files_once(
    db: Database, policy: Policy, letters: Letters, ana: Who, wish: Wish
) -> None:
    def send(_: int) -> Opened | NotOpened:
        return opens(db, policy, letters, ana, wish, file(), file("b.log"))

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(8)))
    assert all(isinstance(answer, Opened) for answer in answers)
    assert counted(db) == 2


def test_replies_of_both_and_notes_carry_files(
    db: Database, policy: Policy, letters: Letters, ana: Who, irene: Who, number: int
) -> None:
    def send(who: Who, form: str) -> Answer:
        files = [file(f"{form}.log")]
        return reply(
            db, policy, letters, who, number, "x", submission_id=form, now=LATER, files=files
        )

    assert (send(ana, "mine"), send(irene, "theirs")) == (Answer.DONE, Answer.DONE)
    assert send(ana, "mine") is Answer.AGAIN
    secret = [file("secret.log")]
    noted = add_note(db, irene, number, "x", submission_id="note", now=LATER, files=secret)
    assert noted is Answer.DONE
    assert names(db, irene, number) == ["a.log", "mine.log", "theirs.log", "secret.log"]
    assert names(db, ana, number) == ["a.log", "mine.log", "theirs.log"]


def test_files_of_notes_and_of_others_are_found_by_nobody_else(
    db: Database, policy: Policy, letters: Letters, ana: Who, irene: Who, number: int
) -> None:
    luis = customer(db, "luis@example.com")
    secret = [file("secret.log")]
    add_note(db, irene, number, "x", submission_id="note", now=LATER, files=secret)
    view = case_for_agent(db, number)
    assert view
    (open_, hidden) = [one for some in view.files.values() for one in some]
    assert attachment_for(db, ana.user_id, number, open_.id)
    assert attachment_for(db, ana.user_id, number, hidden.id) is None
    assert attachment_for_agent(db, number, hidden.id) == hidden
    assert attachment_for(db, luis, number, open_.id) is None
    assert attachment_for_agent(db, number + 1, open_.id) is None
    assert attachment_for(db, ana.user_id, number, 2**63) is None


def test_a_full_case_takes_no_more_and_keeps_the_message_out(
    db: Database, policy: Policy, letters: Letters, ana: Who, number: int
) -> None:
    def send(form: str, size: int) -> Answer:
        files = [file(f"{form}.log", size)]
        return reply(
            db, policy, letters, ana, number, form, submission_id=form, now=LATER, files=files
        )

    assert send("fits", CASE_BYTES - 10) is Answer.DONE
    assert send("fits", CASE_BYTES - 10) is Answer.AGAIN  # its own files do not count twice
    assert send("more", 1) is Answer.FILES_TOO_LARGE
    view = case_for(db, ana.user_id, number)
    assert view
    assert "more" not in [message.body for message in view.messages]


def test_two_answers_at_the_same_moment_cannot_overfill_a_case(
    db: Database, policy: Policy, letters: Letters, ana: Who, number: int
) -> None:
    def send(form: int) -> Answer:
        files = [file(size=CASE_BYTES // 3)]
        return reply(
            db, policy, letters, ana, number, "x", submission_id=str(form), now=LATER, files=files
        )

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(send, range(6)))
    assert sorted(answers) == [Answer.DONE] * 2 + [Answer.FILES_TOO_LARGE] * 4


def test_good_files_are_kept_when_others_are_refused(
    db: Database, store: FileStore, ana: Who
) -> None:
    got = takes(
        db,
        store,
        ana,
        ("pantalla.png", PNG),
        ("virus.exe", b"MZ\x90\x00\x03"),
        ("nada.txt", b""),
        ("page.svg", b"<svg/>"),
        ("nota.txt", b"E000101F4"),
    )
    assert [one.name for one in got.kept] == ["pantalla.png", "nota.txt"]
    assert [(one.name, one.flaw) for one in got.refused] == [
        ("virus.exe", UploadFlaw.KIND),
        ("nada.txt", UploadFlaw.EMPTY),
        ("page.svg", UploadFlaw.KIND),
    ]
    stored = {path.name for path in store.root.rglob("??/*")}
    assert stored == {one.sha256 for one in got.kept}
    assert store.path(got.kept[0].sha256).read_bytes() == PNG


def test_the_sixth_file_is_one_too_many(db: Database, store: FileStore, ana: Who) -> None:
    got = takes(db, store, ana, *((f"{n}.txt", b"%d" % n) for n in range(6)))
    assert len(got.kept) == 5
    assert [(one.name, one.flaw) for one in got.refused] == [("5.txt", UploadFlaw.TOO_MANY)]


def test_a_file_chosen_twice_counts_once(db: Database, store: FileStore, ana: Who) -> None:
    first = takes(db, store, ana, ("a.txt", b"a"))
    again = receive(
        db, store, [Sent("a.txt", io.BytesIO(b"a"))], first.kept, user_id=ana.user_id, now=NOW
    )
    assert (again.kept, again.refused) == (first.kept, ())


def test_a_kept_file_that_was_swept_has_to_be_chosen_again(
    db: Database, store: FileStore, ana: Who
) -> None:
    first = takes(db, store, ana, ("a.txt", b"a"), ("b.txt", b"b"))
    store.path(first.kept[0].sha256).unlink()
    again = receive(db, store, [], first.kept, user_id=ana.user_id, now=NOW)
    assert [one.name for one in again.kept] == ["b.txt"]
    assert [(one.name, one.flaw) for one in again.refused] == [("a.txt", UploadFlaw.GONE)]


def test_nobody_fills_the_disk_with_files_of_no_case(
    db: Database, store: FileStore, ana: Who
) -> None:
    got = [takes(db, store, ana, ("a.txt", b"a")) for _ in range(FILES_BY_ACCOUNT.tries + 1)]
    assert [one.flaw for one in got[-1].refused] == [UploadFlaw.TOO_OFTEN]
    assert all(not one.refused for one in got[:-1])


def test_housekeeping_drops_files_that_no_case_names(
    db: Database, store: FileStore, policy: Policy, letters: Letters, ana: Who, wish: Wish
) -> None:
    got = takes(db, store, ana, ("kept.txt", b"kept"), ("left.txt", b"left"))
    opens(db, policy, letters, ana, wish, got.kept[0])
    for one in got.kept:
        os.utime(store.path(one.sha256), (0, 0))
    tidy(db, store, NOW)
    assert [store.path(one.sha256).exists() for one in got.kept] == [True, False]
