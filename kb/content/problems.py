"""Mistakes in content, told so that an author can mend them."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """An error keeps a site from compiling; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake: where it is (`path` is relative to the site), what is wrong, how to mend it."""

    path: str
    line: int
    what: str
    mend: str = ""
    level: Level = Level.ERROR

    def __str__(self) -> str:
        mend = f"; {self.mend}" if self.mend else ""
        return f"{self.path}:{self.line}: {self.what}{mend}"


class ContentError(Exception):
    """Content that cannot be read or compiled; `problems` holds every mistake that was found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
