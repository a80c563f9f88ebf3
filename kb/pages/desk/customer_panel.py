"""What the panel of a case shows of all the customer's products."""

from typing import Any

from kb.actions.cover import Covered, covered_products
from kb.pages.cover_words import state_chip, support_line
from kb.pages.frame import live, now, wiring
from kb.store.cases import Case

SHOWN = 12  # products; the rest is behind the link to all of them


def customer_panel(case: Case) -> dict[str, Any]:
    """Return what the template draws: the customer's products with their cover, the one of the
    case first."""
    policy = live().site.policy
    found = covered_products(wiring().db, policy, case.user_id, now()) if policy.products else ()
    ordered = sorted(found, key=lambda one: one.asset.id != case.asset_id)
    return {
        "products": [_product(one, case) for one in ordered[:SHOWN]],
        "more_products": max(0, len(ordered) - SHOWN),
    }


def _product(one: Covered, case: Case) -> dict[str, Any]:
    return {
        "name": f"{one.name} {one.asset.version or ''}".strip(),
        "key": one.asset.key_last4,
        "support": support_line(one),
        "state": state_chip(one),
        "plan": one.plan if one.plan_runs else None,
        "credits": one.unused_credits,
        "here": one.asset.id == case.asset_id,
    }
