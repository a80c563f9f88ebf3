"""What an imported text still holds that would keep the new site from compiling is made words."""

import re
from collections.abc import Container, Iterable
from html import unescape
from pathlib import Path
from urllib.parse import unquote

from kb.content.markdown import Context, Rendered, render
from kb.content.media import KINDS
from kb.content.problems import Level

_ELSEWHERE = ("http:", "https:", "mailto:", "tel:", "/")
_ATTEMPTS = 4
_CODE = re.compile(r"(`+[^`]*`+)")
_FENCE = re.compile(r"^\s*(?:>\s*)*(`{3,}|~{3,})([^`]*)$")
_UNDERLINE = re.compile(r"^[=-]+\s*$")
_EMPTY = re.compile(r"\]\(\s*(?:<\s*>)?\s*\)")
_NUMBER = re.compile(r"article:([0-9]+)(#.*)?")
_SIGNS = re.compile(r"[\[\]<>!#=~`:|\\-]")
_NUMBERED = re.compile(r"\[\[(\d+)(?:#[\w-]+)?(?:\|([^\]\n]+))?\]\]")


def is_file(path: Path) -> bool:
    """Tell whether a file is there; a name that no disk can hold is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_code(link: re.Match[str], href: str) -> bool:
    """Tell whether a part of a program only looks like a link: `[int[]](1,2)`, `call[0](x)`."""
    if any(sign in href for sign in "./#"):
        return False
    before = link.string[: link.start()][-1:]
    return before.isalnum() or not any(map(str.isalpha, href))


def as_words(
    text: str, folder: Path, numbers: Container[int], context: Context
) -> tuple[str, Rendered]:
    """Write what would keep the site from compiling so that it is read as it was typed: links to
    files that are not in `folder` or to articles that have none of the `numbers` (most are no
    links but code, `[int[]](1,2)`), blocks of other tools, headings of the title's level.

    Return the text and what it renders to."""
    rendered = render(text, context)
    for attempt in range(_ATTEMPTS):
        dead = _dead(rendered, folder, numbers)
        wrong = {at.line for at in rendered.problems if at.level is Level.ERROR}
        if not rendered.parts or not (dead or wrong):
            break
        lines = text.split("\n")
        listed = _listings(lines) if attempt + 1 < _ATTEMPTS else frozenset()
        for at, line in enumerate(lines):
            number = at + context.first_line
            if number in wrong or (number - 1 in wrong and _UNDERLINE.match(line)):
                lines[at] = _typed(line)
            elif at not in listed and any(_holds(line, target) for target in dead):
                lines[at] = _typed(line) if attempt else _without_links(line)
        text = "\n".join(lines)
        rendered = render(text, context)
    return text, rendered


def _listings(lines: Iterable[str]) -> frozenset[int]:
    """The places of the lines that are program text between fences."""
    inside, fence = set(), ""
    for at, line in enumerate(lines):
        mark = _FENCE.match(line)
        if fence or mark:
            inside.add(at)
        if not fence:
            fence = mark[1] if mark else ""
        elif mark and mark[1].startswith(fence) and not mark[2].strip():
            fence = ""
    return frozenset(inside)


def _holds(line: str, target: str) -> bool:
    """Tell whether a line may hold a link to `target`, however its signs are written there."""
    words = _bare(target)
    return words in _bare(line) if words else bool(_EMPTY.search(line)) or target in line


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", unquote(unescape(text)))


def _without_links(line: str) -> str:
    parts = _CODE.split(line)
    return "".join(part if at % 2 else part.replace("](", r"]\(") for at, part in enumerate(parts))


def _typed(line: str) -> str:
    return _SIGNS.sub(lambda sign: f"&#{ord(sign[0])};", line)


def _dead(rendered: Rendered, folder: Path, numbers: Container[int]) -> set[str]:
    """The addresses that lead nowhere, and those of pictures that are not there."""
    anchors = {f"#{heading.anchor}" for heading in rendered.headings}
    found = {image.src for image in rendered.images if not _is_beside(image.src, folder)}
    for target in (link.target for link in rendered.links):
        if target.startswith("#"):
            is_dead = target not in anchors
        elif number := _NUMBER.match(target):
            is_dead = bool(number[2]) or int(number[1]) not in numbers
        else:
            is_dead = not target.lower().startswith(_ELSEWHERE) and not _is_beside(target, folder)
        if is_dead:
            found.add(target.removeprefix("article:"))
    return found


def _is_beside(href: str, folder: Path) -> bool:
    """Tell whether a file is beside the article, and of a kind that the site serves."""
    plain = unquote(href).partition("#")[0]
    return plain.lower().endswith(tuple(KINDS)) and is_file(folder / plain)


def without_links_to(numbers: Iterable[int], titles: dict[int, str], text: str) -> str:
    """Return a text in which the links to these articles, which were left out, are words."""
    gone = set(numbers)

    def words(found: re.Match[str]) -> str:
        number = int(found[1])
        return found[0] if number not in gone else found[2] or titles[number]

    return _NUMBERED.sub(words, text)
