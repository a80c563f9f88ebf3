"""The table: every combination once, equal ones together."""

import pytest

from kb.rules.entitlement import Allowed, ChannelGrant, Refused, decide
from kb.rules.facts import NONE
from kb.rules.policy import Request, Topic, Way
from kb.rules.policy_space import askings, combine, situations
from kb.rules.policy_table import COLUMNS, Row, outcome, table
from tests.rules.policies import CHAT, EMAIL, PHONE, SOUND, grant, policy, refuse, text

ROWS = table(policy(*SOUND))


def cells(row: Row) -> dict[str, str]:
    return {column: cell for column, cell in zip(COLUMNS, row.cells, strict=True) if cell}


def rows_of(rule: str) -> list[dict[str, str]]:
    return [cells(row) for row in ROWS if rule in row.rules]


def test_few_rows_tell_all():
    assert 10 < len(ROWS) < 60


def test_what_does_not_matter_is_left_empty():
    assert rows_of("service") == [{"request": "service"}]
    assert rows_of("out") == [{"request": "technical", "topic": "net", "edition": "full, trial"}]


def test_days_and_plans_are_in_words():
    assert {row["days_since_purchase"] for row in rows_of("new")} == {"0–30"}
    assert {row["product"] for row in rows_of("new")} == {"home", "bundle"}
    assert {row["plan"] for row in rows_of("plan")} == {"standard active, premier active"}
    late = {row["days_since_purchase"] for row in rows_of("rest") if row["product"] == "home"}
    assert late == {"unknown, 31 or more"}


def test_long_lists_are_told_by_what_is_missing():
    topics = tuple(Topic(f"t{n}", text()) for n in range(8))
    requests = {"technical": Request("technical", text(), topics=topics)}
    rules = (grant("one", "chat", topic="t3"), refuse("rest", Way.FORUM))
    found = [cells(row)["topic"] for row in table(policy(*rules, requests=requests))]
    assert found == ["all but t3", "t3"]


def test_every_decision_is_in_the_table():
    one = policy(*SOUND)
    told = {(row.outcome, row.rules) for row in ROWS}
    for asking in askings(one):
        for situation in situations(one):
            facts = combine(asking, situation)
            decision = decide(one, facts)
            assert (outcome(decision, facts.plan), decision.why) in told


@pytest.mark.parametrize(
    ("decision", "plan", "told"),
    [
        (Refused("a", ("a",), (Way.FORUM,), ("x",)), NONE, "no; forum, offer x"),
        (
            Allowed((ChannelGrant(PHONE, "a", "office", "premier"),), ("a",), ("x",)),
            "premier",
            "phone on their plan; offer x",
        ),
        (
            Allowed(
                (
                    ChannelGrant(PHONE, "a", "office", "incident", uses_credit=True),
                    ChannelGrant(CHAT, "b", "office"),
                    ChannelGrant(EMAIL, "b", "office"),
                ),
                ("a", "b"),
            ),
            NONE,
            "phone on incident (takes a paid incident); chat, email on office",
        ),
    ],
)
def test_an_outcome_in_words(decision, plan, told):
    assert outcome(decision, plan) == told
