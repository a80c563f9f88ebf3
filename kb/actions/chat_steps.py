"""What every change of a chat does: its state, an event in the case, one mail at its end (R40)."""

from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection

from kb.actions.case_letters import mail_requester
from kb.actions.case_steps import SYSTEM, Who, note_change
from kb.mail import Letters
from kb.rules.cases import MessageKind
from kb.rules.chat import ACTIVE, ChatState, Floor, Standing, Step, Why, due_step, floor_of
from kb.rules.policy import Policy
from kb.rules.uploads import names_beside
from kb.store import cases, chats, conversation, users
from kb.store.attachments import names_by_message
from kb.store.cases import Case
from kb.store.chats import Chat

_WORTH_A_MAIL = {Why.NOBODY, Why.LONG, Why.AGENT_LEFT}  # also where nothing was said


def floor_now(conn: Connection, now: datetime, besides: int | None = None) -> Floor:
    """Return who of the agents is there now, without one of them if so wished."""
    return floor_of(chats.at_desk(conn, besides), chats.waiting(conn), now)


def due(conn: Connection, case: Case, chat: Chat, now: datetime) -> Step | None:
    """Return the step that a chat has to take by itself, if any."""
    if not chat.is_active:
        return None
    agent = chats.agent(conn, chat.agent_id) if chat.agent_id is not None else None
    standing = Standing(
        state=chat.state,
        since=chat.since,
        customer_until=chat.customer_until,
        agent_until=agent.until if agent else None,
        spoken_at=chats.spoken_at(conn, chat.case_number) or chat.since,
    )
    alive = case.is_alive and case.merged_into is None
    others = floor_now(conn, now, besides=chat.agent_id)
    return due_step(standing, others, alive=alive, now=now)


def tend_in(
    conn: Connection, policy: Policy, letters: Letters, number: int, now: datetime
) -> tuple[Case, Chat] | None:
    """Take the step that is due for the chat of a case and return both, the case locked."""
    case, chat = cases.lock(conn, number), chats.of_case(conn, number)
    if case is None or chat is None:
        return None
    step = due(conn, case, chat, now)
    if step is None:
        return case, chat
    move(conn, policy, letters, case, chat, step, SYSTEM, now)
    moved = chats.of_case(conn, number)
    return (case, moved) if moved else None


def move(
    conn: Connection,
    policy: Policy,
    letters: Letters,
    case: Case,
    chat: Chat,
    step: Step,
    who: Who,
    now: datetime,
    agent_id: int | None = None,
) -> None:
    """Bring a chat on, tell it in the case's story and, when it is over, mail what was said; the
    case is locked."""
    had = users.by_id(conn, chat.agent_id) if chat.agent_id is not None else None
    chats.move(conn, case.number, step.to, agent_id, now)
    told = {"why": str(step.why), "name": had.name if had else ""}
    note_change(conn, case.number, who, "chat", str(chat.state), str(step.to), now, **told)
    if step.to not in ACTIVE:
        _mail_transcript(conn, policy, letters, case, chat, step, now)


def _mail_transcript(
    conn: Connection,
    policy: Policy,
    letters: Letters,
    case: Case,
    chat: Chat,
    step: Step,
    now: datetime,
) -> None:
    """Mail all that was said since the chat began, once; nothing where there is nothing to say."""
    said = conversation.messages_of(conn, case.number, (MessageKind.REPLY,))
    here = _zone(conn, policy, case)
    files = names_by_message(conn, case.number)
    lines = [
        {
            "name": one.author_name,
            "at": one.at.astimezone(here).strftime("%H:%M"),
            "body": one.body,
            "files": names_beside(one.body, files.get(one.id, ())),
        }
        for one in said
        if one.id > chat.after_id
    ]
    if lines or step.why in _WORTH_A_MAIL:
        mail_requester(
            conn,
            letters,
            "chat-over",
            case,
            now,
            lines=lines,
            why=str(step.why),
            goes_on=step.to is ChatState.BY_MAIL,
            zone=str(here),
        )


def _zone(conn: Connection, policy: Policy, case: Case) -> tzinfo:
    """The clock of the requester, where it is known, else that of the office."""
    requester = users.by_id(conn, case.user_id)
    office = next(iter(policy.calendars.values()), None)
    try:
        return ZoneInfo((requester and requester.time_zone) or (office.zone if office else "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
