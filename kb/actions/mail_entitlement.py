"""Which case a mail of a known customer would be: the policy decides (R37, R41)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from kb.actions.case_follow import wish_again
from kb.actions.entitlements import Outcome, decide_about, decide_in
from kb.rules.consent import asked_for
from kb.rules.contact import Wish
from kb.rules.entitlement import Allowed, ChannelGrant
from kb.rules.facts import Edition
from kb.rules.policy import Channel, Policy
from kb.store import assets, licences
from kb.store.cases import Case


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
        wish = Wish(request)
        yield from _granted(policy, wish, decide_in(conn, policy, user_id, wish, now))
        return
    owned = assets.of_user(conn, user_id)
    unused = licences.unused_credits(conn, user_id) if owned else ()
    for asset in owned:
        wish = Wish(request, Edition.FULL, asset=asset.id)
        yield from _granted(policy, wish, decide_about(policy, wish, asset, unused, now))


def wish_to_go_on(
    conn: Connection, policy: Policy, user_id: int, case: Case, now: datetime
) -> Wish | None:
    """Return what a finished case was about, where this customer may have another case about it
    by mail; None where not (R66)."""
    wish = wish_again(case)
    return wish if _by_mail(decide_in(conn, policy, user_id, wish, now)) else None


def _by_mail(outcome: Outcome) -> ChannelGrant | None:
    """What the policy gives by e-mail; a paid incident is nothing that a mail uses up."""
    decision = outcome.decision
    grant = decision.grant(Channel.EMAIL) if isinstance(decision, Allowed) else None
    return None if grant is None or grant.uses_credit else grant


def _granted(policy: Policy, wish: Wish, outcome: Outcome) -> Iterator[Possible]:
    grant = _by_mail(outcome)
    if grant is None:
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
