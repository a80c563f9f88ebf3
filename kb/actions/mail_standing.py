"""How the sender of a mail stands to the case that its mark names (R46, R66)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from kb.rules.cases import Actor, may_reply
from kb.rules.mail_threading import OnCase
from kb.store import cases
from kb.store.cases import Case
from kb.store.users import User


@dataclass(frozen=True, slots=True)
class Standing:
    """`named` is the case of the mark, `case` the one that takes the words now, `author_id` the
    account in whose name they are said."""

    on_case: OnCase = OnCase.UNKNOWN
    named: Case | None = None
    case: Case | None = None
    author_id: int | None = None


def standing(
    conn: Connection, number: int, sender: str, user: User | None, now: datetime
) -> Standing:
    """Find how a sender stands to a case, which is locked. On it are who may see it, also with
    their organisation, and the contact address that was given with it; what is written from
    there counts as its owner's words."""
    survivor = cases.survivor_of(conn, number)
    found = cases.lock_all(conn, (number, survivor))
    named, case = found[number], found[survivor]
    if case is not None and case.merged_into is not None:  # merged just now
        case = cases.lock(conn, cases.survivor_of(conn, survivor))
    if named is None or case is None:
        return Standing()
    if user is not None and user.is_agent:
        return Standing(OnCase.AGENT, named, case, user.id)
    author = _author(conn, named, sender, user)
    if author is None:
        return Standing(OnCase.NO, named, case)
    if not may_reply(case.state, Actor.CUSTOMER, case.resolved_at, now):
        onward = _goes_on_in(conn, case, author, now)
        return Standing(OnCase.YES if onward else OnCase.OVER, named, onward or case, author)
    return Standing(OnCase.YES, named, case, author)


def _author(conn: Connection, case: Case, sender: str, user: User | None) -> int | None:
    if user is not None and cases.of_owner(conn, case.number, user.id) is not None:
        return user.id
    if user is not None and case.organisation_id is not None:
        return None  # who has left the organisation may still stand there as the contact
    contact = str(case.contact.get("email") or "").strip()
    return case.user_id if contact and contact.casefold() == sender.casefold() else None


def _goes_on_in(conn: Connection, case: Case, author: int, now: datetime) -> Case | None:
    """The linked case that an earlier mail, or a form, has opened: a second answer to the old one
    belongs there and opens no third."""
    for number in reversed(cases.followed_by(conn, case.number)):
        onward = cases.of_owner(conn, number, author)
        if onward and may_reply(onward.state, Actor.CUSTOMER, onward.resolved_at, now):
            return onward
    return None
