"""What a policy answers about itself."""

from kb.rules.policy import Way
from tests.rules.policies import REQUESTS, policy, refuse


def test_a_rule_is_found_by_its_id_or_not_at_all():
    rule = refuse("a", Way.FORUM)
    assert policy(rule).rule("a") is rule
    assert policy(rule).rule("gone") is None


def test_a_topic_is_found_by_its_id_or_not_at_all():
    assert REQUESTS[0].topic("slow") is REQUESTS[0].topics[1]
    assert REQUESTS[0].topic("gone") is None
