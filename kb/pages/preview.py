"""Reading a preview: the same pages under `/preview/<token>/`, from the branch's compiled site.

What a preview's page links to stays in the preview, whoever wrote the link: addresses are put right
in the finished page. What writes, or is about an account, is not there.
"""

import re
import threading
from collections import OrderedDict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Blueprint, Flask, abort, current_app, g, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from kb.actions.live_site import Live, LiveSite, NoLiveSite
from kb.content.preview_files import PreviewFiles
from kb.pages.frame import best_language, now, previewed, render, wiring
from kb.rules.previews import Preview, id_in
from kb.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

OPEN = {
    "api.article",
    "api.search",
    "api.suggest",
    "api.tree",
    "articles.article",
    "articles.browse",
    "articles.category",
    "history.moved",
    "home.home",
    "licensing.calculator",
    "operations.media",
    "operations.root",
    "operations.theme",
    "products.browse",
    "products.downloads",
    "products.product",
    "search.search",
    "troubleshooter.step",
    "troubleshooter.tree",
    "troubleshooter.trees",
}
"""What can be read in a preview; everything else is closed there."""

_AT_ONCE = 4  # previews that are held open
_MAIN = '<main id="main"'
_TAG = re.compile(r"<[a-zA-Z][^>]*>")
_ADDRESS = re.compile(
    r'(\s(?:href|src|action|formaction|poster|data-[a-z-]+)=")(/(?!/|static/|site/|preview/)[^"]*")'
)
_JSON = re.compile(r'("url":\s*")(/(?!/|static/|preview/))')


blueprint = Blueprint("preview", __name__)


class Previews:
    """Opens the compiled sites of previews, and keeps those used last."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._files = PreviewFiles(settings.var)
        self._open: OrderedDict[str, LiveSite] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, token: str) -> Preview | None:
        """Return the preview of a token; None for a token that is not ours, or no longer."""
        id_ = id_in(self._settings.secret_key, token)
        return self._files.get(id_) if id_ else None

    def live(self, preview: Preview) -> Live:
        """Return a preview's compiled site as it is now; raises NoLiveSite."""
        with self._lock:
            site = self._open.pop(preview.id, None) or LiveSite(self._files.path(preview.id))
            self._open[preview.id] = site
            while len(self._open) > _AT_ONCE:
                self._open.popitem(last=False)
        return site.current()


class UnderPrefix:
    """Takes `/preview/<token>` off the address, so that routing sees the page's own.

    A token that is not ours, or whose preview is over or not yet built, stays in the address."""

    def __init__(self, wsgi_app: "WSGIApplication", app: Flask, previews: Previews) -> None:
        self._wsgi_app = wsgi_app
        self._app = app
        self._previews = previews

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        environ.pop("waypost.preview", None)
        path = environ.get("PATH_INFO", "")
        if path.startswith("/preview/"):
            token, slash, rest = path.removeprefix("/preview/").partition("/")
            found = self._find(token)
            if found is not None and slash:
                environ["waypost.preview"] = found
                environ["SCRIPT_NAME"] = f"{environ.get('SCRIPT_NAME', '')}/preview/{token}"
                environ["PATH_INFO"] = f"/{rest}"
        return self._wsgi_app(environ, start_response)

    def _find(self, token: str) -> tuple[Preview, Live] | None:
        preview = self._previews.find(token)
        with self._app.app_context():
            if preview is None or preview.is_over(now()):
                return None
        try:
            return preview, self._previews.live(preview)
        except (NoLiveSite, OSError, ValueError):
            return None


@blueprint.get("/preview/<token>/")
def waiting(token: str) -> ResponseReturnValue:
    """Say that a preview is still being built, or could not be; 404 for any other token."""
    previews: Previews = current_app.extensions["waypost-previews"]
    preview = previews.find(token)
    if preview is None or preview.is_over(now()):
        abort(404)
    g.lang = best_language()
    page = render("previews/waiting.html", preview=preview)
    return page, 503, {"Retry-After": "10", "X-Robots-Tag": "noindex, nofollow"}


def install(app: Flask, settings: Settings) -> None:
    """Let previews be read; before anything else looks at a request."""
    previews = Previews(settings)
    app.extensions["waypost-previews"] = previews
    app.before_request(_only_reading)
    app.after_request(_stay_inside)
    app.wsgi_app = UnderPrefix(app.wsgi_app, app, previews)  # type: ignore[method-assign]


def _only_reading() -> ResponseReturnValue | None:
    if not previewed() or request.endpoint is None:
        return None
    if request.endpoint in OPEN and request.method in {"GET", "HEAD", "OPTIONS"}:
        return None
    if "lang" not in g:
        g.lang = best_language()
    return render("previews/closed.html", address=_outside()), 404


def _stay_inside(response: Response) -> Response:
    if not previewed():
        return response
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    root = request.script_root
    if response.mimetype == "text/html" and not response.is_streamed:
        page = response.get_data(as_text=True)
        page = _TAG.sub(lambda tag: _ADDRESS.sub(rf"\1{root}\2", tag[0]), page)
        page = page.replace("</head>", '<meta name="robots" content="noindex, nofollow"></head>', 1)
        if _MAIN in page:
            page = page.replace(_MAIN, f"{_ribbon()}{_MAIN}", 1)
        response.set_data(page)
    elif response.mimetype == "application/json" and not response.is_streamed:
        response.set_data(_JSON.sub(rf"\1{root}\2", response.get_data(as_text=True)))
    place = response.headers.get("Location", "")
    if place.startswith("/") and not place.startswith((f"{root}/", "//")):
        response.headers["Location"] = f"{root}{place}"
    return response


def _ribbon() -> str:
    preview, _ = request.environ["waypost.preview"]
    return render("previews/ribbon.html", preview=preview, live_url=_outside())


def _outside() -> str:
    """The same address on the live site."""
    return f"{wiring().settings.base_url}{request.path}"
