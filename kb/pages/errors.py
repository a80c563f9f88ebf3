"""Pages for what went wrong: always a search box and a way on, never a traceback."""

from typing import Any

from flask import Flask, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, Unauthorized

from kb.actions.live_site import NoLiveSite
from kb.pages.attached import file_limits, is_ticket
from kb.pages.frame import best_language, live, render
from kb.pages.leads import leads_of_address
from kb.pages.problem_details import PREFIX, ProblemError, problem, problem_of
from kb.pages.safety import comes_from_here, read_the_rest
from kb.rules.uploads import display_name
from kb.search.index import SearchIndexError
from kb.store import StoreError

_OWN_PAGE = {403, 404, 405, 413, 429}
_UNSEEN = {"submission_id", "submission", "seen"}
_UNTOLD = {"csrf_token", "password", "confirm", "current_password", "code"}


def install(app: Flask) -> None:
    """Give every failure a page in the visitor's language, or JSON under `/api/`."""
    app.register_error_handler(CSRFError, _expired_form)
    app.register_error_handler(Unauthorized, _signed_out)
    app.register_error_handler(HTTPException, _failed)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(StoreError, _database_away)
    app.register_error_handler(NoLiveSite, _no_site)
    app.register_error_handler(SearchIndexError, _no_site)
    app.register_error_handler(500, _broken)


def _settle_language() -> None:
    """An address that matched no route has no language yet: take it from the path or browser."""
    g.noindex = True
    if "lang" not in g:
        first = request.path.strip("/").split("/")[0]
        g.lang = first if first in live().site.site.languages else best_language()


def _failed(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    if request.path.startswith(PREFIX):
        return problem_of(error)
    if request.path.startswith("/api/"):
        told = {"error": {"code": _word(error), "message": error.description or ""}}
        sent = error.get_response().headers
        return told, error.code, {"Allow": sent["Allow"]} if "Allow" in sent else {}
    _settle_language()
    if error.code == 413:
        read_the_rest()
    name = error.code if error.code in _OWN_PAGE else "error"
    context: dict[str, Any] = {}
    if error.code == 404:
        context = {"leads": leads_of_address(), "own_area": "my" in request.path.split("/")[:3]}
    page = render(f"errors/{name}.html", code=error.code, file_limits=file_limits, **context)
    response = error.get_response()
    kept = {k: v for k, v in response.headers.items() if k in {"Allow", "Retry-After"}}
    return page, error.code, kept


def _word(error: HTTPException) -> str:
    return (error.name or "error").lower().replace(" ", "_")


def _expired_form(error: CSRFError) -> ResponseReturnValue:
    """The page stood open too long: show what was typed and offer to send it again."""
    _settle_language()
    return render("errors/expired_form.html", **_sent()), 400


def _signed_out(_error: Unauthorized) -> ResponseReturnValue:
    """The session ended before the form was sent: keep it until one has signed in again."""
    _settle_language()
    return render("errors/signed_out.html", **_sent()), 401


def _sent() -> dict[str, Any]:
    """What was sent, without secrets: `typed` to send again, `told` to read, and the names of
    `files`, which cannot be put into a form again."""
    sent = request.form.items(multi=True)
    typed = [(name, value) for name, value in sent if name not in _UNTOLD and value]
    return {
        "typed": typed,
        "told": [v for name, v in typed if name not in _UNSEEN and not is_ticket(name)],
        "files": [
            display_name(f.filename) for _, f in request.files.items(multi=True) if f.filename
        ],
        "again": comes_from_here(),
    }


def _database_away(_error: Exception) -> ResponseReturnValue:
    return _plain(503, "The site cannot reach its database. It will be back shortly.")


def _no_site(_error: Exception) -> ResponseReturnValue:
    return _plain(503, "This site is not compiled yet, or anew; run `kb index`.")


def _broken(_error: Exception) -> ResponseReturnValue:
    return _plain(500, "Something broke on our side. It has been recorded.")


def _plain(code: int, sentence: str) -> ResponseReturnValue:
    """A page that needs neither database nor compiled site, nor the frame's variables."""
    if request.path.startswith(PREFIX):
        return problem(ProblemError(code, "server-error", sentence))
    if request.path.startswith("/api/"):
        return {"error": {"code": "server_error", "message": sentence}}, code
    first = request.path.strip("/").split("/")[0]
    page = current_app.jinja_env.get_template("errors/500.html")
    return page.render(lang=first if first in {"es", "en"} else "en", sentence=sentence), code
