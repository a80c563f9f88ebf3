"""Live chats: each case's row, who waits, who takes chats, what a stream has to look at."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, select, update

from kb.rules.cases import MessageKind
from kb.rules.chat import ACTIVE, AtDesk, ChatState
from kb.store import rows
from kb.store.chat_tables import chat, chat_agent
from kb.store.database import insert_once
from kb.store.tables import case, case_message, user


@dataclass(frozen=True, slots=True)
class Chat:
    """The chat of a case; `after_id` is the last message before it, `changes` counts up whenever
    its page has something to show again."""

    case_number: int
    state: ChatState
    asked_at: datetime
    since: datetime
    after_id: int
    agent_id: int | None
    customer_until: datetime
    customer_typing_until: datetime | None
    agent_typing_until: datetime | None
    changes: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", ChatState(self.state))

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE


@dataclass(frozen=True, slots=True)
class ChatRow:
    """A chat in a list of the desk."""

    case_number: int
    state: ChatState
    agent_id: int | None
    asked_at: datetime
    since: datetime
    title: str
    requester: str
    product: str | None
    version: str | None
    lang: str
    severity: str
    customer_spoke_last: bool


@dataclass(frozen=True, slots=True)
class ChatAgent:
    """An agent who takes chats."""

    user_id: int
    most: int
    until: datetime


_ACTIVE = [str(state) for state in ACTIVE]
_OF_CASE = select(chat).where(chat.c.case_number == bindparam("number"))
_GOING_ON = select(chat).where(chat.c.state.in_(_ACTIVE))
_AGENT = select(chat_agent).where(chat_agent.c.user_id == bindparam("agent_id"))
_STATE_OF = select(chat.c.state).where(chat.c.case_number == bindparam("number"))
_NEWEST = (
    select(case_message.c.case_number, func.max(case_message.c.id))
    .where(
        case_message.c.case_number.in_(bindparam("numbers", expanding=True)),
        case_message.c.kind != str(MessageKind.NOTE),
    )
    .group_by(case_message.c.case_number)
)
_SEEN = update(chat).where(chat.c.case_number.in_(bindparam("numbers", expanding=True)))


def of_case(conn: Connection, number: int) -> Chat | None:
    """Return the chat of a case, if it has or had one."""
    return rows.one(conn, Chat, _OF_CASE, number=number)


def state_of(conn: Connection, number: int) -> ChatState | None:
    """Return in what state the chat of a case is; None without one."""
    found = conn.execute(_STATE_OF, {"number": number}).scalar_one_or_none()
    return ChatState(found) if found else None


def going_on(conn: Connection) -> tuple[Chat, ...]:
    """Return the chats that wait or are live, those who asked first in front."""
    return rows.many(conn, Chat, _GOING_ON.order_by(chat.c.asked_at, chat.c.case_number))


def begin(conn: Connection, number: int, after_id: int, until: datetime, now: datetime) -> None:
    """Let a case's chat wait for an agent; the caller has locked the case."""
    values: dict[str, Any] = {
        "state": str(ChatState.WAITING),
        "asked_at": now,
        "since": now,
        "after_id": after_id,
        "agent_id": None,
        "customer_until": until,
        "customer_typing_until": None,
        "agent_typing_until": None,
    }
    here = chat.c.case_number == number
    again = update(chat).where(here).values(**values, changes=chat.c.changes + 1)
    if conn.execute(again).rowcount == 0:
        conn.execute(insert(chat).values(case_number=number, changes=1, **values))


def move(conn: Connection, number: int, to: ChatState, agent_id: int | None, now: datetime) -> None:
    """Bring a chat to a state, with the agent who has it or nobody; the case is locked."""
    conn.execute(
        update(chat)
        .where(chat.c.case_number == number)
        .values(
            state=str(to),
            agent_id=agent_id,
            since=now,
            agent_typing_until=None,
            customer_typing_until=None,
            changes=chat.c.changes + 1,
        )
    )


def customers_seen(conn: Connection, numbers: Collection[int], until: datetime) -> None:
    """Note that the customers of these chats are there until then; of a locked case or of many."""
    conn.execute(_SEEN.values(customer_until=until), {"numbers": sorted(numbers)})


