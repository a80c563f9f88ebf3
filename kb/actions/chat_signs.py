"""Signs of life in chats: who is there, who types, which agents take chats (R40)."""

from collections.abc import Collection
from datetime import datetime

from kb.actions.case_steps import Answer, Who, open_to
from kb.actions.limits import count_within
from kb.rules.cases import Actor
from kb.rules.chat import AT_ONCE, BEAT, LIVE_LASTS, PAGE_LASTS, SIGNS, TYPING_LASTS
from kb.store import Database, cases, chats
from kb.store.chats import ChatAgent


def customer_reads(db: Database, number: int, now: datetime, *, by_script: bool) -> None:
    """Note that the customer has the chat before them: a page, which is reloaded by hand, or a
    script that asks again soon. The caller has found the case to be theirs."""
    lasts = LIVE_LASTS if by_script else PAGE_LASTS
    with db.read() as conn:
        chat = chats.of_case(conn, number)
    if chat is None or not chat.is_active:
        return
    if by_script and now + lasts - BEAT < chat.customer_until <= now + lasts:
        return  # said just now
    with db.write() as conn:
        chats.customers_seen(conn, [number], now + lasts)


def agent_reads(db: Database, agent_id: int, now: datetime, *, by_script: bool) -> None:
    """Note that an agent who takes chats is at the desk."""
    lasts = LIVE_LASTS if by_script else PAGE_LASTS
    with db.read() as conn:
        said = chats.agent(conn, agent_id)
    if said is None or said.until <= now:
        return
    if now + lasts - BEAT < said.until <= now + lasts:
        return
    with db.write() as conn:
        chats.agents_seen(conn, [agent_id], now + lasts, now)


def all_read(
    db: Database, numbers: Collection[int], agents: Collection[int], now: datetime
) -> None:
    """Note at once that these customers and agents are there, as their open streams say."""
    if not numbers and not agents:
        return
    with db.write() as conn:
        if numbers:
            chats.customers_seen(conn, numbers, now + LIVE_LASTS)
        if agents:
            chats.agents_seen(conn, agents, now + LIVE_LASTS, now)


def takes_chats(db: Database, agent_id: int, most: int, now: datetime) -> int:
    """Note how many chats an agent takes at once, within what is sensible; 0 is none any more.
    Those that are live stay. Returns the number that counts."""
    most = min(max(most, 0), AT_ONCE[-1])
    with db.write() as conn:
        if most:
            chats.take_chats(conn, agent_id, most, now + PAGE_LASTS)
        else:
            chats.take_no_more(conn, agent_id)
    return most


def agent_at_desk(db: Database, agent_id: int, now: datetime) -> ChatAgent | None:
    """Return what an agent who is there said of taking chats."""
    with db.read() as conn:
        said = chats.agent(conn, agent_id)
    return said if said and said.until > now else None


def types(db: Database, who: Who, number: int, now: datetime, *, still: bool) -> Answer:
    """Note that one side is typing, or has stopped; an agent only in a chat of their own."""
    with db.write() as conn:
        case = open_to(conn, who, number)
        chat = chats.of_case(conn, number)
        if case is None or chat is None:
            return Answer.NOT_FOUND
        by_agent = who.actor is Actor.AGENT
        if not chat.is_active or (by_agent and chat.agent_id != who.user_id):
            return Answer.NOT_ALLOWED
        if not count_within(conn, f"chat-signs:{who.user_id}", SIGNS, now):
            return Answer.NOT_ALLOWED
        chats.typing(conn, number, now + TYPING_LASTS if still else None, by_agent=by_agent)
    return Answer.DONE


def is_known(db: Database, number: int) -> bool:
    """Tell whether there is a case with this number; for agents, who see every one."""
    with db.read() as conn:
        return cases.by_number(conn, number) is not None
