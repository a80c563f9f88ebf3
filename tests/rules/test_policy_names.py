"""The proof of a policy: every name in it is there."""

from dataclasses import replace

import pytest

from kb.rules.facts import FACTS
from kb.rules.policy import Channel, Grant
from kb.rules.policy import Test as FactTest
from kb.rules.policy_proof import prove
from tests.rules.policies import (
    CHANNELS,
    EMAIL,
    OFFERS,
    PLANS,
    PRODUCTS,
    SOUND,
    by_plan,
    grant,
    offer,
    policy,
    when,
)

NO_MESSAGING = "the site does not run the channel “messaging”"


def changed(name: str, one: object, known: tuple[object, ...]) -> dict[str, object]:
    key = {"channels": "channel"}.get(name, "id")
    return {name: {getattr(each, key): each for each in (*known, one)}}


@pytest.mark.parametrize(
    ("rules", "parts", "place", "what"),
    [
        (
            (by_plan("a", "premium"),),
            {},
            ("entitlements", "a", "grant", "plan"),
            "there is no plan “premium”; did you mean “premier”?",
        ),
        (
            (replace(grant("a"), grant=Grant((EMAIL,), calendar="ofice")),),
            {},
            ("entitlements", "a", "grant", "calendar"),
            "there is no calendar “ofice”; did you mean “office”?",
        ),
        (
            (grant("a", "email", "messaging"),),
            {},
            ("entitlements", "a", "grant", "channels", 1),
            f"{NO_MESSAGING}; add it to channels.yaml, or remove it here",
        ),
        (
            (offer("a", "incident", "fax"),),
            {},
            ("entitlements", "a", "offers", 1),
            "there is no offer “fax”; known: incident, renewal, upgrade, chat-pass",
        ),
        (
            (offer("a", "incident"),),
            {"offers": {}},
            ("entitlements", "a", "offers", 0),
            "there is no offer “incident”; there is none yet",
        ),
        (
            (grant("a", "chat", request="technicl"),),
            {},
            ("entitlements", "a", "when", "request"),
            "there is no value of “request” “technicl”; did you mean “technical”?",
        ),
        (
            (grant("a", "chat", plan="incident"),),
            {},
            ("entitlements", "a", "when", "plan"),
            "there is no value of “plan” “incident”; known: standard, premier, none",
        ),
        (
            (grant("a", "chat", colour="red"),),
            {},
            ("entitlements", "a", "when", "colour"),
            f"there is no fact “colour”; known: {', '.join(FACTS)}",
        ),
        (
            (replace(grant("a", "chat"), when=(FactTest("market", at_most=3),)),),
            {},
            ("entitlements", "a", "when", "market"),
            "“market” is a word, not a number; write the words it may be",
        ),
        (
            (),
            changed("products", replace(PRODUCTS[0], included_plan="incident"), PRODUCTS),
            ("products", "server", "included_plan"),
            "there is no plan “incident”; known: standard, premier",
        ),
        (
            (),
            changed("products", replace(PRODUCTS[0], upgrades_to=("home", "serve")), PRODUCTS),
            ("products", "server", "upgrades_to", 1),
            "there is no product “serve”; did you mean “server”?",
        ),
        (
            (),
            changed("plans", replace(PLANS[0], calendar="day"), PLANS),
            ("plans", "standard", "calendar"),
            "there is no calendar “day”; known: office, always",
        ),
        (
            (),
            changed("plans", replace(PLANS[1], office_calendar="day"), PLANS),
            ("plans", "premier", "office_calendar"),
            "there is no calendar “day”; known: office, always",
        ),
        (
            (),
            changed("plans", replace(PLANS[1], channels=(Channel.MESSAGING,)), PLANS),
            ("plans", "premier", "channels", 0),
            f"{NO_MESSAGING}; add it to channels.yaml, or remove it here",
        ),
        (
            (),
            changed("channels", replace(CHANNELS[1], only_when=(when(), when(oem="n"))), CHANNELS),
            ("channels", "chat", "only_when", 1, "oem"),
            "there is no value of “oem” “n”; did you mean “no”?",
        ),
        (
            (),
            changed("offers", replace(OFFERS[0], plan="gold"), OFFERS),
            ("offers", "incident", "plan"),
            "there is no plan “gold”; known: standard, premier, incident",
        ),
        (
            (),
            changed("offers", replace(OFFERS[2], channels=(Channel.MESSAGING,)), OFFERS),
            ("offers", "upgrade", "channels", 0),
            f"{NO_MESSAGING}; add it to channels.yaml, or remove it here",
        ),
    ],
)
def test_a_name_that_is_not_there_is_found(rules, parts, place, what):
    more = () if parts.get("offers") == {} else SOUND
    (flaw,) = prove(policy(*rules, *more, **parts))
    assert (flaw.place, f"{flaw.what}; {flaw.mend}") == (place, what)