def typing(conn: Connection, number: int, until: datetime | None, *, by_agent: bool) -> None:
    """Note until when one side counts as typing; None for no more."""
    name = "agent_typing_until" if by_agent else "customer_typing_until"
    conn.execute(update(chat).where(chat.c.case_number == number).values(**{name: until}))


def agent(conn: Connection, agent_id: int) -> ChatAgent | None:
    """Return what an agent said of taking chats, also if it has expired."""
    return rows.one(conn, ChatAgent, _AGENT, agent_id=agent_id)


def agents(conn: Connection) -> tuple[ChatAgent, ...]:
    """Return everybody who said to take chats."""
    return rows.many(conn, ChatAgent, select(chat_agent))


def take_chats(conn: Connection, agent_id: int, most: int, until: datetime) -> None:
    """Note that an agent takes so many chats at once from now on."""
    values = {"most": most, "until": until}
    if insert_once(conn, chat_agent, {"user_id": agent_id, **values}) is None:
        here = chat_agent.c.user_id == agent_id
        conn.execute(update(chat_agent).where(here).values(values))


def agents_seen(conn: Connection, agents: Collection[int], until: datetime, now: datetime) -> None:
    """Note that these agents are there until then; one who has expired has to say so again."""
    here = chat_agent.c.user_id.in_(sorted(agents)) & (chat_agent.c.until > now)
    conn.execute(update(chat_agent).where(here).values(until=until))


def take_no_more(conn: Connection, agent_id: int) -> None:
    """An agent takes no chats any more."""
    conn.execute(delete(chat_agent).where(chat_agent.c.user_id == agent_id))


def at_desk(conn: Connection, besides: int | None = None) -> tuple[AtDesk, ...]:
    """Return the agents who said to take chats, with how many each has; `besides` is left out."""
    query = (
        select(chat_agent.c.most, func.count(chat.c.state).label("live"), chat_agent.c.until)
        .join(
            chat,
            and_(chat.c.agent_id == chat_agent.c.user_id, chat.c.state == str(ChatState.LIVE)),
            isouter=True,
        )
        .group_by(chat_agent.c.user_id, chat_agent.c.most, chat_agent.c.until)
    )
    if besides is not None:
        query = query.where(chat_agent.c.user_id != besides)
    return rows.many(conn, AtDesk, query)


def waiting(conn: Connection) -> int:
    """Count the chats that wait."""
    query = select(func.count()).select_from(chat).where(chat.c.state == str(ChatState.WAITING))
    return rows.number_of(conn, query)


def before(conn: Connection, one: Chat) -> int:
    """Count who waits longer than this chat."""
    earlier = (chat.c.asked_at < one.asked_at) | (
        (chat.c.asked_at == one.asked_at) & (chat.c.case_number < one.case_number)
    )
    query = select(func.count()).select_from(chat)
    return rows.number_of(conn, query.where(chat.c.state == str(ChatState.WAITING), earlier))


def listed(conn: Connection) -> tuple[ChatRow, ...]:
    """Return the chats that wait or are live for the lists of the desk, the longest first."""
    query = (
        select(
            *(chat.c[name] for name in ("case_number", "state", "agent_id", "asked_at", "since")),
            case.c.title,
            (user.c.first_name + " " + user.c.last_name).label("requester"),
            *(case.c[name] for name in ("product", "version", "lang", "severity")),
            case.c.customer_spoke_last,
        )
        .join(case, case.c.number == chat.c.case_number)
        .join(user, user.c.id == case.c.user_id)
        .where(chat.c.state.in_(_ACTIVE))
    )
    return rows.many(conn, ChatRow, query.order_by(chat.c.asked_at, chat.c.case_number))


def newest(conn: Connection, numbers: Collection[int]) -> dict[int, int]:
    """Return the id of the newest message or event of each of these cases, notes aside."""
    if not numbers:
        return {}
    found = conn.execute(_NEWEST, {"numbers": sorted(numbers)}).all()
    return {row[0]: row[1] for row in found}


def spoken_at(conn: Connection, number: int) -> datetime | None:
    """Return when somebody last spoke in a case."""
    query = select(func.max(case_message.c.at)).where(
        case_message.c.case_number == number, case_message.c.kind == str(MessageKind.REPLY)
    )
    found: datetime | None = conn.execute(query).scalar_one_or_none()
    return found
