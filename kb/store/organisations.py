"""Organisations, their members and invitations, and what a member may see."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    and_,
    delete,
    insert,
    or_,
    select,
    update,
)

from kb.rules.organisations import MemberRole
from kb.store import case_search, rows
from kb.store.account_tables import invitation, membership, organisation
from kb.store.database import insert_once
from kb.store.tables import asset, case, user


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody's place in an organisation."""

    user_id: int
    role: MemberRole
    sees_cases: bool
    joined_at: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "role", MemberRole(self.role))

    @property
    def is_owner(self) -> bool:
        return self.role is MemberRole.OWNER


@dataclass(frozen=True, slots=True)
class Membership(Place):
    """One person's place, with the organisation's name."""

    organisation_id: int
    organisation: str


@dataclass(frozen=True, slots=True)
class Member(Place):
    """One row of the owner's list."""

    first_name: str
    last_name: str
    email: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class Invitation:
    """Somebody who was asked to join; the row ends with the answer."""

    id: int
    organisation_id: int
    email: str
    email_key: str
    sees_cases: bool
    invited_at: datetime


UserId = int | BindParameter[int]  # a bound one stands in statements that are made once


def has_asset(user_id: UserId) -> ColumnElement[bool]:
    """The condition that a row of `asset` is this person's, or their organisation's."""
    own = and_(asset.c.user_id == user_id, asset.c.organisation_id.is_(None))
    theirs = select(membership.c.organisation_id).where(membership.c.user_id == user_id)
    return or_(own, asset.c.organisation_id.in_(theirs))


def sees_case(user_id: UserId) -> ColumnElement[bool]:
    """The condition that this person sees a row of `case`: their own, or the organisation's if
    they may. Whoever left sees no case of the organisation any more, not even what they opened."""
    mine = case.c.user_id == user_id
    inside = select(membership.c.organisation_id).where(membership.c.user_id == user_id)
    return or_(
        and_(mine, case.c.organisation_id.is_(None)),
        and_(mine, case.c.organisation_id.in_(inside)),
        case.c.organisation_id.in_(shared_with(user_id)),
    )


def shared_with(user_id: UserId) -> Select[tuple[int]]:
    """The organisations in which this person sees what the others do: as an owner, or as a contact
    whom an owner lets."""
    seeing = or_(membership.c.sees_cases, membership.c.role == str(MemberRole.OWNER))
    return select(membership.c.organisation_id).where(membership.c.user_id == user_id, seeing)


def found(conn: Connection, name: str, user_id: int, now: datetime) -> int | None:
    """Make an organisation with its first owner; None when that person is in one already."""
    made = insert(organisation).values(name=name, created_at=now).returning(organisation.c.id)
    organisation_id = int(conn.execute(made).scalar_one())
    if join(conn, organisation_id, user_id, MemberRole.OWNER, True, now):
        return organisation_id
    conn.execute(delete(organisation).where(organisation.c.id == organisation_id))
    return None


def join(
    conn: Connection,
    organisation_id: int,
    user_id: int,
    role: MemberRole,
    sees_cases: bool,
    now: datetime,
) -> bool:
    """Add a member; False when that person is in an organisation already."""
    values = {
        "organisation_id": organisation_id,
        "user_id": user_id,
        "role": str(role),
        "sees_cases": sees_cases,
        "joined_at": now,
    }
    return insert_once(conn, membership, values) is not None


def of_user(conn: Connection, user_id: int) -> Membership | None:
    """Return the place of a person, if they are in an organisation."""
    query = (
        select(
            membership.c.organisation_id,
            organisation.c.name.label("organisation"),
            membership.c.user_id,
            membership.c.role,
            membership.c.sees_cases,
            membership.c.joined_at,
        )
        .join(organisation, organisation.c.id == membership.c.organisation_id)
        .where(membership.c.user_id == user_id)
    )
    return rows.one(conn, Membership, query)


def lock(conn: Connection, organisation_id: int) -> str | None:
    """Keep others from changing an organisation until the transaction ends; return its name."""
    query = select(organisation.c.name).where(organisation.c.id == organisation_id)
    return conn.execute(query.with_for_update()).scalar_one_or_none()


def rename(conn: Connection, organisation_id: int, name: str) -> None:
    """Change the name of an organisation."""
    statement = update(organisation).where(organisation.c.id == organisation_id)
    conn.execute(statement.values(name=name))


