"""Who else may be given a case."""

from flask_login import current_user

from kb.pages.frame import wiring
from kb.store import users


def colleagues() -> list[tuple[str, str]]:
    """Return the other agents as a list to choose from: id and name, in the order of names."""
    with wiring().db.read() as conn:
        agents = users.agents(conn)
    return [(str(one.id), one.name) for one in agents if one.id != current_user.id]
