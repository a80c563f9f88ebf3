"""Decision trees as data: nodes, ends, routes, and the proof that a tree is sound."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kb.rules.products import ProductRange


class InputKind(StrEnum):
    ERROR_CODE = "error-code"
    NUMBER = "number"
    VERSION = "version"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Option:
    id: str
    label: str
    go: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """Choose one option."""

    id: str
    ask: str
    options: tuple[Option, ...]
    help: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """A closed test on one typed value; every given part must hold.

    `values` is membership; `at_least` and `below` bound a number, version or ISO date."""

    values: tuple[str, ...] = ()
    at_least: str | None = None
    below: str | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """Go to `go` when `condition` holds; the last route of an input has none (`else`)."""

    go: str
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class Input:
    """Type a value; the first route that holds is taken; an optional input may be left empty
    (then the `else` route is taken)."""

    id: str
    ask: str
    kind: InputKind
    routes: tuple[Route, ...]
    help: str = ""
    example: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """Something to try, then “did that solve it?”."""

    id: str
    do: str
    solved: str
    not_solved: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Subtree:
    """Go on at the start of another tree."""

    id: str
    use: str


@dataclass(frozen=True, slots=True)
class ArticleEnd:
    """Show the article (a section of it); `not_solved` is where “it did not help” goes."""

    id: str
    article: int
    section: str = ""
    not_solved: str | None = None


@dataclass(frozen=True, slots=True)
class SolvedEnd:
    id: str


@dataclass(frozen=True, slots=True)
class ContactEnd:
    """Hand the walk over to the contact wizard."""

    id: str
    request: str
    severity: str | None = None
    topic: str | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class ProductEnd:
    """Recommend a product line and show its page."""

    id: str
    product: str
    why: str = ""


Node = Question | Input | Step | Subtree | ArticleEnd | SolvedEnd | ContactEnd | ProductEnd


@dataclass(frozen=True, slots=True)
class TreeTest:
    """These answers must reach the node `reaches`."""

    answers: Mapping[str, str]
    reaches: str


@dataclass(frozen=True, slots=True)
class Tree:
    """One tree with the text of one language; the structure is the same in all of them."""

    id: str
    lang: str
    title: str
    start: str
    nodes: Mapping[str, Node]
    summary: str = ""
    products: tuple[ProductRange, ...] = ()
    tests: tuple[TreeTest, ...] = field(default=())
