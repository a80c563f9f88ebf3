"""The text of an article file: its encoding, its front matter and its body."""

import re

from kb.content.problems import ContentError, Problem
from kb.content.yaml_source import conflict

SIZE_LIMIT = 2 * 1024 * 1024
"""A file that has more is not read at all."""

TEXT_LIMIT = 1024 * 1024
"""What the Markdown of an article may have."""

_MARK = re.compile(r"---[ \t]*$", re.MULTILINE)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_KEY = re.compile(r"^[A-Za-z_]+:", re.MULTILINE)


def split_article(path: str, raw: bytes) -> tuple[str, str, int]:
    """Part an article's front matter and body; tell on which line the body begins.

    Raises ContentError for what is no text of an article."""
    source = _decode(path, raw)
    start = _MARK.match(source)
    if start is None:
        what = "this article does not begin with its front matter"
        raise ContentError([Problem(path, 1, what, "put its keys between two lines “---” on top")])
    end = _MARK.search(source, start.end() + 1)
    if end is None:
        keys = list(_KEY.finditer(source))
        line = source.count("\n", 0, keys[-1].start()) + 1 if keys else 1
        what = "the front matter is not closed"
        raise ContentError([Problem(path, line, what, "put a line “---” below its last key")])
    head = source[start.end() + 1 : end.start()]
    first_line = source.count("\n", 0, end.end()) + 2
    return head, source[end.end() + 1 :], first_line


def _decode(path: str, raw: bytes) -> str:
    """Bytes to text, without BOM or CR; raises ContentError for what is no text of an article."""
    if len(raw) > SIZE_LIMIT:
        limit = f"the limit is {TEXT_LIMIT // 1024} KB"
        what = f"this file has more than {SIZE_LIMIT // 1024} KB; {limit}"
        raise ContentError([Problem(path, 1, what, "split it")])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        what = f"this file is not UTF-8 text (byte 0x{raw[error.start]:02x})"
        raise ContentError([Problem(path, line, what, "save it with the encoding UTF-8")]) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    bad = _CONTROL.search(text)
    if bad:
        line = text.count("\n", 0, bad.start()) + 1
        what = f"a control character (U+{ord(bad[0]):04X}) stands in this line"
        raise ContentError([Problem(path, line, what, "delete it")])
    problem = conflict(path, text)
    if problem:
        raise ContentError([problem])
    return text
