"""Plain text as Markdown that says the same: nothing in it means anything to the renderer."""

import html
import re

_ENTITY = re.compile(r"&#?\w{1,32};?")
_BACKSLASH = re.compile(r"\\(?=[!-/:-@\[-`{-~]|$)")
_SIGNS = re.compile(r"[*`\[\]{}]|(?<!\w)_|_(?!\w)")
_BEGINS = re.compile(r"[#>|]|[+-](?=[ \t-]|$)|!(?=!!)")
_BEGINS_SO = re.compile(r"[=:~?](?=[=:~? \t]|$)")
_NUMBER = re.compile(r"(\d+)([.)])(?=\s|$)")


def as_markdown(text: str) -> str:
    """Return a text of words and paragraphs as Markdown; lines lose the space before them."""
    return "\n".join(_line(line.strip()) for line in text.splitlines())


def _line(line: str) -> str:
    line = _BACKSLASH.sub(r"\\\\", line)
    line = _ENTITY.sub(_as_written, line).replace("<", "&lt;")
    line = _SIGNS.sub(r"\\\g<0>", line)
    if _BEGINS.match(line):
        return f"\\{line}"
    if _BEGINS_SO.match(line):
        return f"&#{ord(line[0])};{line[1:]}"
    return _NUMBER.sub(r"\1\\\2", line, count=1) if _NUMBER.match(line) else line


def _as_written(found: re.Match[str]) -> str:
    """Keep what HTML reads as it stands; some names of signs need no semicolon there."""
    stays = html.unescape(found[0]) == found[0] and not found[0].endswith(";")
    return found[0] if stays else f"&amp;{found[0][1:]}"
