"""Decision trees as data: nodes, ends and routes; `tree_proof.py` proves a tree sound."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, TypeGuard

from kb.rules.products import ProductRange

YES = "yes"
NO = "no"


class InputKind(StrEnum):
    ERROR_CODE = "error-code"
    NUMBER = "number"
    VERSION = "version"
    DATE = "date"


class Purpose(StrEnum):
    """What a tree is walked for; it decides how its articles ask whether they helped."""

    TROUBLESHOOTING = "troubleshooting"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Option:
    id: str
    label: str
    go: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """Choose one option. `help` here and below is HTML, rendered when the site is compiled."""

    id: str
    ask: str
    options: tuple[Option, ...]
    help: str = ""
    kind: Literal["question"] = "question"


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
    (then the `else` route is taken). `lowest` and `highest` are the values still accepted."""

    id: str
    ask: str
    input: InputKind
    routes: tuple[Route, ...]
    help: str = ""
    example: str = ""
    optional: bool = False
    unit: str = ""
    lowest: str | None = None
    highest: str | None = None
    kind: Literal["input"] = "input"


@dataclass(frozen=True, slots=True)
class Step:
    """Something to try, then “did that solve it?”; answered with `yes` or `no`."""

    id: str
    do: str
    solved: str
    not_solved: str
    title: str = ""
    kind: Literal["step"] = "step"


@dataclass(frozen=True, slots=True)
class Subtree:
    """Go on at the start of another tree."""

    id: str
    use: str
    kind: Literal["subtree"] = "subtree"


@dataclass(frozen=True, slots=True)
class ArticleEnd:
    """Show the article (a section of it) and ask whether it helped (`yes` or `no`);
    `not_solved` is where “it did not help” goes."""

    id: str
    article: int
    section: str = ""
    not_solved: str | None = None
    title: str = ""
    help: str = ""
    kind: Literal["article"] = "article"


@dataclass(frozen=True, slots=True)
class SolvedEnd:
    id: str
    title: str = ""
    help: str = ""
    kind: Literal["solved"] = "solved"


@dataclass(frozen=True, slots=True)
class ContactEnd:
    """Hand the walk over to the contact wizard; `title` becomes the title of the case."""

    id: str
    request: str
    severity: str | None = None
    topic: str | None = None
    title: str = ""
    help: str = ""
    kind: Literal["contact"] = "contact"


@dataclass(frozen=True, slots=True)
class ProductEnd:
    """Recommend a product line and show its page; `why` is HTML."""

    id: str
    product: str
    why: str = ""
    title: str = ""
    kind: Literal["product"] = "product"


Node = Question | Input | Step | Subtree | ArticleEnd | SolvedEnd | ContactEnd | ProductEnd
"""Told apart by `kind`, so that a tree survives the way through JSON."""

Asked = Question | Input | Step | ArticleEnd


@dataclass(frozen=True, slots=True)
class TreeTest:
    """These answers must reach the node `reaches`."""

    answers: Mapping[str, str]
    reaches: str


@dataclass(frozen=True, slots=True)
class Tree:
    """One tree with the text of one language; the structure is the same in all of them.

    `ahead` (most answers a walk can still take from a node on, its own included) and `paths`
    (ways through the tree) are filled in by `tree_proof.measure` when the site is compiled."""

    id: str
    lang: str
    title: str
    start: str
    nodes: Mapping[str, Node]
    summary: str = ""
    purpose: Purpose = Purpose.TROUBLESHOOTING
    products: tuple[ProductRange, ...] = ()
    tests: tuple[TreeTest, ...] = ()
    ahead: Mapping[str, int] = field(default_factory=dict)
    paths: int = 0


Place = tuple[str | int, ...]
"""Where in a tree's file something stands, key by key: ("nodes", "when", "options", 0, "go")."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a tree, where in its file, and how to mend it."""

    tree: str
    node: str
    what: str
    mend: str
    place: Place = ()


def flaw(tree: Tree, node: Node, what: str, mend: str, *place: str | int) -> Flaw:
    """Make the flaw of a node: “<node> has no options”."""
    return Flaw(tree.id, node.id, f"“{node.id}” {what}", mend, ("nodes", node.id, *place))


def some(names: Iterable[str], most: int = 8) -> str:
    """Return the first few of the names there are, for the mending half of a message."""
    listed = sorted(names)
    return ", ".join(listed[:most]) + (", …" if len(listed) > most else "")


def exits(node: Node) -> Iterator[tuple[Place, str]]:
    """Yield every way out of a node inside its own tree, with its place in the node."""
    match node:
        case Question():
            for number, option in enumerate(node.options):
                yield ("options", number, "go"), option.go
        case Input():
            for number, route in enumerate(node.routes):
                yield ("route", number, "go" if route.condition else "else"), route.go
        case Step():
            yield ("solved",), node.solved
            yield ("else",), node.not_solved
        case ArticleEnd(not_solved=str(target)):
            yield ("else",), target
        case _:
            return


def is_asked(node: Node) -> TypeGuard[Asked]:
    """Tell whether the customer answers something at this node."""
    return isinstance(node, Asked)
