"""Whole pages that are the same for every anonymous visitor, rendered once a revision."""

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import ParamSpec

from flask import current_app, request, session
from werkzeug.wrappers import Response

from kb.pages.frame import live, now

P = ParamSpec("P")
_LIMIT = 4096


class PageCache:
    """The most recently used pages of one revision and day, by address."""

    def __init__(self, limit: int = _LIMIT) -> None:
        self._pages: OrderedDict[tuple[str, ...], tuple[bytes, str]] = OrderedDict()
        self._limit = limit
        self._lock = Lock()

    def get(self, key: tuple[str, ...]) -> tuple[bytes, str] | None:
        """Return body and content type, or None."""
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def put(self, key: tuple[str, ...], body: bytes, content_type: str) -> None:
        """Keep a page; the one unused for longest makes room."""
        with self._lock:
            self._pages[key] = (body, content_type)
            self._pages.move_to_end(key)
            while len(self._pages) > self._limit:
                self._pages.popitem(last=False)


def same_for_strangers(view: Callable[P, str | Response]) -> Callable[P, str | Response]:
    """Serve strangers the page rendered before; whoever has a session gets their own.

    The key holds revision and day (alerts begin and end by the day), so nothing stale stays."""

    @wraps(view)
    def cached(*args: P.args, **kwargs: P.kwargs) -> str | Response:
        if session or request.method != "GET" or "remember_token" in request.cookies:
            return view(*args, **kwargs)
        pages: PageCache = current_app.extensions["waypost-pages"]
        key = (live().site.revision, now().date().isoformat(), request.full_path)
        found = pages.get(key)
        if found is not None:
            return Response(found[0], content_type=found[1])
        answer = view(*args, **kwargs)
        response = current_app.make_response(answer)
        if response.status_code == 200 and not session:
            pages.put(key, response.get_data(), response.content_type or "")
        return response

    return cached