def members(conn: Connection, organisation_id: int) -> tuple[Member, ...]:
    """Return everybody in an organisation: who joined first, first."""
    query = (
        select(
            membership.c.user_id,
            user.c.first_name,
            user.c.last_name,
            user.c.email,
            membership.c.role,
            membership.c.sees_cases,
            membership.c.joined_at,
        )
        .join(user, user.c.id == membership.c.user_id)
        .where(membership.c.organisation_id == organisation_id)
        .order_by(membership.c.joined_at, membership.c.id)
    )
    return rows.many(conn, Member, query)


def set_member(
    conn: Connection, organisation_id: int, user_id: int, role: MemberRole, sees_cases: bool
) -> None:
    """Change what a member may do."""
    place = (membership.c.organisation_id == organisation_id) & (membership.c.user_id == user_id)
    values = {"role": str(role), "sees_cases": sees_cases}
    conn.execute(update(membership).where(place).values(values))


def remove(conn: Connection, organisation_id: int, user_id: int, keeper_id: int) -> None:
    """Take a member out; their products and cases of the organisation go to another member, and
    how they were reached about these is forgotten: what is written from there is no answer."""
    place = (membership.c.organisation_id == organisation_id) & (membership.c.user_id == user_id)
    conn.execute(delete(membership).where(place))
    mine = (case.c.organisation_id == organisation_id) & (case.c.user_id == user_id)
    for number, contact in list(conn.execute(select(case.c.number, case.c.contact).where(mine))):
        moved = {"contact": dict.fromkeys(contact, ""), "user_id": keeper_id}
        conn.execute(update(case).where(case.c.number == number).values(moved))
        case_search.rebuild(conn, number)
    kept = (asset.c.organisation_id == organisation_id) & (asset.c.user_id == user_id)
    conn.execute(update(asset).where(kept).values(user_id=keeper_id))


def dissolve(conn: Connection, organisation_id: int) -> None:
    """End an organisation: its products and cases belong to who keeps them now."""
    for table in (asset, case):
        whose = table.c.organisation_id == organisation_id
        conn.execute(update(table).where(whose).values(organisation_id=None))
    for rest in (membership, invitation):
        conn.execute(delete(rest).where(rest.c.organisation_id == organisation_id))
    conn.execute(delete(organisation).where(organisation.c.id == organisation_id))


def bring_products(conn: Connection, organisation_id: int, user_id: int) -> int:
    """Give a member's own products to the organisation; returns how many."""
    own = (asset.c.user_id == user_id) & asset.c.organisation_id.is_(None)
    statement = update(asset).where(own).values(organisation_id=organisation_id)
    return conn.execute(statement).rowcount


def invite(
    conn: Connection, organisation_id: int, email: str, sees_cases: bool, now: datetime
) -> int:
    """Invite an address and return the invitation's id; an older one, and its link, end."""
    again = (invitation.c.organisation_id == organisation_id) & (
        invitation.c.email_key == email.lower()
    )
    conn.execute(delete(invitation).where(again))
    values = {
        "organisation_id": organisation_id,
        "email": email,
        "email_key": email.lower(),
        "sees_cases": sees_cases,
        "invited_at": now,
    }
    made = insert(invitation).values(values).returning(invitation.c.id)
    return int(conn.execute(made).scalar_one())


def invited(conn: Connection, invitation_id: int) -> Invitation | None:
    """Find an invitation that waits for its answer."""
    query = select(invitation).where(invitation.c.id == invitation_id)
    return rows.one(conn, Invitation, query)


def invitations(conn: Connection, organisation_id: int) -> tuple[Invitation, ...]:
    """Return the invitations that wait, the newest first."""
    query = select(invitation).where(invitation.c.organisation_id == organisation_id)
    return rows.many(conn, Invitation, query.order_by(invitation.c.id.desc()))


def withdraw(conn: Connection, organisation_id: int, invitation_id: int) -> bool:
    """Take an invitation back, or end an accepted one; False when it was not there."""
    this = (invitation.c.id == invitation_id) & (invitation.c.organisation_id == organisation_id)
    return conn.execute(delete(invitation).where(this)).rowcount == 1


def name_of(conn: Connection, organisation_id: int) -> str:
    """Return the name of an organisation, or nothing when there is none."""
    query = select(organisation.c.name).where(organisation.c.id == organisation_id)
    return conn.execute(query).scalar_one_or_none() or ""
