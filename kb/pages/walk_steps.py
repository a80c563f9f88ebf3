"""Counting the answers of the troubleshooter: whose are counted, and under which walk.

The walk's id is a random number in a cookie of its own that comes with the first answer. It is not
the session, because whoever has a session gets pages rendered for them alone; and it is not in the
address, because addresses are shared. It needs no signature: a made-up one is only another walk."""

import re
from dataclasses import dataclass

from flask import Flask, current_app, request
from werkzeug.wrappers import Response

from kb.actions.walks import WalkFigures, new_walk, walk_log
from kb.pages.counting import is_counted
from kb.pages.frame import lang, now, previewed, wiring
from kb.rules.tree_figures import Ending, trace_of
from kb.rules.walk import Position

COOKIE = "walk"
SECONDS = 24 * 60 * 60
"""How long a browser keeps a walk after its last answer: a customer may go and try a step."""

_KEPT = re.compile(r"([A-Za-z0-9_-]{22})\.([a-z0-9-]{1,100})\.([01])")


@dataclass(frozen=True, slots=True)
class _Walk:
    """What the cookie holds: the walk, its tree, and whether it has come to an end."""

    id: str
    tree: str
    ended: bool

    def __str__(self) -> str:
        return f"{self.id}.{self.tree}.{int(self.ended)}"


def install(app: Flask) -> None:
    """Give the application its log of walks, and their figures."""
    db = app.extensions["waypost"].db
    app.extensions["waypost-walks"] = walk_log(db)
    app.extensions["waypost-figures"] = WalkFigures(db)


def counted(response: Response, position: Position, asked: str | None) -> Response:
    """Count the answer that led to `position` and return the response, with the walk's cookie.

    `asked` is the node that was answered, where the address says so."""
    if not _is_counted():
        return response
    before = _walk()
    if before is None or before.tree != position.tree.id or _begins_anew(before, position):
        before = _Walk(new_walk(), position.tree.id, ended=False)
    trace = trace_of(position, asked, before.id, lang(), now())
    if trace is None:
        return response
    current_app.extensions["waypost-walks"].add(trace)
    if trace.walk:
        ended = trace.ending is not Ending.NONE
        _keep(response, _Walk(before.id, before.tree, ended))
    return response


def walk_figures() -> WalkFigures:
    """Return the figures of the walks so far, for agents."""
    found: WalkFigures = current_app.extensions["waypost-figures"]
    return found


def walk_of(tree: str) -> str:
    """Return the id of this browser's walk through a tree, for the case it becomes; '' for none."""
    walk = _walk() if wiring().settings.count_walks else None
    return walk.id if walk and walk.tree == tree else ""


def _is_counted() -> bool:
    reading = request.method == "GET" and not previewed()
    return wiring().settings.count_walks and reading and is_counted()


def _walk() -> _Walk | None:
    found = _KEPT.fullmatch(request.cookies.get(COOKIE, ""))
    return _Walk(found[1], found[2], found[3] == "1") if found else None


def _begins_anew(before: _Walk, position: Position) -> bool:
    """Tell whether a walk that ended is walked again from the start, which makes it a new one."""
    return before.ended and len(position.trail) == 1


def _keep(response: Response, walk: _Walk) -> None:
    response.set_cookie(
        COOKIE,
        str(walk),
        max_age=SECONDS,
        httponly=True,
        samesite="Lax",
        secure=wiring().settings.secure_cookies,
    )
