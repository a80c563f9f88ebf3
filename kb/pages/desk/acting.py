"""Who works at the desk."""

from flask_login import current_user

from kb.actions.cases import Who
from kb.rules.cases import Actor


def me() -> Who:
    """Return the agent who is signed in."""
    return Who(Actor.AGENT, current_user.id)
