"""Live chat in a case (R40): who may chat now, what a chat is in, when it goes on by mail."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from kb.rules.accounts import Limit

LONGEST = 4_000  # characters of one message; longer things are files
MESSAGES = Limit(30, timedelta(minutes=1))  # of one person
SIGNS = Limit(120, timedelta(minutes=5))  # that they are typing, of one person

AT_ONCE = range(1, 9)  # chats one agent may take at a time
LONGEST_QUEUE = 12  # who would be behind more than these is offered another way
WAITS_AT_MOST = timedelta(minutes=20)
QUIET_AT_MOST = timedelta(minutes=30)

# How long a sign of life counts: a page without script is read and reloaded by hand, a script
# renews its sign every `BEAT`.
PAGE_LASTS = timedelta(minutes=5)
BEAT = timedelta(seconds=20)
LIVE_LASTS = timedelta(seconds=90)  # a browser wakes a hidden page once a minute
TYPING_LASTS = timedelta(seconds=8)


class ChatState(StrEnum):
    WAITING = "waiting"  # for an agent; the customer's words are in the case already
    LIVE = "live"
    BY_MAIL = "by-mail"  # handed over: the case goes on by mail
    ENDED = "ended"


class Why(StrEnum):
    """Why a chat changed; told to the customer and kept in the story of the case."""

    ASKED = "asked"
    TAKEN = "taken"
    CUSTOMER_LEFT = "customer-left"
    AGENT_LEFT = "agent-left"
    NOBODY = "nobody"  # no agent takes chats any more
    LONG = "long"  # waited as long as anybody is let wait
    QUIET = "quiet"
    DONE = "done"  # the agent ended it
    SOLVED = "solved"  # the customer said so
    CASE_OVER = "case-over"  # the case was finished or merged elsewhere


ACTIVE = (ChatState.WAITING, ChatState.LIVE)


class Deed(StrEnum):
    """What a person does with a chat."""

    BEGIN = "begin"
    LEAVE = "leave"
    TAKE = "take"
    HAND_ON = "hand-on"
    END = "end"


_FROM: dict[Deed, tuple[ChatState | None, ...]] = {
    Deed.BEGIN: (None, ChatState.BY_MAIL, ChatState.ENDED),
    Deed.LEAVE: ACTIVE,
    Deed.TAKE: (ChatState.WAITING,),
    Deed.HAND_ON: (ChatState.LIVE,),
    Deed.END: (ChatState.LIVE,),
}


def may(deed: Deed, state: ChatState | None) -> bool:
    """Tell whether this can be done with a chat in this state; None is a case without one."""
    return state in _FROM[deed]


@dataclass(frozen=True, slots=True)
class AtDesk:
    """An agent who said to take chats: how many at once, how many are live, until when the
    agent counts as there."""

    most: int
    live: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Floor:
    """All agents who are there: how many, how many more chats they take, who waits for them."""

    there: int
    free: int
    waiting: int


def floor_of(agents: Iterable[AtDesk], waiting: int, now: datetime) -> Floor:
    """Add up the agents who are there; one with more chats than agreed to has no place free."""
    there = [one for one in agents if one.until > now]
    return Floor(len(there), sum(max(one.most - one.live, 0) for one in there), waiting)


class Chance(StrEnum):
    """What a customer who would like to chat is told."""

    NOW = "now"
    QUEUE = "queue"
    FULL = "full"
    NOBODY = "nobody"
    CLOSED = "closed"


def chance(floor: Floor, *, is_open: bool) -> Chance:
    """Decide what is offered: hours first, then agents, then how many wait already."""
    if not is_open:
        return Chance.CLOSED
    if not floor.there:
        return Chance.NOBODY
    if floor.free > floor.waiting:
        return Chance.NOW
    return Chance.QUEUE if floor.waiting < LONGEST_QUEUE else Chance.FULL


def is_offered(found: Chance) -> bool:
    """Tell whether a chat may begin, at once or after a wait."""
    return found in (Chance.NOW, Chance.QUEUE)


@dataclass(frozen=True, slots=True)
class Standing:
    """A chat as the clock sees it: its state and since when, until when each side counts as
    there (the agent's is None without one), when somebody last spoke."""

    state: ChatState
    since: datetime
    customer_until: datetime
    agent_until: datetime | None
    spoken_at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """Where a chat goes by itself, and why."""

    to: ChatState
    why: Why


def due_step(chat: Standing, others: Floor, *, alive: bool, now: datetime) -> Step | None:
    """Return what has become due: the chat of a finished case ends, whoever is gone is waited
    for no longer. `others` are the agents there besides the one who has the chat."""
    if chat.state not in ACTIVE:
        return None
    if not alive:
        return Step(ChatState.ENDED, Why.CASE_OVER)
    if chat.customer_until <= now:
        return Step(ChatState.BY_MAIL, Why.CUSTOMER_LEFT)
    if chat.state is ChatState.WAITING:
        return _waiting(chat, others, now)
    if chat.agent_until is None or chat.agent_until <= now:
        return without_agent(others)
    if now - max(chat.spoken_at, chat.since) >= QUIET_AT_MOST:
        return Step(ChatState.BY_MAIL, Why.QUIET)
    return None


def _waiting(chat: Standing, floor: Floor, now: datetime) -> Step | None:
    if not floor.there:
        return Step(ChatState.BY_MAIL, Why.NOBODY)
    if now - chat.since >= WAITS_AT_MOST:
        return Step(ChatState.BY_MAIL, Why.LONG)
    return None


def without_agent(others: Floor) -> Step:
    """Where a chat goes that its agent leaves: to the others who are there, else to mail."""
    to = ChatState.WAITING if others.there else ChatState.BY_MAIL
    return Step(to, Why.AGENT_LEFT)


def goes_by_mail(state: ChatState | None) -> bool:
    """Tell whether an agent's words to a case are mailed at once: not while its customer reads
    them in the chat, whose end sends all of them in one mail."""
    return state not in ACTIVE
