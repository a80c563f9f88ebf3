"""An agent corrects what is known of a customer's product, with a reason that is kept (R49)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kb.actions.cover import Covered, covered_in
from kb.actions.mail_queue import queue
from kb.mail import Letters
from kb.rules.claims import Proof
from kb.rules.policy import Policy
from kb.store import Database, assets, audit, licences, users
from kb.store.audit import AuditEvent
from kb.store.licences import Contract, Credit, HeldContract
from kb.store.users import User


class Corrected(StrEnum):
    """How a correction ended."""

    DONE = "done"
    NOT_THERE = "not-there"
    NO_REASON = "no-reason"
    WRONG = "wrong"  # no such plan, or a term that ends before it begins
    USED = "used"  # a case has used the paid incident


@dataclass(frozen=True, slots=True)
class ProductView:
    """A customer's product for the desk, with all that hangs on it."""

    covered: Covered
    owner: User
    contracts: tuple[HeldContract, ...]
    credits: tuple[Credit, ...]
    trail: tuple[AuditEvent, ...]


def products_of(
    db: Database, policy: Policy, customer_id: int, now: datetime
) -> tuple[ProductView, ...] | None:
    """Return every product of a customer with its contracts, paid incidents and trail; None
    when there is no such account."""
    with db.read() as conn:
        owner = users.by_id(conn, customer_id)
        if owner is None:
            return None
        unused = licences.unused_credits(conn, customer_id)
        views = []
        for one in assets.of_user(conn, customer_id):
            found = covered_in(conn, policy, customer_id, one.id, now)
            if found is None:
                continue
            events = audit.of_subject(conn, f"asset:{one.id}")
            events += audit.of_subject(conn, f"licence:{one.licence_id}")
            views.append(
                ProductView(
                    covered=found,
                    owner=owner,
                    contracts=licences.held_contracts(conn, one.licence_id),
                    credits=tuple(c for c in unused if c.asset_id in (None, one.id)),
                    trail=tuple(sorted(events, key=lambda event: event.id)),
                )
            )
        return tuple(views)


def correct_purchase(
    db: Database, agent_id: int, asset_id: int, bought_on: date, reason: str, now: datetime
) -> Corrected:
    """Correct the day a product was bought."""
    if not reason.strip():
        return Corrected.NO_REASON
    if not date(1990, 1, 1) <= bought_on <= now.date():
        return Corrected.WRONG
    with db.write() as conn:
        before = assets.bought(conn, asset_id)
        if before is None:
            return Corrected.NOT_THERE
        assets.set_bought(conn, asset_id, bought_on)
        said = {"before": before.isoformat(), "after": bought_on.isoformat()}
        audit.record(
            conn, agent_id, "asset.bought-on", f"asset:{asset_id}", now,
            reason=reason.strip(), **said,
        )  # fmt: skip
    return Corrected.DONE


def give_contract(
    db: Database,
    policy: Policy,
    agent_id: int,
    asset_id: int,
    plan: str,
    starts_on: date,
    ends_on: date,
    reason: str,
    now: datetime,
) -> Corrected:
    """Put a plan over a product for a time."""
    if not reason.strip():
        return Corrected.NO_REASON
    known = policy.plans.get(plan)
    if known is None or known.per_case or ends_on < starts_on or ends_on.year > 2200:
        return Corrected.WRONG
    with db.write() as conn:
        licence_id = assets.licence_of(conn, asset_id)
        if licence_id is None:
            return Corrected.NOT_THERE
        contract_id = licences.add_contract(
            conn, licence_id, Contract(plan, starts_on, ends_on, "agent")
        )
        said = {"plan": plan, "starts": str(starts_on), "ends": str(ends_on)}
        audit.record(
            conn, agent_id, "contract.add", f"asset:{asset_id}", now,
            reason=reason.strip(), contract=contract_id, **said,
        )  # fmt: skip
    return Corrected.DONE


def end_contract(
    db: Database, agent_id: int, asset_id: int, contract_id: int, reason: str, now: datetime
) -> Corrected:
    """Take a contract away from a product."""
    if not reason.strip():
        return Corrected.NO_REASON
    with db.write() as conn:
        licence_id = assets.licence_of(conn, asset_id)
        held = licences.held_contracts(conn, licence_id) if licence_id else ()
        one = next((c for c in held if c.id == contract_id), None)
        if one is None or not licences.end_contract(conn, contract_id):
            return Corrected.NOT_THERE
        said = {"plan": one.plan, "starts": str(one.starts_on), "ends": str(one.ends_on)}
        audit.record(
            conn, agent_id, "contract.end", f"asset:{asset_id}", now, reason=reason.strip(), **said
        )
    return Corrected.DONE


def grant_credit(
    db: Database, agent_id: int, asset_id: int, reason: str, now: datetime
) -> Corrected:
    """Give the owner of a product one paid incident without payment."""
    if not reason.strip():
        return Corrected.NO_REASON
    with db.write() as conn:
        owner_id = assets.user_of(conn, asset_id)
        if owner_id is None:
            return Corrected.NOT_THERE
        credit_id = licences.add_credit(conn, owner_id, asset_id, now)
        audit.record(
            conn, agent_id, "credit.grant", f"asset:{asset_id}", now,
            reason=reason.strip(), credit=credit_id,
        )  # fmt: skip
    return Corrected.DONE


def demand_proof(
    db: Database,
    policy: Policy,
    letters: Letters,
    agent_id: int,
    asset_id: int,
    reason: str,
    now: datetime,
) -> Corrected:
    """Ask one customer for the proof of a purchase, with a reason they read (R7). Until it is
    accepted the purchase counts as not proven."""
    if not reason.strip():
        return Corrected.NO_REASON
    with db.write() as conn:
        owner_id = assets.user_of(conn, asset_id)
        owner = users.by_id(conn, owner_id) if owner_id else None
        mine = assets.by_id(conn, asset_id, owner.id) if owner else None
        if owner is None or mine is None:
            return Corrected.NOT_THERE
        if mine.proof == Proof.NEEDED:
            return Corrected.WRONG
        assets.set_proof(conn, asset_id, Proof.NEEDED)
        said = {"before": mine.proof or "", "after": str(Proof.NEEDED), "reason": reason.strip()}
        audit.record(conn, agent_id, "asset.proof", f"asset:{asset_id}", now, **said)
        product = policy.products.get(mine.product)
        letter = letters.write(
            "proof-needed", owner.lang, owner.email, path=f"my/products/{asset_id}/proof",
            first_name=owner.first_name, last4=mine.key_last4, reason=reason.strip(),
            product=f"{product.name if product else mine.product} {mine.version or ''}".strip(),
        )  # fmt: skip
        queue(conn, letter, now)
    return Corrected.DONE


def void_credit(
    db: Database, agent_id: int, asset_id: int, credit_id: int, reason: str, now: datetime
) -> Corrected:
    """Take an unused paid incident of a product away."""
    if not reason.strip():
        return Corrected.NO_REASON
    with db.write() as conn:
        one = licences.credit(conn, credit_id)
        owner_id = assets.user_of(conn, asset_id)
        if one is None or owner_id is None or one.asset_id not in (None, asset_id):
            return Corrected.NOT_THERE
        if one.asset_id is None and one.user_id != owner_id:
            return Corrected.NOT_THERE
        if not licences.void_credit(conn, credit_id, now):
            return Corrected.USED
        audit.record(
            conn, agent_id, "credit.void", f"asset:{asset_id}", now,
            reason=reason.strip(), credit=credit_id,
        )  # fmt: skip
    return Corrected.DONE
