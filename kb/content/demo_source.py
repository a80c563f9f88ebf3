"""Reads `demo.yaml`: who is there when a site is tried with `kb serve --demo`."""

from collections.abc import Collection, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from kb.content.policy_values import Duration
from kb.content.problems import ContentError, Problem
from kb.content.validate import Form, did_you_mean, validate
from kb.content.yaml_source import Loc, YamlSource, read_yaml_file
from kb.rules.demo import Demo, DemoCase, DemoLicence, Person, Turn
from kb.rules.facts import OTHER
from kb.rules.policy import Policy

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
    admin: bool = False

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
            self.admin,
        )


class DemoForm(Form):
    """The keys of demo.yaml; see docs/authors.md."""

    people: tuple[PersonForm, ...] = ()
    free: tuple[LicenceForm, ...] = ()


def read_demo(root: Path) -> Demo:
    """Read the demo of the site at `root`; a site without one has nobody. Raises ContentError."""
    form, _, problems = _read(root)
    if problems:
        raise ContentError(problems)
    people = tuple(one.made() for one in form.people)
    return Demo(people, tuple(one.made() for one in form.free))


def demo_problems(
    root: Path, languages: tuple[str, ...], policy: Policy, trees: Collection[str]
) -> tuple[Problem, ...]:
    """Check the demo against the rest of the site. Products that the policy lacks are no mistake:
    they are left out when it is loaded."""
    form, source, problems = _read(root)
    if problems:
        return problems
    told = [
        Problem(FILE, source.line_of(loc), what, mend)
        for loc, what, mend in _flaws(form, languages, policy, trees)
    ]
    return tuple(told)


def _read(root: Path) -> tuple[DemoForm, YamlSource, tuple[Problem, ...]]:
    nobody = DemoForm(), YamlSource(FILE, None, {(): 1})
    if not (root / FILE).is_file():
        return *nobody, ()
    try:
        source = read_yaml_file(root, FILE)
    except ContentError as error:
        return *nobody, error.problems
    form, problems = validate(DemoForm, source)
    return (form, source, ()) if form else (*nobody, problems)


def _flaws(
    form: DemoForm, languages: tuple[str, ...], policy: Policy, trees: Collection[str]
) -> Iterator[tuple[Loc, str, str]]:
    names = [person.name for person in form.people]
    has_agent = any(person.agent for person in form.people)
    for at, person in enumerate(form.people):
        here: Loc = ("people", at)
        if person.name in names[:at]:
            yield (*here, "name"), f"“{person.name}” is there twice", "rename one"
        if person.lang not in languages:
            what = f"“{person.lang}” is not a language of this site"
            yield (*here, "lang"), what, did_you_mean(person.lang, languages)
        if person.cases and not has_agent:
            yield (*here, "cases"), "nobody can answer these cases", "add a person with agent: true"
        for number, case in enumerate(person.cases):
            for key, what, mend in _case_flaws(case, policy, trees):
                yield (*here, "cases", number, key), what, mend


def _case_flaws(
    case: CaseForm, policy: Policy, trees: Collection[str]
) -> Iterator[tuple[str, str, str]]:
    request = policy.requests.get(case.request)
    if request is None:
        mend = did_you_mean(case.request, policy.requests)
        yield "request", f"there is no request “{case.request}”", mend
    elif case.topic != OTHER and request.topic(case.topic) is None:
        mend = did_you_mean(case.topic, [topic.id for topic in request.topics])
        yield "topic", f"“{case.request}” has no topic “{case.topic}”", mend
    if case.walk and case.tree not in trees:
        yield "walk", f"there is no tree “{case.tree}”", did_you_mean(case.tree, trees)
