"""What the source of a text holds and on which line: headings, links, blocks, mistakes of form."""

import re
from dataclasses import dataclass, field

from kb.content.check_rules import RULES
from kb.content.markdown.blocks import ARTICLE_LINK, CLOSING, OPENING
from kb.content.markdown.code import knows_language
from kb.content.markdown.lists import arranged
from kb.content.markdown.unclosed import unclosed
from kb.content.markdown.words import ADMONITIONS
from kb.content.problems import Problem
from kb.rules.products import ProductRange, parse_range

_FENCE = re.compile(r"^\s*(?:>\s*)*(?P<mark>`{3,}|~{3,})\s*(?P<info>[^`]*)$")
_LANGUAGE = re.compile(r"\{?\s*\.?(?P<name>[\w.+#-]*)")
_HEADING = re.compile(r"^ {0,3}(?P<signs>#{1,6})\s+(?P<text>.+?)\s*#*\s*(?:\{[^}]*\})?\s*$")
_UNDERLINE = re.compile(r"^(?P<sign>=+|-+)\s*$")
_ADMONITION = re.compile(r"^\s*!!!\s+(?P<kind>[\w-]+)")
_CODE = re.compile(r"(`+)(?:(?!\1).)+\1")
_LINK = re.compile(r"(?<!\\)" + ARTICLE_LINK)
_BLOCK = re.compile(r"^\s*:::\s*\S")
_PLAIN_LINE = re.compile(r"^\s{0,3}[^\s#>|`~=:!*+-]")


@dataclass(frozen=True, slots=True)
class SourceHeading:
    line: int
    level: int
    text: str


@dataclass(slots=True)
class Scan:
    """Where things stand; lines count from `first_line` of the file."""

    path: str
    first_line: int
    lines: list[str]
    headings: list[SourceHeading] = field(default_factory=list)
    only: list[tuple[int, ProductRange]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _links: dict[str, int] = field(default_factory=dict)

    def line_of_link(self, target: str) -> int:
        """Return the first line that links to `target` (an address or `article:…`)."""
        if target in self._links:
            return self._links[target]
        for number, line in enumerate(self.lines, self.first_line):
            if target in line:
                return number
        return self.first_line

    def report(self, line: int, rule: str, what: str, mend: str) -> None:
        """Note a mistake of one of the rules of `check_rules.py`, with that rule's level."""
        self.problems.append(Problem(self.path, line, what, mend, RULES[rule].level, rule))


def scan(source: str, path: str = "", first_line: int = 1) -> Scan:
    """Read `source` line by line, outside of its listings, and note every mistake of form."""
    found = Scan(path, first_line, source.split("\n"))
    fence: tuple[int, str] | None = None
    opened: list[int] = []
    before = ""
    prose: list[tuple[int, str]] = []
    for number, line in enumerate(found.lines, first_line):
        mark = _FENCE.match(line)
        if fence:
            if mark and mark["mark"].startswith(fence[1]) and not mark["info"].strip():
                fence = None
            continue
        if mark:
            fence = (number, mark["mark"])
            _check_language(found, number, mark["info"])
            continue
        _read_line(found, number, line, before, opened)
        prose.append((number, line))
        before = line
    if fence:
        found.report(
            fence[0],
            "unclosed-block",
            "the code that begins here is not closed",
            f"end it with {fence[1]}",
        )
    for number in opened:
        found.report(
            number, "unclosed-block", "“::: only” is not closed", "end the block with a line “:::”"
        )
    for number, name in unclosed(prose):
        found.report(number, "unclosed-markup", f"{name} is not closed", "end what is begun here")
    for at in arranged([line.expandtabs(4) for line in found.lines]).flat:
        what = "this list item is indented too little to be nested in the one above"
        mend = "indent it to where the words above it begin, or not at all"
        found.report(first_line + at, "list-indent", what, mend)
    _check_order(found)
    return found


def _read_line(found: Scan, number: int, line: str, before: str, opened: list[int]) -> None:
    text = _CODE.sub("", line)
    for link in _LINK.finditer(text):
        anchor = f"#{link[2]}" if link[2] else ""
        found._links.setdefault(f"article:{int(link[1])}{anchor}", number)
    if ":::" in text:
        _read_block(found, number, line, opened)
    if heading := _HEADING.match(line):
        _note_heading(found, number, len(heading["signs"]), heading["text"])
    elif (underline := _UNDERLINE.match(line)) and _PLAIN_LINE.match(before):
        _note_heading(found, number - 1, 1 if "=" in underline["sign"] else 2, before.strip())
    elif (kind := _ADMONITION.match(line)) and kind["kind"].lower() not in (*ADMONITIONS, "only"):
        mend = "write note, tip, warning or danger"
        found.report(number, "form", f"there is no box of the kind “{kind['kind']}”", mend)


def _note_heading(found: Scan, number: int, level: int, text: str) -> None:
    if _LINK.search(text):
        what = "a heading holds an article link"
        found.report(number, "form", what, "put the link in the text below")
    found.headings.append(SourceHeading(number, level, text))


def _read_block(found: Scan, number: int, line: str, opened: list[int]) -> None:
    if CLOSING.match(line):
        if opened:
            opened.pop()
        else:
            what = "“:::” ends a block that was not begun"
            found.report(number, "unclosed-block", what, "remove it")
    elif opening := OPENING.match(line):
        opened.append(number)
        for name in opening["what"].replace(",", " ").split():
            _note_range(found, number, name)
    elif _BLOCK.match(line):
        mend = "write “::: only line@version”, text, and a line “:::”"
        found.report(number, "form", f"“{line.strip()[:40]}” is not a block", mend)


def _note_range(found: Scan, number: int, name: str) -> None:
    try:
        found.only.append((number, parse_range(name)))
    except ValueError:
        mend = "write line, line@12 or line@11-12"
        found.report(number, "unknown-product", f"“{name}” is not a product", mend)


def _check_language(found: Scan, number: int, info: str) -> None:
    match = _LANGUAGE.match(info.strip())
    name = match["name"].lower() if match else ""
    if not knows_language(name):
        mend = "write one like shell, powershell, ini or text"
        what = f"the code language “{name}” is not known"
        found.report(number, "unknown-language", what, mend)


def _check_order(found: Scan) -> None:
    """The title is the h1; below it no level is skipped."""
    above = 1
    for heading in found.headings:
        if heading.level == 1:
            what = (
                f"“{heading.text[:40]}” is a heading of the first level; the title is that already"
            )
            found.report(heading.line, "heading-order", what, "begin headings with ##")
            continue
        if heading.level > above + 1:
            what = f"“{heading.text[:40]}” skips a heading level"
            mend = f"begin it with {'#' * (above + 1)}"
            found.report(heading.line, "heading-order", what, mend)
        above = heading.level
