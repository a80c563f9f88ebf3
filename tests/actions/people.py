"""Builders for tests of actions: customers, agents, sold licences, forms."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from kb.actions.assets import key_hash, register_keys
from kb.actions.cases import CaseForm
from kb.rules.accounts import Role
from kb.rules.keys import last_four
from kb.rules.policy import Policy
from kb.store import Database, licences, users
from kb.store.licences import NewLicence
from kb.store.users import NewUser

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # a Monday, 10:00 in New York
SECRET = "a secret of the tests"
KEY = "NBS12-ABCDE-FGHJK-MNPQR-STVWX"


def days_ago(days: int) -> date:
    return NOW.date() - timedelta(days=days)


def customer(db: Database, email: str = "ana@example.com", **changes: Any) -> int:
    """Make a confirmed account and return its id."""
    made: dict[str, Any] = {
        "email": email,
        "email_key": email.lower(),
        "first_name": "Ana",
        "last_name": "Prieto",
        "country": "ES",
        "lang": "es",
        "password_hash": "none",
        "confirmed_at": NOW,
    }
    with db.write() as conn:
        user_id = users.add(conn, NewUser(**{**made, **changes}), NOW)
    assert user_id is not None
    return user_id


def agent(db: Database, email: str = "irene@example.com") -> int:
    return customer(db, email, first_name="Irene", last_name="Otero", role=Role.AGENT)


def sell(db: Database, key: str = KEY, **changes: Any) -> str:
    """Tell the site of a sold licence and return its key."""
    sold: dict[str, Any] = {
        "key_hash": key_hash(SECRET, key),
        "key_last4": last_four(key),
        "product": "backup-server",
        "version": "12",
        "sold_on": days_ago(100),
    }
    with db.write() as conn:
        assert licences.add(conn, NewLicence(**{**sold, **changes})) is not None
    return key


def own(db: Database, policy: Policy, user_id: int, key: str = KEY, **changes: Any) -> int:
    """Sell a licence, register it to the account and return the asset's id."""
    answer = register_keys(db, policy, user_id, sell(db, key, **changes), NOW, secret=SECRET)[0]
    assert answer.asset_id is not None, answer
    return answer.asset_id


def give_credit(db: Database, user_id: int, asset_id: int | None = None) -> None:
    with db.write() as conn:
        licences.add_credit(conn, user_id, asset_id, NOW)


def case_form(**changes: Any) -> CaseForm:
    form: dict[str, Any] = {
        "channel": "email",
        "severity": "A",
        "title": "La copia nocturna se detiene",
        "description": "Cada noche se detiene a las 02:10 con E000101F4.",
        "lang": "es",
        "first_name": "Ana",
        "last_name": "Prieto",
        "email": "ana@example.com",
        "country": "ES",
        "details": {"environment": "Windows Server 2022"},
    }
    return CaseForm(**{**form, **changes})
