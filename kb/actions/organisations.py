"""Organisations: several contacts of one customer, their products and cases together."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from kb.actions import limits, links
from kb.actions.account_mail import count_mail
from kb.actions.accounts import normal_email
from kb.actions.mail_queue import queue
from kb.mail import Letters
from kb.rules.accounts import INVITATION_LIVES, INVITATIONS_BY_ORGANISATION
from kb.rules.organisations import MemberRole, may_leave
from kb.store import Database, audit, cases, organisations, users
from kb.store.organisations import Invitation, Member, Membership

_PURPOSE = "invitation"


class Answer(StrEnum):
    """How it ended; NOT_FOUND is also the answer to who may not."""

    DONE = "done"
    NOT_FOUND = "not-found"
    ALREADY_IN_ONE = "already-in-one"
    ALREADY_MEMBER = "already-member"
    BAD_EMAIL = "bad-email"
    TOO_MANY = "too-many"
    LAST_OWNER = "last-owner"
    BAD_LINK = "bad-link"
    USED_LINK = "used-link"
    EXPIRED_LINK = "expired-link"
    OTHER_ADDRESS = "other-address"


@dataclass(frozen=True, slots=True)
class OrganisationView:
    """An organisation as one of its members sees it; only owners see invitations."""

    place: Membership
    members: tuple[Member, ...]
    invitations: tuple[Invitation, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What an invitation says to who opens it; `organisation` only when it still works."""

    answer: Answer
    organisation: str = ""
    email: str = ""


def view(db: Database, user_id: int) -> OrganisationView | None:
    """Return the organisation of a person; None for who is in none."""
    with db.read() as conn:
        place = organisations.of_user(conn, user_id)
        if place is None:
            return None
        return OrganisationView(
            place,
            organisations.members(conn, place.organisation_id),
            organisations.invitations(conn, place.organisation_id) if place.is_owner else (),
        )


def found(db: Database, user_id: int, name: str, *, bring: bool, now: datetime) -> Answer:
    """Make an organisation whose owner this person is; `bring` gives it their products."""
    with db.write() as conn:
        if users.lock(conn, user_id) is None:
            return Answer.NOT_FOUND
        made = organisations.found(conn, " ".join(name.split()), user_id, now)
        if made is None:
            return Answer.ALREADY_IN_ONE
        brought = organisations.bring_products(conn, made, user_id) if bring else 0
        _note(conn, user_id, "found", made, now, products=brought)
    return Answer.DONE


def bring_products(db: Database, user_id: int, now: datetime) -> int:
    """Give a member's own products to the organisation; returns how many."""
    with db.write() as conn:
        place = organisations.of_user(conn, user_id)
        if place is None:
            return 0
        brought = organisations.bring_products(conn, place.organisation_id, user_id)
        _note(conn, user_id, "bring-products", place.organisation_id, now, products=brought)
    return brought


def rename(db: Database, user_id: int, name: str, now: datetime) -> Answer:
    """Change the organisation's name; only an owner may."""
    with db.write() as conn:
        place = _owned(conn, user_id)
        if place is None:
            return Answer.NOT_FOUND
        organisations.rename(conn, place.organisation_id, " ".join(name.split()))
        _note(conn, user_id, "rename", place.organisation_id, now)
    return Answer.DONE


def invite(
    db: Database,
    letters: Letters,
    user_id: int,
    email: str,
    *,
    sees_cases: bool,
    lang: str,
    source: str,
    now: datetime,
) -> Answer:
    """Mail somebody a link to join; whether the address has an account is not said."""
    if (address := normal_email(email)) is None:
        return Answer.BAD_EMAIL
    with db.write() as conn:
        place = _owned(conn, user_id)
        if place is None:
            return Answer.NOT_FOUND
        inside = organisations.members(conn, place.organisation_id)
        if any(member.email.lower() == address.lower() for member in inside):
            return Answer.ALREADY_MEMBER
        if not _may_invite(conn, letters.secret, place.organisation_id, source, address, now):
            return Answer.TOO_MANY
        number = organisations.invite(conn, place.organisation_id, address, sees_cases, now)
        _mail_invitation(conn, letters, user_id, place, address, lang, number, now)
        _note(conn, user_id, "invite", place.organisation_id, now, invitation=number)
    return Answer.DONE


def _may_invite(
    conn: Connection, secret: str, organisation_id: int, source: str, address: str, now: datetime
) -> bool:
    name = limits.subject(secret, "invite", str(organisation_id))
    by_organisation = limits.count_within(conn, name, INVITATIONS_BY_ORGANISATION, now)
    return all((by_organisation, *count_mail(conn, secret, source, address.lower(), now)))


def _mail_invitation(
    conn: Connection,
    letters: Letters,
    user_id: int,
    place: Membership,
    address: str,
    lang: str,
    number: int,
    now: datetime,
) -> None:
    host = users.by_id(conn, user_id)
    token = links.make_ticket(letters.secret, _PURPOSE, number, INVITATION_LIVES, now)
    letter = letters.write(
        "invitation",
        lang,
        address,
        path=f"account/invitation/{token}",
        organisation=place.organisation,
        host=host.name if host else "",
        address=address,
        days=INVITATION_LIVES.days,
    )
    queue(conn, letter, now)


