"""Plain text as Markdown that says the same: nothing in it means anything to the renderer."""

import re

_ENTITY = re.compile(r"&(?=#?\w{1,31};)")
_BACKSLASH = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
_SIGNS = re.compile(r"[*`\[\]{}]|(?<!\w)_|_(?!\w)")
_BEGINS = re.compile(r"[#>|]|[+-](?=[ \t-]|$)|!(?=!!)")
_BEGINS_SO = re.compile(r"[=:~?](?=[=:~? \t]|$)")
_NUMBER = re.compile(r"(\d+)([.)])(?=\s|$)")


def as_markdown(text: str) -> str:
    """Return a text of words and paragraphs as Markdown; lines lose the space before them."""
    return "\n".join(_line(line.strip()) for line in text.splitlines())


def _line(line: str) -> str:
    line = _BACKSLASH.sub(r"\\\\", line)
    line = _ENTITY.sub("&amp;", line).replace("<", "&lt;")
    line = _SIGNS.sub(r"\\\g<0>", line)
    if _BEGINS.match(line):
        return f"\\{line}"
    if _BEGINS_SO.match(line):
        return f"&#{ord(line[0])};{line[1:]}"
    return _NUMBER.sub(r"\1\\\2", line, count=1) if _NUMBER.match(line) else line
