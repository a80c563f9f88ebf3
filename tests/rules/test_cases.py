"""The life of a case (DESIGN §3, R47, R50, R66): who may take which step, and nobody gets stuck."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.rules.cases import (
    ALIVE,
    GUARANTEE,
    Actor,
    CaseState,
    Deed,
    after_reply,
    choices,
    concerns_customer,
    may,
    may_move,
    may_reply,
    path,
    similarity,
    solved_by,
    waits_for_customer,
)

NEW, OPEN, PENDING, HOLD, SALES, RESOLVED, CLOSED = CaseState

CUSTOMER, AGENT, SYSTEM = Actor

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)

states = st.sampled_from(CaseState)

actors = st.sampled_from(Actor)


@pytest.mark.parametrize(
    ("state", "to", "actor", "allowed"),
    [
        pytest.param(NEW, OPEN, AGENT, True, id="an agent opens a new case"),
        pytest.param(NEW, OPEN, CUSTOMER, False, id="a customer does not"),
        pytest.param(NEW, RESOLVED, CUSTOMER, True, id="a customer withdraws a new case"),
        pytest.param(OPEN, PENDING, AGENT, True, id="an agent waits for the customer"),
        pytest.param(OPEN, PENDING, CUSTOMER, False, id="a customer waits for nobody"),
        pytest.param(OPEN, HOLD, AGENT, True, id="an agent puts on hold"),
        pytest.param(HOLD, PENDING, AGENT, False, id="on hold goes on by open only"),
        pytest.param(OPEN, SALES, AGENT, True, id="R65 escalated to sales"),
        pytest.param(OPEN, SALES, CUSTOMER, False, id="not by the customer"),
        pytest.param(OPEN, RESOLVED, CUSTOMER, True, id="the customer says it is solved"),
        pytest.param(PENDING, RESOLVED, SYSTEM, True, id="no answer resolves in time"),
        pytest.param(RESOLVED, OPEN, CUSTOMER, True, id="R66 reopened"),
        pytest.param(RESOLVED, CLOSED, SYSTEM, True, id="closed after the guarantee"),
        pytest.param(RESOLVED, CLOSED, CUSTOMER, False, id="not by the customer"),
        pytest.param(CLOSED, OPEN, AGENT, False, id="closed stays closed"),
    ],
)
def test_a_step(state: CaseState, to: CaseState, actor: Actor, allowed: bool) -> None:
    assert may_move(state, to, actor) is allowed


@pytest.mark.parametrize(
    ("state", "to", "actor", "expected"),
    [
        (NEW, RESOLVED, AGENT, (OPEN, RESOLVED)),
        (NEW, RESOLVED, CUSTOMER, (RESOLVED,)),
        (NEW, CLOSED, AGENT, (OPEN, RESOLVED, CLOSED)),
        (HOLD, PENDING, AGENT, (OPEN, PENDING)),
        (OPEN, OPEN, AGENT, ()),
        (OPEN, HOLD, CUSTOMER, None),
        (CLOSED, OPEN, AGENT, None),
    ],
)
def test_the_way_to_a_state(
    state: CaseState, to: CaseState, actor: Actor, expected: tuple[CaseState, ...] | None
) -> None:
    assert path(state, to, actor) == expected


@pytest.mark.parametrize(
    ("state", "actor", "wait", "expected"),
    [
        (NEW, AGENT, False, (OPEN,)),
        (NEW, AGENT, True, (OPEN, PENDING)),
        (OPEN, AGENT, True, (PENDING,)),
        (OPEN, AGENT, False, ()),
        (PENDING, AGENT, True, ()),
        (HOLD, AGENT, False, ()),
        (CLOSED, AGENT, True, ()),
        (NEW, CUSTOMER, False, ()),
        (OPEN, CUSTOMER, False, ()),
        (PENDING, CUSTOMER, False, (OPEN,)),
        (HOLD, CUSTOMER, False, (OPEN,)),
        (RESOLVED, CUSTOMER, False, (OPEN,)),
        (SALES, CUSTOMER, False, ()),
        (CLOSED, CUSTOMER, False, ()),
        (NEW, SYSTEM, True, ()),
        (OPEN, SYSTEM, True, ()),
    ],
)
def test_a_reply_moves_the_case(
    state: CaseState, actor: Actor, wait: bool, expected: tuple[CaseState, ...]
) -> None:
    assert after_reply(state, actor, wait=wait) == expected


@pytest.mark.parametrize(
    ("state", "actor", "expected"),
    [
        (NEW, AGENT, (OPEN, RESOLVED)),
        (OPEN, AGENT, (RESOLVED,)),
        (PENDING, AGENT, (RESOLVED,)),
        (HOLD, AGENT, (OPEN, RESOLVED)),
        (SALES, AGENT, (RESOLVED,)),
        (RESOLVED, AGENT, ()),
        (CLOSED, AGENT, ()),
        (OPEN, CUSTOMER, ()),
        (PENDING, CUSTOMER, (OPEN,)),
    ],
)
def test_an_agents_answer_may_resolve_the_case(
    state: CaseState, actor: Actor, expected: tuple[CaseState, ...]
) -> None:
    """Nobody else's does, and waiting is no longer asked for then."""
    assert after_reply(state, actor, resolve=True) == expected
    assert after_reply(state, actor, resolve=True, wait=actor is AGENT) == expected


