"""The shape of the rendered page: anchors, steps, tabs, tasks, tables, images."""

import re
import xml.etree.ElementTree as etree
from collections.abc import Iterator
from html import unescape

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from kb.content.markdown.code import listing
from kb.content.markdown.slugs import slug
from kb.content.markdown.words import ADMONITIONS, ANCHORS, word
from kb.rules.articles import Heading

CUT = "\ue000"
"""Marks where a top-level heading begins; authors' texts are freed of it before."""

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_STASHED = re.compile("\x02[^\x03]*\x03")
_ESCAPED = re.compile("\x02(\\d{1,6})\x03")
_TASK = re.compile(r"\[([ xX])\]\s+")
_ENTRY = re.compile(r"([^:]{1,40}):\s+")


def text_of(element: etree.Element) -> str:
    """Return an element's words, without what the library keeps aside in it."""
    raw = "".join(element.itertext()).replace("\x02amp\x03", "&")
    plain = _STASHED.sub("", _ESCAPED.sub(lambda m: chr(int(m[1])), raw))
    return " ".join(unescape(plain).split())


class Shape(Treeprocessor):
    """Gives the finished tree the classes, anchors and elements that the pages draw."""

    headings: tuple[Heading, ...] = ()

    def __init__(self, md: Markdown, lang: str) -> None:
        super().__init__(md)
        self.lang = lang

    def run(self, root: etree.Element) -> None:
        _tabs(root)
        self.headings = _anchors(root)
        _environment(root)
        parents = {child: parent for parent in root.iter() for child in parent}
        for element in list(root.iter()):
            self._one(element, parents)
        _cuts(root)

    def _one(self, element: etree.Element, parents: dict[etree.Element, etree.Element]) -> None:
        if element.tag == "ol" and not _within(element, parents, "li", "td", "blockquote"):
            _add_class(element, "steps")
        elif element.tag == "ul":
            _tasks(element)
        elif element.tag == "table":
            self._table(element, parents)
        elif element.tag == "img":
            element.set("loading", "lazy")
        elif element.tag == "pre":
            self._listing(element)
        elif element.tag == "div":
            self._admonition(element)

    def _table(self, table: etree.Element, parents: dict[etree.Element, etree.Element]) -> None:
        for cell in table.iter():
            align = cell.attrib.pop("align", "")
            if align in ("right", "center"):
                _add_class(cell, align)
            if cell.tag == "th" and (len(cell) or (cell.text or "").strip()):
                cell.set("scope", "col")
            elif cell.tag == "th":
                cell.tag = "td"  # the corner over the names of rows: the head of nothing
        body = table.find("tbody")
        if body is not None and len(body) == 1 and not text_of(body) and not _holds(body[0]):
            table.remove(body)  # the library's own, below a table of a head alone
        parent = parents.get(table)
        if parent is not None:
            box = etree.Element("div", {"class": "table", "tabindex": "0"})
            box.tail, table.tail = table.tail, None
            parent[list(parent).index(table)] = box
            box.append(table)
            parents[table] = box

    def _listing(self, pre: etree.Element) -> None:
        """An indented listing becomes the same box as a fenced one."""
        source = unescape("".join(pre.itertext()))
        placeholder = self.md.htmlStash.store(listing(source.rstrip("\n"), ""))
        tail = pre.tail
        pre.clear()
        pre.tag, pre.text, pre.tail = "p", placeholder, tail

    def _admonition(self, box: etree.Element) -> None:
        kinds = box.get("class", "").split()
        if "admonition" not in kinds:
            return
        if "only" in kinds:
            _only(box)
            return
        kind = next((ADMONITIONS[k] for k in kinds if k in ADMONITIONS), "note")
        box.set("class", f"admonition {kind}")
        title = box.find("p[@class='admonition-title']")
        if title is None:
            title = etree.Element("p", {"class": "admonition-title"})
            box.insert(0, title)
            title.text = word(self.lang, kind)
        elif text_of(title).lower() in ADMONITIONS:
            title.text = word(self.lang, kind)


def _only(box: etree.Element) -> None:
    """A box that `::: only` was written as: its title holds the product ranges."""
    title = box.find("p[@class='admonition-title']")
    box.set("class", "only")
    if title is not None:
        box.set("data-only", text_of(title))
        box.remove(title)


def _holds(row: etree.Element) -> bool:
    """Whether a cell has more than words: a picture, code, HTML that was put aside."""
    return any(len(cell) or (cell.text or "").strip() for cell in row)


