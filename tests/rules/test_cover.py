"""Until when a product is supported, and how that stands on a day (R8, R19, R26, R27, R31)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.rules.cover import SOON, Cover, CoverState, cover_of, reminder_due, support_request
from kb.rules.entitlement import Allowed, decide
from kb.rules.facts import OTHER, AssetState, Edition, facts_for
from kb.rules.policy import (
    Channel,
    ChannelInfo,
    Grant,
    Plan,
    Policy,
    Refusal,
    Request,
    Rule,
    Way,
)
from kb.rules.policy import Test as Fact
from kb.rules.products import Market, Oem, Product
from kb.rules.texts import NO_TEXT, Text

NAME = Text({"en": "x"})
TODAY = date(2026, 11, 23)

SERVER = Product("server", "Server", Market.BUSINESS, (("12",), ("11",), ("10",)))
HOME = Product("home", "Home", Market.HOME)
OEM = Product("oem", "OEM", Market.HOME, oem=Oem.PAY_PER_INCIDENT)
GIFT = Product("gift", "Gift", Market.HOME_OFFICE)

EMAIL = Grant(channels=(Channel.EMAIL,), calendar="always")


def policy(*, requests: bool = True) -> Policy:
    technical = Request("technical", NAME)
    sales = Request("pre-sales", NAME, needs_product=False)
    rules = (
        Rule("gift", (Fact("market", ("home-office",)),), NO_TEXT, grant=EMAIL),
        Rule(
            "old",
            (Fact("lifecycle", ("unsupported",)),),
            NO_TEXT,
            refuse=Refusal((Way.UPGRADE,)),
        ),
        Rule("credit", (Fact("credit", ("yes",)),), NO_TEXT, grant=EMAIL),
        Rule(
            "oem",
            (Fact("oem", ("pay-per-incident",)),),
            NO_TEXT,
            refuse=Refusal((Way.FORUM,)),
        ),
        Rule("plan", (Fact("plan_state", ("active",)),), NO_TEXT, grant=Grant(from_plan=True)),
        Rule(
            "home-30",
            (Fact("market", ("home",)), Fact("days_since_purchase", at_most=30)),
            NO_TEXT,
            grant=EMAIL,
        ),
        Rule("late", (Fact("days_since_purchase", at_least=31),), NO_TEXT, offers=("x",)),
    )
    return Policy(
        revision="1",
        products={},
        plans={"standard": Plan("standard", NAME, (Channel.EMAIL,), "always")},
        calendars={},
        requests={"pre-sales": sales, "technical": technical} if requests else {"s": sales},
        channels={Channel.EMAIL: ChannelInfo(Channel.EMAIL, NAME, NAME)},
        severities={},
        offers={},
        rules=rules,
    )


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def bought(days: int, **changes: object) -> AssetState:
    return AssetState(**{"registered": True, "purchased": ago(days), **changes})  # type: ignore[arg-type]


def planned(left: int, version: str = "12") -> AssetState:
    until = TODAY + timedelta(days=left)
    return bought(400, version=version, plan="standard", plan_until=until)


@pytest.mark.parametrize(
    ("product", "asset", "expected"),
    [
        pytest.param(
            SERVER, planned(100), Cover(CoverState.ACTIVE, ago(-100)), id="R8 a running plan"
        ),
        pytest.param(
            SERVER, planned(SOON + 1), Cover(CoverState.ACTIVE, ago(-31)), id="31 days left"
        ),
        pytest.param(
            SERVER, planned(SOON), Cover(CoverState.ENDING, ago(-30), 30), id="30 days left"
        ),
        pytest.param(SERVER, planned(0), Cover(CoverState.ENDING, TODAY, 0), id="the last day"),
        pytest.param(SERVER, planned(-1), Cover(CoverState.ENDED, ago(1)), id="the day after"),
        pytest.param(
            SERVER,
            planned(100, "10"),
            Cover(CoverState.NONE, ago(-100)),
            id="R27 a plan over a version that is too old helps nobody, its date still shows",
        ),
        pytest.param(
            HOME, bought(10), Cover(CoverState.ENDING, ago(-20), 20), id="R19 home, day 10"
        ),
        pytest.param(HOME, bought(30), Cover(CoverState.ENDING, TODAY, 0), id="R19 home, day 30"),
        pytest.param(HOME, bought(31), Cover(CoverState.ENDED, ago(1)), id="R19 home, day 31"),
        pytest.param(
            HOME, AssetState(registered=True), Cover(CoverState.NONE), id="R7 purchase unknown"
        ),
        pytest.param(OEM, bought(10), Cover(CoverState.NONE), id="R31 an OEM edition"),
        pytest.param(
            OEM,
            bought(10, unused_credits=1),
            Cover(CoverState.NONE),
            id="R28 a paid incident is no support that comes with the product",
        ),
        pytest.param(GIFT, AssetState(), Cover(CoverState.ACTIVE), id="help without an end"),
        pytest.param(
            GIFT, bought(99), Cover(CoverState.ACTIVE), id="help that outlives every date"
        ),
        pytest.param(None, bought(10), Cover(CoverState.NONE), id="a line that is gone"),
    ],
)
def test_cover(product: Product | None, asset: AssetState, expected: Cover) -> None:
    assert cover_of(policy(), product, asset, TODAY) == expected


def test_a_policy_without_products_to_support_covers_none() -> None:
    assert support_request(policy(requests=False)) is None
    assert cover_of(policy(requests=False), HOME, bought(1), TODAY) == Cover(CoverState.NONE)


@given(
    product=st.sampled_from([SERVER, HOME, OEM, GIFT]),
    version=st.sampled_from(["12", "10", None]),
    purchased=st.integers(0, 500),
    left=st.integers(-60, 60) | st.none(),
)
def test_what_the_page_says_is_what_the_rules_decide(
    product: Product, version: str | None, purchased: int, left: int | None
) -> None:
    until = None if left is None else TODAY + timedelta(days=left)
    plan = "standard" if until else None
    asset = bought(purchased, version=version, plan=plan, plan_until=until)
    facts = facts_for(policy(), "technical", OTHER, Edition.FULL, product, asset, today=TODAY)
    helped = isinstance(decide(policy(), facts), Allowed)
    cover = cover_of(policy(), product, asset, TODAY)
    assert helped == (cover.state in {CoverState.ACTIVE, CoverState.ENDING})
    if cover.state is CoverState.ENDED:
        assert cover.until is not None
        assert cover.until < TODAY


@pytest.mark.parametrize(
    ("left", "expected"),
    [(31, None), (30, 30), (8, 30), (7, 7), (2, 7), (1, 1), (0, None), (-1, None), (None, None)],
)
def test_which_reminder_is_due(left: int | None, expected: int | None) -> None:
    today = date(2026, 11, 23)
    until = None if left is None else today + timedelta(days=left)
    assert reminder_due(until, today) == expected
