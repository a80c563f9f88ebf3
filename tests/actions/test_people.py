"""Accounts that the operator makes."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from kb.actions.people import add_user
from kb.cli import main
from kb.mail import Letters
from kb.rules.accounts import Role
from kb.store import Database, outbox, users
from tests.conftest import ROOT

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NAMES = {"first_name": "Tomás", "last_name": "Linde", "country": "es", "lang": "es"}


def test_an_agent_is_made_and_mailed_a_link_to_set_a_password(
    db: Database, letters: Letters
) -> None:
    added = add_user(db, letters, "Tomas@Example.com", Role.AGENT, **NAMES, now=NOW)
    assert added is not None
    assert added.made
    with db.read() as conn:
        user = users.by_email(conn, "tomas@example.com")
        assert user is not None
        assert user.is_agent
        assert user.is_confirmed
        assert outbox.counts(conn, NOW)["queued"] == 1


def test_an_account_that_exists_gets_the_role_and_no_mail(db: Database, letters: Letters) -> None:
    add_user(db, letters, "a@example.com", Role.CUSTOMER, **NAMES, now=NOW)
    added = add_user(db, letters, "a@example.com", Role.AGENT, **NAMES, now=NOW)
    assert added is not None
    assert not added.made
    with db.read() as conn:
        user = users.by_email(conn, "a@example.com")
        assert user is not None
        assert user.is_agent
        assert outbox.counts(conn, NOW)["queued"] == 1


def test_no_address_makes_no_account(db: Database, letters: Letters) -> None:
    assert add_user(db, letters, "nobody", Role.AGENT, **NAMES, now=NOW) is None


@pytest.mark.parametrize(
    ("email", "code", "said"), [("ana@example.com", 0, "made"), ("ana", 1, "no e-mail address")]
)
def test_the_command(
    email: str, code: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KB_VAR", str(tmp_path))
    command = ["--site", str(ROOT / "examples" / "starter"), "user", "add", email, "--agent"]
    result = CliRunner().invoke(main, command)
    assert (result.exit_code, said in result.output) == (code, True), result.output


def test_the_last_admin_keeps_the_role(db: Database, letters: Letters) -> None:
    for email in ("a@example.com", "b@example.com"):
        add_user(db, letters, email, Role.ADMIN, **NAMES, now=NOW)
    first = add_user(db, letters, "a@example.com", Role.AGENT, **NAMES, now=NOW)
    assert first is not None
    assert not first.is_last_admin
    for role in (Role.AGENT, Role.CUSTOMER):
        last = add_user(db, letters, "b@example.com", role, **NAMES, now=NOW)
        assert last is not None
        assert last.is_last_admin
    with db.read() as conn:
        assert [one.email for one in users.admins(conn)] == ["b@example.com"]


def test_the_commands_make_list_and_keep_an_admin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KB_VAR", str(tmp_path))

    def run(*words: str, code: int = 0) -> str:
        done = CliRunner().invoke(main, ["--site", str(ROOT / "examples" / "starter"), *words])
        assert done.exit_code == code, done.output
        return done.output

    run("user", "add", "ana@example.com", "--agent")
    assert "nobody is an admin; kb user add EMAIL --admin" in run("user", "list")
    assert "there already; admin." in run("user", "add", "ana@example.com", "--admin")
    told = run("user", "list")
    assert "admin  ana@example.com" in told
    assert "no second factor, never seen" in told
    assert "is the only admin" in run("user", "add", "ana@example.com", "--agent", code=1)
    assert "admin  ana@example.com" in run("user", "list")
