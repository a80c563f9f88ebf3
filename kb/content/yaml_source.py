"""YAML with a line for every key.

Deliberately less than YAML: no anchors, aliases, tags, repeated keys or second documents, and only
`true`, `false`, `null`, whole numbers and ISO dates are anything but text. So `no` stays a word,
`20:00` a time and `11.10` the version that was written. `validate.py` makes objects of the data.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeGuard

import yaml

from kb.content.problems import ContentError, Problem

SIZE_LIMIT = 256 * 1024
DEPTH_LIMIT = 40

Loc = tuple[str | int, ...]

_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,14})")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("null", "Null", "NULL", "~", ""), None),
}
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SYNTAX = (
    ("cannot start any token", "this line starts with a tab or a reserved sign",
     "indent with spaces and put texts that begin with @, ` or % in quotes"),
    ("mapping values are not allowed", "there is a colon where no key can be",
     "put a text that holds “: ” in quotes, or check the indent"),
    ("could not find expected ':'", "a key without its colon",
     "write “key: value”, and put texts of several lines after “|” or in quotes"),
    ("did not find expected alphabetic", "a text begins with * or &, which YAML reads as a mark",
     "put the text in quotes"),
    ("did not find expected key", "the indent does not fit the lines above",
     "line up keys of the same group under each other"),
    ("did not find expected '-'", "the indent does not fit the list above",
     "line up the dashes of a list under each other"),
    ("did not find expected ',' or", "a list or group in brackets is not closed here",
     "close it with ] or }, with commas between its parts"),
    ("while scanning a quoted scalar", "a quoted text is not closed",
     "end it with the same quote it began with"),
    ("unexpected end of stream", "a quoted text is not closed",
     "end it with the same quote it began with"),
    ("unknown escape character", "a \\ sign in a double-quoted text",
     "use single quotes, or write \\\\ for one \\"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class YamlSource:
    """The data of one file and where each part of it stands."""

    path: str
    data: Any
    lines: Mapping[Loc, int]
    first_line: int = 1

    def line_of(self, loc: Loc) -> int:
        """Return the line of `loc`, or of the nearest part of it that is in the file."""
        found: Loc = ()
        for step in loc:
            if (*found, step) in self.lines:
                found = (*found, step)
        return self.lines.get(found, self.first_line)


def read_file(root: Path, path: str) -> str:
    """Read a text file of the site; raises ContentError when it is missing or no UTF-8 text."""
    try:
        raw = (root / path).read_bytes()
    except FileNotFoundError:
        raise ContentError([Problem(path, 1, "this file is missing", "write it")]) from None
    except OSError as error:
        reason = (error.strerror or "it cannot be read").lower()
        raise ContentError([Problem(path, 1, f"this file cannot be read: {reason}")]) from None
    return decode(path, raw)


def decode(path: str, raw: bytes, first_line: int = 1) -> str:
    """Turn a file's bytes into text, without BOM or CR; raises ContentError for anything
    that is no UTF-8, is too large, or holds control characters."""
    if len(raw) > SIZE_LIMIT:
        what = f"this file has {len(raw) // 1024} KB; the limit is {SIZE_LIMIT // 1024} KB"
        raise ContentError([Problem(path, first_line, what, "split it")])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = first_line + raw.count(b"\n", 0, error.start)
        what = f"this file is not UTF-8 text (byte 0x{raw[error.start]:02x})"
        raise ContentError([Problem(path, line, what, "save it with the encoding UTF-8")]) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    bad = _UNPRINTABLE.search(text)
    if bad:
        line = first_line + text.count("\n", 0, bad.start())
        what = f"a control character (U+{ord(bad[0]):04X}) stands in this line"
        raise ContentError([Problem(path, line, what, "delete it")])
    problem = conflict(path, text, first_line)
    if problem:
        raise ContentError([problem])
    return text


def conflict(path: str, text: str, first_line: int = 1) -> Problem | None:
    """Find what git leaves where two changes met, until somebody has chosen between them."""
    begins = f"\n{text}".find("\n<<<<<<< ")
    parts = text.find("\n=======\n", begins) if begins >= 0 else -1
    if parts < 0 or text.find("\n>>>>>>> ", parts) < 0:
        return None
    line = first_line + text.count("\n", 0, begins)
    mend = "choose between the two and delete the lines <<<<<<<, ======= and >>>>>>>"
    return Problem(path, line, "a conflict of git that nobody has resolved begins here", mend)


def read_yaml(path: str, text: str | bytes, first_line: int = 1) -> YamlSource:
    """Read one YAML document; `first_line` is where it starts in its file (front matter).

    Raises ContentError with every mistake of form that can be told apart."""
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    source = decode(path, raw, first_line)
    reader = _Reader(path, first_line)
    try:
        reader.read(source)
    except yaml.MarkedYAMLError as error:
        reader.problems.append(_syntax_problem(path, first_line, error, source))
    if reader.problems:
        raise ContentError(sorted(reader.problems))
    return YamlSource(path, reader.data, reader.lines, first_line)


def read_yaml_file(root: Path, path: str) -> YamlSource:
    """Read the YAML file `path` of the site at `root`; raises ContentError."""
    return read_yaml(path, read_file(root, path))


def _syntax_problem(path: str, first_line: int, error: yaml.MarkedYAMLError, text: str) -> Problem:
    begun = "while scanning" in (error.context or "")  # the problem's mark is where it gave up
    mark = (begun and error.context_mark) or error.problem_mark
    line = first_line + (mark.line if mark else 0)
    told = f"{error.context or ''} {error.problem or ''}"
    if "did not find expected key" in told and _goes_on(error, text):
        return Problem(path, line, "something stands after the end of this value", _GOES_ON)
    for part, what, mend in _SYNTAX:
        if part in told:
            return Problem(path, line, what, mend)
    return Problem(path, line, f"this is not YAML: {error.problem}", "check this line and the last")


_GOES_ON = 'put the whole text in quotes; within double quotes write \\" for a quote'


def _goes_on(error: yaml.MarkedYAMLError, text: str) -> bool:
    """Tell whether a line goes on behind a quote or bracket that closes: `title: [A] title`."""
    mark = error.problem_mark
    line = text.split("\n")[mark.line] if mark else ""
    return bool(mark and re.search(r"[\"'\]}][ \t]*$", line[: mark.column]))


class _Reader:
    """Builds the data from the parser's events, noting the line of every part."""

    def __init__(self, path: str, first_line: int) -> None:
        self.path = path
        self.first_line = first_line
        self.data: Any = None
        self.lines: dict[Loc, int] = {(): first_line}
        self.problems: list[Problem] = []

    def read(self, text: str) -> None:
        events = yaml.parse(text, Loader=yaml.CSafeLoader)
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._problem(event, "a second document starts here", "remove the line “---”")
                    return
                self.data = self._value(next(events), events, ())

    def _value(self, event: Any, events: Iterator[Any], loc: Loc) -> Any:
        self._refuse_references(event)
        if isinstance(event, yaml.MappingStartEvent) and self._is_shallow(event, loc):
            return self._mapping(events, loc)
        if isinstance(event, yaml.SequenceStartEvent) and self._is_shallow(event, loc):
            return self._sequence(events, loc)
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event.value) if event.implicit[0] else event.value
        return None

    def _mapping(self, events: Iterator[Any], loc: Loc) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._key(event)
            if key in data:
                first = self.lines[(*loc, key)]
                self._problem(event, f"“{key}” is there twice (first in line {first})", "keep one")
            else:
                self.lines[(*loc, key)] = self._line(event)
            data[key] = self._value(next(events), events, (*loc, key))
        return data

    def _key(self, event: Any) -> str:
        if isinstance(event, yaml.ScalarEvent):
            self._refuse_references(event)
            return str(event.value)
        raise self._stop(event, "a list or group cannot be a key", "write a word before the colon")

    def _sequence(self, events: Iterator[Any], loc: Loc) -> list[Any]:
        data: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            here = (*loc, len(data))
            self.lines[here] = self._line(event)
            data.append(self._value(event, events, here))
        return data

    def _is_shallow(self, event: Any, loc: Loc) -> bool:
        if len(loc) < DEPTH_LIMIT:
            return True
        what = f"more than {DEPTH_LIMIT} levels of lists and groups"
        raise self._stop(event, what, "use fewer")

    def _refuse_references(self, event: Any) -> None:
        if isinstance(event, yaml.AliasEvent):
            what = f"“*{event.anchor}” refers to another place in the file"
            self._problem(event, what, "write the text out, or put it in quotes")
            return
        if getattr(event, "anchor", None):
            what = f"“&{event.anchor}” names this place in the file"
            self._problem(event, what, "remove it, or put the text in quotes")
        if getattr(event, "tag", None):
            what = f"the tag “{event.tag}” is not used here"
            self._problem(event, what, "remove it, or put the text in quotes")

    def _line(self, event: Any) -> int:
        return self.first_line + int(event.start_mark.line)

    def _stop(self, event: Any, what: str, mend: str) -> ContentError:
        self._problem(event, what, mend)
        return ContentError(sorted(self.problems))

    def _problem(self, event: Any, what: str, mend: str) -> None:
        self.problems.append(Problem(self.path, self._line(event), what, mend))


def _scalar(text: str) -> str | int | bool | date | None:
    """Read a plain word as the little that is not text; everything else stays as written."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text  # 2026-02-30: the field that wants a date says so
    return text


def is_mapping(data: object) -> TypeGuard[dict[str, Any]]:
    """Tell whether YAML data is a group of keys."""
    return isinstance(data, dict)
