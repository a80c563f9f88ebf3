"""What tests of actions share: the vendor's policy and the writer of its letters."""

from pathlib import Path

import pytest

from kb.bundled import TEMPLATES
from kb.content.policy_source import load_policy
from kb.mail import Letters
from kb.rules.policy import Policy
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
