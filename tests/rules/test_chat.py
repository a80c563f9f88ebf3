"""R40: who may chat now, and what becomes of a chat by itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.rules.chat import (
    ACTIVE,
    LONGEST_QUEUE,
    QUIET_AT_MOST,
    WAITS_AT_MOST,
    AtDesk,
    Chance,
    ChatState,
    Deed,
    Floor,
    Standing,
    Step,
    Why,
    chance,
    due_step,
    floor_of,
    goes_by_mail,
    is_offered,
    may,
    without_agent,
)

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
SOON = NOW + timedelta(minutes=1)
GONE = NOW
NOBODY = Floor(0, 0, 0)
SOMEBODY = Floor(1, 1, 0)
WAITING = Standing(ChatState.WAITING, NOW, SOON, None, NOW)
LIVE = Standing(ChatState.LIVE, NOW, SOON, SOON, NOW)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


@pytest.mark.parametrize(
    ("floor", "is_open", "expected"),
    [
        pytest.param(Floor(2, 3, 0), False, Chance.CLOSED, id="R40 outside the hours: not offered"),
        pytest.param(NOBODY, False, Chance.CLOSED, id="R40 closed is said before nobody"),
        pytest.param(NOBODY, True, Chance.NOBODY, id="R40 no agent takes chats"),
        pytest.param(Floor(1, 1, 0), True, Chance.NOW, id="R40 a free agent: chat now"),
        pytest.param(Floor(1, 1, 1), True, Chance.QUEUE, id="the free place is another's"),
        pytest.param(Floor(1, 2, 1), True, Chance.NOW, id="a place more than wait"),
        pytest.param(Floor(1, 0, 0), True, Chance.QUEUE, id="all busy, nobody before"),
        pytest.param(Floor(1, 0, LONGEST_QUEUE - 1), True, Chance.QUEUE, id="the last place"),
        pytest.param(Floor(9, 0, LONGEST_QUEUE), True, Chance.FULL, id="too many wait"),
    ],
)
def test_r40_hours_and_free_agents_decide(floor: Floor, is_open: bool, expected: Chance) -> None:
    found = chance(floor, is_open=is_open)
    assert found is expected
    assert is_offered(found) is (expected in {Chance.NOW, Chance.QUEUE})


@pytest.mark.parametrize(
    ("agents", "expected"),
    [
        ([], Floor(0, 0, 4)),
        ([AtDesk(3, 1, SOON)], Floor(1, 2, 4)),
        ([AtDesk(3, 1, SOON), AtDesk(2, 0, SOON)], Floor(2, 4, 4)),
        ([AtDesk(3, 0, GONE)], Floor(0, 0, 4)),
        ([AtDesk(1, 3, SOON), AtDesk(2, 1, SOON)], Floor(2, 1, 4)),
    ],
    ids=["none", "one", "two", "expired", "over their number"],
)
def test_only_agents_who_are_there_count(agents: list[AtDesk], expected: Floor) -> None:
    assert floor_of(agents, 4, NOW) == expected


STEPS = [
    pytest.param(WAITING, SOMEBODY, True, None, id="waits"),
    pytest.param(LIVE, NOBODY, True, None, id="both are there"),
    pytest.param(
        replace(WAITING, customer_until=GONE),
        SOMEBODY,
        True,
        Step(ChatState.BY_MAIL, Why.CUSTOMER_LEFT),
        id="who waits goes away",
    ),
    pytest.param(
        replace(LIVE, customer_until=GONE),
        SOMEBODY,
        True,
        Step(ChatState.BY_MAIL, Why.CUSTOMER_LEFT),
        id="customer leaves: by mail",
    ),
    pytest.param(
        WAITING, NOBODY, True, Step(ChatState.BY_MAIL, Why.NOBODY), id="the last agent is gone"
    ),
    pytest.param(
        replace(WAITING, since=NOW - WAITS_AT_MOST),
        SOMEBODY,
        True,
        Step(ChatState.BY_MAIL, Why.LONG),
        id="nobody is let wait for ever",
    ),
    pytest.param(
        replace(LIVE, agent_until=GONE),
        SOMEBODY,
        True,
        Step(ChatState.WAITING, Why.AGENT_LEFT),
        id="agent leaves: another",
    ),
    pytest.param(
        replace(LIVE, agent_until=None),
        NOBODY,
        True,
        Step(ChatState.BY_MAIL, Why.AGENT_LEFT),
        id="agent leaves: mail",
    ),
    pytest.param(
        replace(LIVE, since=NOW - minutes(90), spoken_at=NOW - QUIET_AT_MOST),
        SOMEBODY,
        True,
        Step(ChatState.BY_MAIL, Why.QUIET),
        id="nobody says anything",
    ),
    pytest.param(
        replace(LIVE, since=NOW - minutes(1), spoken_at=NOW - minutes(90)),
        SOMEBODY,
        True,
        None,
        id="just taken is not quiet",
    ),
    pytest.param(
        LIVE, SOMEBODY, False, Step(ChatState.ENDED, Why.CASE_OVER), id="the case is finished"
    ),
    pytest.param(
        replace(LIVE, state=ChatState.ENDED, customer_until=GONE), NOBODY, True, None, id="ended"
    ),
    pytest.param(
        replace(LIVE, state=ChatState.BY_MAIL), NOBODY, False, None, id="handed over stays so"
    ),
]


@pytest.mark.parametrize(("chat", "others", "alive", "expected"), STEPS)
def test_what_becomes_due(
    chat: Standing, others: Floor, alive: bool, expected: Step | None
) -> None:
    assert due_step(chat, others, alive=alive, now=NOW) == expected


@pytest.mark.parametrize(
    ("deed", "states"),
    [
        (Deed.BEGIN, {None, ChatState.BY_MAIL, ChatState.ENDED}),
        (Deed.LEAVE, {ChatState.WAITING, ChatState.LIVE}),
        (Deed.TAKE, {ChatState.WAITING}),
        (Deed.HAND_ON, {ChatState.LIVE}),
        (Deed.END, {ChatState.LIVE}),
    ],
)
def test_who_may_do_what_in_which_state(deed: Deed, states: set[ChatState | None]) -> None:
    assert {one for one in (None, *ChatState) if may(deed, one)} == states


@pytest.mark.parametrize(("there", "to"), [(0, ChatState.BY_MAIL), (2, ChatState.WAITING)])
def test_a_chat_without_its_agent_goes_to_others_or_to_mail(there: int, to: ChatState) -> None:
    assert without_agent(Floor(there, 0, 0)) == Step(to, Why.AGENT_LEFT)


def test_words_are_mailed_unless_the_customer_reads_them_now() -> None:
    assert {one for one in (None, *ChatState) if not goes_by_mail(one)} == set(ACTIVE)


moments = st.integers(-120, 120).map(lambda minute: NOW + minutes(minute))
chats = st.builds(
    Standing,
    state=st.sampled_from(ChatState),
    since=moments,
    customer_until=moments,
    agent_until=st.none() | moments,
    spoken_at=moments,
)
floors = st.builds(Floor, st.integers(0, 5), st.integers(0, 5), st.integers(0, 20))


@given(chats, floors, st.booleans())
def test_every_step_comes_to_rest_and_none_leads_back_to_life(
    chat: Standing, floor: Floor, alive: bool
) -> None:
    """No step makes a chat live, none repeats, and the customer never waits for nobody."""
    for _ in range(3):
        step = due_step(chat, floor, alive=alive, now=NOW)
        if step is None:
            break
        assert step.to is not ChatState.LIVE
        chat = replace(chat, state=step.to, since=NOW, agent_until=None)
    else:
        raise AssertionError(chat)
    assert not (chat.state is ChatState.WAITING and not floor.there)


@given(floors, st.booleans())
def test_one_more_agent_never_takes_the_chat_away(floor: Floor, is_open: bool) -> None:
    more = replace(floor, there=floor.there + 1, free=floor.free + 1)
    if is_offered(chance(floor, is_open=is_open)):
        assert is_offered(chance(more, is_open=is_open))
