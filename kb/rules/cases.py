"""The life of a case: states and who may move it where (DESIGN §3)."""

import re
import unicodedata
from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum


class CaseState(StrEnum):
    NEW = "new"
    OPEN = "open"
    PENDING_CUSTOMER = "pending_customer"
    ON_HOLD = "on_hold"
    ESCALATED_TO_SALES = "escalated_to_sales"
    RESOLVED = "resolved"
    CLOSED = "closed"


class MessageKind(StrEnum):
    REPLY = "reply"
    NOTE = "note"
    EVENT = "event"


class Actor(StrEnum):
    CUSTOMER = "customer"
    AGENT = "agent"
    SYSTEM = "system"


class Deed(StrEnum):
    """What can be done with a case besides moving it and speaking in it."""

    NOTE = "note"
    ASSIGN = "assign"
    SET_TERMS = "set-terms"
    MERGE = "merge"
    RATE = "rate"
    COMPLAIN = "complain"
    FOLLOW = "follow"


ALIVE = (
    CaseState.NEW,
    CaseState.OPEN,
    CaseState.PENDING_CUSTOMER,
    CaseState.ON_HOLD,
    CaseState.ESCALATED_TO_SALES,
)

FINISHED = (CaseState.RESOLVED, CaseState.CLOSED)

AT_WORK = frozenset({CaseState.NEW, CaseState.OPEN})  # what waits neither for a time nor for sales

GUARANTEE = timedelta(days=30)  # R66: so long a reply wakes a resolved case
ALIKE = 0.5  # R47: from this similarity on, two titles may be about the same

STARS = range(1, 6)
SOLVED_BY = ("answer", "article", "other")
INTERNAL_EVENTS = frozenset(  # what only agents are told of
    {"target", "bounced", "tag", "linked", "article-draft", "article-dropped", "article-internal"}
)

_ALL = frozenset(Actor)
_CUSTOMER = frozenset({Actor.CUSTOMER})
_STAFF = frozenset({Actor.AGENT, Actor.SYSTEM})
_AGENT = frozenset({Actor.AGENT})

# Who may take which step. A customer may withdraw a case nobody has touched (new → resolved);
# sales hand a case back or finish it, so an escalation is no dead end.
_STEPS: Mapping[CaseState, Mapping[CaseState, frozenset[Actor]]] = {
    CaseState.NEW: {CaseState.OPEN: _STAFF, CaseState.RESOLVED: frozenset({Actor.CUSTOMER})},
    CaseState.OPEN: {
        CaseState.PENDING_CUSTOMER: _AGENT,
        CaseState.ON_HOLD: _AGENT,
        CaseState.ESCALATED_TO_SALES: _STAFF,
        CaseState.RESOLVED: _ALL,
    },
    CaseState.PENDING_CUSTOMER: {CaseState.OPEN: _ALL, CaseState.RESOLVED: _ALL},
    CaseState.ON_HOLD: {CaseState.OPEN: _ALL},
    CaseState.ESCALATED_TO_SALES: {CaseState.OPEN: _AGENT, CaseState.RESOLVED: _ALL},
    CaseState.RESOLVED: {CaseState.OPEN: _ALL, CaseState.CLOSED: _STAFF},
    CaseState.CLOSED: {},
}


# Who may do what while the case is in which states.
_DEEDS: Mapping[Deed, tuple[frozenset[Actor], tuple[CaseState, ...]]] = {
    Deed.NOTE: (_STAFF, tuple(CaseState)),
    Deed.ASSIGN: (_AGENT, tuple(CaseState)),
    Deed.SET_TERMS: (_AGENT, ALIVE),
    Deed.MERGE: (_AGENT, (*ALIVE, CaseState.RESOLVED)),
    Deed.RATE: (_CUSTOMER, FINISHED),
    Deed.COMPLAIN: (_CUSTOMER, tuple(CaseState)),
    Deed.FOLLOW: (_CUSTOMER, FINISHED),
}


