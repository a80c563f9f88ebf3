"""The ways into an account: a new password, and parting from a provider but never from the last."""

from datetime import timedelta

import pytest

from kb.actions import passwords, ways_in
from kb.actions.ways_in import PasswordChange, Unlinked
from kb.mail import Letters
from kb.store import Database, identities, outbox, users
from kb.store.users import NO_PASSWORD
from tests.actions.people import NOW, customer

OLD, NEW = "correct horse battery", "another horse entirely"
RUNNING = {"acme": "Acme", "beta": "Beta"}


@pytest.fixture(scope="module")
def hashed() -> str:
    return passwords.hash_password(OLD)


def link(db: Database, user_id: int, *names: str) -> None:
    with db.write() as conn:
        for name in names:
            identities.link(conn, user_id, name, f"{name}-{user_id}", NOW)


def kinds(db: Database) -> list[str]:
    with db.read() as conn:
        return [mail.kind for mail in outbox.all_mail(conn)]


def change(db: Database, letters: Letters, user_id: int, current: str, new: str) -> PasswordChange:
    return ways_in.change_password(db, letters, user_id, current, new, NOW)


def test_a_new_password_ends_sessions_and_is_told(
    db: Database, letters: Letters, hashed: str
) -> None:
    ana = customer(db, password_hash=hashed)
    assert change(db, letters, ana, OLD, NEW) is PasswordChange.DONE
    with db.read() as conn:
        now = users.by_id(conn, ana)
    assert now
    assert now.session_epoch == 2
    assert passwords.is_right(now.password_hash, NEW)
    assert not passwords.is_right(now.password_hash, OLD)
    assert kinds(db) == ["password-changed"]


@pytest.mark.parametrize(
    ("current", "new", "outcome"),
    [
        ("not the password", NEW, PasswordChange.WRONG),
        ("", NEW, PasswordChange.WRONG),
        (OLD, OLD, PasswordChange.SAME),
        (OLD, "short", PasswordChange.BAD_PASSWORD),
        (OLD, "aaaaaaaaaaaa", PasswordChange.BAD_PASSWORD),
    ],
)
def test_a_password_that_does_not_change(
    db: Database, letters: Letters, hashed: str, current: str, new: str, outcome: PasswordChange
) -> None:
    ana = customer(db, password_hash=hashed)
    assert change(db, letters, ana, current, new) is outcome
    with db.read() as conn:
        now = users.by_id(conn, ana)
    assert now
    assert (now.password_hash, now.session_epoch) == (hashed, 1)
    assert kinds(db) == []


def test_the_current_password_is_not_guessed_here(
    db: Database, letters: Letters, hashed: str
) -> None:
    ana = customer(db, password_hash=hashed)
    tried = [change(db, letters, ana, f"guess {number}", NEW) for number in range(10)]
    assert set(tried) == {PasswordChange.WRONG}
    assert change(db, letters, ana, OLD, NEW) is PasswordChange.TOO_MANY
    later = NOW + timedelta(minutes=16)
    assert ways_in.change_password(db, letters, ana, OLD, NEW, later) is PasswordChange.DONE


@pytest.mark.parametrize("password", ["", "the password of nobody", "none"])
def test_an_account_without_a_password_is_opened_by_none(
    db: Database, letters: Letters, password: str
) -> None:
    ana = customer(db, password_hash=NO_PASSWORD)
    assert not passwords.is_right(NO_PASSWORD, password)
    assert change(db, letters, ana, password, NEW) is PasswordChange.WRONG


@pytest.mark.parametrize(
    ("password", "linked", "running", "outcome"),
    [
        pytest.param("none", ("acme",), RUNNING, Unlinked.DONE, id="the password is left"),
        pytest.param(NO_PASSWORD, ("acme", "beta"), RUNNING, Unlinked.DONE, id="another is left"),
        pytest.param(NO_PASSWORD, ("acme",), RUNNING, Unlinked.LAST_WAY_IN, id="nothing is left"),
        pytest.param(
            NO_PASSWORD, ("acme", "beta"), {"acme": "Acme"}, Unlinked.LAST_WAY_IN, id="only a past"
        ),
        pytest.param("none", ("acme",), {}, Unlinked.DONE, id="one that the site gave up"),
        pytest.param("none", (), RUNNING, Unlinked.NOT_FOUND, id="not linked"),
    ],
)
def test_no_account_loses_its_last_way_in(
    db: Database,
    letters: Letters,
    password: str,
    linked: tuple[str, ...],
    running: dict[str, str],
    outcome: Unlinked,
) -> None:
    ana, eva = customer(db, password_hash=password), customer(db, "eva@example.com")
    link(db, ana, *linked)
    link(db, eva, "acme")
    assert ways_in.unlink(db, letters, ana, "acme", running, NOW) is outcome
    done = outcome is Unlinked.DONE
    left = tuple(name for name in linked if not (done and name == "acme"))
    assert ways_in.ways_in(db, ana) == ways_in.WaysIn(password != NO_PASSWORD, left)
    assert ways_in.ways_in(db, eva).providers == ("acme",)  # somebody else's stays
    assert kinds(db) == (["provider-unlinked"] if done else [])
    with db.read() as conn:
        now = users.by_id(conn, ana)
    assert now
    assert now.session_epoch == (2 if done else 1)
