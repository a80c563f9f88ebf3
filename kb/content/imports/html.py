"""Foreign HTML becomes Markdown that an author would have written.

markdownify walks the elements; here is what differs: text that looks like Markdown stays text,
boxes of other tools become ours, tables become plain grids.
"""

import re
from collections.abc import Iterator
from typing import Any

from bs4 import BeautifulSoup, Tag
from markdownify import ATX, MarkdownConverter

from kb.content.markdown.words import ADMONITIONS

DEEPEST = 100  # elements inside one another; no author nests so deep, and walking is recursive
_GONE = ("script", "style", "template", "noscript", "form", "object", "embed", "link")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_TAG_START = re.compile(r"<(?=[A-Za-z/!?])")
_MARK = re.compile(r"([\\`*])|(?<!\w)_|_(?!\w)")
_LINE_START = re.compile(r"^(\s*)([#>+-]|\d{1,9}[.)])(?=\s)", re.MULTILINE)
_BRUSH = re.compile(r"brush:\s*([\w+#-]+)")
_LANGUAGE = re.compile(r"^(?:language|lang|highlight-source|brush)[-:]\s*([\w+#-]+)$")
_BLANKS = re.compile(r"\n{3,}")
_COLUMN = 3
"""Rows from which on a table of one column is a list."""
_BLOCKS = ("p", "ul", "ol", "table", "pre", "div", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6")


class TooDeep(ValueError):
    """The elements are nested deeper than DEEPEST."""


def soup_of(html: str) -> BeautifulSoup:
    """Read HTML however broken; raises TooDeep. Scripts, styles and forms are gone."""
    soup = BeautifulSoup(html, "html.parser")
    if _depth(soup) > DEEPEST:
        raise TooDeep
    for element in soup.find_all(_GONE):
        element.decompose()
    return soup


def markdown_of(root: Tag) -> str:
    """Return the Markdown of an element; it changes the element on the way."""
    for box in list(root.find_all(_is_box)):
        _mark_box(box)
    for table in list(root.find_all("table")):
        _plain_table(table)
    converter = _Converter(heading_style=ATX, bullets="-", code_language_callback=_code_language)
    text = converter.convert(root.decode())
    return _BLANKS.sub("\n\n", str(text)).strip() + "\n"


def words_of(element: Tag) -> str:
    """The plain words of an element in one line."""
    return " ".join(element.get_text(" ").split())


class _Converter(MarkdownConverter):
    def escape(self, text: str, parent_tags: set[str]) -> str:
        """Text stays text: no Markdown and no tags begin in it by chance."""
        text = _MARK.sub(lambda found: "\\" + found[0], text or "")
        text = _TAG_START.sub("&lt;", _ENTITY.sub("&amp;", text))
        text = text.replace("](", "\\](").replace("[[", "\\[[")
        return _LINE_START.sub(r"\1\\\2" if "_inline" not in parent_tags else r"\1\2", text)

    def convert_aside(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        kind, title = el.get("data-box"), el.get("data-title")
        if not kind:
            return f"\n\n{text.strip()}\n\n"
        head = f'!!! {kind} "{title}"' if title else f"!!! {kind}"
        body = "\n".join(f"    {line}" if line else "" for line in text.strip().split("\n"))
        return f"\n\n{head}\n\n{body}\n\n"

    def convert_summary(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return f"\n\n**{text.strip()}**\n\n" if text.strip() else ""

    def convert_td(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return " " + " ".join(text.split()).replace("|", "\\|") + " |"

    convert_th = convert_td

    def convert_u(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return text


def _depth(soup: BeautifulSoup) -> int:
    deepest = 0
    waiting: list[tuple[Tag, int]] = [(soup, 0)]
    while waiting:
        element, depth = waiting.pop()
        deepest = max(deepest, depth)
        waiting += [(child, depth + 1) for child in element.children if isinstance(child, Tag)]
    return deepest


def _is_box(element: Tag) -> bool:
    return element.name in ("div", "aside", "section", "blockquote", "p") and bool(_kind(element))


def _kind(element: Tag) -> str:
    """Which of our boxes the classes name: `callout-warning`, `note`, `alert alert-info` …"""
    for name in _classes(element):
        word = re.split(r"[-_]", name.lower())[-1]
        marked = re.match(
            r"(?:callout|alert|admonition|panel|note|warning|tip|box|confluence)", name
        )
        if marked and word in ADMONITIONS:
            return ADMONITIONS[word]
        if name == "confluence-information-macro-information":
            return "note"
    return ""


def _classes(element: Tag) -> list[str]:
    names = element.get("class")
    return names.split() if isinstance(names, str) else [str(name) for name in names or ()]


def _mark_box(box: Tag) -> None:
    """Make an `<aside data-box>` of another tool's box; its first title becomes the title."""
    kind = _kind(box)
    title = box.find(class_=re.compile(r"(^|[-_])(title|heading)$"))
    if isinstance(title, Tag):
        words = words_of(title).replace('"', "”")
        if words:
            box["data-title"] = words
        title.decompose()
    box.name = "aside"
    box["data-box"] = kind


def _plain_table(table: Tag) -> None:
    """Make a grid: spans are filled with empty cells, a table of one cell is its content."""
    rows = [row for row in table.find_all("tr") if row.find_parent("table") is table]
    cells = [list(_cells(row)) for row in rows]
    if table.find("table") is not None or max((len(row) for row in cells), default=0) <= 1:
        if not _listed(table, cells):
            _unwrap_table(table, cells)
        return
    held: dict[int, int] = {}  # column → rows that a cell above still fills
    for row in cells:
        _fill_row(row, held)
    bold = all(cell.find(("b", "strong")) for cell in cells[0] if words_of(cell))
    for cell in cells[0] if bold else ():
        cell.name = "th"
    for cell in table.find_all(("td", "th")):
        for item in cell.find_all("li"):
            item.insert(0, "• ")
        for block in cell.find_all((*_BLOCKS, "li")):
            block.insert_after(" ")
            block.unwrap()


def _cells(row: Tag) -> Iterator[Tag]:
    return (cell for cell in row.find_all(("td", "th")) if cell.find_parent("tr") is row)


def _listed(table: Tag, cells: list[list[Tag]]) -> bool:
    """Make a list of a column of many words, with its head above; tell whether it was one."""
    column = [cell for row in cells for cell in row if words_of(cell)]
    body = [cell for cell in column if cell.name == "td"]
    more = any(cell.find((*_BLOCKS[1:], "li")) or len(cell.find_all("p")) > 1 for cell in column)
    if more or len(body) < _COLUMN:
        return False
    for cell in column:
        if cell.name == "th":
            cell.name = "p"
            table.insert_before(cell.extract())
    for wrap in table.find_all("p"):
        wrap.unwrap()
    table.clear()
    table.name = "ul"
    for cell in body:
        cell.name = "li"
        table.append(cell)
    return True


def _unwrap_table(table: Tag, cells: list[list[Tag]]) -> None:
    for cell in (one for row in cells for one in row):
        cell.name = "div"
    for part in table.find_all(("tbody", "thead", "tfoot", "tr", "colgroup")):
        part.unwrap()
    table.name = "div"


def _fill_row(row: list[Tag], held: dict[int, int]) -> None:
    """Put empty cells where cells above or beside reach into; `held` goes on to the next row."""
    column = 0
    for cell in row:
        while held.get(column):
            held[column] -= 1
            cell.insert_before(_empty())
            column += 1
        wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
        for step in range(wide):
            if high > 1:
                held[column + step] = high - 1
            if step:
                cell.insert_after(_empty())
        column += wide
    last = row[-1] if row else None
    while last is not None and held.get(column) and row:
        held[column] -= 1
        last.insert_after(_empty())
        column += 1


def _empty() -> Tag:
    return Tag(name="td")


def _span(cell: Tag, name: str) -> int:
    """A span of 1 to 50; takes the attribute away."""
    given = str(cell.attrs.pop(name, "1"))
    return max(1, min(50, int(given))) if given.isdecimal() else 1


def _code_language(element: Any) -> str:
    """The language that a listing's classes or parameters name, or nothing."""
    for one in (element, element.find("code")):
        if one is None:
            continue
        brush = _BRUSH.search(str(one.get("data-syntaxhighlighter-params", "")))
        if brush:
            return brush[1]
        for name in _classes(one):
            if found := _LANGUAGE.match(name):
                return found[1]
    return ""
