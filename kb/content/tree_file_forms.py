"""The shape of a tree's files: structure with the first language, and the further languages."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from kb.content.tree_forms import Id, Line, Prose, Short, Steps, Unit, Value, as_range
from kb.content.validate import Form
from kb.rules.trees import Purpose

RESERVED = frozenset({"map", "product", "stats"})
"""Names that addresses use for themselves."""


def _free(name: str) -> str:
    if name in RESERVED:
        raise ValueError(f"“{name}” cannot name a node: addresses use it; choose another name")
    return name


ProductText = Annotated[str, AfterValidator(as_range)]


class TestForm(Form):
    answers: dict[str, Value] = Field(default_factory=dict)
    product: ProductText = ""
    reaches: str


class TreeForm(Form):
    """`troubleshooter/<id>.yaml`; each node is read with the form of its kind."""

    title: Line
    summary: Short = ""
    purpose: Purpose = Purpose.TROUBLESHOOTING
    products: tuple[str, ...] = ()
    start: Id
    nodes: dict[Annotated[Id, AfterValidator(_free)], dict[str, Any]] = Field(min_length=1)
    tests: tuple[TestForm, ...] = ()


class OptionText(Form):
    label: Line
    hint: Short = ""


class NodeText(Form):
    ask: Line | None = None
    help: Prose | None = None
    do: Steps | None = None
    title: Line | None = None
    why: Prose | None = None
    example: Value | None = None
    unit: Unit | None = None
    url: str | None = None
    options: dict[str, Line | OptionText] = Field(default_factory=dict)


class SourceForm(Form):
    """The stamps of the first language's texts, by the same names; `kb tree stamp` writes it."""

    title: Value = ""
    summary: Value = ""
    nodes: dict[str, dict[str, Value]] = Field(default_factory=dict)


class TextsForm(Form):
    """`troubleshooter/<id>.<lang>.yaml`: the text of one more language, by node and option."""

    title: Line
    summary: Short = ""
    nodes: dict[str, NodeText] = Field(default_factory=dict)
    source: SourceForm | None = None
