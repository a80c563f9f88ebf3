"""The contact wizard as a replay of answers: what is known, what is asked next (R37)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from kb.rules.policy import Policy, Severity, SeverityInfo
from kb.rules.whole_numbers import whole

LIMIT = 200  # a value in an address that is longer than this was not made by our pages
EDITIONS = ("full", "trial")


class Stage(StrEnum):
    """What the wizard asks, in the order of R37."""

    REQUEST = "request"
    EDITION = "edition"
    SIGN_IN = "sign_in"
    PRODUCT = "product"
    TOPIC = "topic"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a customer wants help with, as far as they have said; read from an address.

    `asset` is the id of a registered product, `product` a line that is not registered."""

    request: str = ""
    edition: str = ""
    asset: int | None = None
    product: str = ""
    topic: str = ""
    severity: str = ""
    title: str = ""
    walk: str = ""

    def query(self) -> dict[str, Any]:
        """Return the wish as the query of an address, without what was not said."""
        given = {
            "request": self.request,
            "edition": self.edition,
            "asset": "" if self.asset is None else str(self.asset),
            "product": self.product,
            "topic": self.topic,
            "severity": self.severity,
            "title": self.title,
            "walk": self.walk,
        }
        return {name: value for name, value in given.items() if value}


def read_wish(policy: Policy, given: Mapping[str, str]) -> Wish:
    """Read a wish from an address; what the policy does not know falls off and is asked again."""
    request = policy.requests.get(_short(given, "request"))
    if request is None:
        return Wish(product=_product(policy, given), walk=given.get("walk", ""))
    edition = _short(given, "edition")
    topic = _short(given, "topic")
    return Wish(
        request=request.id,
        edition=edition if request.needs_product and edition in EDITIONS else "",
        asset=whole(_short(given, "asset"), 18) if request.needs_product else None,
        product=_product(policy, given) if request.needs_product else "",
        topic=topic if topic in {t.id for t in request.topics} else "",
        severity=_severity(policy, given),
        title=_short(given, "title"),
        walk=given.get("walk", ""),
    )


def next_stage(policy: Policy, wish: Wish, *, signed_in: bool) -> Stage:
    """Return what to ask next; a product, trial or full, needs a signed-in account first (R4)."""
    if not wish.request:
        return Stage.REQUEST
    request = policy.requests[wish.request]
    if request.needs_product and not wish.edition:
        return Stage.EDITION
    if not signed_in:
        return Stage.SIGN_IN
    if request.needs_product and wish.asset is None and not wish.product:
        return Stage.PRODUCT
    if request.topics and not wish.topic:
        return Stage.TOPIC
    return Stage.DONE


def without(wish: Wish, stage: Stage) -> Wish:
    """Return the wish with the answer of `stage` and of all that follow it taken back."""
    if stage is Stage.REQUEST:
        return Wish(walk=wish.walk)
    if stage is Stage.EDITION:
        return replace(wish, edition="", asset=None, product="")
    if stage is Stage.PRODUCT:
        return replace(wish, asset=None, product="")
    return replace(wish, topic="")


def asked_severity(policy: Policy, no: Collection[str]) -> SeverityInfo | None:
    """Return the worst severity whose question has not been answered with no; None when all have,
    or when the policy asks nothing (R33–R36)."""
    asking = (one for one in _worst_first(policy) if one.ask)
    return next((one for one in asking if one.severity not in no), None)


def next_severity(policy: Policy, no: Collection[str], yes: str) -> SeverityInfo | None:
    """Return the severity that the answers lead to: the one said yes to, or, once every question
    has its no, the mildest; None while there is more to ask."""
    known = _worst_first(policy)
    asking = {str(one.severity): one for one in known if one.ask}
    if yes in asking:
        return asking[yes]
    return None if asked_severity(policy, no) or not asking else known[-1]


def severity_carried(policy: Policy, wish: Wish, chosen: str) -> Severity | None:
    """Return the severity that was chosen, where the site knows it, else the topic's, else the
    request's (R33–R36)."""
    if chosen in {str(one) for one in policy.severities}:
        return Severity(chosen)
    request = policy.requests.get(wish.request)
    topic = request.topic(wish.topic) if request else None
    return (topic.severity if topic else None) or (request.severity if request else None)


def _worst_first(policy: Policy) -> list[SeverityInfo]:
    return sorted(policy.severities.values(), key=lambda one: one.severity)


def _short(given: Mapping[str, str], name: str) -> str:
    value = given.get(name, "")
    return value if len(value) <= LIMIT else ""


def _severity(policy: Policy, given: Mapping[str, str]) -> str:
    severity = _short(given, "severity")
    return severity if severity in {str(one) for one in policy.severities} else ""


def _product(policy: Policy, given: Mapping[str, str]) -> str:
    product = _short(given, "product")
    return product if product in policy.products else ""
