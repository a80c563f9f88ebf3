"""The JSON files of an export: read whole or refused with a sentence."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from kb.content.problems import ContentError, Problem

SIZE_LIMIT = 500 * 1024 * 1024


def read_json_files(source: Path) -> tuple[tuple[str, Any], ...]:
    """Return (name, data) of a JSON file, or of every one below a folder in the order of their
    names. Raises ContentError with every file that cannot be read."""
    found: list[tuple[str, Any]] = []
    problems: list[Problem] = []
    for path in _paths(source):
        name = path.name if path == source else path.relative_to(source).as_posix()
        try:
            found.append((name, _read(path, name)))
        except ContentError as error:
            problems += error.problems
    if not found and not problems:
        mend = "name the folder with the export's .json files, or one of them"
        problems.append(Problem(source.name, 1, "there is no JSON file", mend))
    if problems:
        raise ContentError(tuple(problems))
    return tuple(found)


def listed(data: Any, name: str) -> Iterator[dict[str, Any]]:
    """The records of a list, wherever the file keeps it: {name: [...]}, or pages of such."""
    pages = data if isinstance(data, list) else [data]
    for page in pages:
        value = page.get(name) if isinstance(page, dict) else None
        for record in value if isinstance(value, list) else ():
            if isinstance(record, dict):
                yield record


def words(record: dict[str, Any], *names: str) -> str:
    """The first of the values that is there, as one line of words."""
    for name in names:
        value = record.get(name)
        if isinstance(value, str | int | float) and str(value).strip():
            return " ".join(str(value).split())
    return ""


def body(record: dict[str, Any], *names: str) -> str:
    """The first of the values that is a text, as it stands."""
    return next((str(record[name]) for name in names if isinstance(record.get(name), str)), "")


def names_in(value: Any) -> tuple[str, ...]:
    """A list of names, given as texts, as {"name": …} or with commas between them."""
    if isinstance(value, str):
        value = value.split(",")
    found = (words(one, "name") if isinstance(one, dict) else " ".join(str(one).split())
             for one in (value if isinstance(value, list) else ()))  # fmt: skip
    return tuple(dict.fromkeys(name for name in found if name))


def day(record: dict[str, Any], *names: str) -> date | None:
    """The day of the first time that can be read."""
    for name in names:
        try:
            return datetime.fromisoformat(str(record.get(name)).replace("Z", "+00:00")).date()
        except ValueError:
            continue
    return None


def language(locale: str) -> str:
    """`en-us` → `en`, `es_419` → `es`."""
    return locale.replace("_", "-").partition("-")[0].lower()


def _paths(source: Path) -> Iterator[Path]:
    if source.is_file():
        yield source
        return
    root = source.resolve()
    for path in sorted(source.rglob("*.json")):
        if path.is_file() and path.resolve().is_relative_to(root):
            yield path


def _read(path: Path, name: str) -> Any:
    if path.stat().st_size > SIZE_LIMIT:
        what = f"more than {SIZE_LIMIT // (1024 * 1024)} MB"
        raise ContentError((Problem(name, 1, what, "export it in parts"),))
    try:
        return json.loads(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError:
        what, mend = "this is not UTF-8", "export it anew"
        raise ContentError((Problem(name, 1, what, mend),)) from None
    except json.JSONDecodeError as error:
        cut = error.pos >= len(error.doc.rstrip()) or "Unterminated" in error.msg
        what = "the file ends in the middle" if cut else f"this is not JSON: {error.msg}"
        mend = "export or download it anew; nothing was imported"
        raise ContentError((Problem(name, error.lineno, what, mend),)) from None
    except RecursionError:
        what, mend = "it is nested too deep for an export", "export it anew"
        raise ContentError((Problem(name, 1, what, mend),)) from None
