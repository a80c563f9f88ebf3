"""Cases that belong together, and one that held two problems made two (R45)."""

from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from kb.actions.case_promise import acknowledge, first_due, promised
from kb.actions.case_steps import Answer, Who, form_id, note_change
from kb.mail import Letters
from kb.rules.cases import Actor, MessageKind
from kb.rules.entitlement import ChannelGrant
from kb.rules.milestones import turn_of
from kb.rules.policy import Channel, Policy, Severity
from kb.store import Database, case_links, cases, conversation, milestones, users
from kb.store.cases import Case, NewCase
from kb.store.users import User

_TITLE = 200  # characters of a title that are kept


def linked_to(db: Database, number: int) -> tuple[Case, ...]:
    """Return the cases that are linked to this one."""
    with db.read() as conn:
        found = (cases.by_number(conn, one) for one in case_links.of_case(conn, number))
        return tuple(case for case in found if case is not None)


def link(db: Database, who: Who, number: int, other: int, now: datetime) -> Answer:
    """Link two cases, whoever's they are: only agents see it. NOT_ALLOWED: a case to itself."""
    if who.actor is not Actor.AGENT:
        return Answer.NOT_FOUND
    if number == other:
        return Answer.NOT_ALLOWED
    with db.write() as conn:
        if None in cases.lock_all(conn, (number, other)).values():
            return Answer.NOT_FOUND
        if not case_links.add(conn, number, other, now):
            return Answer.AGAIN
        note_change(conn, number, who, "linked", "", str(other), now)
        note_change(conn, other, who, "linked", "", str(number), now)
    return Answer.DONE


def split(
    db: Database,
    policy: Policy,
    letters: Letters,
    who: Who,
    number: int,
    *,
    title: str,
    words: str,
    submission_id: str,
    now: datetime,
) -> int | Answer:
    """Make of a second problem in a case a case of its own, linked to the first, under the same
    entitlement and without another paid incident; return its number (R45).

    `words` are the customer's own about it. The customer is mailed the new number."""
    if who.actor is not Actor.AGENT:
        return Answer.NOT_FOUND
    if not title.strip() or not words.strip():
        return Answer.EMPTY
    with db.write() as conn:
        case = cases.lock(conn, number)
        if case is None:
            return Answer.NOT_FOUND
        if not case.is_alive:
            return Answer.NOT_ALLOWED
        new = _twin(case, " ".join(title.split())[:_TITLE], f"split-{form_id(submission_id)}")
        person = users.by_id(conn, case.user_id)
        if person is None:
            return Answer.NOT_FOUND
        made = _open(conn, policy, new, person, words.strip(), now)
        if made is None:
            before = cases.number_of_submission(conn, case.user_id, new.submission_id)
            return before or Answer.AGAIN
        number_of_twin, has_target = made
        case_links.add(conn, number, number_of_twin, now)
        note_change(conn, number, who, "split", "", str(number_of_twin), now)
        note_change(conn, number_of_twin, who, "split-from", "", str(number), now)
        acknowledge(conn, policy, letters, number_of_twin, person, new, has_target, now)
    return number_of_twin


def _open(
    conn: Connection, policy: Policy, new: NewCase, person: User, words: str, now: datetime
) -> tuple[int, bool] | None:
    """Make the case with its first words; return its number and whether it has a target."""
    grant = _grant(new.entitlement.get("grant") or {})
    owed = promised(policy, Severity(new.severity), grant, now) if grant else ()
    names = (person.first_name, person.last_name, person.email)
    number = cases.add(
        conn,
        new,
        now,
        person=names,
        said=words,
        owed_at=first_due(owed),
        turn=turn_of(policy.plans.get(new.plan or "")),
    )
    if number is None:
        return None
    conversation.say(conn, number, MessageKind.REPLY, Actor.CUSTOMER, person.id, words, now)
    if grant:
        milestones.begin(conn, number, grant.calendar, owed)
    return number, bool(owed)


def _twin(case: Case, title: str, submission_id: str) -> NewCase:
    same = {one.name: getattr(case, one.name) for one in fields(NewCase)}
    grant = {**(case.entitlement.get("grant") or {}), "uses_credit": False}
    entitlement = {**case.entitlement, "grant": grant}
    new = NewCase(**{**same, "follows": None, "entitlement": entitlement})
    return replace(new, title=title, submission_id=submission_id)


def _grant(kept: dict[str, Any]) -> ChannelGrant | None:
    """The grant as it was kept with the case; None for one of an older shape."""
    try:
        return ChannelGrant(**{**kept, "channel": Channel(kept["channel"])})
    except (KeyError, TypeError, ValueError):
        return None
