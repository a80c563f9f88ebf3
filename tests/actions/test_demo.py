"""The demo accounts show every interesting entitlement, and loading them again changes nothing."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from kb.actions import accounts
from kb.actions.accounts import SignInOutcome
from kb.actions.assets import KeyOutcome, assets_of, register_keys
from kb.actions.cases import QueueFilter, cases_of, queue_page
from kb.actions.demo import PASSWORD, demo_key, load_demo
from kb.actions.entitlements import decide_for
from kb.mail import Letters
from kb.rules.cases import CaseState
from kb.rules.contact import Wish
from kb.rules.entitlement import Allowed
from kb.rules.keys import KeyShape, shape
from kb.rules.policy import Policy
from kb.settings import Settings, read_settings
from kb.store import Database, users
from kb.store.tables import metadata
from tests.actions.conftest import ROOT
from tests.actions.people import NOW, SECRET
from tests.demo_people import PEOPLE, free_keys


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings({"KB_VAR": str(tmp_path / "var"), "KB_SECRET_KEY": SECRET}, ROOT)


@pytest.fixture
def demo(db: Database, settings: Settings, policy: Policy) -> Database:
    load_demo(db, settings, policy, NOW)
    return db


def user_id(db: Database, name: str) -> int:
    with db.read() as conn:
        user = users.by_email(conn, f"{name}@example.com")
    assert user
    return user.id


def channels(db: Database, policy: Policy, name: str, edition: str, topic: str) -> set[str]:
    """What this person may use for a technical problem with their first product."""
    person = next(person for person in PEOPLE if person.name == name)
    line = person.licences[0].product if person.licences else "backup-server"
    wish = Wish(request="technical", topic=topic, edition=edition, product=line)
    decision = decide_for(db, policy, user_id(db, name), wish, NOW).decision
    if not isinstance(decision, Allowed):
        return set()
    return {str(grant.channel) for grant in decision.channels}


def rows(db: Database) -> Mapping[str, int]:
    with db.read() as conn:
        return {
            name: conn.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in metadata.tables.items()
        }


def test_the_accounts_to_print(db: Database, settings: Settings, policy: Policy) -> None:
    accounts_ = load_demo(db, settings, policy, NOW)
    names = {account.email.partition("@")[0] for account in accounts_}
    wanted = {"premier", "standard", "lapsed", "home-10", "home-40", "oem", "trial"}
    assert wanted | {"unverified", "agent"} <= names
    assert all(account.shows and account.password == PASSWORD for account in accounts_)


@pytest.mark.parametrize(
    ("name", "edition", "topic", "allowed"),
    [
        pytest.param("premier", "full", "backup", {"phone", "chat", "email"}, id="R14"),
        pytest.param("standard", "full", "backup", {"phone", "chat", "email"}, id="R13 R15"),
        pytest.param("lapsed", "full", "backup", set(), id="R17"),
        pytest.param("lapsed", "full", "recovery", {"chat", "email"}, id="R20"),
        pytest.param("home-10", "full", "backup", {"chat", "email"}, id="R19 day 10"),
        pytest.param("home-40", "full", "backup", set(), id="R19 day 40"),
        pytest.param("home-40", "full", "recovery", {"chat", "email"}, id="R20 home"),
        pytest.param("incident", "full", "backup", {"phone", "chat", "email"}, id="R28"),
        pytest.param("oem", "full", "backup", set(), id="R31"),
        pytest.param("trial", "trial", "backup", {"chat", "email"}, id="R21 R38"),
        pytest.param("home-30", "full", "backup", {"chat", "email"}, id="R19 day 30"),
        pytest.param("two-keys", "full", "backup", {"phone", "chat", "email"}, id="the best key"),
        pytest.param("old-version", "full", "backup", set(), id="R27"),
        pytest.param("term", "full", "backup", {"phone", "chat", "email"}, id="R26"),
    ],
)
def test_each_shows_its_entitlement(
    demo: Database, policy: Policy, name: str, edition: str, topic: str, allowed: set[str]
) -> None:
    assert channels(demo, policy, name, edition, topic) == allowed


def test_everybody_signs_in_but_the_unverified(demo: Database, letters: Letters) -> None:
    for name, outcome in {
        "premier": SignInOutcome.WELCOME,
        "agent": SignInOutcome.WELCOME,
        "unverified": SignInOutcome.UNCONFIRMED,
    }.items():
        email = f"{name}@example.com"
        signed = accounts.sign_in(demo, letters, email, PASSWORD, "192.0.2.1", NOW)
        assert signed.outcome is outcome
        assert (signed.user is not None and signed.user.is_agent) is (name == "agent")


def test_the_cases_are_alive(demo: Database) -> None:
    page = queue_page(demo, QueueFilter())
    assert page.total >= 5
    assert page.rows[0].severity == "A"
    assert page.rows[0].due_at == NOW + timedelta(minutes=18)
    assert {row.lang for row in page.rows} == {"es", "en"}
    assert {row.state for row in page.rows} >= {
        CaseState.NEW,
        CaseState.OPEN,
        CaseState.PENDING_CUSTOMER,
    }
    mine = cases_of(demo, user_id(demo, "standard"))
    assert {case.state for case in mine} == {CaseState.OPEN, CaseState.RESOLVED}


def test_loading_again_adds_nothing_and_keeps_day_ten_day_ten(
    demo: Database, settings: Settings, policy: Policy
) -> None:
    before = rows(demo)
    load_demo(demo, settings, policy, NOW + timedelta(days=45))
    assert rows(demo) == before
    (home,) = assets_of(demo, user_id(demo, "home-10"))
    assert home.sold_on == (NOW + timedelta(days=35)).date()


def test_a_newcomer_can_register_the_free_keys(demo: Database, policy: Policy) -> None:
    pasted = "\n".join(key for _, key in free_keys())
    answers = register_keys(demo, policy, user_id(demo, "trial"), pasted, NOW, secret=SECRET)
    assert [answer.outcome for answer in answers] == [KeyOutcome.REGISTERED] * 3


def test_every_demo_key_fits_its_product(policy: Policy) -> None:
    sold = [(licence, person.name) for person in PEOPLE for licence in person.licences]
    for licence, owner in sold:
        patterns = policy.products[licence.product].key_patterns
        assert shape(demo_key(licence, owner), patterns) is KeyShape.FULL


def test_the_docs_name_the_free_keys() -> None:
    docs = (ROOT / "docs" / "operators.md").read_text()
    for _, key in free_keys():
        assert key in docs
