"""Two policies and what is told of their difference."""

from dataclasses import replace
from datetime import date

from kb.rules.policy import Policy
from kb.rules.policy_terms import changed_terms
from tests.rules.policies import SOUND, policy, when

TODAY = date(2026, 11, 23)

BEFORE = policy(*SOUND)


def changed(rule_id: str, **tests: object) -> tuple:
    """The sound rules with one rule's conditions replaced."""
    return tuple(
        replace(rule, when=when(**tests)) if rule.id == rule_id else rule  # type: ignore[arg-type]
        for rule in SOUND
    )


LONGER = policy(*changed("new", request="technical", market="home", at_most=45))


def terms(after: Policy) -> list[tuple[str, str, str, str, str]]:
    return [
        (one.part, one.id, one.field, one.before, one.after) for one in changed_terms(BEFORE, after)
    ]
