"""What tests of actions share: the vendor's policy and the writer of its letters."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kb.bundled import TEMPLATES
from kb.content.policy_source import load_policy
from kb.mail import Letters
from kb.rules.policy import Policy, Severity, Target
from kb.rules.texts import Text
from tests.actions.people import SECRET

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def policy() -> Policy:
    """The vendor site's own policy, as it is sold."""
    found, problems = load_policy(ROOT, ("es", "en"))
    assert found is not None, problems
    return found


@pytest.fixture(scope="session")
def letters() -> Letters:
    """The writer of the vendor's letters, without a site's own templates."""
    brand = Text({"es": "Norvault Soporte", "en": "Norvault Support"})
    return Letters(
        (TEMPLATES / "mail",), "support@example.com", "https://help.example.com", SECRET, brand
    )


@pytest.fixture(scope="session")
def full_policy(policy: Policy) -> Policy:
    """The vendor's policy with a premier plan that promises all three, A in half of B's time."""
    text = policy.plans["premier"].targets[Severity.A].text
    targets = {
        Severity.A: Target(timedelta(hours=1), text, timedelta(hours=2), timedelta(hours=8)),
        Severity.B: Target(timedelta(hours=2), text, timedelta(hours=4), timedelta(hours=16)),
    }
    plan = replace(policy.plans["premier"], targets=targets)
    return replace(policy, plans={**policy.plans, "premier": plan})
