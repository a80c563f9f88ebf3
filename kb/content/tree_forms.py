"""The shape of a tree's nodes: one class a kind of node, one line a field."""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from kb.content.validate import Form
from kb.rules.products import ProductRange, parse_range
from kb.rules.trees import (
    ArticleEnd,
    CalculatorEnd,
    Condition,
    ContactEnd,
    Input,
    InputKind,
    LinkEnd,
    Node,
    Option,
    ProductEnd,
    Question,
    ReturnEnd,
    Route,
    SolvedEnd,
    Step,
    Subtree,
)

ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"

Id = Annotated[str, StringConstraints(pattern=ID_PATTERN, max_length=60)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=160)]
Unit = Annotated[str, StringConstraints(strip_whitespace=True, max_length=30)]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1500)]
Steps = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=3000)]


def _as_written(value: Any) -> Any:
    """A date in a condition is a text like any other value."""
    return value.isoformat() if isinstance(value, date) else value


Value = Annotated[str, BeforeValidator(_as_written)]


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def as_range(text: str) -> str:
    """Check that a text names a product; raises ValueError."""
    try:
        parse_range(text)
    except ValueError:
        raise ValueError(f"“{text}” is no product; write line, line@12 or line@11-12") from None
    return text


Only = Annotated[tuple[Annotated[str, AfterValidator(as_range)], ...], BeforeValidator(_as_list)]
"""One product or a list of them, as in `products`."""


def ranges(only: tuple[str, ...]) -> tuple[ProductRange, ...]:
    """Read checked products."""
    return tuple(parse_range(text) for text in only)


FOR_OTHERS = frozenset({"unsure", "other", "none"})
"""Options with these ids are the way on for those whom no other option fits."""


class OptionForm(Form):
    id: Id
    label: Line
    hint: Short = ""
    go: Id
    other: bool | None = None
    only: Only = ()

    def option(self) -> Option:
        other = self.id in FOR_OTHERS if self.other is None else self.other
        return Option(self.id, self.label, self.go, self.hint, other, ranges(self.only))


class QuestionForm(Form):
    ask: Line
    help: Prose = ""
    options: tuple[OptionForm, ...]
    closed: Short = ""

    def node(self, id: str) -> Node:
        options = tuple(option.option() for option in self.options)
        return Question(id, self.ask, options, self.help, self.closed)


class YesNoForm(Form):
    ask: Line
    help: Prose = ""
    yes: Id
    no: Id
    unsure: Id | None = None
    closed: Short = ""

    def node(self, id: str) -> Node:
        ways = {"yes": self.yes, "no": self.no, "unsure": self.unsure}
        options = (Option(n, n, go, other=n == "unsure") for n, go in ways.items() if go)
        return Question(id, self.ask, tuple(options), self.help, self.closed, yes_no=True)


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
    unit: Unit = ""
    lowest: Value | None = None
    highest: Value | None = None
    whole: bool = False

    @model_validator(mode="after")
    def _whole_numbers(self) -> Self:
        if self.whole and self.kind is not InputKind.NUMBER:
            raise ValueError(f"“whole” is for numbers; leave it out of a {self.kind}")
        return self


class InputForm(Form):
    ask: Line
    help: Prose = ""
    input: InputSpec
    route: tuple[RouteForm, ...]
    closed: Short = ""

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
            whole=spec.whole,
            closed=self.closed,
        )


class StepForm(Form):
    do: Steps
    title: Short = ""
    solved: Id
    otherwise: Id = Field(alias="else")
    only: Only = ()

    def node(self, id: str) -> Node:
        return Step(id, self.do, self.solved, self.otherwise, self.title, ranges(self.only))


class SubtreeForm(Form):
    use: Id
    then: Id | None = None

    def node(self, id: str) -> Node:
        return Subtree(id, self.use, self.then)


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


class CalculatorEndForm(Form):
    end: Literal["calculator"]
    title: Short = ""
    help: Prose = ""

    def node(self, id: str) -> Node:
        return CalculatorEnd(id, self.title, self.help)


class LinkEndForm(Form):
    end: Literal["link"]
    url: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
    title: Line
    help: Prose = ""

    def node(self, id: str) -> Node:
        return LinkEnd(id, self.url, self.title, self.help)


class ReturnEndForm(Form):
    end: Literal["return"]
    title: Short = ""
    help: Prose = ""

    def node(self, id: str) -> Node:
        return ReturnEnd(id, self.title, self.help)


NodeForm = (
    QuestionForm
    | YesNoForm
    | InputForm
    | StepForm
    | SubtreeForm
    | ArticleEndForm
    | SolvedEndForm
    | ContactEndForm
    | ProductEndForm
    | CalculatorEndForm
    | LinkEndForm
    | ReturnEndForm
)

END_FORMS: dict[str, type[NodeForm]] = {
    "article": ArticleEndForm,
    "solved": SolvedEndForm,
    "contact": ContactEndForm,
    "product": ProductEndForm,
    "calculator": CalculatorEndForm,
    "link": LinkEndForm,
    "return": ReturnEndForm,
}
