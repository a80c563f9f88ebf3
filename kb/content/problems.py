"""Mistakes in content, told so that an author can mend them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum


class Level(StrEnum):
    """An error keeps a site from compiling; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake: where it is (`path` is relative to the site; line 0 is no line of a file), what
    is wrong, how to mend it.

    `rule` names the rule that was broken (`check_rules.py`), `about` what else the mistake hangs
    on: another file's path, or `article:1042`."""

    path: str
    line: int
    what: str
    mend: str = ""
    level: Level = Level.ERROR
    rule: str = "form"
    about: str = ""

    def __str__(self) -> str:
        mend = f"; {self.mend}" if self.mend else ""
        where = f"{self.path}:{self.line}" if self.line else self.path
        return f"{where}: {self.what}{mend}"


class ContentError(Exception):
    """Content that cannot be read or compiled; `problems` holds every mistake that was found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def of_rule(rule: str, problems: Iterable[Problem]) -> Iterator[Problem]:
    """Give those problems that have only the general rule a nearer one."""
    for problem in problems:
        yield replace(problem, rule=rule) if problem.rule == "form" else problem
