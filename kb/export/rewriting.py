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
_SCRIPTS = re.compile(
    r'<script src="[^"]*/(?:suggest|first-use|htmx\.min|dev)\.js"[^>]*></script>\n?'
)
_POSTS = re.compile(r'<form\b[^>]*\bmethod="post".*?</form>', re.S)
_GONE = re.compile(r'<meta name="htmx-config"[^>]*>\n?|<link\b[^>]*\brel="search"[^>]*>\n?')
_DATA = re.compile(r'<script type="application/ld\+json">.*?</script>\n?', re.S)
_SOURCE = re.compile(r'<p class="source">([^<]*)</p>\n?')
_CSS = re.compile(r"""(url\(|@import (?=["']))(["']?)([^"')]+)\2""")

Values = dict[str, str | None]


class Page:
    """Rewrites the pages of one export. They name themselves by whole addresses that begin with
    `rendered`; `base` is the address that they will have, '' if not known."""

    def __init__(self, places: Places, base: str = "", rendered: str = "") -> None:
        self.places = places
        self._base = base
        self._named = f"{rendered}/" if rendered else ""
        self._nameless = not base and not places.live
        name = re.escape(rendered)
        self._names = re.compile(rf'"{name}(/[^"\\]*)"') if rendered and base else None
        # most tags of a page stand in the frame, the same on all pages
        self._known: dict[tuple[str, int, bool], str] = {}

    def rewritten(self, html: str, depth: int, *, absolute: bool = False) -> str:
        """Return a page as it stands `depth` folders deep; `absolute` for one that is shown under
        any address at all."""
        html = _GONE.sub("", _POSTS.sub("", _SCRIPTS.sub("", html)))

        def change(match: re.Match[str]) -> str:
            key = (match[0], depth, absolute)
            made = self._known.get(key)
            if made is None:
                made = self._known[key] = self._tag(match, depth, absolute)
            return made

        return _SOURCE.sub(self._source, _DATA.sub(self._data, _TAG.sub(change, html)))

    def _source(self, match: re.Match[str]) -> str:
        """The page's own address, for paper."""
        named = match[1].startswith(self._named) if self._named else False
        if not named or not (self._nameless or self._base):
            return match[0]
        path = match[1][len(self._named) - 1 :]
        return f'<p class="source">{self._whole(path)}</p>' if self._base else ""

    def _data(self, match: re.Match[str]) -> str:
        """What is told to search engines names pages by whole addresses, or not at all."""
        if self._nameless:
            return ""
        if self._names is None:
            return match[0]
        return self._names.sub(lambda found: f'"{self._whole(found[1])}"', match[0])

    def _tag(self, match: re.Match[str], depth: int, absolute: bool) -> str:
        tag = match[1]
        values: Values = {
            name: None if value is None else unescape(value)
            for name, value in ((found[1], found[2]) for found in _ATTRIBUTE.finditer(match[2]))
        }
        if tag in {"link", "meta"} and not self._head(values):
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

    def _head(self, values: Values) -> bool:
        """Tell whether a line of the head is of use: what leads to nothing of the export is none.
        An address of ours loses its host where nobody knows the host of the export."""
        kind, href = values.get("rel") or "", values.get("href") or ""
        if self._nameless and self._named:
            if (values.get("content") or "").startswith(self._named):
                return False
            if href.startswith(self._named):
                href = values["href"] = href[len(self._named) - 1 :]
        if kind == "canonical":
            return not self._nameless
        if kind == "preload":
            return not self.places.offline
        if kind in {"alternate", "next", "prev"} and href.startswith("/"):
            target = self.places.target(href)
            return target is not None and target.file not in {"", *self.places.away.values()}
        return True

    def _absolute(self, values: Values) -> bool:
        """What names the page by its whole address (canonical, previews) gets that of its file."""
        name = "content" if "content" in values else "href"
        value = values.get(name) or ""
        if not self._base or not self._named or not value.startswith(self._named):
            return False
        values[name] = self._whole(value[len(self._named) - 1 :])
        return True

    def _whole(self, path: str) -> str:
        target = self.places.target(path)
        return self.address(target) if target else self._base + path

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
