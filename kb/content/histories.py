"""Reading the file of changes that belongs to a compiled site (`git_history.py` writes it)."""

import json
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from kb.rules.articles import Audience
from kb.rules.history import Change


class Histories:
    """The changes of all articles; each article's are read when they are asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._of = lru_cache(maxsize=256)(self._read)

    def of(self, lang: str, id: int) -> tuple[Change, ...]:
        """Return the changes of an article, the newest first."""
        return self._of(f"{lang}/{id}")

    def last(self, lang: str, id: int) -> datetime | None:
        """Return when an article's file was last changed."""
        place = self._places.get(f"{lang}/{id}")
        return datetime.fromtimestamp(place[2], UTC) if place else None

    @property
    def partial(self) -> bool:
        """Tell whether git's copy is cut off, so that older changes are not known."""
        return bool(self._head[0].get("partial"))

    @property
    def _places(self) -> dict[str, tuple[int, int, int]]:
        places: dict[str, tuple[int, int, int]] = self._head[0].get("places", {})
        return places

    @cached_property
    def _head(self) -> tuple[dict[str, Any], int]:
        """What stands on top of the file, and where the rest begins; nothing without a file."""
        try:
            with self._path.open("rb") as file:
                line = file.readline()
            return json.loads(line), len(line)
        except (OSError, ValueError):
            return {}, 0

    def _read(self, name: str) -> tuple[Change, ...]:
        place = self._places.get(name)
        if place is None:
            return ()
        try:
            with self._path.open("rb") as file:
                file.seek(self._head[1] + place[0])
                rows = json.loads(file.read(place[1]))
        except (OSError, ValueError):
            return ()
        return tuple(
            Change(
                commit=commit,
                at=datetime.fromtimestamp(seconds, UTC),
                author=author,
                subject=subject,
                path=f"articles/{path}",
                blob=blob,
                audience=Audience(who or Audience.PUBLIC),
            )
            for commit, seconds, author, subject, path, blob, who in rows
        )
