"""For the operator: is it alive, is it ready, what does it count; and the site's colours."""

from flask import Blueprint, Response, abort, redirect, request, send_file, url_for
from werkzeug.wrappers import Response as BaseResponse

from kb.pages.frame import best_language, live, now, wiring
from kb.store import outbox

blueprint = Blueprint("operations", __name__)


@blueprint.get("/")
def root() -> BaseResponse:
    """Lead to the home page in the visitor's language."""
    answer = redirect(url_for("home.home", lang=best_language()))
    answer.vary.add("Accept-Language")
    return answer


@blueprint.get("/healthz")
def healthz() -> Response:
    """Answer as long as the process can."""
    return Response("ok\n", content_type="text/plain")


@blueprint.get("/readyz")
def readyz() -> Response:
    """Answer once a compiled site and the database can be read."""
    revision = live().site.revision
    with wiring().db.read() as conn:
        outbox.counts(conn, now())
    return Response(f"ready {revision}\n", content_type="text/plain")


@blueprint.get("/metrics")
def metrics() -> Response:
    """Count articles, trees and queued mail for Prometheus."""
    site = live().site
    lines = [
        f'waypost_articles{{lang="{code}"}} {len(shelf)}'
        for code, shelf in sorted(site.articles.items())
    ]
    lines.append(f"waypost_trees {len(site.trees)}")
    with wiring().db.read() as conn:
        for state, number in sorted(outbox.counts(conn, now()).items()):
            lines.append(f'waypost_outbox_messages{{state="{state}"}} {number}')
    return Response("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4")


@blueprint.get("/theme.css")
def theme() -> Response:
    """Serve the site's accent colours (a style sheet, since the policy forbids inline style)."""
    accent = live().site.site.accent
    css = ""
    if accent:
        css = f":root{{--accent-light:{accent.light};--accent-dark:{accent.dark}}}\n"
    answer = Response(css, content_type="text/css; charset=utf-8")
    answer.cache_control.max_age = 31_536_000 if request.args.get("v") else 300
    return answer


@blueprint.get("/media/<digest>/<name>")
def media(digest: str, name: str) -> Response:
    """Serve a picture or video of an article; the address holds the content's hash."""
    try:
        path = live().site.media_path(digest, name)
    except FileNotFoundError:
        abort(404)
    answer = send_file(path, max_age=31_536_000, conditional=True)
    answer.cache_control.immutable = True
    return answer
