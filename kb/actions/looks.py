"""An agent looks at the contact wizard as a customer would see it; every look is written down."""

from dataclasses import dataclass
from datetime import datetime

from kb.actions.accounts import normal_email
from kb.actions.entitlements import Outcome, decide_in
from kb.rules.contact import Wish
from kb.rules.policy import Policy
from kb.store import Database, audit, users
from kb.store.users import User


@dataclass(frozen=True, slots=True)
class Look:
    """Whom an agent looks as, and what is decided once the wish is whole."""

    customer: User
    outcome: Outcome | None


def find_customer(db: Database, email: str) -> int | None:
    """Return the number of the account with this address, or None."""
    address = normal_email(email)
    with db.read() as conn:
        found = users.by_email(conn, address.lower()) if address else None
    return found.id if found else None


def look_as(
    db: Database,
    policy: Policy,
    agent_id: int,
    user_id: int,
    wish: Wish,
    now: datetime,
    *,
    whole: bool,
) -> Look | None:
    """Look at a wish as a customer; None for an account that is not there. Nothing of the
    customer's changes; the audit says who looked, as whom and at what."""
    with db.write() as conn:
        customer = users.by_id(conn, user_id)
        if customer is None or customer.deleted_at is not None:
            return None
        outcome = decide_in(conn, policy, user_id, wish, now) if whole else None
        said = {name: wish.query().get(name) for name in ("request", "edition", "product", "topic")}
        about = {name: value for name, value in said.items() if value}
        audit.record(conn, agent_id, "looked_as_customer", f"user:{user_id}", now, **about)
        return Look(customer, outcome)
