"""R12: pushes go live when they are sound; a broken one changes nothing and its author is told."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.actions.compile_site import compile_site
from kb.actions.sync_site import SyncOutcome, sync_site
from kb.content.sync_files import SyncFiles
from kb.settings import read_settings
from kb.store import migrate
from tests.actions.live_clone import BROKEN, NOW, Live
from tests.actions.people import agent, customer
from tests.content.sites import SITE, front
from tests.repositories import Repository


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    made = Live(tmp_path)
    yield made
    made.db.close()


def test_a_push_goes_live(live: Live) -> None:
    assert live.sync().outcome is SyncOutcome.SAME
    commit = live.push(front("", "Nuevas palabras.\n"))
    done = live.sync()
    assert (done.outcome, done.branch, done.commit) == (SyncOutcome.LIVE, "main", commit)
    assert "Nuevas palabras" in live.words()
    assert live.git("rev-parse", "HEAD") == commit
    assert live.git("status", "--porcelain") == ""
    assert live.sync().outcome is SyncOutcome.SAME


def test_a_broken_push_changes_nothing_and_its_author_is_told_once(live: Live) -> None:
    agent(live.db, "irene@example.com")
    commit = live.push(BROKEN, "Oops <b>", author="Irene", mail="Irene@Example.com")
    done = live.sync()
    assert done.outcome is SyncOutcome.BROKEN
    assert done.told == ("irene@example.com",)
    assert [line.split("; ")[0] for line in done.problems] == [
        "articles/setup/1-one/es.md:5: there is no article 77 to link to",
        "articles/setup/1-one/es.md:7: an image has no alternative text",
        "articles/setup/1-one/es.md:7: there is no file “foto.png”",
    ]
    assert "Texto de one" in live.words()
    assert live.git("rev-parse", "HEAD") == live.first
    ((recipient, subject, text),) = live.mails()
    assert recipient == "irene@example.com"
    assert subject == "main no se ha publicado: 3 errores"
    for problem in done.problems:
        assert problem in text
    assert f"{commit[:10]} Oops <b> (Irene)" in text
    again = live.sync()
    assert (again.outcome, again.told, again.problems) == (SyncOutcome.BROKEN, (), done.problems)
    assert len(live.mails()) == 1
    live.push(front("", "Sin [[77]]\n"), author="Irene", mail="irene@example.com")
    assert live.sync().told == ("irene@example.com",)
    assert len(live.mails()) == 2
    live.push(front("", "Otra vez bien.\n"))
    assert live.sync().outcome is SyncOutcome.LIVE
    assert "Otra vez bien" in live.words()


@pytest.mark.parametrize(
    ("keys", "author", "told"),
    [
        ("", {"mail": "stranger@example.com"}, ()),
        ("people: {ana: Ana@example.com}\n", {"mail": "ana@example.com"}, ("Ana@example.com",)),
        (
            "people: {Ana Ruiz: ana@example.com}\n",
            {"mail": "home@example.org"},
            ("ana@example.com",),
        ),
        ("content_email: docs@example.com\n", {"mail": "x@example.org"}, ("docs@example.com",)),
        ("", {"mail": "customer@example.com"}, ()),
    ],
)
def test_only_known_addresses_are_written_to(
    tmp_path: Path, keys: str, author: dict[str, str], told: tuple[str, ...]
) -> None:
    live = Live(tmp_path, site=SITE + keys)
    customer(live.db, "customer@example.com")
    live.push(BROKEN, **author)
    done = live.sync()
    assert done.told == told
    assert done.unknown == (() if told else (author["mail"],))
    assert live.sync().unknown == ()  # said once, as mails are
    assert tuple(row[0] for row in live.mails()) == told
    live.db.close()


def test_what_is_edited_here_is_never_lost(live: Live) -> None:
    commit = live.push(front("", "Desde lejos.\n"))
    file = live.root / "articles/setup/1-one/es.md"
    file.write_text(front("", "Aquí mismo.\n"))
    done = live.sync()
    assert done.outcome is SyncOutcome.REFUSED
    assert "articles/setup/1-one/es.md" in done.why
    assert "Aquí mismo" in file.read_text()
    assert live.git("rev-parse", "HEAD") == live.first
    live.git("checkout", "-q", "--", ".")
    other = live.root / "articles/setup/1-one/en.md"
    other.write_text("---\ntitle: Here\n---\n\nOnly here.\n")
    assert live.sync().outcome is SyncOutcome.LIVE  # not in the way: it stays
    assert live.git("rev-parse", "HEAD") == commit
    assert "Only here" in other.read_text()


def test_a_new_file_in_the_way_is_not_overwritten(live: Live) -> None:
    live.remote.article(2, "two")
    live.remote.commit("Two")
    mine = live.root / "articles/setup/2-two/es.md"
    mine.parent.mkdir(parents=True)
    mine.write_text(front("", "Mío.\n"))
    done = live.sync()
    assert done.outcome is SyncOutcome.REFUSED
    assert "2-two/es.md" in done.why
    assert "Mío" in mine.read_text()


def test_commits_of_this_folder_alone_are_not_lost(live: Live) -> None:
    live.push(front("", "Desde lejos.\n"))
    (live.root / "articles/setup/1-one/en.md").write_text("---\ntitle: Here\n---\n\nHere.\n")
    live.git("commit", "-qam", "Mine alone")
    mine = live.git("rev-parse", "HEAD")
    done = live.sync()
    assert done.outcome is SyncOutcome.REFUSED
    assert mine[:10] in done.why
    assert live.git("rev-parse", "HEAD") == mine


def test_a_branch_written_anew_is_followed(live: Live) -> None:
    live.push(front("", "Un error.\n"))
    assert live.sync().outcome is SyncOutcome.LIVE
    live.remote.git("reset", "-q", "--hard", "HEAD~1")
    live.push(front("", "En su lugar.\n"))
    assert live.sync().outcome is SyncOutcome.LIVE
    assert "En su lugar" in live.words()


def test_edits_that_break_a_sound_commit_are_told_apart(live: Live) -> None:
    (live.root / "articles/setup/1-one/en.md").write_text("---\ntitle: Here\n---\n\n[[88]]\n")
    live.push(front("", "Bien.\n"))
    done = live.sync()
    assert done.outcome is SyncOutcome.BROKEN
    assert "edited in this folder" in done.why
    assert live.mails() == []
    assert "Texto de one" in live.words()


@pytest.mark.parametrize("way", ["subfolder", "detached", "shallow", "hooks"])
def test_repositories_of_every_shape(tmp_path: Path, way: str) -> None:
    live = Live(tmp_path, at="docs/support" if way == "subfolder" else "")
    if way == "detached":
        live.git("checkout", "-q", "--detach")
        assert live.sync().outcome is SyncOutcome.TROUBLE
    if way == "hooks":
        hook = live.clone / ".git/hooks/post-checkout"
        for name in ("post-checkout", "post-merge", "reference-transaction", "post-index-change"):
            hook.with_name(name).write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
            hook.with_name(name).chmod(0o755)
    if way == "shallow":
        live.push(front("", "Dos.\n"))
        shallow = live.remote.clone(tmp_path / "shallow", "--depth", "1")
        live.settings = read_settings({"KB_VAR": str(tmp_path / "v2")}, shallow)
        migrate(live.settings.database_url)
        compile_site(live.settings)
    commit = live.push(front("", "Nuevas palabras.\n"))
    done = live.sync(branch="main")
    assert (done.outcome, done.commit) == (SyncOutcome.LIVE, commit)
    assert "Nuevas palabras" in live.words()
    assert not (tmp_path / "ran").exists()
    live.db.close()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"branch": "nowhere"}, "cannot be fetched from origin: it is not there; push it first"),
        ({"branch": "--upload-pack=x"}, "no name of a branch"),
        ({"branch": "main", "remote": "--upload-pack=x"}, "no name of a remote"),
        ({"branch": "main", "remote": "nowhere"}, "no remote “nowhere”; add it (git remote add"),
    ],
)
def test_what_git_cannot_do_is_said(live: Live, more: dict[str, str], said: str) -> None:
    done = live.sync(**more)
    assert done.outcome is SyncOutcome.TROUBLE
    assert said in done.why


def test_without_a_repository_it_is_said(live: Live, tmp_path: Path) -> None:
    plain = Repository(tmp_path / "plain")
    settings = read_settings({"KB_VAR": str(tmp_path / "v")}, plain.root)
    (plain.top / ".git").rename(tmp_path / "gone")
    done = sync_site(settings, live.db, NOW)
    assert done.outcome is SyncOutcome.TROUBLE
    assert "is in no git repository" in done.why


def test_two_at_once_take_their_turn(live: Live) -> None:
    with SyncFiles(live.settings.var).alone() as alone:
        assert alone
        assert live.sync().outcome is SyncOutcome.BUSY
    assert live.sync().outcome is SyncOutcome.SAME
