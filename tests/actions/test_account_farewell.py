"""Taking one's data along, leaving, and ending sessions: what goes, what stays, whose it is."""

import io
import json
import zipfile
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from kb.actions import account_erase, account_export, accounts, organisations, passwords, sessions
from kb.actions.account_erase import Farewell
from kb.actions.accounts import SignInOutcome
from kb.actions.assets import asset, register_keys
from kb.actions.attachments import Sent, receive
from kb.actions.cases import (
    NotOpened,
    Opened,
    Ready,
    case_for,
    case_for_agent,
    open_case,
    place_in,
    prepare_in,
)
from kb.actions.drafts import drafts_of, save_draft
from kb.actions.feedback import FeedbackKind, give_feedback
from kb.mail import Letters
from kb.rules.accounts import EXPORTS_BY_ACCOUNT, PASSWORD_BY_ACCOUNT
from kb.rules.cases import CaseState
from kb.rules.contact import Wish
from kb.rules.policy import Policy
from kb.store import Database, outbox, users
from kb.store.file_store import FileStore
from kb.store.tables import metadata
from tests.actions.people import KEY, NOW, SECRET, agent, case_form, customer, own

SOURCE, LOG = "192.0.2.7", b"02:10 E000101F4\n"
_forms = count()


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "attachments")


def backup(asset_id: int) -> Wish:
    return Wish(request="technical", topic="backup", edition="full", asset=asset_id)


def opens(
    db: Database, policy: Policy, letters: Letters, user_id: int, asset_id: int, **changes: Any
) -> int:
    made = open_case(
        db,
        policy,
        letters,
        user_id,
        backup(asset_id),
        case_form(**changes),
        submission_id=f"f{next(_forms)}",
        now=NOW,
    )
    assert isinstance(made, Opened), made
    return made.number


def everything(db: Database) -> str:
    """Every row of every table, as one text."""
    with db.read() as conn:
        tables = metadata.sorted_tables
        return "\n".join(str(row) for table in tables for row in conn.execute(select(table)))


def exported(db: Database, files: FileStore, user_id: int) -> zipfile.ZipFile:
    packed = account_export.export(db, files, SECRET, user_id, NOW)
    assert packed is not None
    with packed:
        return zipfile.ZipFile(io.BytesIO(packed.read()))


def test_an_export_brings_all_there_is(
    db: Database, policy: Policy, letters: Letters, files: FileStore
) -> None:
    ana = customer(db)
    product = own(db, policy, ana)
    sent = [Sent("../../copia.log", io.BytesIO(LOG)), Sent("copia.log", io.BytesIO(LOG * 2))]
    kept = receive(db, files, sent, user_id=ana, now=NOW).kept
    number = opens(db, policy, letters, ana, product, files=kept)
    save_draft(db, ana, backup(product), "email", {"title": "Otra"}, submission_id="d1", now=NOW)
    give_feedback(
        db,
        kind=FeedbackKind.SUGGESTION,
        text="Más ejemplos",
        lang="es",
        secret=SECRET,
        source=SOURCE,
        now=NOW,
        user_id=ana,
    )
    archive = exported(db, files, ana)
    told = {name: json.loads(archive.read(name)) for name in archive.namelist() if ".json" in name}
    assert told["profile.json"]["email"] == "ana@example.com"
    assert told["products.json"][0]["product"] == "backup-server"
    (case,) = told["cases.json"]
    assert case["number"] == number
    assert case["messages"][0]["text"].startswith("Cada noche")
    assert told["drafts.json"][0]["typed"] == {"title": "Otra"}
    assert told["feedback.json"][0]["text"] == "Más ejemplos"
    assert told["orders.json"] == []
    assert {one["what"] for one in told["history.json"]} >= {"case.open"}
    places = [one["file"] for one in case["files"]]
    assert len(set(places)) == 2
    assert [archive.read(place) for place in places] == [LOG, LOG * 2]
    assert not any(".." in name.split("/") for name in archive.namelist())
    assert set(archive.namelist()) == {"README.txt", *told, *places}


def test_an_export_brings_nothing_of_anybody_else(
    db: Database, policy: Policy, letters: Letters, files: FileStore
) -> None:
    ana, eva = customer(db), customer(db, "eva@example.com", first_name="Eva")
    opens(db, policy, letters, ana, own(db, policy, ana))
    archive = exported(db, files, eva)
    told = "".join(archive.read(name).decode() for name in archive.namelist())
    assert "eva@example.com" in told
    assert "ana@example.com" not in told
    assert json.loads(archive.read("cases.json")) == []
    assert "password_hash" not in told
    assert "totp" not in told


def test_exports_are_limited(db: Database, files: FileStore) -> None:
    ana = customer(db)
    for _ in range(EXPORTS_BY_ACCOUNT.tries):
        exported(db, files, ana)
    assert account_export.export(db, files, SECRET, ana, NOW) is None


