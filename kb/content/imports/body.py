"""Foreign Markdown becomes ours: headings, boxes, lists, links, images; every change is counted."""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape

from kb.content.imports.dead_ends import is_code
from kb.content.imports.lists import indent_by_four
from kb.content.imports.report import Report
from kb.content.markdown.blocks import ARTICLE_LINK
from kb.content.markdown.code import knows_language
from kb.content.markdown.words import ADMONITIONS

_FENCE = re.compile(r"^(?P<indent>\s*(?:>\s*)*)(?P<mark>`{3,}|~{3,})(?P<info>[^`]*)$")
_HEADING = re.compile(r"^ {0,3}(?P<signs>#{1,6})\s+(?P<text>.*?)\s*#*\s*(?P<attr>\{[^}]*\})?\s*$")
_PLAIN_LINE = re.compile(r"^ {0,3}[^\s#>|`~=:!*+-]")
_UNDERLINE = re.compile(r"^(=+|-{2,})\s*$")
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")
_ID = re.compile(r"\{#([a-z0-9][a-z0-9-]*)\}")
_BOX = re.compile(r"^\s*>\s*\[!(?P<kind>[A-Za-z]+)\]\s*(?P<rest>.*)$")
_VIDEO = re.compile(r"^\s*>?\s*\[!VIDEO\]\s*\(?(?P<url>https?://[^\s)]+)\)?.*$", re.IGNORECASE)
_TAB = re.compile(r"^\s*>\s*\[!TAB\s+(?P<name>[^\]]+)\]\s*$", re.IGNORECASE)
_TABS = re.compile(r"^\s*>\s*\[!(?:BEGIN|END)TABS\]\s*$", re.IGNORECASE)
_DOCUSAURUS = re.compile(r"^:::+\s*(?P<kind>[a-z]+)\s*\[?(?P<title>[^\]\n]*)\]?\s*$")
_COLONS = re.compile(r"^\s*:::+\s*$|^\s*:::+\s*\S.*$")
_ADMONITION = re.compile(r"^(?P<indent>\s*)(?:!!!|\?\?\?\+?)\s+(?P<kind>[\w-]+)(?P<rest>.*)$")
_UI = re.compile(r"\[!UICONTROL\s+([^\]]+)\]", re.IGNORECASE)
_OTHER_MARK = re.compile(r"\[!(?:DNL|BADGE)\s+([^\]]+)\]", re.IGNORECASE)
_INCLUDE = re.compile(r"^\s*(?:\[!INCLUDE.*|\{!.*!\}|\{%\s*include.*%\})\s*$", re.IGNORECASE)
_CODE = re.compile(r"(`+)(?:(?!\1).)+?\1")
_IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?P<src>\S+?)(?:\s+[\"'(][^)]*)?\)(?P<attr>\{[^}]*\})?")
_LINK = re.compile(
    r"(?<!!)\[(?P<text>[^\[\]]*(?:\[[^\[\]\n]*\](?!\()[^\[\]]*){0,3})\]"
    r"\((?P<href><[^>\n]*>|[^()\"\n]*(?:\([^()\n]*\)[^()\"\n]*)*)(?:\"[^\"\n]*\"\s*)?\)"
)
_DATA = re.compile(r"data:image/(?P<kind>png|jpe?g|gif|webp);base64,(?P<data>[A-Za-z0-9+/=\s]+)")
_HTML_IMAGE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_SRC = re.compile(r"""\bsrc\s*=\s*["']([^"'\s]+)""", re.IGNORECASE)
_ALT = re.compile(r"""\balt\s*=\s*["']([^"']*)""", re.IGNORECASE)
_HTML_LINK = re.compile(
    r"""<a\b[^>]*?href\s*=\s*["']([^"'\s]*)["'][^>]*>([^<\[\]]*)</a>""", re.IGNORECASE
)
_HTML_LINK_END = re.compile(r"</?a\b[^>]*>", re.IGNORECASE)
_DEFINITION = re.compile(r"^ {0,3}\[[^\]^]+\]:\s*<?(?P<href>[^\s>]+)")
_ASIDE = re.compile("\ue010(\\d+)\ue011")
_PRIVATE = re.compile("[\ue000-\ue01f]")
_OUTSIDE = ("http:", "https:", "mailto:", "tel:")


@dataclass(frozen=True, slots=True)
class Surround:
    """What the mending of one body needs from the import around it.

    `picture` takes a source path or decoded bytes with a name and returns the name beside the
    article, or None; `file` does so for the file of a link; `article` returns the number that a
    relative link leads to, or None."""

    path: str
    title: str
    picture: Callable[[str, bytes | None], str | None]
    article: Callable[[str], int | None]
    file: Callable[[str], str | None]
    report: Report


def mend_body(body: str, around: Surround) -> str:
    """Return a foreign body as our Markdown."""
    lines = _PRIVATE.sub("", body).expandtabs(4).split("\n")
    lines = _boxes(lines, around)
    lines = _lines(lines, around)
    lines = indent_by_four(
        lines, lambda times: around.report.note(around.path, "list indents", times)
    )
    return "\n".join(lines).strip("\n") + "\n"


def _boxes(lines: list[str], around: Surround) -> list[str]:
    """Boxes and tabs of other tools become `!!!` and `===`."""
    out: list[str] = []
    indent, in_tab, colons = "", False, False
    for line in lines:
        base = "    " if in_tab else ""
        if _VIDEO.match(line):
            url = _VIDEO.sub(r"\g<url>", line).strip()
            out += ["", f"{base}[Video]({url})", ""]
            around.report.note(around.path, "video on another site, now a link")
        elif _TABS.match(line):
            in_tab, indent = False, ""
            out.append("")
        elif tab := _TAB.match(line):
            in_tab, indent = True, ""
            out += ["", f'=== "{tab["name"].strip()}"', ""]
            around.report.note(around.path, "tab of another tool")
        elif box := _BOX.match(line):
            kind = ADMONITIONS.get(box["kind"].lower(), "note")
            out += ["", f"{base}!!! {kind}", ""]
            indent = f"{base}    "
            if box["rest"]:
                out.append(indent + box["rest"])
            around.report.note(around.path, "box of another tool")
        elif indent and line.lstrip().startswith(">"):
            out.append((indent + line.lstrip()[1:].removeprefix(" ")).rstrip())
        elif (found := _DOCUSAURUS.match(line)) and found["kind"] in ADMONITIONS:
            title = f' "{found["title"].strip()}"' if found["title"].strip() else ""
            out += ["", f"!!! {ADMONITIONS[found['kind']]}{title}", ""]
            indent, colons = "    ", True
            around.report.note(around.path, "box of another tool")
        elif colons and _COLONS.match(line):
            indent, colons = "", False
            out.append("")
        elif colons:
            out.append(indent + line if line.strip() else "")
        else:
            indent = ""
            out.append(base + line if line.strip() else line)
    return out


def _lines(lines: list[str], around: Surround) -> list[str]:
    """Everything that is mended line by line, outside of listings."""
    note = around.report.note
    out: list[str] = []
    fence, above, first = "", 1, True
    for line in lines:
        mark = _FENCE.match(line)
        if fence:
            if mark and mark["mark"].startswith(fence) and not mark["info"].strip():
                fence = ""
            out.append(line)
            continue
        if mark:
            fence = mark["mark"]
            out.append(_known_language(line, mark, around))
            continue
        if out and _UNDERLINE.match(line) and _is_paragraph(out[-1]):
            signs = "#" if line.startswith("=") else "##"
            line = f"{signs} {out.pop().strip()}"
        heading = _HEADING.match(line)
        if heading:
            made, above = _heading(heading, above, first, around)
            first = False
            out += made
        elif _INCLUDE.match(line):
            note(around.path, "include of another file, left out")
        elif _COLONS.match(line):
            note(around.path, "block of another tool, its text kept")
        elif (named := _DEFINITION.match(line)) and not _is_outside(named["href"]):
            note(around.path, "link that leads nowhere, its words kept")
        else:
            out.append(_outside_code(_admonition(line, around), around))
    if fence:
        out.append(fence)
        note(around.path, "code that was not closed")
    return out


def _is_paragraph(line: str) -> bool:
    return bool(_PLAIN_LINE.match(line)) and "|" not in line


def _heading(
    found: re.Match[str], above: int, first: bool, around: Surround
) -> tuple[list[str], int]:
    """One heading with plain words, at a level that skips none; the title's own is dropped."""
    note = around.report.note
    text = " ".join(unescape(unescape(_TAG.sub("", found["text"]))).split())
    text = _OTHER_MARK.sub(r"\1", _UI.sub(r"\1", text))
    text = ARTICLE_LINK_SAFE.sub(r"\\[[\1]]", _LINK.sub(r"\g<text>", _IMAGE.sub("", text))).strip()
    if text != found["text"].strip():
        note(around.path, "heading with tags, entities or links")
    level = len(found["signs"])
    if level == 1 and first and same_words(text, around.title):
        note(around.path, "first heading that repeats the title, dropped")
        return [], above
    if not text:
        note(around.path, "empty heading, dropped")
        return [], above
    fitting = min(max(level, 2), above + 1)
    if fitting != level:
        note(around.path, "heading level")
    anchor = _ID.search(found["attr"] or "")
    if found["attr"] and not anchor:
        note(around.path, "heading attributes that are not known, dropped")
    return ["", f"{'#' * fitting} {text}{f' {anchor[0]}' if anchor else ''}", ""], fitting


def same_words(one: str, other: str) -> bool:
    """Tell whether two texts are the same but for signs, spaces and capitals."""
    fold = re.compile(r"[\W_]+")
    return fold.sub("", one).casefold() == fold.sub("", other).casefold()


def _known_language(line: str, mark: re.Match[str], around: Surround) -> str:
    name = mark["info"].strip().split(" ")[0].strip("{}.").lower()
    if knows_language(name):
        return line
    around.report.note(around.path, "code language that is not known")
    return f"{mark['indent']}{mark['mark']}text"


def _admonition(line: str, around: Surround) -> str:
    found = _ADMONITION.match(line)
    if found is None:
        return line
    kind = ADMONITIONS.get(found["kind"].lower(), "note")
    made = f"{found['indent']}!!! {kind}{found['rest']}"
    if made != line:
        around.report.note(around.path, "box of another tool")
    return made


def _outside_code(line: str, around: Surround) -> str:
    """Mend a line with its inline code put aside, so that nothing in it is touched."""
    kept: list[str] = []

    def aside(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f"\ue010{len(kept) - 1}\ue011"

    mended = _inline(_CODE.sub(aside, line), around)
    return _ASIDE.sub(lambda found: kept[int(found[1])], mended)


def _inline(text: str, around: Surround) -> str:
    text = _OTHER_MARK.sub(r"\1", _UI.sub(r"**\1**", text))
    if "[[" in text:
        text = ARTICLE_LINK_SAFE.sub(r"\\[[\1]]", text)
    if "<" in text:
        text = _HTML_IMAGE.sub(_html_image, text)
        text = _HTML_LINK_END.sub("", _HTML_LINK.sub(r"[\2](\1)", text))
    text = _IMAGE.sub(lambda found: _image(found, around), text)
    return _LINK.sub(lambda found: _link(found, around), text)


def _html_image(found: re.Match[str]) -> str:
    src, alt = _SRC.search(found[0]), _ALT.search(found[0])
    return f"![{alt[1] if alt else ''}]({src[1]})" if src else ""


ARTICLE_LINK_SAFE = re.compile(r"(?<!\\)" + ARTICLE_LINK.replace(r"\[\[\s*(", r"\[\[(", 1))


def _image(found: re.Match[str], around: Surround) -> str:
    src, note = found["src"], around.report.note
    alt = " ".join(found["alt"].replace("[", "(").replace("]", ")").split())
    if len(alt) > 150:
        alt = ""
    data = _DATA.fullmatch(src)
    if src.lower().startswith(("http:", "https:")):
        note(around.path, "image on another site, now a link")
        return f"[{alt or around.title}]({src})"
    name = around.picture(src, _decoded(data["data"])) if data else None
    if data is None and not src.lower().startswith("data:"):
        name = around.picture(src, None)
    if name is None:
        note(around.path, "image that is not there, left out")
        return f"*{alt}*" if alt and not data else ""
    if data:
        note(around.path, "image inside the text, now a file")
    if not alt:
        note(around.path, "image without alternative text, given the title's")
    return f"![{alt or around.title}]({name}){found['attr'] or ''}"


def _decoded(data: str) -> bytes | None:
    try:
        return base64.b64decode(data, validate=False) or None
    except (binascii.Error, ValueError):
        return None


def _is_outside(href: str) -> bool:
    return href.lower().startswith(_OUTSIDE)


def _link(found: re.Match[str], around: Surround) -> str:
    href, text = found["href"].strip("<>").strip(), found["text"].strip()
    if href.startswith("#") or _is_outside(href) or is_code(found, href):
        return found[0]
    number = around.article(href) if href else None
    if number == 0:
        around.report.note(
            around.path, "link to an article that its readers may not read, its words kept"
        )
        return text
    if number is not None:
        around.report.note(around.path, "link to another article, now by its number")
        plain = re.sub(r"[*`_|]", "", text)
        return f"[[{number}|{plain}]]" if plain else f"[[{number}]]"
    name = around.file(href) if href else None
    if name is not None:
        around.report.note(around.path, "file of a link, now beside the article")
        return f"[{text or name}]({name})"
    around.report.note(around.path, "link that leads nowhere, its words kept")
    return text
