"""The shape of a tree's files: one class a kind of node, one line a field."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from kb.content.validate import Form
from kb.rules.trees import (
    ArticleEnd,
    Condition,
    ContactEnd,
    Input,
    InputKind,
    Node,
    Option,
    ProductEnd,
    Purpose,
    Question,
    Route,
    SolvedEnd,
    Step,
    Subtree,
)

ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"

RESERVED = frozenset({"product"})
"""Names that addresses use for themselves."""


def _free(name: str) -> str:
    if name in RESERVED:
        raise ValueError(f"“{name}” cannot name a node: addresses use it; choose another name")
    return name


Id = Annotated[str, StringConstraints(pattern=ID_PATTERN, max_length=60)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]


def _as_written(value: Any) -> Any:
    """A date in a condition is a text like any other value."""
    return value.isoformat() if isinstance(value, date) else value


Value = Annotated[str, BeforeValidator(_as_written)]


class OptionForm(Form):
    id: Id
    label: Line
    hint: Short = ""
    go: Id


class QuestionForm(Form):
    ask: Line
    help: Prose = ""
    options: tuple[OptionForm, ...]

    def node(self, id: str) -> Node:
        options = (Option(o.id, o.label, o.go, o.hint) for o in self.options)
        return Question(id, self.ask, tuple(options), self.help)


class ConditionForm(Form):
    values: tuple[Value, ...] = Field(default=(), alias="in")
    at_least: Value | None = Field(default=None, alias="at-least")
    below: Value | None = None


class RouteForm(Form):
    condition: ConditionForm | None = Field(default=None, alias="if")
    go: Id | None = None
    otherwise: Id | None = Field(default=None, alias="else")

    @model_validator(mode="after")
    def _one_way(self) -> "RouteForm":
        conditional = self.condition is not None and self.go is not None
        if conditional == (self.otherwise is not None):
            raise ValueError(
                "this route is neither a condition nor “else”; "
                "write {if: {in: […]}, go: node} or {else: node}"
            )
        return self

    def route(self) -> Route:
        if self.condition is None:
            return Route(self.otherwise or "")
        test = Condition(self.condition.values, self.condition.at_least, self.condition.below)
        return Route(self.go or "", test)


class InputSpec(Form):
    kind: InputKind
    example: Value = ""
    optional: bool = False
    unit: Short = ""
    lowest: Value | None = None
    highest: Value | None = None


class InputForm(Form):
    ask: Line
    help: Prose = ""
    input: InputSpec
    route: tuple[RouteForm, ...]

    def node(self, id: str) -> Node:
        spec = self.input
        return Input(
            id,
            self.ask,
            spec.kind,
            tuple(route.route() for route in self.route),
            help=self.help,
            example=spec.example,
            optional=spec.optional,
            unit=spec.unit,
            lowest=spec.lowest,
            highest=spec.highest,
        )


class StepForm(Form):
    do: Annotated[Prose, StringConstraints(min_length=1)]
    title: Short = ""
    solved: Id
    otherwise: Id = Field(alias="else")

    def node(self, id: str) -> Node:
        return Step(id, self.do, self.solved, self.otherwise, self.title)


class SubtreeForm(Form):
    use: Id

    def node(self, id: str) -> Node:
        return Subtree(id, self.use)


class ArticleEndForm(Form):
    end: Literal["article"]
    article: int
    section: Short = ""
    otherwise: Id | None = Field(default=None, alias="else")
    title: Short = ""
    help: Prose = ""

    def node(self, id: str) -> Node:
        return ArticleEnd(id, self.article, self.section, self.otherwise, self.title, self.help)


class SolvedEndForm(Form):
    end: Literal["solved"]
    title: Short = ""
    help: Prose = ""

    def node(self, id: str) -> Node:
        return SolvedEnd(id, self.title, self.help)


class ContactEndForm(Form):
    end: Literal["contact"]
    request: str
    severity: str | None = None
    topic: str | None = None
    title: Short = ""
    help: Prose = ""

    def node(self, id: str) -> Node:
        return ContactEnd(id, self.request, self.severity, self.topic, self.title, self.help)


class ProductEndForm(Form):
    end: Literal["product"]
    product: str
    why: Prose = ""
    title: Short = ""

    def node(self, id: str) -> Node:
        return ProductEnd(id, self.product, self.why, self.title)


NodeForm = (
    QuestionForm
    | InputForm
    | StepForm
    | SubtreeForm
    | ArticleEndForm
    | SolvedEndForm
    | ContactEndForm
    | ProductEndForm
)

END_FORMS: dict[str, type[NodeForm]] = {
    "article": ArticleEndForm,
    "solved": SolvedEndForm,
    "contact": ContactEndForm,
    "product": ProductEndForm,
}


class TestForm(Form):
    answers: dict[str, Value] = Field(default_factory=dict)
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
    do: Prose | None = None
    title: Line | None = None
    why: Prose | None = None
    example: Value | None = None
    unit: Short | None = None
    options: dict[str, Line | OptionText] = Field(default_factory=dict)


class TextsForm(Form):
    """`troubleshooter/<id>.<lang>.yaml`: the text of one more language, by node and option."""

    title: Line
    summary: Short = ""
    nodes: dict[str, NodeText] = Field(default_factory=dict)
