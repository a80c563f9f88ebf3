"""The shipped vendor policy, and customers of it as the requirements name them."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from kb.content.policy_source import load_policy
from kb.rules.entitlement import Allowed, Decision, Refused, decide
from kb.rules.facts import AssetState, facts_for
from kb.rules.policy import Policy

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 17, tzinfo=UTC)  # a Monday, 12:00 in New York


@cache
def vendor() -> Policy:
    """The policy in the repository's own folder."""
    policy, problems = load_policy(ROOT, ("es", "en"))
    assert policy is not None, "\n".join(map(str, problems))
    return policy


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def ask(
    request: str = "technical",
    product: str | None = "backup-server",
    *,
    topic: str = "backup",
    edition: str = "full",
    registered: bool = True,
    **known: object,
) -> Decision:
    """What the vendor decides for a customer; a registered full version unless told otherwise."""
    policy = vendor()
    line = policy.products[product] if product else None
    asset = AssetState(registered=registered, **known)  # type: ignore[arg-type]
    facts = facts_for(policy, request, topic, edition, line, asset, today=TODAY)
    return decide(policy, facts)


def channels(decision: Decision) -> set[str]:
    """The channels that were granted; none when refused."""
    if isinstance(decision, Refused):
        return set()
    return {str(grant.channel) for grant in decision.channels}


def allowed(decision: Decision) -> Allowed:
    assert isinstance(decision, Allowed), decision
    return decision


def refused(decision: Decision) -> Refused:
    assert isinstance(decision, Refused), decision
    return decision


STANDARD = {"plan": "standard", "plan_until": TODAY}
PREMIER = {"plan": "premier", "plan_until": TODAY}
LAPSED = {"plan": "standard", "plan_until": ago(1)}
ALL = {"phone", "chat", "email"}
WRITTEN = {"chat", "email"}
