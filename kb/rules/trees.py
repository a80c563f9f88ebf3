"""Decision trees as data: nodes, ends and routes; `tree_proof.py` proves a tree sound."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, TypeGuard

from kb.rules.products import ProductRange

YES = "yes"
NO = "no"
MARKDOWN_FIELDS = ("help", "do", "why")


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
    """`other` marks the way on for those whom no other option fits; `only` names the products
    that have this option (empty: all of them)."""

    id: str
    label: str
    go: str
    hint: str = ""
    other: bool = False
    only: tuple[ProductRange, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """Choose one option. `help` here and below is HTML, rendered when the site is compiled.

    `closed` is the author's reason for leaving out “none of these”; `yes_no` tells that the
    options are yes, no and perhaps unsure, worded by the site."""

    id: str
    ask: str
    options: tuple[Option, ...]
    help: str = ""
    closed: str = ""
    yes_no: bool = False
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
    (then the `else` route is taken). `lowest` and `highest` are the values still accepted;
    `whole` takes whole numbers only; `closed` is the reason why it may not be left empty."""

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
    whole: bool = False
    closed: str = ""
    kind: Literal["input"] = "input"


@dataclass(frozen=True, slots=True)
class Step:
    """Something to try, then “did that solve it?”; answered with `yes` or `no`.

    Products that `only` does not name pass it by, as if it had not helped."""

    id: str
    do: str
    solved: str
    not_solved: str
    title: str = ""
    only: tuple[ProductRange, ...] = ()
    kind: Literal["step"] = "step"


@dataclass(frozen=True, slots=True)
class Subtree:
    """Go on at the start of another tree; where that comes to a `return`, go on at `then`."""

    id: str
    use: str
    then: str | None = None
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


@dataclass(frozen=True, slots=True)
class CalculatorEnd:
    """Lead on to the licence calculator (R52–R56)."""

    id: str
    title: str = ""
    help: str = ""
    kind: Literal["calculator"] = "calculator"


@dataclass(frozen=True, slots=True)
class LinkEnd:
    """Lead on to a page of another site."""

    id: str
    url: str
    title: str
    help: str = ""
    kind: Literal["link"] = "link"


@dataclass(frozen=True, slots=True)
class ReturnEnd:
    """Go back to the tree that used this one; walked by itself, the walk ends here unsolved."""

    id: str
    title: str = ""
    help: str = ""
    kind: Literal["return"] = "return"


Node = (
    Question
    | Input
    | Step
    | Subtree
    | ArticleEnd
    | SolvedEnd
    | ContactEnd
    | ProductEnd
    | CalculatorEnd
    | LinkEnd
    | ReturnEnd
)
"""Told apart by `kind`, so that a tree survives the way through JSON."""

Asked = Question | Input | Step | ArticleEnd
END_KINDS = frozenset({"article", "solved", "contact", "product", "calculator", "link", "return"})


@dataclass(frozen=True, slots=True)
class TreeTest:
    """These answers must reach the node `reaches`; `product` is what the walk is about."""

    answers: Mapping[str, str]
    reaches: str
    product: str = ""


@dataclass(frozen=True, slots=True)
class Tree:
    """One tree with the text of one language; the structure is the same in all of them.
    `tree_measure.measure` fills in, when the site is compiled: `ahead`, the most answers a walk can
    still take from a node on, its own included; `back`, the same for the ways that lead to a
    `return`; `paths`, the ways through the tree; `by_product`, whether anything depends on the
    product. `revision` tells one state of the tree from another; `images` are files of the site."""

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
    back: Mapping[str, int] = field(default_factory=dict)
    paths: int = 0
    by_product: bool = False
    revision: str = ""
    images: tuple[str, ...] = ()


Place = tuple[str | int, ...]
"""Where in a tree's file something stands, key by key: ("nodes", "when", "options", 0, "go")."""


def exits(node: Node) -> Iterator[tuple[Place, str]]:
    """Yield every way out of a node inside its own tree, with its place in the node."""
    match node:
        case Question():
            for number, option in enumerate(node.options):
                yield option_place(node, number, "go"), option.go
        case Input():
            for number, route in enumerate(node.routes):
                yield ("route", number, "go" if route.condition else "else"), route.go
        case Step():
            yield ("solved",), node.solved
            yield ("else",), node.not_solved
        case Subtree(then=str(target)):
            yield ("then",), target
        case ArticleEnd(not_solved=str(target)):
            yield ("else",), target
        case _:
            return


def option_place(node: Question, number: int, key: str) -> Place:
    """Return where an option's key stands in its node: `yes: node` has no option of its own."""
    return (node.options[number].id,) if node.yes_no else ("options", number, key)


def is_asked(node: Node) -> TypeGuard[Asked]:
    """Tell whether the customer answers something at this node."""
    return isinstance(node, Asked)
