"""Figures of weeks add up to the figures of all, however the walks fall into them."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kb.rules.tree_figures import Ending, Figures, Trace, added, monday_of, weekly

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
KEYS = st.sampled_from(["when", "code", "boot.when", "boot.try", "done"])

steps = st.builds(
    lambda walk, node, reached, ending, minutes: Trace(
        "t", "r", "en", walk, node if walk else "", "x", reached, ending,
        NOW - timedelta(minutes=minutes),
    ),
    st.sampled_from(["", *"abcdef"]), KEYS, KEYS, st.sampled_from(Ending),
    st.integers(0, 60 * 24 * 60),
)  # fmt: skip


@given(st.lists(steps, max_size=40), st.frozensets(st.sampled_from("abc")))
def test_weeks_add_up(traces: list[Trace], cases: frozenset[str]) -> None:
    traces.sort(key=lambda trace: trace.at)
    found = weekly(traces, cases, NOW)
    whole = added(found.values())
    alone = [
        weekly([trace for trace in traces if trace.walk == walk], cases, NOW)
        for walk in {trace.walk for trace in traces}
    ]
    assert whole == added(part for one in alone for part in one.values()), "walk by walk"
    assert sum(part.walks for part in found.values()) == whole.walks
    assert whole.walks == len({trace.walk for trace in traces if trace.walk})
    assert sum(week.walks for week in whole.weeks) == whole.walks
    for day, part in found.items():
        assert day.weekday() == 0
        assert [week.monday for week in part.weeks] == [day] * bool(part.walks)


def test_nothing_adds_up_to_nothing() -> None:
    assert added([]) == added([Figures(), Figures()]) == Figures()


def test_an_ending_may_come_as_it_is_stored() -> None:
    stored = Trace("t", "r", "en", "w", "a", "x", "b", "solved", NOW)  # type: ignore[arg-type]
    assert stored.ending is Ending.SOLVED


def test_a_week_begins_on_monday() -> None:
    assert monday_of(NOW) == NOW.date()
    assert monday_of(NOW - timedelta(minutes=721)) == (NOW - timedelta(days=7)).date()
