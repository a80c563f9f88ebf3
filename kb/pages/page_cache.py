"""Whole pages that are the same for every anonymous visitor, rendered once a revision.

They are compressed once too. That is safe for strangers and for nobody else: such a page holds no
secret, no token and nothing of a session, so its length tells nothing (BREACH).
"""

import gzip
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from threading import Lock
from typing import Generic, ParamSpec, TypeVar

import brotli
from flask import current_app, request, session
from werkzeug.wrappers import Response

from kb.pages.frame import live, now, previewed, wiring
from kb.pages.safety import REMEMBERED

P = ParamSpec("P")
V = TypeVar("V")
_LIMIT = 4096
_HEAVIEST = 64 * 1024 * 1024  # bytes of all pages that a process keeps
_SMALL = 512
"""Bytes that are not worth compressing."""

_WAYS: tuple[tuple[str, Callable[[bytes], bytes]], ...] = (
    ("br", lambda body: brotli.compress(body, quality=6)),
    ("gzip", lambda body: gzip.compress(body, 6, mtime=0)),
)


@dataclass(slots=True)
class KeptPage:
    """A page and the forms it was asked for in."""

    body: bytes
    content_type: str
    forms: dict[str, bytes] = field(default_factory=dict)

    @property
    def weight(self) -> int:
        """How many bytes it takes to keep, about: its compressed forms come to a third more."""
        return len(self.body)

    def answer(self) -> Response:
        """Return the page in the best form that this visitor's browser takes."""
        for name, press in _WAYS if len(self.body) > _SMALL else ():
            if request.accept_encodings.quality(name) > 0:
                small = self.forms.get(name)
                if small is None:
                    small = self.forms[name] = press(self.body)
                return self._respond(small, name)
        return self._respond(self.body, "")

    def _respond(self, body: bytes, encoding: str) -> Response:
        response = Response(body, content_type=self.content_type)
        response.headers["Vary"] = "Accept-Encoding, Cookie"
        if encoding:
            response.headers["Content-Encoding"] = encoding
        return response


class PageCache(Generic[V]):
    """The most recently used pages, or parts of them, of one revision and day, by address.

    There is no end of addresses, since a page has one for every query that somebody thinks up: no
    more are kept than `limit`, and none beyond `heaviest` bytes of those that have a weight."""

    def __init__(self, limit: int = _LIMIT, heaviest: int = _HEAVIEST) -> None:
        self._pages: OrderedDict[tuple[str, ...], V] = OrderedDict()
        self._limit = limit
        self._heaviest = heaviest
        self._weight = 0
        self._lock = Lock()

    def get(self, key: tuple[str, ...]) -> V | None:
        """Return a page, or None."""
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def put(self, key: tuple[str, ...], page: V) -> None:
        """Keep a page; the one unused for longest makes room."""
        with self._lock:
            self._drop(key)
            self._pages[key] = page
            self._weight += _weight(key, page)
            while len(self._pages) > self._limit or self._weight > self._heaviest:
                self._drop(next(iter(self._pages)))

    def _drop(self, key: tuple[str, ...]) -> None:
        page = self._pages.pop(key, None)
        if page is not None:
            self._weight -= _weight(key, page)


def _weight(key: tuple[str, ...], page: object) -> int:
    return sum(map(len, key)) + page.weight if isinstance(page, KeptPage) else 0


def small_for_strangers(view: Callable[P, str | Response]) -> Callable[P, Response]:
    """Compress a page for strangers that is made anew each time, as results of a search are."""

    @wraps(view)
    def small(*args: P.args, **kwargs: P.kwargs) -> Response:
        response = current_app.make_response(view(*args, **kwargs))
        dev = wiring().settings.dev  # what follows the files is put in later
        if not _of_nobody() or response.status_code != 200 or dev:
            return response
        pressed = KeptPage(response.get_data(), response.content_type or "").answer()
        pressed.headers.extend({"Set-Cookie": response.headers.getlist("Set-Cookie")})
        return pressed

    return small


def _of_nobody() -> bool:
    """Tell whether this request's page is that of a stranger, with nothing of anybody's in it."""
    return not (previewed() or session or REMEMBERED in request.cookies)


def same_for_strangers(view: Callable[P, str | Response]) -> Callable[P, str | Response]:
    """Serve strangers the page rendered before; whoever has a session gets their own.

    The key holds revision and day (alerts begin and end by the day), so nothing stale stays."""

    @wraps(view)
    def cached(*args: P.args, **kwargs: P.kwargs) -> str | Response:
        dev = wiring().settings.dev  # authors see every save
        if not _of_nobody() or request.method != "GET" or dev:
            return view(*args, **kwargs)
        pages: PageCache[KeptPage] = current_app.extensions["waypost-pages"]
        key = (live().site.revision, now().date().isoformat(), request.full_path)
        found = pages.get(key)
        if found is not None:
            return found.answer()
        answer = view(*args, **kwargs)
        response = current_app.make_response(answer)
        if response.status_code != 200 or session:
            return response
        page = KeptPage(response.get_data(), response.content_type or "")
        pages.put(key, page)
        return page.answer()

    return cached
