"""Chatting in a case: begin, take, say, leave, end; the messages are the case's own (R40)."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from kb.actions.case_steps import Answer, Who, note_change, open_to, pass_through
from kb.actions.case_work import reply_in
from kb.actions.chat_steps import due, floor_now, move, tend_in
from kb.actions.limits import count_within
from kb.mail import Letters
from kb.rules.calendars import Calendar, is_open
from kb.rules.cases import Actor, CaseState
from kb.rules.chat import (
    LIVE_LASTS,
    LONGEST,
    MESSAGES,
    PAGE_LASTS,
    ChatState,
    Deed,
    Step,
    Why,
    chance,
    is_offered,
    may,
    without_agent,
)
from kb.rules.entitlement import Allowed, decide_again
from kb.rules.policy import Channel, Policy
from kb.rules.uploads import words_for
from kb.store import Database, cases, chats, users
from kb.store.attachments import NewAttachment
from kb.store.cases import Case

TAKES = 3  # chats at once of an agent who took one without saying how many


class Said(StrEnum):
    """How it went to say something; all but TOO_LONG and TOO_MANY are those of a reply."""

    DONE = "done"
    AGAIN = "again"
    NOT_FOUND = "not-found"
    EMPTY = "empty"
    CLOSED = "closed"
    TOO_LONG = "too-long"
    TOO_MANY = "too-many"
    FILES_TOO_LARGE = "files-too-large"


def hours_of(policy: Policy, case: Case) -> Calendar | None:
    """Return when chat is open to a case: by the grant it was opened under or, opened by
    another way, by what today's rules grant on its facts; None where chat is not granted."""
    if Channel.CHAT not in policy.channels:
        return None
    if case.channel == Channel.CHAT:
        grant = case.entitlement.get("grant") or {}
        if found := policy.calendars.get(str(grant.get("calendar"))):
            return found
    decision = decide_again(policy, case.entitlement.get("facts") or {})
    granted = decision.grant(Channel.CHAT) if isinstance(decision, Allowed) else None
    return policy.calendars.get(granted.calendar) if granted else None


def begin(db: Database, policy: Policy, user_id: int, number: int, now: datetime) -> Answer:
    """Let a customer's case wait for an agent in the chat; AGAIN where it does already, and
    NOT_ALLOWED where no chat is offered now."""
    who = Who(Actor.CUSTOMER, user_id)
    with db.write() as conn:
        case = open_to(conn, who, number)
        if case is None:
            return Answer.NOT_FOUND
        state = chats.state_of(conn, number)
        if not may(Deed.BEGIN, state):
            return Answer.AGAIN
        hours = hours_of(policy, case)
        if hours is None or not case.is_alive or case.merged_into is not None:
            return Answer.NOT_ALLOWED
        if not is_offered(chance(floor_now(conn, now), is_open=is_open(hours, now))):
            return Answer.NOT_ALLOWED
        last = chats.newest(conn, [number]).get(number, 0)
        chats.begin(conn, number, last, now + PAGE_LASTS, now)
        before, after = str(state or ""), str(ChatState.WAITING)
        note_change(conn, number, who, "chat", before, after, now, why=str(Why.ASKED))
    return Answer.DONE


def say(
    db: Database,
    policy: Policy,
    letters: Letters,
    who: Who,
    number: int,
    body: str,
    *,
    submission_id: str | None,
    now: datetime,
    files: Sequence[NewAttachment] = (),
) -> Said:
    """Say something in a case whose chat this is or was, in words, files or both. While the chat
    goes on, nobody is mailed; an agent's words after it are mailed as ever. The same
    `submission_id` counts once."""
    body = body if body.strip() else words_for(file.name for file in files)
    if len(body) > LONGEST:
        return Said.TOO_LONG
    with db.write() as conn:
        if open_to(conn, who, number) is None:
            return Said.NOT_FOUND
        if not count_within(conn, f"chat-said:{who.user_id}", MESSAGES, now):
            return Said.TOO_MANY
        by_agent = who.actor is Actor.AGENT
        if chats.of_case(conn, number):
            chats.typing(conn, number, None, by_agent=by_agent)
            if not by_agent:
                chats.customers_seen(conn, [number], now + LIVE_LASTS)
        answer = reply_in(
            conn,
            policy,
            letters,
            who,
            number,
            body,
            submission_id=submission_id,
            now=now,
            files=files,
        )
    return Said(answer)


