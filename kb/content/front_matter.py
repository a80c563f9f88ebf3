"""The keys on top of an article, changed one by one: whatever else its file says stays as written.

A key's value is replaced where it stands in the text. Keys that the editor does not know, comments,
the order of keys, quotes and line ends of everything that did not change are left alone.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeGuard

import yaml

from kb.content.article_text import split_article
from kb.content.problems import ContentError, Problem
from kb.content.yaml_source import is_mapping, read_yaml

BOM = b"\xef\xbb\xbf"
_PLAIN = re.compile(r"[^\W_](?:[\w ./()+@-]*[\w.)+])?")
_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
_INDENT = "  "

Value = str | date | Sequence[str] | Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class SplitSource:
    """An article's file in its parts: the data of its keys, their text, and the body."""

    data: Mapping[str, Any]
    head: str
    body: str


def split_source(path: str, raw: bytes) -> SplitSource:
    """Part the file of an article; raises ContentError where its keys cannot be read, or stand in
    a way in which they cannot be changed one by one."""
    head, body, _ = split_article(path, raw)
    data = read_yaml(path, head, first_line=2).data
    if data is None:
        data = {}
    if not is_mapping(data) or head.lstrip().startswith("{"):
        what = "the keys on top do not stand in lines of their own"
        raise ContentError([Problem(path, 2, what, "write them as “key: value”")])
    return SplitSource(data, head, body)


def composed(path: str, raw: bytes, changes: Mapping[str, Value], body: str) -> bytes:
    """Return the file with some keys changed ('' and () remove a key) and with this body; raises
    ContentError as `split_source` does."""
    source = split_source(path, raw)
    head = changed_head(source.head, changes)
    if _worn(body) == _worn(source.body):
        below = source.body
    else:
        blank = re.match(r"\n*", source.body)
        below = (blank[0] if blank and source.body else "\n") + _worn(body) + "\n"
    text = f"---\n{head}---\n{below}"
    if b"\r\n" in raw:
        text = text.replace("\n", "\r\n")
    return (BOM if raw.startswith(BOM) else b"") + text.encode("utf-8", "replace")


def changed_head(head: str, changes: Mapping[str, Value]) -> str:
    """Return the keys' text with some of them changed, added at its end, or taken out."""
    spans = {name: (start, end, block) for name, start, end, block in _spans(head)}
    for name in sorted(changes, key=lambda key: -spans.get(key, (0, 0, False))[0]):
        value = changes[name]
        gone = not isinstance(value, date) and not value
        if name in spans:
            start, end, block = spans[name]
            inner = _comments(head[start:end]) if block and _is_list(value) else ""
            made = "" if gone else f"{name}:{inner}{_written(value, block=block)}"
            head = _put(head, start, end, made)
        elif not gone:
            head = _ended(head) + f"{name}:{_written(value, block=_is_grouped(value))}\n"
    return _ended(head)


def clean_line(text: str) -> str:
    """Return a text as one line without signs that a file cannot hold."""
    seen = "".join(" " if char.isspace() else char for char in text)
    return " ".join("".join(char for char in seen if char.isprintable() or char == " ").split())


def _worn(body: str) -> str:
    """A body without the blank lines around it; the indent of its first line stays."""
    return re.sub(r"\A(?:[ \t]*\n)+", "", body).rstrip()


def _ended(head: str) -> str:
    return head if not head or head.endswith("\n") else f"{head}\n"


def _put(head: str, start: int, end: int, made: str) -> str:
    """Replace a key with its value; a line of which nothing is left goes too."""
    if made:
        return head[:start] + made + head[end:]
    stop = head.find("\n", end)
    rest = head[end : stop if stop >= 0 else len(head)]
    if rest.strip():  # a comment
        return head[:start] + rest.strip() + head[end + len(rest) :]
    return head[:start] + head[(stop + 1 if stop >= 0 else len(head)) :]


def _spans(head: str) -> Iterator[tuple[str, int, int, bool]]:
    """Every key of the top level: where it begins, where its value ends, whether that is a list or
    group over several lines."""
    styles: list[bool] = []  # of the lists and groups around: in brackets or not
    name, start, end, block = "", 0, 0, False
    for event in yaml.parse(head, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            styles.append(bool(event.flow_style))
            block = block or (len(styles) == 2 and not event.flow_style)
            continue
        if isinstance(event, yaml.CollectionEndEvent):
            end = _at(event.end_mark) if styles.pop() else end
        elif isinstance(event, yaml.ScalarEvent):
            if len(styles) == 1 and not name:
                name, start, block = event.value, _at(event.start_mark), False
                continue
            end = _last(head, event)
        if len(styles) == 1 and name:
            yield name, start, end, block
            name = ""


def _last(head: str, event: Any) -> int:
    """Where a scalar ends in the text; one over several lines ends with its last sign."""
    start, end = _at(event.start_mark), _at(event.end_mark)
    if start == end:  # a key without a value: up to its colon
        return max(start, head.rfind(":", 0, start + 1) + 1)
    return start + len(head[start:end].rstrip())


def _at(mark: Any) -> int:
    return int(mark.index)


def _is_list(value: Value) -> TypeGuard[Sequence[str] | Sequence[Mapping[str, Any]]]:
    return not isinstance(value, str | date)


def _is_grouped(value: Value) -> bool:
    return _is_list(value) and any(isinstance(one, Mapping) for one in value)


def _comments(old: str) -> str:
    """The comments on lines of their own within a list that is written anew."""
    return "".join(f"\n{line}" for line in old.splitlines() if line.lstrip().startswith("#"))


def _written(value: Value, *, block: bool) -> str:
    """A value as YAML, as it follows the colon of its key."""
    if not _is_list(value):
        return f" {_scalar(value) if isinstance(value, str) else value}"
    items = [_group(one) if isinstance(one, Mapping) else _scalar(str(one)) for one in value]
    if block:
        return "".join(f"\n{_INDENT}- {item}" for item in items)
    return f" [{', '.join(items)}]"


def _group(values: Mapping[str, Any]) -> str:
    told = (f"{key}: {_scalar(v) if isinstance(v, str) else v}" for key, v in values.items())
    return f"{{{', '.join(told)}}}"


def _scalar(text: str) -> str:
    """A text as YAML reads it back as the same text, whatever is in it."""
    line = clean_line(text)
    plain = _PLAIN.fullmatch(line) and line.lower() not in _WORDS
    if plain and not re.fullmatch(r"[\d.,_:+-]+(?:e\d+)?", line, re.IGNORECASE):
        return line
    return json.dumps(line, ensure_ascii=False)
