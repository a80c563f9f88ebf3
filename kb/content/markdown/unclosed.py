"""Markup that was begun and not ended: emphasis, code, links and HTML elements."""

import re
from collections.abc import Iterable, Iterator

from kb.content.markdown.blocks import ARTICLE_LINK

_LONGEST = 8_000  # signs of a paragraph; longer ones are no prose
_ESCAPED = re.compile(r"\\.")
_CODE = re.compile(r"(?<![`\\])(`+)(?!`)(?:(?!\1).)+(?<!`)\1(?!`)", re.DOTALL)
_LINK = re.compile(ARTICLE_LINK)
_STRONG = re.compile(r"\*\*(?=\S)(?:(?!\*\*).)+(?<=\S)\*\*", re.DOTALL)
_OPEN = (
    (re.compile(r"(?<!`)`+(?!`)"), "code between ` signs"),
    (re.compile(r"(?<![\w*/])\*\*(?=[\w¿¡“«\"'(])"), "strong text between ** signs"),
    (re.compile(r"\[\[\s*\d"), "an article link [[…]]"),
    (re.compile(r"\]\((?=[^)]*$)"), "a link […](…)"),
)
_INDENT = ("    ", "\t")
_BEGINS = re.compile(r"^ {0,3}(?:[-*+] |\d{1,9}[.)] |!!!|===|:::|:   |\[\^)", re.MULTILINE)
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-z][a-z0-9]*)\b[^<>]*?(?P<self>/?)>", re.IGNORECASE)
_PAIRED = {
    *("a", "abbr", "b", "blockquote", "code", "del", "details", "div", "em", "figure", "i", "ins"),
    *("kbd", "mark", "ol", "pre", "q", "s", "samp", "small", "span", "strong", "sub", "summary"),
    *("sup", "table", "u", "ul", "var"),
}

Lines = Iterable[tuple[int, str]]


def unclosed(lines: Lines) -> Iterator[tuple[int, str]]:
    """Tell where something was begun that is not ended, and what it is.

    `lines` are numbered and hold no listing; emphasis and links end with their paragraph."""
    opened: list[tuple[str, int]] = []
    nested = False  # in a list or box, where an indented paragraph is no listing
    for paragraph in _paragraphs(lines):
        text = "\n".join(line for _, line in paragraph)
        if not text.startswith(_INDENT):
            nested = _BEGINS.search(text) is not None
        if len(text) > _LONGEST or (text.startswith(_INDENT) and not nested):
            continue
        bare = _ESCAPED.sub("  ", _CODE.sub(_blank, text))
        first = paragraph[0][0]
        bare = _follow_tags(bare, first, opened)
        bare = _STRONG.sub(_blank, _LINK.sub(_blank, bare))
        for pattern, name in _OPEN:
            if found := pattern.search(bare):
                yield first + bare.count("\n", 0, found.start()), name
    for name, line in opened:
        yield line, f"the HTML element <{name}>"


def _paragraphs(lines: Lines) -> Iterator[list[tuple[int, str]]]:
    """Lines that follow each other without an empty one between them."""
    block: list[tuple[int, str]] = []
    for number, line in lines:
        if line.strip() and block and number == block[-1][0] + 1:
            block.append((number, line))
            continue
        if block:
            yield block
        block = [(number, line)] if line.strip() else []
    if block:
        yield block


def _blank(found: re.Match[str]) -> str:
    """As many lines, no signs."""
    return "\n" * found[0].count("\n")


def _follow_tags(text: str, first: int, opened: list[tuple[str, int]]) -> str:
    """Note elements that begin and end here; return the text without tags."""
    for tag in _TAG.finditer(text):
        name = tag["name"].lower()
        if name not in _PAIRED or tag["self"]:
            continue
        if not tag["end"]:
            opened.append((name, first + text.count("\n", 0, tag.start())))
            continue
        at = next((n for n in range(len(opened) - 1, -1, -1) if opened[n][0] == name), None)
        if at is not None:
            del opened[at]
    return _TAG.sub(_blank, text)
