"""A licence service that answers, hangs or lies: registration waits and never lies (R6, R9)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from kb.actions.assets import KeyOutcome, register_keys
from kb.actions.key_waits import look_again
from kb.mail import Letters
from kb.outside.licence_service import LicenceService
from kb.rules.policy import Policy
from kb.store import Database, assets, outbox, product_timers
from tests.actions.people import NOW, SECRET, customer, sell
from tests.outside.faulty_licences import TOKEN, FaultyLicences, faulty_licences
from tests.outside.web_server import PATIENCE

KEY = "NBS12" + "7" * 20
OTHER = "NBS12" + "8" * 20
BAD = [
    "hang", "html", "half", "lies", "missing", "list", "wrong-type", "wrong-product", "wrong-day",
    "error", "redirect", "huge", "deep",
]  # fmt: skip


@pytest.fixture(scope="module")
def server() -> Iterator[FaultyLicences]:
    with faulty_licences() as service:
        yield service


@pytest.fixture
def faulty(server: FaultyLicences) -> Iterator[FaultyLicences]:
    server.asked.clear()
    server.tokens.clear()
    server.known.clear()
    server.left.clear()
    server.known[KEY] = {"product": "backup-server", "version": "12", "sold_on": "2026-06-01"}
    yield server
    server.trouble = ""


@pytest.fixture
def service(faulty: FaultyLicences) -> LicenceService:
    return LicenceService(faulty.url, TOKEN, timeout=60)  # a busy machine is no trouble


def outcomes(
    db: Database, policy: Policy, user: int, text: str, service: LicenceService | None
) -> list[str]:
    found = register_keys(db, policy, user, text, NOW, secret=SECRET, service=service, lang="es")
    return [str(one.outcome) for one in found]


def waiting(db: Database, user: int) -> int:
    with db.read() as conn:
        return len(product_timers.waiting(conn, user))


def test_a_key_the_service_knows_is_registered(
    db: Database, policy: Policy, service: LicenceService, faulty: FaultyLicences
) -> None:
    user = customer(db)
    assert outcomes(db, policy, user, f"{KEY}\n{OTHER}", service) == ["registered", "unknown"]
    assert sorted(faulty.asked[0]) == [KEY, OTHER]
    assert faulty.tokens == [f"Bearer {TOKEN}"]
    with db.read() as conn:
        (mine,) = assets.of_user(conn, user)
    assert (mine.product, mine.version, mine.key_last4) == ("backup-server", "12", "7777")


def test_what_is_known_here_is_not_asked_for(
    db: Database, policy: Policy, service: LicenceService, faulty: FaultyLicences
) -> None:
    sell(db, KEY)
    assert outcomes(db, policy, customer(db), KEY, service) == ["registered"]
    assert faulty.asked == []


@pytest.mark.parametrize("trouble", BAD)
def test_while_it_is_in_trouble_a_key_waits_and_is_registered_later(
    db: Database,
    policy: Policy,
    letters: Letters,
    service: LicenceService,
    faulty: FaultyLicences,
    trouble: str,
) -> None:
    user = customer(db)
    faulty.trouble = trouble
    hasty = LicenceService(faulty.url, TOKEN, timeout=0.3) if trouble == "hang" else service
    assert outcomes(db, policy, user, KEY, hasty) == ["waiting"]
    if trouble == "hang":
        assert faulty.left.wait(PATIENCE), "it did not give up"
    assert outcomes(db, policy, user, KEY, hasty) == ["waiting"]
    assert waiting(db, user) == 1
    later = NOW + timedelta(minutes=2)
    assert look_again(db, policy, letters, SECRET, hasty, later) == 0
    assert waiting(db, user) == 1, "still in trouble: it goes on waiting"
    faulty.trouble = ""
    assert look_again(db, policy, letters, SECRET, service, later) == 0, "not before its time"
    assert look_again(db, policy, letters, SECRET, service, NOW + timedelta(hours=3)) == 1
    assert waiting(db, user) == 0
    with db.read() as conn:
        assert [one.key_last4 for one in assets.of_user(conn, user)] == ["7777"]
        assert [mail.kind for mail in outbox.all_mail(conn)] == ["key-looked-up"]


def test_a_key_that_turns_out_unknown_is_answered_too(
    db: Database,
    policy: Policy,
    letters: Letters,
    service: LicenceService,
    faulty: FaultyLicences,
) -> None:
    user = customer(db)
    faulty.trouble = "html"
    assert outcomes(db, policy, user, OTHER, service) == ["waiting"]
    faulty.trouble = ""
    assert look_again(db, policy, letters, SECRET, service, NOW + timedelta(hours=3)) == 1
    assert waiting(db, user) == 0
    with db.read() as conn:
        (mail,) = outbox.all_mail(conn)
        assert assets.of_user(conn, user) == ()
    assert "8888" in mail.text


def test_without_a_service_nothing_is_asked(db: Database, policy: Policy) -> None:
    assert outcomes(db, policy, customer(db), KEY, None) == [KeyOutcome.UNKNOWN]


def test_who_guesses_too_much_makes_nobody_ask(
    db: Database, policy: Policy, service: LicenceService, faulty: FaultyLicences
) -> None:
    user = customer(db)
    many = "\n".join(f"NBS12{number:020d}" for number in range(70))
    assert set(outcomes(db, policy, user, many, service)) == {"unknown", "too-many"}
    before = len(faulty.asked)
    assert outcomes(db, policy, user, KEY, service) == ["too-many"]
    assert len(faulty.asked) == before