@pytest.mark.parametrize(
    ("state", "spoke_last", "waits"),
    [(NEW, True, False), (OPEN, False, True), (PENDING, True, True), (HOLD, True, False)],
)
def test_whose_turn_it_is(state: CaseState, spoke_last: bool, waits: bool) -> None:
    assert waits_for_customer(state, customer_spoke_last=spoke_last) is waits


@given(states, states, actors)
def test_a_way_is_made_of_allowed_steps(state: CaseState, to: CaseState, actor: Actor) -> None:
    way = path(state, to, actor)
    assert (way is None) is (to is not state and to not in choices(state, actor))
    for step in way or ():
        assert may_move(state, step, actor)
        state = step
    assert way is None or state is to


@given(states, actors, st.booleans(), st.booleans())
def test_a_reply_never_takes_a_step_that_is_not_allowed(
    state: CaseState, actor: Actor, wait: bool, resolve: bool
) -> None:
    for step in after_reply(state, actor, wait=wait, resolve=resolve):
        assert may_move(state, step, actor)
        state = step


@pytest.mark.parametrize("state", ALIVE)
@pytest.mark.parametrize("actor", [CUSTOMER, AGENT])
def test_no_living_case_is_a_dead_end(state: CaseState, actor: Actor) -> None:
    """Each of the two can bring it to resolved, but a customer not one that is on hold: then an
    answer wakes it first."""
    if (state, actor) == (HOLD, CUSTOMER):
        assert after_reply(state, actor) == (OPEN,)
    assert path(state, RESOLVED, actor) is not None


@settings(deadline=None)
@given(st.lists(st.tuples(actors, st.one_of(states, st.booleans())), max_size=30))
def test_whatever_people_do_the_story_holds(deeds: list[tuple[Actor, CaseState | bool]]) -> None:
    """A life of asked-for states and replies: every step was allowed, closed is the end, and the
    state after it is one of the seven."""
    state = NEW
    for actor, deed in deeds:
        steps = (
            after_reply(state, actor, wait=deed)
            if isinstance(deed, bool)
            else path(state, deed, actor) or ()
        )
        for step in steps:
            assert may_move(state, step, actor)
            assert state is not CLOSED
            state = step
    assert state in CaseState


@pytest.mark.parametrize(
    ("state", "actor", "resolved", "allowed"),
    [
        pytest.param(OPEN, CUSTOMER, None, True, id="alive"),
        pytest.param(OPEN, CUSTOMER, NOW - 2 * GUARANTEE, True, id="alive again"),
        pytest.param(RESOLVED, CUSTOMER, NOW - GUARANTEE, True, id="R66 day 30"),
        pytest.param(
            RESOLVED, CUSTOMER, NOW - GUARANTEE - timedelta(seconds=1), False, id="R66 after it"
        ),
        pytest.param(RESOLVED, CUSTOMER, None, True, id="resolved nobody knows when"),
        pytest.param(RESOLVED, AGENT, NOW - 2 * GUARANTEE, True, id="an agent may add later"),
        pytest.param(CLOSED, CUSTOMER, NOW, False, id="closed"),
        pytest.param(CLOSED, AGENT, NOW, False, id="closed for agents too"),
    ],
)
def test_r66_words_within_the_guarantee(
    state: CaseState, actor: Actor, resolved: datetime | None, allowed: bool
) -> None:
    assert may_reply(state, actor, resolved, NOW) is allowed


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("La copia se detiene", "Las copias se detienen", 0.5),
        ("Recuperación lenta", "recuperacion LENTA", 1.0),
        ("Módulo ausente", "modulo ausente", 1.0),
        ("No boot device", "Printer on fire", 0.0),
        ("", "anything", 0.0),
        ("a b", "a b", 0.0),
    ],
)
def test_r47_how_alike_two_titles_are(one: str, other: str, alike: float) -> None:
    assert similarity(one, other) == similarity(other, one) == pytest.approx(alike)


@pytest.mark.parametrize(
    ("deed", "customer", "agent", "states"),
    [
        pytest.param(Deed.NOTE, False, True, tuple(CaseState), id="notes are the agents'"),
        pytest.param(Deed.ASSIGN, False, True, tuple(CaseState), id="R48 agents hand over"),
        pytest.param(Deed.SET_TERMS, False, True, ALIVE, id="R33 severity while it lives"),
        pytest.param(Deed.MERGE, False, True, (*ALIVE, RESOLVED), id="R45 two cases are one"),
        pytest.param(Deed.RATE, True, False, (RESOLVED, CLOSED), id="rated once finished"),
        pytest.param(Deed.COMPLAIN, True, False, tuple(CaseState), id="R70 at any time"),
        pytest.param(Deed.FOLLOW, True, False, (RESOLVED, CLOSED), id="R66 linked after it"),
    ],
)
def test_who_may_do_what(
    deed: Deed, customer: bool, agent: bool, states: tuple[CaseState, ...]
) -> None:
    for state in CaseState:
        assert may(deed, state, CUSTOMER) is (customer and state in states)
        assert may(deed, state, AGENT) is (agent and state in states)


def test_escalations_are_the_agents_own() -> None:
    assert not concerns_customer({"what": "target"})
    assert concerns_customer({"what": "severity"})
    assert concerns_customer({})


@pytest.mark.parametrize(
    ("kind", "article", "expected"),
    [
        ("answer", None, "answer"),
        ("other", 1042, "other"),
        ("article", 1042, "article:1042"),
        ("article", None, None),
        ("magic", None, None),
    ],
)
def test_what_solved_a_case(kind: str, article: int | None, expected: str | None) -> None:
    assert solved_by(kind, article) == expected
