"""R6–R9, R11, R15, R16: registering products by key; the key decides the support."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from kb.actions.assets import KeyOutcome, asset, assets_of, register_keys
from kb.actions.licence_import import import_licences
from kb.rules.accounts import KEYS_BY_ACCOUNT
from kb.rules.keys import KeyCheck, with_check
from kb.rules.policy import Policy
from kb.store import Database, audit
from kb.store.licences import Contract
from tests.actions.people import KEY, NOW, SECRET, customer, days_ago, own, sell

OTHER = "NBW12-22222-33333-44444-55555"
HOME = "NHM27" + "A" * 59


def register(db: Database, policy: Policy, user_id: int, text: str) -> list[KeyOutcome]:
    answers = register_keys(db, policy, user_id, text, NOW, secret=SECRET)
    return [answer.outcome for answer in answers]


def test_r6_many_keys_at_once_are_answered_one_by_one(db: Database, policy: Policy) -> None:
    ana, luis = customer(db), customer(db, "luis@example.com")
    own(db, policy, luis, "NBS12-LLLLL-LLLLL-LLLLL-LLLLL")
    sell(db)
    sell(db, OTHER, product="backup-workstation")
    text = f"{KEY}\n{OTHER}, NBS12-LLLLL-LLLLL-LLLLL-LLLLL\nNBS12-99999-99999-99999-99999; hello"
    assert register(db, policy, ana, text + "\n1234 5678") == [
        KeyOutcome.REGISTERED,
        KeyOutcome.REGISTERED,
        KeyOutcome.ANOTHERS,
        KeyOutcome.UNKNOWN,
        KeyOutcome.MALFORMED,
        KeyOutcome.BOX_SERIAL,
    ]
    assert register(db, policy, ana, KEY) == [KeyOutcome.ALREADY_YOURS]
    assert {one.product for one in assets_of(db, ana)} == {"backup-server", "backup-workstation"}


def test_r6_a_line_that_stands_there_twice_is_answered_for_itself(
    db: Database, policy: Policy
) -> None:
    sell(db)
    text = f"{KEY}\nhello\n{KEY.lower()}\nhello\n{KEY}"
    assert register(db, policy, customer(db), text) == [
        KeyOutcome.REGISTERED,
        KeyOutcome.MALFORMED,
        KeyOutcome.TWICE,
        KeyOutcome.TWICE,
        KeyOutcome.TWICE,
    ]


def test_r6_control_characters_in_a_key_do_no_harm(db: Database, policy: Policy) -> None:
    sell(db)
    sell(db, OTHER, product="backup-workstation")
    text = f"\x00{KEY[:9]}\x07{KEY[9:]}\x1b\x0b{OTHER}\u2028\x7f"
    assert register(db, policy, customer(db), text) == [KeyOutcome.REGISTERED] * 2


def test_r6_a_thousand_keys_take_a_few_statements(db: Database, policy: Policy) -> None:
    ana = customer(db)
    written = [f"NBS12{number:020d}" for number in range(1000)]
    rows = [f"{one},backup-server,12,2026-11-20\n" for one in written]
    import_licences(db, policy, SECRET, ["key,product,version,sold_on\n", *rows])
    count = 0

    def counted(*_said: object) -> None:
        nonlocal count
        count += 1

    event.listen(Engine, "before_cursor_execute", counted)
    try:
        assert register(db, policy, ana, "\n".join(written)) == [KeyOutcome.REGISTERED] * 1000
    finally:
        event.remove(Engine, "before_cursor_execute", counted)
    assert count < 30
    found = assets_of(db, ana)
    assert len(found) == 1000
    assert all(len(one.contracts) == 1 for one in found)
    with db.read() as conn:
        trail = audit.of_actor(conn, ana)
    assert len({one.subject for one in trail}) == 1000


def test_the_answer_names_the_product_and_hides_the_key(db: Database, policy: Policy) -> None:
    ana = customer(db)
    sell(db)
    (answer,) = register_keys(db, policy, ana, KEY, NOW, secret=SECRET)
    assert (answer.product, answer.version, answer.last4) == ("backup-server", "12", "TVWX")
    found = asset(db, ana, answer.asset_id or 0)
    assert found
    assert KEY not in repr(found)


@pytest.mark.parametrize(
    "written",
    [
        "nbs12-abcde-fghjk-mnpqr-stvwx",
        " NBS12 ABCDE FGHJK MNPQR STVWX ",
        "NBS12ABCDEFGHJKMNPQRSTVWX",
        "NBSl2–ABCDE–FGHJK–MNPQR–STVWX",
        "Your key: NBS12-ABCDE-FGHJK-MNPQR-STVWX",
    ],
)
def test_r6_a_key_is_found_however_it_is_written(
    db: Database, policy: Policy, written: str
) -> None:
    sell(db)
    assert register(db, policy, customer(db), written) == [KeyOutcome.REGISTERED]


def test_nothing_pasted_is_answered_with_nothing(db: Database, policy: Policy) -> None:
    assert register(db, policy, customer(db), " \n ,; - \n") == []


CONTRACTS: list[Any] = [
    pytest.param(
        KEY,
        {"plan": "premier", "plan_days": 730},
        Contract("premier", days_ago(100), days_ago(100) + timedelta(730)),
        id="R9 the key decides plan and length",
    ),
    pytest.param(
        KEY,
        {},
        Contract("standard", days_ago(100), days_ago(100) + timedelta(365)),
        id="R11 R15 R16 a business product: a year of Standard from purchase",
    ),
    pytest.param(HOME, {"product": "home", "version": "2027"}, None, id="R19 home has no plan"),
    pytest.param(
        "NSH27" + "B" * 59,
        {"product": "shield", "version": "2027"},
        Contract("term", NOW.date(), NOW.date() + timedelta(365)),
        id="R7 R26 a boxed term licence: from registration, for its term",
    ),
    pytest.param(
        with_check("NCC01" + "C" * 19, KeyCheck.MOD_33),
        {"product": "cloud", "version": None, "term_days": 30},
        Contract("term", days_ago(100), days_ago(70)),
        id="R26 an online service: for its term",
    ),
]


@pytest.mark.parametrize(("key", "sold", "contract"), CONTRACTS)
def test_the_support_that_comes_with_a_licence(
    db: Database, policy: Policy, key: str, sold: dict[str, Any], contract: Contract | None
) -> None:
    ana = customer(db)
    found = asset(db, ana, own(db, policy, ana, key, **sold))
    assert found
    assert found.contracts == ((contract,) if contract else ())
    assert found.support_ends_on == (contract.ends_on if contract else None)  # R8


def test_every_product_of_the_policy_accepts_its_own_keys_only(policy: Policy) -> None:
    from kb.rules.keys import KeyShape, shape

    patterns = [p for product in policy.products.values() for p in product.key_patterns]
    assert len(patterns) >= len(policy.products)
    assert shape("NBS12" + "A" * 20, patterns) is KeyShape.FULL
    assert shape("NBS12" + "A" * 19, patterns) is KeyShape.MALFORMED


def test_another_accounts_product_is_not_found(db: Database, policy: Policy) -> None:
    ana, luis = customer(db), customer(db, "luis@example.com")
    asset_id = own(db, policy, ana)
    assert asset(db, ana, asset_id) is not None
    assert asset(db, luis, asset_id) is None
    assert assets_of(db, luis) == ()


def test_two_accounts_cannot_register_one_key_at_the_same_moment(
    db: Database, policy: Policy
) -> None:
    people = [customer(db, f"user{number}@example.com") for number in range(4)]
    sell(db)
    sell(db, OTHER, product="backup-workstation")
    texts = [f"{KEY}\n{OTHER}", f"{OTHER}\n{KEY}"] * 2
    with ThreadPoolExecutor(4) as pool:
        found = list(
            pool.map(lambda pair: register(db, policy, *pair), zip(people, texts, strict=True))
        )
    outcomes = [outcome for answers in found for outcome in answers]
    assert outcomes.count(KeyOutcome.REGISTERED) == 2
    assert outcomes.count(KeyOutcome.ANOTHERS) == 6


def test_guessing_keys_ends(db: Database, policy: Policy) -> None:
    ana = customer(db)
    sell(db)
    guesses = "\n".join(f"NBS12{number:020}" for number in range(KEYS_BY_ACCOUNT.tries))
    assert set(register(db, policy, ana, guesses)) == {KeyOutcome.UNKNOWN}
    assert register(db, policy, ana, KEY) == [KeyOutcome.TOO_MANY]


def test_the_contract_in_force_is_the_one_of_the_day(db: Database, policy: Policy) -> None:
    ana = customer(db)
    found = asset(db, ana, own(db, policy, ana))
    assert found
    last = found.contracts[0].ends_on
    assert found.contract_on(last) == found.contract_on(last + timedelta(1)) == found.contracts[0]
    assert found.contract_on(date(2000, 1, 1)) == found.contracts[0]
