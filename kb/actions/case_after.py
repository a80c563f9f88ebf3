"""What a customer says of a case and its service: what solved it, how it was, a complaint."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from kb.actions.case_steps import Answer, Who, form_id, note_change, open_to
from kb.actions.limits import count_within
from kb.actions.mail_queue import queue
from kb.mail import Letters
from kb.rules.accounts import Limit
from kb.rules.cases import STARS, Deed, may
from kb.rules.feedback import FeedbackKind
from kb.store import Database, cases, complaints, users, voices
from kb.store.cases import Case
from kb.store.complaints import Complaint
from kb.store.users import User

LONGEST = 5000  # characters of a complaint or a rating
COMPLAINTS_BY_ACCOUNT = Limit(10, timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Complained:
    """The complaint is recorded and on its way, under this number; `again`: it was before."""

    name: str
    again: bool = False


def rate(
    db: Database,
    who: Who,
    number: int,
    now: datetime,
    *,
    stars: int | None = None,
    words: str = "",
    solved_by: str | None = None,
) -> Answer:
    """Keep what solved a finished case and how its customer found it, 1 to 5; said again, the
    last counts. `solved_by` is what `rules/cases.py:solved_by` returns."""
    if stars is None and not words.strip() and solved_by is None:
        return Answer.EMPTY
    if stars is not None and stars not in STARS:
        return Answer.NOT_ALLOWED
    with db.write() as conn:
        case = open_to(conn, who, number)
        if case is None:
            return Answer.NOT_FOUND
        if case.merged_into or not may(Deed.RATE, case.state, who.actor):
            return Answer.NOT_ALLOWED
        said = {
            "rating": case.rating if stars is None else stars,
            "rating_words": words.strip()[:LONGEST] or case.rating_words,
            "solved_by": solved_by or case.solved_by,
        }
        changed = {name: new for name, new in said.items() if new != getattr(case, name)}
        if not changed:
            return Answer.AGAIN
        _note(conn, case, who, changed, now)
        cases.change(conn, number, now, **changed, rated_at=now)
        heard = str(said["rating_words"] or "")
        if heard and who.user_id is not None:
            given = case.rating if stars is None else stars
            origin = f"rating:{number}"
            _hear(conn, case, FeedbackKind.RATING, origin, who.user_id, heard, now, rating=given)
    return Answer.DONE


def _hear(
    conn: Connection,
    case: Case,
    kind: FeedbackKind,
    origin: str,
    user_id: int,
    text: str,
    now: datetime,
    *,
    rating: int | None = None,
    lang: str = "",
) -> None:
    """Let it be heard with all other feedback (R51)."""
    voices.add_feedback(
        conn,
        kind=str(kind),
        text=text,
        rating=rating,
        lang=lang or case.lang,
        user_id=user_id,
        origin=origin,
        case_number=case.number,
        products=(case.product,) if case.product else (),
        now=now,
    )


def _note(conn: Connection, case: Case, who: Who, changed: dict[str, Any], now: datetime) -> None:
    for what in ("solved_by", "rating"):
        if what in changed:
            before = getattr(case, what)
            note_change(conn, case.number, who, what, str(before or ""), str(changed[what]), now)


def complain(
    db: Database,
    letters: Letters,
    who: Who,
    number: int,
    text: str,
    *,
    mailbox: str,
    mailbox_lang: str,
    lang: str,
    submission_id: str,
    now: datetime,
) -> Complained | Answer:
    """Record a complaint under a number that quotes the case's, mail it to the named mailbox and
    its receipt to the customer (R70), in one transaction. NOT_ALLOWED: too many in a day, or a
    site without such a mailbox."""
    if not text.strip():
        return Answer.EMPTY
    with db.write() as conn:
        case = open_to(conn, who, number)
        person = users.by_id(conn, who.user_id) if who.user_id else None
        if case is None or person is None:
            return Answer.NOT_FOUND
        form = form_id(submission_id) or ""
        before = [one for one in complaints.of_case(conn, number) if one.submission_id == form]
        if before:
            return Complained(before[0].name, again=True)
        allowed = bool(mailbox) and may(Deed.COMPLAIN, case.state, who.actor)
        subject = f"complaints:{person.id}"
        if not allowed or not count_within(conn, subject, COMPLAINTS_BY_ACCOUNT, now):
            return Answer.NOT_ALLOWED
        made = complaints.add(
            conn,
            number,
            person.id,
            submission_id=form,
            text=text.strip()[:LONGEST],
            lang=lang,
            now=now,
        )
        if made is None:
            return Answer.AGAIN
        note_change(conn, number, who, "complaint", "", made.name, now)
        origin = f"complaint:{made.id}"
        _hear(conn, case, FeedbackKind.COMPLAINT, origin, person.id, made.text, now, lang=lang)
        _send(conn, letters, case, person, made, mailbox, mailbox_lang, now)
    return Complained(made.name)


def _send(
    conn: Connection,
    letters: Letters,
    case: Case,
    person: User,
    made: Complaint,
    mailbox: str,
    mailbox_lang: str,
    now: datetime,
) -> None:
    """Two letters: the mailbox answers the customer by replying, outside the case."""
    said: dict[str, Any] = {
        "complaint": made.name,
        "case": case.number,
        "title": case.title,
        "text": made.text,
    }
    told = letters.write(
        "complaint",
        mailbox_lang,
        mailbox,
        path=f"desk/cases/{case.number}",
        name=person.name,
        email=person.email,
        lang_of_customer=made.lang,
        **said,
    )
    queue(conn, replace(told, headers={**told.headers, "Reply-To": person.email}), now)
    receipt = letters.write(
        "complaint-received",
        made.lang,
        person.email,
        path=f"my/cases/{case.number}",
        first_name=person.first_name,
        mailbox=mailbox,
        **said,
    )
    queue(conn, receipt, now)
