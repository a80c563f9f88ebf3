"""Who works here: what admins see of agents, and what they give and withdraw."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection

from kb.actions.accounts import normal_email
from kb.actions.api_tokens import revoke_token
from kb.actions.case_steps import Who
from kb.actions.case_work import assign_in
from kb.actions.people import add_user
from kb.mail import Letters
from kb.rules.accounts import Role
from kb.rules.cases import Actor
from kb.store import Database, api_tokens, audit, queue, users
from kb.store.api_tokens import ApiToken
from kb.store.audit import AuditEvent
from kb.store.users import User

SEEN_IS_NOTED = timedelta(minutes=15)  # at most so often: writing at each page would cost


class Given(StrEnum):
    """How it went to make somebody an agent."""

    MADE = "made"  # an account was made for the address
    DONE = "done"
    ALREADY = "already"
    ADDRESS = "address"  # no valid address
    UNCONFIRMED = "unconfirmed"  # who signed up there has not shown that the mailbox is theirs


class Withdrawn(StrEnum):
    """How it went to take the role from somebody."""

    DONE = "done"
    NOT_FOUND = "not-found"  # nobody, or no agent
    ADMIN = "admin"  # that is the operator's to withdraw


@dataclass(frozen=True, slots=True)
class Colleague:
    """One agent or admin with their tokens that work, what happened to their rights, and how
    many living cases they have."""

    user: User
    tokens: tuple[ApiToken, ...]
    events: tuple[AuditEvent, ...]
    cases: int


def staff(db: Database) -> tuple[User, ...]:
    """Return who is an agent or an admin, by name."""
    with db.read() as conn:
        return users.agents(conn)


def colleague(db: Database, user_id: int, now: datetime) -> Colleague | None:
    """Return one agent or admin; None for anybody else."""
    with db.read() as conn:
        user = users.by_id(conn, user_id)
        if user is None or not user.is_agent:
            return None
        tokens = tuple(one for one in api_tokens.of_user(conn, user_id) if one.works_at(now))
        events = audit.of_subject(conn, f"user:{user_id}")
        numbers = queue.alive_of(conn, user_id)
    return Colleague(user, tokens, tuple(reversed(events)), len(numbers))


def give_agent_role(
    db: Database,
    letters: Letters,
    admin_id: int,
    email: str,
    *,
    first_name: str,
    last_name: str,
    lang: str,
    now: datetime,
) -> Given:
    """Make an agent of the account of an address; without one it is made, and its owner mailed a
    link to set a password."""
    address = normal_email(email)
    if address is None:
        return Given.ADDRESS
    with db.read() as conn:
        known = users.by_email(conn, address.lower())
        admin = users.by_id(conn, admin_id)
    if known is not None and known.is_agent:
        return Given.ALREADY
    if known is not None and not known.is_confirmed:
        return Given.UNCONFIRMED
    added = add_user(
        db,
        letters,
        address,
        Role.AGENT,
        first_name=first_name or address.partition("@")[0],
        last_name=last_name,
        country=admin.country if admin else "ES",
        lang=lang,
        now=now,
        by=admin_id,
    )
    if added is None:
        return Given.ADDRESS
    return Given.MADE if added.made else Given.DONE


def withdraw_agent_role(db: Database, admin_id: int, user_id: int, now: datetime) -> Withdrawn:
    """Make a customer of an agent: sessions and tokens end, living cases go back to the queue."""
    with db.write() as conn:
        user = users.lock(conn, user_id)
        if user is None or not user.is_agent:
            return Withdrawn.NOT_FOUND
        if user.is_admin:
            return Withdrawn.ADMIN
        users.set_role(conn, user_id, Role.CUSTOMER)
        users.end_sessions(conn, user_id)
        api_tokens.revoke_all(conn, user_id, now)
        given_back = _give_back(conn, admin_id, user_id, now)
        role = str(Role.CUSTOMER)
        audit.record(
            conn, admin_id, "account.role", f"user:{user_id}", now, role=role, cases=given_back
        )
    return Withdrawn.DONE


def _give_back(conn: Connection, admin_id: int, user_id: int, now: datetime) -> int:
    numbers = queue.alive_of(conn, user_id)
    for number in numbers:
        assign_in(conn, Who(Actor.AGENT, admin_id), number, None, now)
    return len(numbers)


def end_sessions_of(db: Database, admin_id: int, user_id: int, now: datetime) -> bool:
    """Sign an agent out everywhere; False when there is no such agent."""
    with db.write() as conn:
        user = users.by_id(conn, user_id)
        if user is None or not user.is_agent:
            return False
        users.end_sessions(conn, user_id)
        audit.record(conn, admin_id, "account.end-sessions", f"user:{user_id}", now)
    return True


def end_token_of(db: Database, admin_id: int, user_id: int, token_id: int, now: datetime) -> bool:
    """End a token that acts for an agent; False where none works."""
    if colleague(db, user_id, now) is None:
        return False
    return revoke_token(db, user_id, token_id, now, by=admin_id)


def note_seen(db: Database, user: User, now: datetime) -> None:
    """Remember that an agent is at the desk, now and then."""
    before = now - SEEN_IS_NOTED
    if user.seen_at is None or user.seen_at < before:
        with db.write() as conn:
            users.note_seen(conn, user.id, now, before)
