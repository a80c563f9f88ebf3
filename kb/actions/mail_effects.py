"""What a verdict about a mail does: a reply, a new case, one answer, a marked address."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from kb.actions.case_work import Answer, Who, reply_in
from kb.actions.cases import CaseForm, Opened, open_in
from kb.actions.limits import count_within, subject
from kb.actions.mail_agents import work_by_mail
from kb.actions.mail_queue import queue
from kb.actions.mail_room import Mailroom, Understood
from kb.mail.incoming import ReadMail
from kb.rules.cases import Actor, MessageKind
from kb.rules.contact import Wish
from kb.rules.mail_limits import ANSWERS_IN_ALL, ANSWERS_TO_ONE
from kb.rules.mail_threading import Fate, Verdict, Why, without_prefix
from kb.rules.mail_words import Folded, fold
from kb.rules.policy import Channel
from kb.store import conversation, mail_bounces, mail_in, outbox
from kb.store.cases import Case
from kb.store.users import User

_ANSWERS = {
    Why.STRANGER: "mail-stranger",
    Why.NOT_ENTITLED: "mail-not-entitled",
    Why.CONSENT: "mail-consent",
    Why.OVER: "mail-case-over",
}
_TITLE = 120  # characters of a mail's first line that become the title of a case


def apply(
    conn: Connection, room: Mailroom, verdict: Verdict, known: Understood, now: datetime
) -> tuple[int | None, str]:
    """Do what the verdict says; returns the case the mail is in now, if any, and a note."""
    left_out = ", ".join(known.files.left_out)
    case, author = known.place.case, known.place.author_id
    if verdict.fate is Fate.JOIN and case and author:
        joined = join_case(conn, room, known, author, case.number, now)
        return (case.number if joined else None), left_out
    if verdict.fate is Fate.WORK and case and author:
        return work_by_mail(conn, room, known, author, case.number, now)
    if verdict.fate in {Fate.OPEN, Fate.FOLLOW} and known.wish and known.user:
        over = case if verdict.fate is Fate.FOLLOW else None
        return open_by_mail(conn, room, known, known.user, known.wish, now, over), left_out
    if verdict.fate is Fate.ANSWER:
        return None, _answer(conn, room, verdict.why, known, now)
    if verdict.fate is Fate.BOUNCE:
        return _bounce(conn, known.read, now)
    return None, left_out


def join_case(
    conn: Connection, room: Mailroom, known: Understood, user_id: int, number: int, now: datetime
) -> bool:
    """Add a mail to a case as the customer's reply; False when the case takes no more words.
    Files that the case has no room for stay in the source."""
    said = words_of(known)
    who = Who(Actor.CUSTOMER, user_id)
    form = f"mail:{known.mail.id}"
    for files in (known.files.taken, ()):
        answer = reply_in(
            conn,
            room.policy,
            room.letters,
            who,
            number,
            said.own,
            submission_id=form,
            now=now,
            files=files,
        )
        if answer is not Answer.FILES_TOO_LARGE:
            break
    if answer is not Answer.DONE:
        return answer is Answer.AGAIN
    _keep_rest(conn, known, number, said)
    return True


def open_by_mail(
    conn: Connection,
    room: Mailroom,
    known: Understood,
    user: User,
    wish: Wish,
    now: datetime,
    over: Case | None = None,
) -> int | None:
    """Open a case from a mail, linked to the one that is `over` and that it answers; None when
    the policy refuses it."""
    said = words_of(known)
    title = without_prefix(known.read.subject) or said.own.split("\n", 1)[0][:_TITLE]
    form = CaseForm(
        channel=Channel.EMAIL,
        severity="",
        title=title,
        description=said.own,
        lang=_lang(room, known.read, user.lang),
        first_name=user.first_name,
        last_name=user.last_name,
        email=user.email,
        country=user.country,
        files=known.files.taken,
    )
    if over is not None:  # what is known is not asked again (R66)
        form = replace(form, title=over.title, severity=over.severity, follows=over.number)
        form = replace(form, details=over.details, lang=over.lang)
    submission = f"mail:{known.mail.id}"
    opened = open_in(conn, room.policy, room.letters, user.id, wish, form, None, submission, now)
    if not isinstance(opened, Opened):
        return None
    if not opened.again:
        _keep_rest(conn, known, opened.number, said)
    return opened.number


def words_of(known: Understood) -> Folded:
    """The sender's own words; a mail of files alone says their names."""
    said = fold(known.read.text)
    if said.own:
        return said
    names = [file.name for file in known.files.taken] or list(known.files.left_out)
    return Folded(" ".join(f"[{name}]" for name in names) or known.read.subject or "[…]", "")


def _keep_rest(conn: Connection, known: Understood, number: int, said: Folded) -> None:
    """Tie the message to its mail; the address works, so it is no longer marked."""
    message_id = conversation.last_of(conn, number, MessageKind.REPLY)
    if message_id is not None:
        mail_in.note_rest(conn, message_id, known.mail.id, said.rest)
    mail_bounces.clear(conn, known.read.sender)


def _lang(room: Mailroom, read: ReadMail, otherwise: str) -> str:
    wanted = (otherwise, *read.langs, *room.languages)
    return next(code for code in wanted if code in room.languages)


def _answer(conn: Connection, room: Mailroom, why: Why, known: Understood, now: datetime) -> str:
    """Point to the site, at most once a day for an address and so often in all."""
    sender = known.read.sender
    name = subject(room.letters.secret, "mail-answer", sender)
    if not count_within(conn, name, ANSWERS_TO_ONE, now):
        return "answered before"
    if not count_within(conn, "mail-answers", ANSWERS_IN_ALL, now):
        return "too many answers"
    letter = room.letters.write(
        _ANSWERS[why],
        _lang(room, known.read, known.user.lang if known.user else ""),
        sender,
        path="" if why is Why.STRANGER else "contact/",
        case=known.place.named.number if known.place.named else None,
        answers=known.read.message_id,
        first_name=known.user.first_name if known.user else "",
    )
    queue(conn, letter, now)
    return ""


def _bounce(conn: Connection, read: ReadMail, now: datetime) -> tuple[int | None, str]:
    """Believe a bounce only about a mail that we sent to that very address."""
    number, said = None, []
    for one in read.returned:
        mail = outbox.by_message_id(conn, one.message_id)
        if mail is None or mail.recipient.lower() != one.recipient:
            continue
        outbox.came_back(conn, mail.id, one.said, now)
        mail_bounces.mark(conn, one.recipient, one.said, now)
        said.append(f"{one.recipient}: {one.said}")
        if mail.case_number is not None:
            number = mail.case_number
            event = {"what": "bounced", "before": "", "after": one.recipient, "said": one.said}
            conversation.record(conn, number, Actor.SYSTEM, None, event, now)
    return number, "; ".join(said)
