"""Fenced code: highlighted with Pygments' classes, with an optional title."""

from functools import lru_cache
from html import escape
from typing import Any

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

_FORMATTER: HtmlFormatter[str] = HtmlFormatter(nowrap=True)
_PLAIN = {"", "text", "txt", "plain", "plaintext", "none"}
_OPTIONS = {"title", "linenums", "hl_lines"}
_HIGHLIGHT_LIMIT = 50_000  # longer listings are shown plain: lexers are not built for them


@lru_cache(maxsize=64)
def _lexer(language: str) -> Lexer | None:
    if language in _PLAIN:
        return None
    try:
        return get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return None


def knows_language(language: str) -> bool:
    """Tell whether code in `language` can be highlighted (or is meant to stay plain)."""
    return language in _PLAIN or _lexer(language) is not None


def listing(source: str, language: str, title: str = "") -> str:
    """Return a listing as `figure.code` with an optional title; it scrolls by keyboard."""
    lexer = _lexer(language.lower()) if len(source) <= _HIGHLIGHT_LIMIT else None
    body = highlight(source, lexer, _FORMATTER) if lexer else escape(source, quote=False)
    caption = f"<figcaption>{escape(title)}</figcaption>" if title else ""
    return (
        f'<figure class="code">{caption}<pre tabindex="0"><code>{body.rstrip()}'
        "</code></pre></figure>"
    )


def fence(
    source: str, language: str, _class: str, options: dict[str, Any], _md: Any, **_rest: Any
) -> str:
    """Format one fence; the signature is superfences'."""
    return listing(source, language or "", str(options.get("title", "")))


def validate(
    _language: str,
    inputs: dict[str, str],
    options: dict[str, Any],
    _attrs: dict[str, str],
    _md: Any,
) -> bool:
    """Take the options of a fence; unknown ones are left out rather than spoiling the listing."""
    options.update({key: value for key, value in inputs.items() if key in _OPTIONS})
    return True
