"""Parts of pages that are the same for all readers of one audience, made once a revision and day.

Whoever is signed in gets pages of their own; the long part of an article's page is not theirs. What
is kept is made without anything of a visitor: no user, no session, no token, no messages."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, render_template
from jinja2 import Template
from markupsafe import Markup

from kb.pages.frame import lang, live, now, previewed, wiring
from kb.pages.page_cache import PageCache
from kb.pages.searching import audiences

T = TypeVar("T")
_LIMIT = 512
_NOT_SHARED = dict.fromkeys(
    ("user", "current_user", "session", "request", "csrf_token", "get_flashed_messages")
)


def kept_part(name: tuple[str, ...], make: Callable[[], T]) -> T:
    """Return what `make` made for this language and audience before; authors and readers of a
    preview get it anew. `name` says what it is, from a bounded set."""
    if wiring().settings.dev or previewed():
        return make()
    fresh: PageCache[Any] = PageCache(_LIMIT)
    parts: PageCache[T] = current_app.extensions.setdefault("waypost-parts", fresh)
    day = now().date().isoformat()
    key = (live().site.revision, day, lang(), *sorted(audiences()), *name)
    found = parts.get(key)
    if found is None:
        found = make()
        parts.put(key, found)
    return found


def shared(template: str | Template, **context: Any) -> Markup:
    """Render a part for every reader of an audience: what asks for its visitor finds nobody, and
    one that needs a token or the visitor's messages fails instead of keeping them."""
    return Markup(render_template(template, **{**context, **_NOT_SHARED}))  # noqa: S704 # ours
