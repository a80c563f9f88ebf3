"""Links of a rendered page, changed into those of an export; what needs the server falls off."""

import re
from collections.abc import Callable
from html import escape, unescape

from kb.export.places import Places, Target

_TAG = re.compile(
    r"<(a|link|img|script|form|source|video|audio|track|meta|section)"
    r'((?:\s+[\w:.-]+(?:="[^"]*")?)+)\s*>'
)
_ATTRIBUTE = re.compile(r'\s+([\w:.-]+)(?:="([^"]*)")?')
_ADDRESS = {"href", "src", "action", "poster"}
_DROPPED = {"data-suggest", "hx-boost", "crossorigin"}
_SCRIPTS = re.compile(r'<script src="[^"]*/(?:suggest|htmx\.min|dev)\.js"[^>]*></script>\n?')
_POSTS = re.compile(r'<form\b[^>]*\bmethod="post".*?</form>', re.S)
_GONE = re.compile(r'<meta name="htmx-config"[^>]*>\n?|<link\b[^>]*\brel="search"[^>]*>\n?')
_CSS = re.compile(r"""(url\(|@import (?=["']))(["']?)([^"')]+)\2""")

Values = dict[str, str | None]


class Page:
    """Rewrites the pages of one export; `base` is the address they will have, '' if not known."""

    def __init__(self, places: Places, base: str = "") -> None:
        self.places = places
        self._base = base

    def rewritten(self, html: str, depth: int, *, absolute: bool = False) -> str:
        """Return a page as it stands `depth` folders deep; `absolute` for one that is shown under
        any address at all."""
        html = _GONE.sub("", _POSTS.sub("", _SCRIPTS.sub("", html)))

        def change(match: re.Match[str]) -> str:
            return self._tag(match, depth, absolute)

        return _TAG.sub(change, html)

    def _tag(self, match: re.Match[str], depth: int, absolute: bool) -> str:
        tag = match[1]
        values: Values = {
            name: None if value is None else unescape(value)
            for name, value in ((found[1], found[2]) for found in _ATTRIBUTE.finditer(match[2]))
        }
        if tag == "link" and not self._link(values):
            return ""
        changed = tag in {"link", "meta"} and self._absolute(values)
        for name in values.keys() & _ADDRESS:
            target = self.places.target(values[name] or "")
            if target is not None:
                values[name] = self._said(target, depth, absolute)
                changed = True
        if not changed and not values.keys() & _DROPPED:
            return match[0]
        return f"<{tag}{_written(values)}>"

    def _link(self, values: Values) -> bool:
        """Tell whether a head's link is of use: what leads to nothing of the export is none."""
        kind, href = values.get("rel") or "", values.get("href") or ""
        if kind == "canonical":
            return bool(self._base or self.places.live)
        if kind == "preload":
            return not self.places.offline
        if kind in {"alternate", "next", "prev"} and href.startswith("/"):
            target = self.places.target(href)
            return target is not None and bool(target.file) and not self._is_away(target)
        return True

    def _is_away(self, target: Target) -> bool:
        return target.file in self.places.away.values()

    def _absolute(self, values: Values) -> bool:
        """What names the page by its whole address (canonical, previews) gets that of its file."""
        name = "content" if "content" in values else "href"
        value = values.get(name) or ""
        if not self._base or not value.startswith(f"{self._base}/"):
            if name == "href" and values.get("rel") == "alternate" and value.startswith("/"):
                value = self._base + value if self._base else value
            if not self._base or not value.startswith(f"{self._base}/"):
                return False
        target = self.places.target(value.removeprefix(self._base))
        if target is None:
            return False
        values[name] = self.address(target)
        return True

    def address(self, target: Target) -> str:
        """Return the whole address of a file."""
        return target.url or f"{self._base}/{self.places.link(target, 0).removeprefix('./')}"

    def _said(self, target: Target, depth: int, absolute: bool) -> str:
        if not absolute:
            return self.places.link(target, depth)
        return self.address(target)


def _written(values: Values) -> str:
    return "".join(
        f" {name}" if value is None else f' {name}="{escape(value)}"'
        for name, value in values.items()
        if name not in _DROPPED
    )


def css_rewritten(css: str, change: Callable[[str], str]) -> str:
    """Return a style sheet with each address it names changed."""
    return _CSS.sub(lambda found: f'{found[1]}"{change(found[3])}"', css)
