"""Names that a policy uses but does not define."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from kb.rules.facts import FACTS, NUMBERS, Facts
from kb.rules.policy import Channel, Policy, Rule, Test, Way
from kb.rules.policy_space import words_of

Place = tuple[str | int, ...]
_TO_A_REQUEST = (Way.CUSTOMER_SERVICE, Way.SALES)


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a policy: `place` is a file of it, an id and the keys within."""

    place: Place
    what: str
    mend: str
    example: Facts | None = None


def unknown_names(policy: Policy) -> tuple[Flaw, ...]:
    """Return a flaw for each plan, channel, calendar, product, offer or fact that is not there."""
    return tuple(
        flaw
        for part in (_in_products, _in_plans, _in_channels, _in_offers, _in_rules)
        for flaw in part(policy)
    )


def _in_products(policy: Policy) -> Iterator[Flaw]:
    plans = [plan.id for plan in policy.plans.values() if not plan.per_case]
    for product in policy.products.values():
        place = ("products", product.id)
        if product.included_plan is not None:
            yield from _known("plan", product.included_plan, plans, (*place, "included_plan"))
        for at, line in enumerate(product.upgrades_to):
            yield from _known("product", line, policy.products, (*place, "upgrades_to", at))


def _in_plans(policy: Policy) -> Iterator[Flaw]:
    for plan in policy.plans.values():
        place = ("plans", plan.id)
        yield from _known("calendar", plan.calendar, policy.calendars, (*place, "calendar"))
        if plan.office_calendar is not None:
            key = (*place, "office_calendar")
            yield from _known("calendar", plan.office_calendar, policy.calendars, key)
        yield from _run(policy, plan.channels, (*place, "channels"))


def _in_channels(policy: Policy) -> Iterator[Flaw]:
    for channel in policy.channels.values():
        for at, condition in enumerate(channel.only_when):
            place = ("channels", channel.channel, "only_when", at)
            for test in condition:
                yield from _testable(policy, test, place)


def _in_offers(policy: Policy) -> Iterator[Flaw]:
    for offer in policy.offers.values():
        if offer.plan is not None:
            yield from _known("plan", offer.plan, policy.plans, ("offers", offer.id, "plan"))
        yield from _run(policy, offer.channels, ("offers", offer.id, "channels"))


def _in_rules(policy: Policy) -> Iterator[Flaw]:
    for rule in policy.rules:
        place = ("entitlements", rule.id)
        for test in rule.when:
            yield from _testable(policy, test, (*place, "when"))
        for at, offer in enumerate(rule.offers):
            yield from _known("offer", offer, policy.offers, (*place, "offers", at))
        yield from _in_grant(policy, rule, (*place, "grant"))
        yield from _in_refusal(policy, rule, (*place, "refuse", "instead"))


def _in_refusal(policy: Policy, rule: Rule, place: Place) -> Iterator[Flaw]:
    """A way to customer service or to sales needs a request that it leads to."""
    for at, way in enumerate(rule.refuse.instead if rule.refuse else ()):
        if way in _TO_A_REQUEST and policy.request_by(way) is None:
            what = f"“{way}” leads to no request"
            mend = f"write ways: [{way}] below one in requests.yaml, or remove it here"
            yield Flaw((*place, at), what, mend)


def _in_grant(policy: Policy, rule: Rule, place: Place) -> Iterator[Flaw]:
    grant = rule.grant
    if grant is None:
        return
    if grant.plan is not None:
        yield from _known("plan", grant.plan, policy.plans, (*place, "plan"))
    if grant.calendar is not None:
        yield from _known("calendar", grant.calendar, policy.calendars, (*place, "calendar"))
    yield from _run(policy, grant.channels, (*place, "channels"))


def _testable(policy: Policy, test: Test, place: Place) -> Iterator[Flaw]:
    place = (*place, test.fact)
    if test.fact not in FACTS:
        yield from _known("fact", test.fact, FACTS, place)
        return
    if test.fact not in NUMBERS and (test.at_most, test.at_least) != (None, None):
        yield Flaw(place, f"“{test.fact}” is a word, not a number", "write the words it may be")
    for value in test.values:
        noun = f"value of “{test.fact}”"
        yield from _known(noun, value, words_of(policy)[test.fact], place)


def _run(policy: Policy, channels: Iterable[Channel], place: Place) -> Iterator[Flaw]:
    for at, channel in enumerate(channels):
        if channel not in policy.channels:
            what = f"the site does not run the channel “{channel}”"
            yield Flaw((*place, at), what, "add it to channels.yaml, or remove it here")


def _known(noun: str, name: str, known: Iterable[str], place: Place) -> Iterator[Flaw]:
    words = [str(one) for one in known]
    if name not in words:
        near = get_close_matches(name, words, n=1)
        listed = f"known: {', '.join(words)}" if words else "there is none yet"
        mend = f"did you mean “{near[0]}”?" if near else listed
        yield Flaw(place, f"there is no {noun} “{name}”", mend)
