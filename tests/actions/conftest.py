"""What tests of actions share: the vendor's policy and the writer of its letters."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kb.actions.cases import Opened, open_case
from kb.actions.checkouts import Tills
from kb.actions.mail_room import Mailroom
from kb.actions.mail_sorting import sort_mail
from kb.actions.mail_taking import take_mail
from kb.actions.payments import Desk
from kb.bundled import TEMPLATES
from kb.content.policy_source import load_policy
from kb.mail import Letters
from kb.outside.payments.invoice import InvoiceTill
from kb.outside.payments.stripe_checkout import StripeTill
from kb.rules.contact import Wish
from kb.rules.money import PayBy
from kb.rules.policy import Policy, Severity, Target
from kb.rules.texts import Text
from kb.store import Database, assets
from kb.store.file_store import FileStore
from kb.store.mail_in import MailIn
from tests.actions.mail_box import Sort, newest
from tests.actions.people import NOW, SECRET, case_form, customer, own
from tests.actions.workshop import Workshop
from tests.content.sites import front
from tests.outside.stripe_twin import StripeTwin

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def policy() -> Policy:
    """The vendor site's own policy, as it is sold."""
    found, problems = load_policy(ROOT, ("es", "en"))
    assert found is not None, problems
    return found


@pytest.fixture(scope="session")
def letters() -> Letters:
    """The writer of the vendor's letters, without a site's own templates."""
    brand = Text({"es": "Norvault Soporte", "en": "Norvault Support"})
    return Letters(
        (TEMPLATES / "mail",), "support@example.com", "https://help.example.com", SECRET, brand
    )


@pytest.fixture(scope="session")
def full_policy(policy: Policy) -> Policy:
    """The vendor's policy with a premier plan that promises all three, A in half of B's time."""
    text = policy.plans["premier"].targets[Severity.A].text
    targets = {
        Severity.A: Target(timedelta(hours=1), text, timedelta(hours=2), timedelta(hours=8)),
        Severity.B: Target(timedelta(hours=2), text, timedelta(hours=4), timedelta(hours=16)),
    }
    plan = replace(policy.plans["premier"], targets=targets)
    return replace(policy, plans={**policy.plans, "premier": plan})


@pytest.fixture
def tills(twin: StripeTwin) -> Tills:
    """Cards by the twin of Stripe, and invoices."""
    return {PayBy.CARD: StripeTill(twin.settings), PayBy.INVOICE: InvoiceTill()}


@pytest.fixture
def desk(db: Database, policy: Policy, letters: Letters) -> Desk:
    """What orders are placed and paid at."""
    return Desk(db, policy, letters)


@pytest.fixture
def room(policy: Policy, letters: Letters, tmp_path: Path) -> Mailroom:
    return Mailroom(policy, letters, FileStore(tmp_path / "files"), ("es", "en"))


@pytest.fixture
def ana(db: Database, policy: Policy) -> int:
    """A customer with a product and a plan that grants e-mail."""
    user = customer(db)
    own(db, policy, user)
    return user


@pytest.fixture
def number(db: Database, policy: Policy, letters: Letters, ana: int) -> int:
    """Ana's open case."""
    with db.read() as conn:
        asset = assets.of_user(conn, ana)[0].id
    wish = Wish("technical", "full", asset=asset, topic="backup")
    opened = open_case(db, policy, letters, ana, wish, case_form(), submission_id="first", now=NOW)
    assert isinstance(opened, Opened)
    return opened.number


@pytest.fixture
def sort(db: Database, room: Mailroom) -> Sort:
    """Take a mail in and say what became of it."""

    def sorted_(raw: bytes, room: Mailroom = room) -> MailIn:
        assert take_mail(db, raw, "pipe", NOW)
        while sort_mail(db, room, NOW):
            pass
        return newest(db)

    return sorted_


@pytest.fixture
def shop(tmp_path: Path) -> Workshop:
    """A site of two articles, one of which leads to the other, to compile and serve."""
    made = Workshop(tmp_path)
    made.site.article(1, "one", es=front("", "Vea [[2]] y [[2|otro]].\n"))
    made.site.article(2, "two")
    return made