def leave(
    db: Database,
    policy: Policy,
    letters: Letters,
    user_id: int,
    number: int,
    now: datetime,
    *,
    solved: bool = False,
) -> Answer:
    """The customer leaves: the case goes on by mail, or is solved and resolved."""
    who = Who(Actor.CUSTOMER, user_id)
    with db.write() as conn:
        case, chat = open_to(conn, who, number), chats.of_case(conn, number)
        if case is None:
            return Answer.NOT_FOUND
        if chat is None or not may(Deed.LEAVE, chat.state):
            return Answer.AGAIN
        to = ChatState.ENDED if solved else ChatState.BY_MAIL
        step = Step(to, Why.SOLVED if solved else Why.CUSTOMER_LEFT)
        move(conn, policy, letters, case, chat, step, who, now)
    return Answer.DONE


def take(
    db: Database, policy: Policy, letters: Letters, agent_id: int, number: int, now: datetime
) -> Answer:
    """An agent takes a chat that waits, and its case if nobody has it; NOT_ALLOWED where a
    colleague was quicker or the customer has gone."""
    who = Who(Actor.AGENT, agent_id)
    with db.write() as conn:
        found = tend_in(conn, policy, letters, number, now)
        if found is None:
            return Answer.NOT_FOUND
        case, chat = found
        if chat.state is ChatState.LIVE and chat.agent_id == agent_id:
            return Answer.AGAIN
        agent = users.by_id(conn, agent_id)
        if agent is None or not may(Deed.TAKE, chat.state):
            return Answer.NOT_ALLOWED
        _come_to_the_desk(conn, agent_id, now)
        step = Step(ChatState.LIVE, Why.TAKEN)
        move(conn, policy, letters, case, chat, step, who, now, agent_id=agent_id)
        if case.assignee_id is None:
            cases.change(conn, number, now, assignee_id=agent_id)
            note_change(conn, number, who, "assignee", "", agent.name, now)
        if case.state is CaseState.NEW:
            pass_through(conn, case, (CaseState.OPEN,), who, now)
    return Answer.DONE


def _come_to_the_desk(conn: Connection, agent_id: int, now: datetime) -> None:
    """Whoever takes a chat is there, and takes chats."""
    said = chats.agent(conn, agent_id)
    if said is None or said.until <= now:
        chats.take_chats(conn, agent_id, said.most if said else TAKES, now + PAGE_LASTS)


def hand_on(
    db: Database, policy: Policy, letters: Letters, agent_id: int, number: int, now: datetime
) -> Answer:
    """The agent leaves a chat: a colleague who is there may take it, else it goes on by mail."""
    return _by_its_agent(db, policy, letters, agent_id, number, Deed.HAND_ON, now)


def end(
    db: Database, policy: Policy, letters: Letters, agent_id: int, number: int, now: datetime
) -> Answer:
    """The agent ends a chat; what was said is mailed, the case stays as it is."""
    return _by_its_agent(db, policy, letters, agent_id, number, Deed.END, now)


def _by_its_agent(
    db: Database,
    policy: Policy,
    letters: Letters,
    agent_id: int,
    number: int,
    deed: Deed,
    now: datetime,
) -> Answer:
    with db.write() as conn:
        case, chat = cases.lock(conn, number), chats.of_case(conn, number)
        if case is None or chat is None:
            return Answer.NOT_FOUND
        if chat.agent_id != agent_id or not may(deed, chat.state):
            return Answer.NOT_ALLOWED
        step = Step(ChatState.ENDED, Why.DONE)
        if deed is Deed.HAND_ON:
            step = without_agent(floor_now(conn, now, besides=agent_id))
        move(conn, policy, letters, case, chat, step, Who(Actor.AGENT, agent_id), now)
    return Answer.DONE


def tend(db: Database, policy: Policy, letters: Letters, number: int, now: datetime) -> None:
    """Take the step that is due for the chat of a case; only then does it write."""
    with db.read() as conn:
        case, chat = cases.by_number(conn, number), chats.of_case(conn, number)
        if case is None or chat is None or due(conn, case, chat, now) is None:
            return
    with db.write() as conn:
        tend_in(conn, policy, letters, number, now)


def tend_all(db: Database, policy: Policy, letters: Letters, now: datetime) -> int:
    """The same for every chat that goes on; returns how many there were."""
    with db.read() as conn:
        numbers = [one.case_number for one in chats.going_on(conn)]
    for number in numbers:
        tend(db, policy, letters, number, now)
    return len(numbers)
