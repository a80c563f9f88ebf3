"""Counting what visitors look for, and whether they find it.

The visit's id is a random number in a cookie of its own that comes with the first search and ends
with the browser: not the session, because whoever has one gets pages rendered for them alone."""

import re
from urllib.parse import urlsplit

from flask import Flask, current_app, request
from werkzeug.wrappers import Response

from kb.actions.batch_log import BatchLog
from kb.actions.visits import case_came, search_step, visit_log
from kb.actions.walks import new_walk
from kb.pages.counting import is_counted
from kb.pages.frame import lang, now, previewed, wiring
from kb.rules.visits import Step, StepKind

COOKIE = "visit"
_KEPT = re.compile(r"[A-Za-z0-9_-]{22}")
_RESULTS = re.compile(r"/[a-z]{2,3}/search")


def install(app: Flask) -> None:
    """Give the application its log of visits."""
    app.extensions["waypost-visits"] = visit_log(app.extensions["waypost"].db)


def searched(page: str | Response, query: str, results: int) -> str | Response:
    """Count a search and return its page, with the visit's cookie where there is none yet."""
    if not _counts():
        return page
    visit = _visit() or new_walk()
    step = search_step(visit, query, lang(), results, now())
    if step is None:
        return page
    _log().add(step)
    response = current_app.make_response(page)
    if not _visit():
        response.set_cookie(
            COOKIE,
            visit,
            httponly=True,
            samesite="Lax",
            secure=wiring().settings.secure_cookies,
        )
    return response


def opened(article: int) -> None:
    """Count that an article was opened from the results of a search."""
    visit = _visit()
    if visit and _RESULTS.fullmatch(_came_from()) and request.method == "GET" and _counts():
        _log().add(Step(visit, StepKind.OPENED, now(), lang(), article=article))


def helped(article: int) -> None:
    """Count that somebody said that an article helped."""
    if (visit := _visit()) and _counts():
        _log().add(Step(visit, StepKind.HELPED, now(), lang(), article=article))


def became_case(number: int) -> None:
    """Count that a visit ended in a case; the case keeps what was searched for before."""
    if (visit := _visit()) and _counts():
        case_came(wiring().db, _log(), visit, number, lang(), now())


def _came_from() -> str:
    """The path of the page before this one; '' for what is no address."""
    try:
        return urlsplit(request.headers.get("Referer", "")).path
    except ValueError:
        return ""


def _counts() -> bool:
    return wiring().settings.count_searches and not previewed() and is_counted()


def _log() -> BatchLog[Step]:
    log: BatchLog[Step] = current_app.extensions["waypost-visits"]
    return log


def _visit() -> str:
    found = request.cookies.get(COOKIE, "")
    return found if _KEPT.fullmatch(found) else ""
