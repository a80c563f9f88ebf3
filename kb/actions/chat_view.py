"""Reading chats: how one stands, what the desk has, what a stream has to tell (R40)."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from kb.actions.chat_steps import floor_now
from kb.rules.calendars import Calendar, is_open
from kb.rules.chat import Chance, ChatState, Floor, chance
from kb.store import Database, cases, chats, users
from kb.store.chats import Chat, ChatAgent, ChatRow


@dataclass(frozen=True, slots=True)
class ChatView:
    """How a chat stands now: who has it and whether they are there, who types, how many wait
    before it."""

    chat: Chat
    agent_name: str
    agent_is_there: bool
    customer_is_there: bool
    agent_types: bool
    customer_types: bool
    before: int


@dataclass(frozen=True, slots=True)
class Watcher:
    """Whose stream it is: a customer's of a case, or an agent's, who may have a case open."""

    user_id: int
    number: int | None
    is_agent: bool


def chat_view(db: Database, number: int, now: datetime) -> ChatView | None:
    """Return how the chat of a case stands; the caller has found the case to be theirs."""
    with db.read() as conn:
        chat = chats.of_case(conn, number)
        if chat is None:
            return None
        agent = users.by_id(conn, chat.agent_id) if chat.agent_id is not None else None
        said = chats.agent(conn, chat.agent_id) if chat.agent_id is not None else None
        before = chats.before(conn, chat) if chat.state is ChatState.WAITING else 0
    return ChatView(
        chat=chat,
        agent_name=agent.name if agent else "",
        agent_is_there=said is not None and said.until > now,
        customer_is_there=chat.is_active and chat.customer_until > now,
        agent_types=_runs(chat.agent_typing_until, now),
        customer_types=_runs(chat.customer_typing_until, now),
        before=before,
    )


def _runs(until: datetime | None, now: datetime) -> bool:
    return until is not None and until > now


def chance_now(db: Database, calendar: Calendar, now: datetime) -> tuple[Chance, Floor]:
    """Return what is told to somebody who would like to chat within these hours, and why."""
    with db.read() as conn:
        floor = floor_now(conn, now)
    return chance(floor, is_open=is_open(calendar, now)), floor


def chats_at_desk(db: Database) -> tuple[ChatRow, ...]:
    """Return every chat that waits or is live, those who asked first in front."""
    with db.read() as conn:
        return chats.listed(conn)


def counts(db: Database, agent_id: int, now: datetime) -> tuple[ChatAgent | None, int, int]:
    """Return what an agent said of taking chats (None once expired), how many chats wait, and how
    many are this agent's."""
    with db.read() as conn:
        said = chats.agent(conn, agent_id)
        going = chats.going_on(conn)
    there = said if said and said.until > now else None
    waits = sum(one.state is ChatState.WAITING for one in going)
    return there, waits, sum(one.agent_id == agent_id for one in going)


def is_owner(db: Database, user_id: int, number: int) -> bool:
    """Tell whether a customer may see this case."""
    with db.read() as conn:
        return cases.of_owner(conn, number, user_id) is not None


def look(db: Database, watchers: Iterable[Watcher], now: datetime) -> dict[Watcher, str]:
    """Return for each stream what its page has to know now, as JSON that is the same as before
    where nothing has changed. A few queries for all of them.

    It says where the story has come to (`last`, a message's id), not what was said: the page asks
    for what it does not have yet, so a lost or repeated event loses or doubles nothing."""
    wanted = tuple(watchers)
    with db.read() as conn:
        going = {one.case_number: one for one in chats.going_on(conn)}
        until = {one.user_id: one.until for one in chats.agents(conn)}
        open_ = {one.number for one in wanted if one.number is not None}
        asked = open_ | {number for number, one in going.items() if one.agent_id is not None}
        newest = chats.newest(conn, asked)
        over = _over(conn, open_ - going.keys())
    order = [one.case_number for one in going.values() if one.state is ChatState.WAITING]
    known = _Known({**going, **over}, until, newest, order, now)
    return {one: json.dumps(known.told(one), sort_keys=True) for one in wanted}


def _over(conn: Connection, numbers: Iterable[int]) -> dict[int, Chat]:
    found = ((number, chats.of_case(conn, number)) for number in sorted(numbers))
    return {number: chat for number, chat in found if chat}


@dataclass(frozen=True, slots=True)
class _Known:
    chats: Mapping[int, Chat]
    until: Mapping[int, datetime]
    newest: Mapping[int, int]
    order: Sequence[int]
    now: datetime

    def told(self, watcher: Watcher) -> dict[str, Any]:
        number = watcher.number
        here = {} if number is None else self._one(number, is_agent=watcher.is_agent)
        if not watcher.is_agent:
            return here
        mine = [one.case_number for one in self.chats.values() if one.agent_id == watcher.user_id]
        others = {str(one): self.newest.get(one, 0) for one in mine if one != number}
        return {**here, "waiting": len(self.order), "waits": list(self.order), "mine": others}

    def _one(self, number: int, *, is_agent: bool) -> dict[str, Any]:
        told: dict[str, Any] = {"last": self.newest.get(number, 0)}
        chat = self.chats.get(number)
        if chat is None:
            return told
        typing = chat.customer_typing_until if is_agent else chat.agent_typing_until
        waits = chat.state is ChatState.WAITING
        return {
            **told,
            "state": str(chat.state),
            "changes": chat.changes,
            "typing": _runs(typing, self.now),
            "there": self._is_there(chat, is_agent=is_agent),
            "before": self.order.index(number) if waits and number in self.order else 0,
        }

    def _is_there(self, chat: Chat, *, is_agent: bool) -> bool:
        if is_agent:
            return chat.customer_until > self.now
        return chat.agent_id is not None and _runs(self.until.get(chat.agent_id), self.now)