def _add_class(element: etree.Element, name: str) -> None:
    element.set("class", f"{element.get('class', '')} {name}".strip())


def _within(
    element: etree.Element, parents: dict[etree.Element, etree.Element], *tags: str
) -> bool:
    above = parents.get(element)
    while above is not None:
        if above.tag in tags or "footnote" in above.get("class", ""):
            return True
        above = parents.get(above)
    return False


def _anchors(root: etree.Element) -> tuple[Heading, ...]:
    """Give every heading its anchor: the KCS name, the author's own, or a slug of its words."""
    used: set[str] = set()
    found = []
    for element in root.iter():
        level = _HEADINGS.get(element.tag)
        if level is None:
            continue
        text = text_of(element)
        own = slug(element.get("id", "") or text) or "section"
        part = ANCHORS.get(slug(text)) if level == 2 else None
        anchor = _unused(part or own, used)
        element.set("id", anchor)
        found.append(Heading(level, anchor, text))
    return tuple(found)


def _unused(anchor: str, used: set[str]) -> str:
    name, number = anchor, 2
    while name in used:
        name, number = f"{anchor}-{number}", number + 1
    used.add(name)
    return name


def _environment(root: etree.Element) -> None:
    """The list under “Environment” is drawn as terms and values."""
    inside = False
    for child in root:
        if child.tag in _HEADINGS:
            inside = child.get("id") == "environment"
        elif inside and child.tag == "dl":
            _add_class(child, "env")
        elif inside and child.tag == "ul" and all(_ENTRY.match(item.text or "") for item in child):
            _as_terms(child)


def _as_terms(items: etree.Element) -> None:
    entries = list(items)
    tail = items.tail
    items.clear()
    items.tag, items.tail = "dl", tail
    items.set("class", "env")
    for entry in entries:
        match = _ENTRY.match(entry.text or "")
        term = etree.SubElement(items, "dt")
        term.text = match[1] if match else ""
        value = etree.SubElement(items, "dd")
        value.text = (entry.text or "")[match.end() :] if match else entry.text
        value.extend(list(entry))


def _tasks(items: etree.Element) -> None:
    for item in items:
        holder = (
            item[0] if len(item) and item[0].tag == "p" and not (item.text or "").strip() else item
        )
        match = _TASK.match((holder.text or "").lstrip())
        if item.tag != "li" or match is None:
            continue
        done = match[1] != " "
        holder.text = (holder.text or "").lstrip()[match.end() :]
        rest = etree.Element("div")
        rest.text, rest[:] = item.text, list(item)
        item[:] = [etree.Element("span", {"class": "task-mark"}), rest]
        item.text, item[0].text = None, "☑" if done else "☐"
        item.set("class", "task done" if done else "task")
        items.set("class", "tasks")


def _tabs(root: etree.Element) -> None:
    """Tabs become `details` of one name: they need no script and no form field."""
    for number, group in enumerate(_groups(root), 1):
        titles = [text_of(label) for label in group.findall("label")]
        bodies = list(group.findall("div"))
        tail = group.tail
        group.clear()
        group.set("class", "tabs")
        group.tail = tail
        for title, body in zip(titles, bodies, strict=False):
            tab = etree.SubElement(group, "details", {"class": "tab", "name": f"tabs-{number}"})
            if len(group) == 1:
                tab.set("open", "open")
            etree.SubElement(tab, "summary").text = title
            body.attrib.clear()
            tab.append(body)


def _groups(root: etree.Element) -> Iterator[etree.Element]:
    yield from [box for box in root.iter("div") if box.get("class") == "tabbed-set"]


def _cuts(root: etree.Element) -> None:
    """Put the cutting mark before each top-level heading."""
    before: etree.Element | None = None
    for child in root:
        if child.tag in _HEADINGS:
            if before is None:
                root.text = f"{root.text or ''}{CUT}"
            else:
                before.tail = f"{before.tail or ''}{CUT}"
        before = child


class ShapeExtension(Extension):
    """Runs `Shape` after attribute lists and before footnotes are put in their place."""

    def __init__(self, lang: str) -> None:
        super().__init__()
        self.lang = lang
        self.shape: Shape | None = None

    def extendMarkdown(self, md: Markdown) -> None:
        self.shape = Shape(md, self.lang)
        md.treeprocessors.register(self.shape, "kb-shape", 5)