def test_a_deleted_person_is_nowhere_and_the_case_stays(
    db: Database, policy: Policy, letters: Letters
) -> None:
    ana, irene = customer(db), agent(db)
    product = own(db, policy, ana)
    number = opens(db, policy, letters, ana, product, phone="+34 600 000 000")
    save_draft(db, ana, backup(product), "email", {"title": "Otra"}, submission_id="d", now=NOW)
    assert account_erase.delete_account(db, policy, letters, ana, NOW) is Farewell.DONE
    with db.write() as conn:
        (farewell,) = [mail for mail in outbox.all_mail(conn) if mail.recipient]
        assert (farewell.kind, farewell.recipient) == ("account-deleted", "ana@example.com")
        conn.execute(metadata.tables["outbox"].delete())  # as once it is sent and tidied away
    left = everything(db)
    for personal in ("ana@example.com", "Prieto", "+34 600", "Otra"):
        assert personal not in left
    view = case_for_agent(db, number)
    assert view is not None
    assert view.case.state is CaseState.CLOSED
    assert view.case.title == "La copia nocturna se detiene"
    assert view.case.user_id == ana, "it stays with the account that nobody can enter"
    assert drafts_of(db, ana) == ()
    assert accounts.sign_in(db, letters, "ana@example.com", "x", SOURCE, NOW).outcome is (
        SignInOutcome.WRONG
    )
    assert irene


def test_a_deleted_person_s_keys_can_be_registered_again(
    db: Database, policy: Policy, letters: Letters
) -> None:
    ana, eva = customer(db), customer(db, "eva@example.com")
    product = own(db, policy, ana)
    opens(db, policy, letters, ana, product)
    account_erase.delete_account(db, policy, letters, ana, NOW)
    (answer,) = register_keys(db, policy, eva, KEY, NOW, secret=SECRET)
    assert answer.asset_id is not None


def test_the_address_is_free_again(db: Database, policy: Policy, letters: Letters) -> None:
    ana = customer(db)
    account_erase.delete_account(db, policy, letters, ana, NOW)
    again = customer(db)
    assert again != ana
    assert account_erase.delete_account(db, policy, letters, ana, NOW) is Farewell.NOT_FOUND
    account_erase.delete_account(db, policy, letters, again, NOW)  # two deleted ones side by side


def test_what_is_the_organisation_s_stays_with_it(
    db: Database, policy: Policy, letters: Letters
) -> None:
    ana, bo = customer(db), customer(db, "bo@example.com", first_name="Bo", last_name="Lind")
    organisations.found(db, bo, "Lind", bring=True, now=NOW)
    with db.write() as conn:
        place = organisations.organisations.of_user(conn, bo)
        assert place
        contact = organisations.MemberRole.CONTACT
        organisations.organisations.join(conn, place.organisation_id, ana, contact, True, NOW)
    product = own(db, policy, ana)
    number = opens(db, policy, letters, ana, product)
    assert account_erase.delete_account(db, policy, letters, bo, NOW) is Farewell.LAST_OWNER
    with db.read() as conn:
        kept = users.by_id(conn, bo)
    assert kept
    assert kept.email == "bo@example.com"  # nothing was half done
    assert account_erase.delete_account(db, policy, letters, ana, NOW) is Farewell.DONE
    assert asset(db, bo, product) is not None
    view = case_for(db, bo, number)
    assert view
    assert view.case.is_alive
    assert "Prieto" not in str(view.case.contact)


def test_an_agent_s_account_is_not_deleted_here(
    db: Database, policy: Policy, letters: Letters
) -> None:
    assert account_erase.delete_account(db, policy, letters, agent(db), NOW) is Farewell.AGENT


def test_signing_out_everywhere_ends_every_session(db: Database) -> None:
    ana = customer(db)
    sessions.sign_out_everywhere(db, ana, NOW)
    with db.read() as conn:
        user = users.by_id(conn, ana)
    assert user
    assert user.session_epoch == 2


def test_the_password_is_asked_again_but_not_for_ever(db: Database, letters: Letters) -> None:
    ana = customer(db, password_hash=passwords.hash_password("seven quiet owls"))

    def asked(password: str, now: Any = NOW) -> SignInOutcome:
        return sessions.knows_password(db, letters, ana, password, now)

    assert asked("seven quiet owls") is SignInOutcome.WELCOME
    for _ in range(PASSWORD_BY_ACCOUNT.tries):
        assert asked("eight quiet owls") is SignInOutcome.WRONG
    assert asked("seven quiet owls") is SignInOutcome.TOO_MANY
    before = NOW + PASSWORD_BY_ACCOUNT.window - timedelta(seconds=1)
    assert asked("seven quiet owls", before) is SignInOutcome.TOO_MANY
    assert asked("seven quiet owls", NOW + PASSWORD_BY_ACCOUNT.window) is SignInOutcome.WELCOME


def test_a_case_that_was_decided_before_the_farewell_is_not_written_after_it(
    db: Database, policy: Policy, letters: Letters
) -> None:
    ana = customer(db)
    wish = backup(own(db, policy, ana))
    with db.read() as conn:
        ready = prepare_in(conn, policy, ana, wish, case_form(), "f", NOW)
    assert isinstance(ready, Ready)
    left = account_erase.delete_account(db, policy, letters, ana, NOW)
    with db.write() as conn:
        placed = place_in(conn, policy, letters, ready, None, NOW)
    assert (left, type(placed)) == (Farewell.DONE, NotOpened)
    assert "Cada noche" not in everything(db)