def withdraw(db: Database, user_id: int, invitation_id: int, now: datetime) -> Answer:
    """Take an invitation back; its link ends."""
    with db.write() as conn:
        place = _owned(conn, user_id)
        if place is None or not organisations.withdraw(conn, place.organisation_id, invitation_id):
            return Answer.NOT_FOUND
        _note(conn, user_id, "withdraw", place.organisation_id, now, invitation=invitation_id)
    return Answer.DONE


def read_invitation(db: Database, secret: str, user_id: int, token: str, now: datetime) -> Asked:
    """Tell what an invitation is to, to the person it was mailed to and to nobody else."""
    with db.read() as conn:
        return _asked(conn, secret, user_id, token, now)[0]


def accept(db: Database, secret: str, user_id: int, token: str, now: datetime) -> Asked:
    """Join the organisation an invitation is to; the link has then done its work."""
    with db.write() as conn:
        users.lock(conn, user_id)
        asked, found = _asked(conn, secret, user_id, token, now)
        if found is None:
            return asked
        organisations.lock(conn, found.organisation_id)  # before what its owner may end just now
        if not organisations.withdraw(conn, found.organisation_id, found.id):
            return Asked(Answer.USED_LINK)
        contact = MemberRole.CONTACT
        organisations.join(conn, found.organisation_id, user_id, contact, found.sees_cases, now)
        _note(conn, user_id, "join", found.organisation_id, now)
    return asked


def _asked(
    conn: Connection, secret: str, user_id: int, token: str, now: datetime
) -> tuple[Asked, Invitation | None]:
    ticket = links.open_ticket(secret, _PURPOSE, token, now)
    if ticket is None:
        return Asked(Answer.BAD_LINK), None
    found = organisations.invited(conn, ticket.number)
    user = users.by_id(conn, user_id)
    if found is None or user is None:
        return Asked(Answer.USED_LINK), None
    if ticket.is_over(now):
        return Asked(Answer.EXPIRED_LINK), None
    if user.email_key != found.email_key:
        return Asked(Answer.OTHER_ADDRESS), None
    if organisations.of_user(conn, user_id):
        return Asked(Answer.ALREADY_IN_ONE), None
    name = organisations.name_of(conn, found.organisation_id)
    return Asked(Answer.DONE, name, found.email), found


def set_member(
    db: Database,
    user_id: int,
    member_id: int,
    *,
    role: MemberRole,
    sees_cases: bool,
    now: datetime,
) -> Answer:
    """Change what a member may do; the last owner stays one."""
    with db.write() as conn:
        place = _owned(conn, user_id)
        member = _member(conn, place, member_id)
        if place is None or member is None:
            return Answer.NOT_FOUND
        owners = sum(one.is_owner for one in organisations.members(conn, place.organisation_id))
        if member.is_owner and role is MemberRole.CONTACT and owners == 1:
            return Answer.LAST_OWNER
        organisations.set_member(conn, place.organisation_id, member_id, role, sees_cases)
        said = {"member": member_id, "role": str(role), "sees_cases": sees_cases}
        _note(conn, user_id, "set-member", place.organisation_id, now, **said)
    return Answer.DONE


def remove(db: Database, user_id: int, member_id: int, now: datetime) -> Answer:
    """Take a member out, as an owner; what is the organisation's stays with it."""
    with db.write() as conn:
        cases.lock_of_user(conn, member_id)  # before the organisation, as who deletes an account
        place = _owned(conn, user_id)
        if place is None or _member(conn, place, member_id) is None:
            return Answer.NOT_FOUND
        return leave_in(conn, member_id, now, by=user_id)


def leave(db: Database, user_id: int, now: datetime) -> Answer:
    """Go oneself; whoever is the only member ends the organisation and keeps its products."""
    with db.write() as conn:
        cases.lock_of_user(conn, user_id)
        return leave_in(conn, user_id, now, by=user_id)


def leave_in(conn: Connection, user_id: int, now: datetime, *, by: int) -> Answer:
    """The same inside a transaction that has locked their cases."""
    place = _place(conn, user_id)
    if place is None:
        return Answer.NOT_FOUND
    inside = organisations.members(conn, place.organisation_id)
    owners = [member.user_id for member in inside if member.is_owner]
    if not may_leave(place.role, len(owners), len(inside)):
        return Answer.LAST_OWNER
    if len(inside) == 1:
        organisations.dissolve(conn, place.organisation_id)
        _note(conn, by, "dissolve", place.organisation_id, now)
        return Answer.DONE
    keeper = next(owner for owner in owners if owner != user_id)
    organisations.remove(conn, place.organisation_id, user_id, keeper)
    _note(conn, by, "leave", place.organisation_id, now, member=user_id)
    return Answer.DONE


def _owned(conn: Connection, user_id: int) -> Membership | None:
    """The place of an owner, with the organisation locked; None for everybody else."""
    place = _place(conn, user_id)
    return place if place and place.is_owner else None


def _place(conn: Connection, user_id: int) -> Membership | None:
    """The place of a member, with the organisation locked: as it is then, not as it was."""
    if place := organisations.of_user(conn, user_id):
        organisations.lock(conn, place.organisation_id)
    return organisations.of_user(conn, user_id) if place else None


def _member(conn: Connection, place: Membership | None, member_id: int) -> Member | None:
    inside = organisations.members(conn, place.organisation_id) if place else ()
    return next((one for one in inside if one.user_id == member_id), None)


def _note(
    conn: Connection, actor_id: int, what: str, organisation_id: int, now: datetime, **said: object
) -> None:
    subject = f"organisation:{organisation_id}"
    audit.record(conn, actor_id, f"organisation.{what}", subject, now, **said)
