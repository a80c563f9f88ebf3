"""HTML mail as text: cleaned by nh3 first, then its words, quotes marked with “>”.

Nothing of a sender's markup ever reaches a page: what is shown is this text."""

import re
from collections import Counter
from html import unescape
from html.parser import HTMLParser

import nh3

MOST = 500_000  # characters of HTML that are read
DEEPEST = 300  # elements inside each other; cleaning more takes minutes and no mail needs it
MOST_OPEN = 50_000

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*>")
_VOID = {"br", "hr", "img", "input", "link", "meta", "col", "area", "base", "wbr", "p", "li"}

_BLOCKS = {"p", "div", "br", "tr", "table", "ul", "ol", "li", "blockquote", "pre", "hr"}
_BLOCKS |= {f"h{level}" for level in range(1, 7)}
_TAGS = _BLOCKS | {"a", "b", "i", "strong", "em", "td", "th", "tbody", "thead", "span", "img"}
_APART = {"p", "blockquote", "table", "ul", "ol", "pre", "h1", "h2", "h3", "h4", "h5", "h6"}
_DROPPED = {"script", "style", "title", "head", "noscript", "template"}
_SPACE = re.compile(r"[ \t\r\n\f\xa0]+")


def text_of(html: str) -> str:
    """Return the words of an HTML mail; links keep their address, inline images their name."""
    html = html[:MOST]
    if _costly(html):
        return " ".join(unescape(_TAG.sub(" ", html)).split())
    clean = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_DROPPED,
        attributes={"a": {"href"}, "img": {"src", "alt"}},
        url_schemes={"http", "https", "mailto", "cid"},
        link_rel=None,
    )
    reader = _Reader()
    reader.feed(clean)
    reader.close()
    return reader.text()


def _costly(html: str) -> bool:
    """Tell whether cleaning would take seconds: elements very deep in each other, or endlessly
    many that may stay open, or entities, which hard spaces become. A wrong end tag ends nothing."""
    inside: Counter[str] = Counter()
    depth = left_open = 0
    for found in _TAG.finditer(html):
        name = found[2].lower()
        if name in _VOID:
            left_open += 1
        elif not found[1]:
            inside[name] += 1
            depth += 1
        elif inside[name]:
            inside[name] -= 1
            depth -= 1
        if depth > DEEPEST:
            return True
    return left_open > MOST_OPEN or html.count("&") + html.count("\xa0") > MOST_OPEN


class _Reader(HTMLParser):
    """Collects lines; each knows how deeply it is quoted."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[tuple[int, str]] = [(0, "")]
        self._depth = 0
        self._pre = 0
        self._link: tuple[str, int] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _BLOCKS:
            self._break(apart=tag in _APART)
        if tag == "blockquote":
            self._depth += 1
            self._lines[-1] = (self._depth, "")
        elif tag == "pre":
            self._pre += 1
        elif tag == "li":
            self._add("- ")
        elif tag in {"td", "th"} and self._lines[-1][1].strip():
            self._add(" | ")
        elif tag == "a":
            self._link = (given.get("href", ""), len(self._lines[-1][1]))
        elif tag == "img" and given.get("src", "").startswith("cid:"):
            self._add(f"[{given.get('alt') or given['src'][4:].partition('@')[0]}]")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._break(apart=tag in _APART)
        if tag == "blockquote" and self._depth:
            self._depth -= 1
            self._lines[-1] = (self._depth, "")
        elif tag == "pre" and self._pre:
            self._pre -= 1
        elif tag == "a" and self._link:
            self._end_link(*self._link)
            self._link = None

    def handle_data(self, data: str) -> None:
        if self._pre:
            for number, line in enumerate(data.split("\n")):
                if number:
                    self._break(apart=False, always=True)
                self._add(line)
            return
        words = _SPACE.sub(" ", data)
        self._add(words if self._lines[-1][1] else words.lstrip())

    def _end_link(self, href: str, start: int) -> None:
        said = self._lines[-1][1][start:].strip()
        bare = href.removeprefix("mailto:")
        if bare and said.rstrip("/") != bare.rstrip("/") and href.startswith(("http", "mailto:")):
            self._add(f" <{bare}>")

    def _add(self, words: str) -> None:
        depth, line = self._lines[-1]
        self._lines[-1] = (depth, line + words)

    def _break(self, *, apart: bool, always: bool = False) -> None:
        """Begin a line where one has words; `apart` leaves an empty one between."""
        if self._lines[-1][1].strip() or always:
            self._lines.append((self._depth, ""))
        if apart and len(self._lines) > 1 and self._lines[-2][1].strip():
            self._lines.append((self._depth, ""))

    def text(self) -> str:
        """Return the lines, quoted ones marked, never more than one empty line."""
        marked = [f"{'>' * min(depth, 9)} {line}".rstrip() if depth else line.rstrip()
                  for depth, line in self._lines]  # fmt: skip
        return re.sub(r"\n{3,}", "\n\n", "\n".join(marked)).strip()
