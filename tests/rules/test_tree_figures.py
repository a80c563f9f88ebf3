"""How walks add up: table by table, and never more than there were."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.rules.tree_figures import (
    PATIENCE,
    Ending,
    Fate,
    Figures,
    NodeFigures,
    Trace,
    added,
    fate,
    trace_of,
    weekly,
)
from kb.rules.trees import (
    Tree,
)
from kb.rules.walk import walk
from tests.rules.tree_samples import (
    answers_to,
    sound_forests,
)

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # a Monday
LONG_AGO = NOW - timedelta(hours=3)
NO_CASES: frozenset[str] = frozenset()


def trace(
    walk: str = "w",
    node: str = "when",
    reached: str = "try",
    ending: Ending = Ending.NONE,
    at: datetime = LONG_AGO,
    answer: str = "to-try",
) -> Trace:
    return Trace("backup", "r1", "en", walk, node, answer, reached, ending, at)


def opened(at: datetime = LONG_AGO) -> Trace:
    return trace(walk="", node="", reached="when", answer="", at=at)


SOLVED = trace(node="try", reached="done", ending=Ending.SOLVED, answer="yes")
CONTACTED = trace(node="try", reached="contact", ending=Ending.CONTACT, answer="no")
ADVISED = trace(node="when", reached="home", ending=Ending.ADVISED)


@pytest.mark.parametrize(
    ("traces", "made_case", "expected"),
    [
        pytest.param([trace()], False, Fate.LEFT, id="silence is no solution"),
        pytest.param([trace(at=NOW)], False, Fate.UNDER_WAY, id="answered just now"),
        pytest.param([trace(at=NOW - PATIENCE)], False, Fate.LEFT, id="patience is over"),
        pytest.param([trace(), SOLVED], False, Fate.SOLVED, id="said that it is solved"),
        pytest.param([trace(), CONTACTED], False, Fate.ESCALATED, id="handed to support"),
        pytest.param([ADVISED], False, Fate.ADVISED, id="was shown a product"),
        pytest.param([trace()], True, Fate.ESCALATED, id="wrote before the tree had ended"),
        pytest.param([trace(), SOLVED], True, Fate.ESCALATED, id="solved, and wrote after all"),
        pytest.param([SOLVED, CONTACTED], False, Fate.ESCALATED, id="it was not solved after all"),
        pytest.param([CONTACTED, SOLVED], False, Fate.SOLVED, id="went back and it worked"),
    ],
)
def test_fate(traces: Sequence[Trace], made_case: bool, expected: Fate) -> None:
    assert fate(traces, NOW, made_case=made_case) is expected


@pytest.mark.parametrize(
    ("traces", "cases", "expected"),
    [
        pytest.param([], NO_CASES, {}, id="nobody"),
        pytest.param([opened()], NO_CASES, {}, id="opening is no walk"),
        pytest.param(
            [trace()],
            NO_CASES,
            {"when": NodeFigures(reached=1), "try": NodeFigures(reached=1, left=1)},
            id="left at the step that was reached",
        ),
        pytest.param(
            [trace(at=NOW)],
            NO_CASES,
            {"when": NodeFigures(reached=1), "try": NodeFigures(reached=1)},
            id="under way: nobody left",
        ),
        pytest.param(
            [trace(), SOLVED],
            NO_CASES,
            {
                "when": NodeFigures(reached=1),
                "try": NodeFigures(reached=1, solved=1),
                "done": NodeFigures(reached=1, solved=1),
            },
            id="solved by the step and at the end",
        ),
        pytest.param(
            [trace(), CONTACTED],
            NO_CASES,
            {
                "when": NodeFigures(reached=1),
                "try": NodeFigures(reached=1, escalated=1),
                "contact": NodeFigures(reached=1, escalated=1),
            },
            id="handed over",
        ),
        pytest.param(
            [trace()],
            frozenset({"w"}),
            {"when": NodeFigures(reached=1), "try": NodeFigures(reached=1, escalated=1)},
            id="wrote from the middle: handed over where they stood",
        ),
        pytest.param(
            [ADVISED],
            NO_CASES,
            {"when": NodeFigures(reached=1, advised=1), "home": NodeFigures(reached=1, advised=1)},
            id="advised",
        ),
        pytest.param(
            [trace(), trace(reached="code"), trace()],
            NO_CASES,
            {
                "when": NodeFigures(reached=1),
                "code": NodeFigures(reached=1),
                "try": NodeFigures(reached=1, left=1),
            },
            id="going back counts once",
        ),
        pytest.param(
            [trace(reached="boot.when"), trace(node="boot.when", reached="boot.media")],
            NO_CASES,
            {
                "when": NodeFigures(reached=1),
                "boot": NodeFigures(reached=1, left=1),
                "boot.when": NodeFigures(reached=1),
                "boot.media": NodeFigures(reached=1, left=1),
            },
            id="a used tree counts as its node too",
        ),
    ],
)
def test_nodes(
    traces: list[Trace], cases: frozenset[str], expected: Mapping[str, NodeFigures]
) -> None:
    assert added(weekly(traces, cases, NOW).values()).nodes == expected


def test_sums_weeks_and_cases() -> None:
    early = NOW - timedelta(days=15)
    traces = [opened(), opened(), trace("a", at=early), SOLVED, trace("b"), trace("c", at=NOW)]
    found = added(weekly(traces, frozenset({"b", "elsewhere"}), NOW).values())
    assert (found.opened, found.walks, found.cases) == (2, 4, 1)
    assert found.fates == {
        Fate.LEFT: 1,
        Fate.SOLVED: 1,
        Fate.ESCALATED: 1,
        Fate.UNDER_WAY: 1,
    }
    assert [(week.monday, week.walks) for week in found.weeks] == [
        (date(2026, 11, 2), 1),
        (date(2026, 11, 9), 0),
        (date(2026, 11, 16), 0),
        (date(2026, 11, 23), 3),
    ]


def test_those_that_lose_most_come_first() -> None:
    found = Figures(
        nodes={
            "few": NodeFigures(reached=100, left=2),
            "rare": NodeFigures(reached=4, left=2),
            "many": NodeFigures(reached=90, left=9),
            "none": NodeFigures(reached=5),
        }
    )
    assert found.worst == ("many", "rare", "few")
    assert found.at("rare").loss == 0.5
    assert found.at("nowhere") == NodeFigures()
    assert NodeFigures().loss == 0.0


@given(sound_forests(), st.data())
def test_figures_of_random_walks_add_up(trees: dict[str, Tree], data: st.DataObject) -> None:
    """Every walk has one fate; nobody leaves, solves or escalates at a node without being there."""
    traces: list[Trace] = []
    for number in range(data.draw(st.integers(0, 6))):
        answers: dict[str, str] = {}
        for _ in range(data.draw(st.integers(0, 8))):
            position = walk(trees["a"], trees, answers)
            key = position.key
            answers = {**position.answers, key: data.draw(answers_to(position.node))}
            after = walk(trees["a"], trees, answers)
            found = trace_of(after, key, f"w{number}", "en", LONG_AGO)
            traces += [found] if found else []
    whole = added(weekly(traces, NO_CASES, NOW).values())
    assert whole.walks == len({one.walk for one in traces})
    assert sum(week.walks for week in whole.weeks) == whole.walks
    for node in whole.nodes.values():
        assert node.left + node.escalated + node.advised <= node.reached
        assert node.solved <= node.reached
    outer = [node for name, node in whole.nodes.items() if "." not in name]
    assert sum(node.left for node in outer) == whole.fates.get(Fate.LEFT, 0)
