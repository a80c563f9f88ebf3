"""Which case a mail of a known customer would be: the policy decides (R37, R41)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from kb.actions.entitlements import Outcome, decide_in
from kb.rules.consent import asked_for
from kb.rules.contact import Wish
from kb.rules.entitlement import Allowed
from kb.rules.facts import Edition
from kb.rules.policy import Channel, Policy
from kb.store import assets


@dataclass(frozen=True, slots=True)
class Possible:
    """A case that a customer may have by e-mail; `id` names it in a form."""

    wish: Wish
    product: str
    version: str
    priority: int

    @property
    def id(self) -> str:
        return f"{self.wish.request}:{self.wish.asset or ''}"


def wishes_by_mail(
    conn: Connection, policy: Policy, user_id: int, now: datetime
) -> tuple[Possible, ...]:
    """Return everything this customer may have a case about by e-mail, for an agent to choose;
    nothing that asks for a consent, which nobody can give for them (R64)."""
    return tuple(
        one
        for request in policy.requests
        if not asked_for(policy.consents, request)
        for one in _possible(conn, policy, user_id, request, now)
    )


def wish_by_mail(
    conn: Connection, policy: Policy, user_id: int, words: str, now: datetime
) -> Wish | None:
    """Return what this customer may ask for by mail: of the first request that fits, the product
    that the words name, else the one whose plan is served first; None when there is nothing.

    A paid incident is never used up by a mail: that is for the customer to decide on a page."""
    said = words.casefold()
    for request in policy.requests.values():
        if not request.by_mail:
            continue
        possible = list(_possible(conn, policy, user_id, request.id, now))
        if possible:
            return max(possible, key=lambda one: (_named(one, said), one.priority)).wish
    return None


def _possible(
    conn: Connection, policy: Policy, user_id: int, request: str, now: datetime
) -> Iterator[Possible]:
    if not policy.requests[request].needs_product:
        wishes = [Wish(request)]
    else:
        owned = assets.of_user(conn, user_id)
        wishes = [Wish(request, Edition.FULL, asset=asset.id) for asset in owned]
    for wish in wishes:
        outcome = decide_in(conn, policy, user_id, wish, now)
        if isinstance(outcome.decision, Allowed):
            yield from _granted(policy, wish, outcome)


def _granted(policy: Policy, wish: Wish, outcome: Outcome) -> Iterator[Possible]:
    grant = outcome.decision.grant(Channel.EMAIL) if isinstance(outcome.decision, Allowed) else None
    if grant is None or grant.uses_credit:
        return
    product = policy.products.get(outcome.product or "")
    plan = policy.plans.get(grant.plan or "")
    yield Possible(
        wish,
        product.name if product else "",
        outcome.version or "",
        plan.priority if plan else 0,
    )


def _named(possible: Possible, said: str) -> bool:
    return bool(possible.product) and possible.product.casefold() in said
