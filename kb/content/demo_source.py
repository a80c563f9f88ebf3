"""Reads `demo.yaml`: who is there when a site is tried with `kb serve --demo`."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from kb.content.policy_values import Duration
from kb.content.problems import ContentError
from kb.content.validate import Form, validate
from kb.content.yaml_source import read_yaml_file
from kb.rules.demo import Demo, DemoCase, DemoLicence, Person, Turn

FILE = "demo.yaml"

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]
Line = Annotated[str, Field(min_length=1)]


class TurnForm(Form):
    by: Literal["customer", "agent", "note"]
    ago: Duration
    text: Line
    wait: bool = False

    def made(self) -> Turn:
        """Build what was said."""
        ago: timedelta = self.ago
        return Turn(self.by, ago, self.text.strip(), self.wait)


class CaseForm(Form):
    request: Line
    topic: str = "other"
    severity: Literal["A", "B", "C", "D"]
    title: Line
    turns: Annotated[tuple[TurnForm, ...], Field(min_length=1)]
    tree: str = ""
    walk: tuple[tuple[Line, Line], ...] = ()
    resolved: bool = False

    def made(self) -> DemoCase:
        """Build a case."""
        return DemoCase(
            self.request,
            self.topic,
            self.severity,
            self.title,
            tuple(one.made() for one in self.turns),
            self.tree,
            self.walk,
            self.resolved,
        )


class LicenceForm(Form):
    product: Line
    version: str | None = None
    prefix: Line
    days_ago: Annotated[int, Field(ge=0)]
    plan: str | None = None
    tail: Annotated[int, Field(ge=1, le=120)] = 20
    paid_incident: bool = False
    redate: bool = False

    def made(self) -> DemoLicence:
        """Build a licence."""
        return DemoLicence(
            self.product,
            self.version,
            self.prefix,
            self.days_ago,
            self.plan,
            self.tail,
            self.paid_incident,
            self.redate,
        )


class PersonForm(Form):
    name: Name
    first_name: Line
    last_name: Line
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    shows: Line
    lang: Line
    licences: tuple[LicenceForm, ...] = ()
    cases: tuple[CaseForm, ...] = ()
    agent: bool = False
    confirmed: bool = True

    def made(self) -> Person:
        """Build an account."""
        return Person(
            self.name,
            self.first_name,
            self.last_name,
            self.country,
            self.shows,
            self.lang,
            tuple(one.made() for one in self.licences),
            tuple(one.made() for one in self.cases),
            self.agent,
            self.confirmed,
        )


class DemoForm(Form):
    """The keys of demo.yaml; see docs/authors.md."""

    people: tuple[PersonForm, ...] = ()
    free: tuple[LicenceForm, ...] = ()


def read_demo(root: Path) -> Demo:
    """Read the demo of the site at `root`; a site without one has nobody. Raises ContentError."""
    if not (root / FILE).is_file():
        return Demo()
    form, problems = validate(DemoForm, read_yaml_file(root, FILE))
    if form is None:
        raise ContentError(problems)
    people = tuple(one.made() for one in form.people)
    return Demo(people, tuple(one.made() for one in form.free))