def may(deed: Deed, state: CaseState, actor: Actor) -> bool:
    """Tell whether this actor may do this with a case in this state."""
    actors, states = _DEEDS[deed]
    return actor in actors and state in states


def may_move(state: CaseState, to: CaseState, actor: Actor) -> bool:
    """Tell whether this actor may take the single step from `state` to `to`."""
    return actor in _STEPS[state].get(to, frozenset())


def path(state: CaseState, to: CaseState, actor: Actor) -> tuple[CaseState, ...] | None:
    """Return the states passed on the shortest allowed way to `to`, itself included; () when
    the case is there already, None when this actor cannot bring it there.

    So an agent resolves a new case in one go, and the events still show that it was opened."""
    ways: deque[tuple[CaseState, ...]] = deque([()])
    seen = {state}
    while ways:
        way = ways.popleft()
        here = way[-1] if way else state
        if here is to:
            return way
        for following in _STEPS[here]:
            if following not in seen and may_move(here, following, actor):
                seen.add(following)
                ways.append((*way, following))
    return None


def choices(state: CaseState, actor: Actor) -> tuple[CaseState, ...]:
    """Return the states this actor may bring the case to, in the order of a case's life."""
    return tuple(to for to in CaseState if to is not state and path(state, to, actor))


def after_reply(
    state: CaseState, actor: Actor, *, wait: bool = False, resolve: bool = False
) -> tuple[CaseState, ...]:
    """Return the states a case passes when somebody replies publicly.

    A customer's reply wakes a case that waited or was resolved; an agent's reply opens a new
    one and, with `wait`, leaves it waiting for the customer, with `resolve` resolved. A closed
    case stays closed: the caller makes a linked one instead."""
    if actor is Actor.CUSTOMER:
        waiting = (CaseState.PENDING_CUSTOMER, CaseState.ON_HOLD, CaseState.RESOLVED)
        return (CaseState.OPEN,) if state in waiting else ()
    if actor is Actor.AGENT and (wait or resolve):
        to = CaseState.RESOLVED if resolve else CaseState.PENDING_CUSTOMER
        return path(state, to, actor) or ()
    return (CaseState.OPEN,) if actor is Actor.AGENT and state is CaseState.NEW else ()


def may_reply(
    state: CaseState,
    actor: Actor,
    resolved_at: datetime | None,
    now: datetime,
    guarantee: timedelta = GUARANTEE,
) -> bool:
    """Tell whether words still belong to this case: always while it is alive, never once it is
    closed; a customer's to a resolved one within the guarantee from its resolution (R66)."""
    if state is CaseState.CLOSED:
        return False
    if actor is not Actor.CUSTOMER or state in ALIVE or resolved_at is None:
        return True
    return now <= resolved_at + guarantee


def waits_for_customer(state: CaseState, *, customer_spoke_last: bool) -> bool:
    """Tell whether it is the customer's turn in a living case."""
    return state is CaseState.PENDING_CUSTOMER or not customer_spoke_last


def concerns_customer(event: Mapping[str, object]) -> bool:
    """Tell whether the customer is shown an event of their case."""
    return event.get("what") not in INTERNAL_EVENTS


def solved_by(kind: str, article: int | None = None) -> str | None:
    """Return what solved a case as it is kept: “answer”, “other” or “article:1042”; None for
    what is none of these."""
    if kind == "article":
        return f"article:{article}" if article is not None else None
    return kind if kind in SOLVED_BY else None


def similarity(one: str, other: str) -> float:
    """Say how alike two titles are, 0 to 1: the share of words in common, accents and endings
    aside (R47)."""
    first, second = _words(one), _words(other)
    if not first or not second:
        return 0.0
    return len(first & second) / min(len(first), len(second))


def _words(title: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKD", title.casefold())
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    return frozenset(word[:6] for word in re.findall(r"\w{3,}", letters))
