"""A policy file that a site may leave out: its shape, its lines and its mistakes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from kb.content.problems import ContentError, Problem
from kb.content.validate import Form, validate
from kb.content.words import check_words
from kb.content.yaml_source import Loc, YamlSource, read_yaml

F = TypeVar("F", bound=Form)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Written(Generic[T]):
    """The read file: what it says, where everything stands, and what is wrong by itself."""

    source: YamlSource
    form: T | None = None
    problems: tuple[Problem, ...] = ()
    languages: tuple[str, ...] = field(default=())

    def problem(self, loc: Loc, what: str, mend: str) -> Problem:
        """Put a mistake at its line."""
        return Problem(self.source.path, self.source.line_of(loc), what, mend)


def read_optional(
    path: str,
    text: str | None,
    shape: type[F],
    languages: tuple[str, ...],
    flaws: Callable[[Written[F], F], Iterable[Problem]],
) -> Written[F]:
    """Read the file's text; where there is no file (None) there is no form and no mistake."""

    def shaped(source: YamlSource) -> Written[F]:
        form, problems = validate(shape, source)
        if form is None:
            return Written(source, problems=problems)
        written = Written(source, form, languages=languages)
        found = (*check_words(form, source, (), languages), *flaws(written, form))
        return Written(source, form, found, languages)

    return read_written(path, text, shaped)


def read_written(
    path: str, text: str | None, read: Callable[[YamlSource], Written[T]]
) -> Written[T]:
    """Return what `read` makes of the file's YAML; nothing, without a mistake, of no file."""
    nothing = YamlSource(path, None, {(): 1})
    if text is None:
        return Written(nothing)
    try:
        source = read_yaml(path, text)
    except ContentError as error:
        return Written(nothing, problems=error.problems)
    return read(source)
