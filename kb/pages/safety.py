"""What guards every answer: headers, cross-site posts, the size of what is sent."""

from collections.abc import Iterable
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect
from itsdangerous import URLSafeTimedSerializer
from werkzeug.routing import RequestRedirect

from kb.rules.accounts import REMEMBERED_FOR
from kb.rules.uploads import FILE_BYTES, MESSAGE_FILES
from kb.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_WORDS = 4 * 1024 * 1024  # more than any form without files
MAX_BODY = MESSAGE_FILES * FILE_BYTES + _WORDS
# Whose forms come with files.
_TAKE_FILES = {"contact", "cases", "chat", "chat_desk", "desk", "claims", "editor"}

SESSION = "waypost"
REMEMBERED = "remember_token"
"""The cookies that say who somebody is."""

_READ_AT_MOST = 512 * 1024 * 1024  # of a body that is refused

csrf = CSRFProtect()


class Sessions(SecureCookieSessionInterface):
    """Flask's own, whose signer is made once instead of twice a request."""

    _made: tuple[object, URLSafeTimedSerializer | None] = (None, None)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Return what signs sessions with the keys of now."""
        keys = app.secret_key, app.config["SECRET_KEY_FALLBACKS"]
        if self._made[0] != keys:
            self._made = keys, super().get_signing_serializer(app)
        return self._made[1]


def install(app: Flask, settings: Settings) -> None:
    """Switch the guards on for the whole application."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME=SESSION,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        REMEMBER_COOKIE_NAME=REMEMBERED,
        REMEMBER_COOKIE_DURATION=REMEMBERED_FOR,
        REMEMBER_COOKIE_HTTPONLY=True,
        REMEMBER_COOKIE_SAMESITE="Lax",
        REMEMBER_COOKIE_SECURE=settings.secure_cookies,
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=MAX_BODY,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
    )
    app.session_interface = Sessions()
    app.before_request(_limit_body)  # before the token is looked for, which reads the body
    csrf.init_app(app)
    app.after_request(_stay_here)
    app.wsgi_app = Guarded(app.wsgi_app, settings)  # type: ignore[method-assign]


def _limit_body() -> None:
    """Let a body be large only where files are taken."""
    if request.method == "POST" and request.blueprint not in _TAKE_FILES:
        request.max_content_length = _WORDS


def _stay_here(response: Response) -> Response:
    """Lead from an address to its right form (as with the `/` at its end) by its path alone: the
    framework names the host, which is whatever was asked for, and such a redirect is kept."""
    exception = request.routing_exception
    if isinstance(exception, RequestRedirect):
        path = exception.new_url.partition("://")[2].partition("/")[2]
        response.headers["Location"] = "/" + path.lstrip("/")
    return response


class Guarded:
    """Adds the guarding headers to every answer that does not bring its own; done outside the
    framework, where it costs a list instead of a look-up for each name.

    What was asked for with one of our cookies, or brings one, is nobody else's: a cache that
    stands between, and may look at no `Vary`, never keeps it for others."""

    def __init__(self, wsgi_app: "WSGIApplication", settings: Settings) -> None:
        self._wsgi_app = wsgi_app
        self._headers = list(_headers(settings).items())

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            own = {name for name, _ in headers}
            guards = [pair for pair in self._headers if pair[0] not in own]
            if "Set-Cookie" in own:
                headers = [pair for pair in headers if not _is_shared(pair)]
                own = {name for name, _ in headers}
            if "Cache-Control" not in own and ("Set-Cookie" in own or _has_visitor(environ)):
                guards.append(("Cache-Control", "private, no-cache"))
            return start_response(status, headers + guards, *error)

        return self._wsgi_app(environ, start)


def _is_shared(header: tuple[str, str]) -> bool:
    """Tell whether a header lets a cache keep an answer for everybody."""
    name, value = header
    return name == "Cache-Control" and not ("private" in value or "no-store" in value)


def _has_visitor(environ: "WSGIEnvironment") -> bool:
    """Tell whether a request comes with a session, or with a device that is remembered."""
    cookies = environ.get("HTTP_COOKIE", "")
    return f"{SESSION}=" in cookies or f"{REMEMBERED}=" in cookies


def _headers(settings: Settings) -> dict[str, str]:
    headers = {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    if settings.secure_cookies:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers


def read_the_rest() -> None:
    """Read what is still being sent of a body that is too large. A browser listens only when it
    has sent everything; without this it shows a broken connection instead of our page."""
    rest: IO[bytes] = request.environ["wsgi.input"]
    left = min(request.content_length or 0, _READ_AT_MOST)
    while left > 0 and (chunk := rest.read(min(left, 1024 * 1024))):
        left -= len(chunk)


def require_same_origin() -> None:
    """Refuse a post that another site caused; for forms on pages that are cached for everyone
    and so carry no token. Browsers send Sec-Fetch-Site, older ones Origin or Referer."""
    if not comes_from_here():
        abort(403)


def comes_from_here() -> bool:
    """Tell whether the browser says that this very site made the request."""
    site: Any = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return bool(site == "same-origin")
    source = request.headers.get("Origin") or request.headers.get("Referer") or ""
    try:
        return urlsplit(source).netloc == request.host
    except ValueError:  # it says something that is no address
        return False
