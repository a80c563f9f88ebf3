"""Lists, listings and tables written as elsewhere (CommonMark) mean here what they mean there.

The library wants what belongs to an item indented by four for each level, ends no nested block
without an empty line, and knows neither `1)` nor a table right below a paragraph. It says nothing:
the next step of the list is swallowed by the text before it. So the source is arranged first.
"""

import re
from dataclasses import dataclass, field

from markdown.preprocessors import Preprocessor

_ITEM = re.compile(r"^(?P<mark>[-*+]|(?P<number>\d{1,9})(?P<sign>[.)]))(?P<gap> +)\S")
_RULE = re.compile(r"([-*_])(?: *\1){2,} *$")
_BOX = re.compile(r"(?:!!!|===) ")
_FENCE = re.compile(r"(?P<mark>`{3,}|~{3,})[^`]*$")
_DASHES = re.compile(r":?-+:?")
_CODE = re.compile(r"(`+)(?:(?!\1).)+\1")
_RAW = re.compile(r"<(/?)pre\b", re.IGNORECASE)
_STEP = 4


@dataclass(frozen=True, slots=True)
class _Level:
    """An open item or box: whether it is numbered, where its mark stands, where its content begins
    as it was written, and where the library wants it."""

    numbered: bool
    at: int
    written: int
    wanted: int


@dataclass(slots=True)
class Arranged:
    """The source's lines as the library wants them, and which of them (from 0) are items that are
    indented, but too little to be nested."""

    lines: list[str] = field(default_factory=list)
    flat: list[int] = field(default_factory=list)
    _levels: list[_Level] = field(default_factory=list)
    _depth: int = 0
    _blank: bool = True
    _fence: str = ""
    _alone: bool = False
    _ended: bool = False
    _raw: bool = False
    _shift: int = 0

    def take(self, number: int, line: str, below: str) -> None:
        """Add the next line of the source; `below` is the one after it."""
        text = line.lstrip(" ")
        if self._ended and text and not self._blank:
            self.lines.append("")
            self._blank = True
        self._ended = False
        if self._fence:
            self._in_fence(line, text)
        elif not text:
            self.lines.append("")
            self._blank = True
        elif self._raw or ("<" in line and _RAW.search(_CODE.sub("", line))):
            self._in_raw(line)
        else:
            self._one(number, line, text, below)

    def _in_fence(self, line: str, text: str) -> None:
        self.lines.append(" " * self._shift + line if text else line)
        if text.startswith(self._fence) and not text.strip(self._fence[0]).strip():
            self._fence, self._ended = "", self._alone

    def _in_raw(self, line: str) -> None:
        """Lines of `<pre>` stay as they are."""
        marks = _RAW.findall(_CODE.sub("", line))
        self._raw = not marks[-1] if marks else self._raw
        self.lines.append(line)
        self._blank = False

    def _one(self, number: int, line: str, text: str, below: str) -> None:
        indent = len(line) - len(text)
        item, fence = self._item(indent, text), _FENCE.match(text)
        closed = None
        if item or fence or self._blank:
            while self._levels and indent < self._levels[-1].written:
                closed = self._levels.pop()
        depth = len(self._levels)
        if self._blank:
            self._depth = depth
        elif self._needs_air(item, closed, text, below) or (fence and not depth):
            self.lines.append("")
            self._depth, self._blank = depth, True
        wanted = self._levels[-1].wanted if self._levels else 0
        written = self._levels[-1].written if self._levels else 0
        self._shift = max(0, wanted - indent) if indent >= written else 0
        if item:
            if closed and indent > closed.at:
                self.flat.append(number)
            text = _with_point(text, item)
            numbered = item["number"] is not None
            width = min(item.end("gap"), _STEP - numbered)  # below `10. ` three are enough, too
            self._levels.append(_Level(numbered, indent, indent + width, wanted + _STEP))
        elif _BOX.match(text):
            self._levels.append(_Level(False, indent, indent + _STEP, wanted + _STEP))
        self.lines.append(" " * (self._shift + indent) + text)
        self._fence = fence["mark"] if fence else ""
        self._alone = self._blank
        self._blank = False

    def _item(self, indent: int, text: str) -> re.Match[str] | None:
        """The mark of an item; none where it would be code, or a number in a paragraph's text."""
        item = _ITEM.match(text)
        if item is None or _RULE.match(text):
            return None
        open_levels = [level for level in self._levels if indent >= level.written]
        inner = max((max(level.written, level.wanted) for level in open_levels), default=0)
        begins = self._blank or self._levels or item["number"] in (None, "1")
        return item if begins and indent - inner < _STEP else None

    def _needs_air(
        self, item: re.Match[str] | None, closed: _Level | None, text: str, below: str
    ) -> bool:
        """Whether the library would take this line for a part of the block above it."""
        if item:
            other = closed is not None and closed.numbered != (item["number"] is not None)
            return other or len(self._levels) < self._depth
        return "|" in text and _is_dashes(below) and _columns(text) == _columns(below)


def _with_point(text: str, item: re.Match[str]) -> str:
    if item["sign"] != ")":
        return text
    return f"{item['number']}.{text[item.end('sign') :]}"


def _is_dashes(row: str) -> bool:
    """Tell whether a line parts a table's head from its rows."""
    return all(_DASHES.fullmatch(cell.strip()) for cell in row.strip(" |").split("|"))


def _columns(row: str) -> int:
    return _CODE.sub("", row).replace("\\|", "").strip(" |").count("|") + 1


def arranged(lines: list[str]) -> Arranged:
    """Arrange the lines of a source for the library; tabs are spaces already."""
    found = Arranged()
    for number, line in enumerate(lines):
        below = lines[number + 1].strip() if number + 1 < len(lines) else ""
        found.take(number, line, below)
    return found


class Lists(Preprocessor):
    """Runs before listings are taken out of the way."""

    def run(self, lines: list[str]) -> list[str]:
        return arranged(lines).lines
