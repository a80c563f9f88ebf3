"""R20: what is helped free of charge beside a topic that costs or is refused."""

from dataclasses import replace

import pytest

from kb.rules.entitlement import Allowed, Refused, decide, free_topics
from kb.rules.policy import Grant, Policy, Rule, Way
from tests.rules.policies import CHAT, EMAIL, facts, grant, policy, refuse


def free(rule_id: str, topics: str) -> Rule:
    """A warranty: chat and e-mail free of charge on these topics."""
    added = Grant((CHAT, EMAIL), calendar="office", free=True)
    return replace(grant(rule_id, topic=topics), grant=added)


def found(site: Policy, **known: str) -> dict[str, tuple[str, ...]]:
    asked = facts(**known)
    return free_topics(site, asked, decide(site, asked))


@pytest.mark.parametrize(
    ("rules", "topic", "expected"),
    [
        pytest.param(
            (free("warranty", "recovery"),), "slow", {"warranty": ("recovery",)}, id="R20"
        ),
        pytest.param((free("warranty", "recovery"),), "recovery", {}, id="it is what they chose"),
        pytest.param(
            (free("warranty", "recovery|slow"),),
            "other",
            {"warranty": ("recovery", "slow")},
            id="one reason for two topics",
        ),
        pytest.param(
            (free("warranty", "recovery|slow"),), "slow", {}, id="they are helped so already"
        ),
        pytest.param((grant("paid", "chat", topic="recovery"),), "slow", {}, id="not free"),
        pytest.param((free("warranty", "net"),), "slow", {}, id="R24 out of scope"),
        pytest.param(
            (grant("usual", "chat"), free("warranty", "recovery")),
            "slow",
            {"warranty": ("recovery",)},
            id="the chosen one is no refusal",
        ),
    ],
)
def test_R20_topics_that_cost_nothing(rules, topic, expected):
    site = policy(*rules, refuse("rest", Way.FORUM))
    assert found(site, topic=topic) == expected


def test_R20_out_of_scope_is_not_carried_over_to_the_other_topic():
    """R24: the chosen topic is out of scope, the free one is not."""
    site = policy(refuse("out", Way.FORUM, scope="out"), free("warranty", "recovery"))
    assert isinstance(decide(site, facts(topic="net", scope="out")), Refused)
    assert isinstance(decide(site, facts(topic="recovery")), Allowed)
    assert found(site, topic="net", scope="out") == {"warranty": ("recovery",)}
