"""Reads `policy/licensing.yaml`, by which the licence calculator counts (R52–R56)."""

from collections.abc import Iterator

from kb.content.licensing_forms import (
    CountedForm,
    CountingForm,
    DeploymentForm,
    EditionForm,
    HostsForm,
    LicensingForm,
)
from kb.content.optional_file import Written, read_optional
from kb.content.problems import Problem
from kb.content.validate import did_you_mean
from kb.content.yaml_source import Loc
from kb.rules.licensing import (
    Counted,
    Counting,
    Deployment,
    Edition,
    Hosts,
    LicensingRules,
    Section,
)
from kb.rules.policy import Policy

PATH = "policy/licensing.yaml"


def read_licensing(text: str | None, languages: tuple[str, ...]) -> Written[LicensingForm]:
    """Read the file's text; a site without one (None) has no calculator."""
    return read_optional(PATH, text, LicensingForm, languages, _twice)


def wrong_references(written: Written[LicensingForm], policy: Policy) -> tuple[Problem, ...]:
    """Check what the file names against the rest of the policy."""
    if written.form is None:
        return ()
    return (*_products(written, policy), *_contact(written, policy))


def licensing_rules(written: Written[LicensingForm]) -> LicensingRules | None:
    """Build the rules of a file without mistakes; None when there is no file."""
    form, langs = written.form, written.languages
    if form is None:
        return None
    return LicensingRules(
        systems=_counting(form.systems, langs),
        hosts=_hosts(form.hosts, langs),
        rescue=_counting(form.rescue, langs),
        deployment=_deployment(form.deployment, langs),
        add_ons=_counting(form.add_ons, langs),
        guide=form.guide,
        request=form.contact.request if form.contact else "",
        topic=form.contact.topic if form.contact else "",
        note=form.note.text(langs),
    )


def _named(form: LicensingForm) -> Iterator[tuple[Loc, CountedForm | EditionForm]]:
    for section in Section:
        part = getattr(form, section)
        if isinstance(part, CountingForm):
            for at, one in enumerate(part.machines):
                yield (str(section), "machines", at), one
    for at, edition in enumerate(form.hosts.editions if form.hosts else ()):
        yield ("hosts", "editions", at), edition


def _twice(written: Written[LicensingForm], form: LicensingForm) -> Iterator[Problem]:
    """An id is the name of a field, so it stands once in the whole file."""
    first: dict[str, Loc] = {}
    for loc, one in _named(form):
        if one.id in first:
            line = written.source.line_of((*first[one.id], "id"))
            what = f"“{one.id}” is there twice (first in line {line})"
            yield written.problem((*loc, "id"), what, "rename or remove one")
        first.setdefault(one.id, loc)


def _products(written: Written[LicensingForm], policy: Policy) -> Iterator[Problem]:
    form = written.form
    named = list(_named(form)) if form else []
    places: list[tuple[Loc, str]] = [((*loc, "product"), one.product) for loc, one in named]
    if form and form.deployment:
        places.append((("deployment", "product"), form.deployment.product))
    for loc, product in places:
        if product not in policy.products:
            what = f"there is no product “{product}”"
            yield written.problem(loc, what, did_you_mean(product, policy.products))
    for loc, one in named:
        if isinstance(one, EditionForm) and one.product in policy.products:
            yield from _versions(written, loc, one, policy.products[one.product].versions)


def _versions(
    written: Written[LicensingForm], loc: Loc, edition: EditionForm, known: tuple[str, ...]
) -> Iterator[Problem]:
    for at, version in enumerate(edition.versions):
        if version not in known:
            what = f"“{edition.product}” has no version {version}"
            yield written.problem((*loc, "versions", at), what, did_you_mean(version, known))


def _contact(written: Written[LicensingForm], policy: Policy) -> Iterator[Problem]:
    contact = written.form.contact if written.form else None
    if contact is None:
        return
    request = policy.requests.get(contact.request)
    if request is None:
        what = f"there is no request “{contact.request}”"
        mend = did_you_mean(contact.request, policy.requests)
        yield written.problem(("contact", "request"), what, mend)
    elif contact.topic and request.topic(contact.topic) is None:
        what = f"the request “{request.id}” has no topic “{contact.topic}”"
        mend = did_you_mean(contact.topic, [topic.id for topic in request.topics])
        yield written.problem(("contact", "topic"), what, mend)


def _counting(form: CountingForm | None, langs: tuple[str, ...]) -> Counting | None:
    if form is None:
        return None
    kinds = (
        Counted(one.id, one.name.text(langs), one.product, one.licences, one.hint.text(langs))
        for one in form.machines
    )
    return Counting(form.rule.text(langs), tuple(kinds), form.article)


def _hosts(form: HostsForm | None, langs: tuple[str, ...]) -> Hosts | None:
    if form is None:
        return None
    editions = (
        Edition(one.id, one.product, one.versions, one.host, one.machines, one.note.text(langs))
        for one in form.editions
    )
    return Hosts(form.rule.text(langs), tuple(editions), form.article)


def _deployment(form: DeploymentForm | None, langs: tuple[str, ...]) -> Deployment | None:
    if form is None:
        return None
    return Deployment(
        rule=form.rule.text(langs),
        product=form.product,
        per_machine=form.per_machine,
        per_agent=form.per_agent,
        reused=form.agent_reuses_licence,
        article=form.article,
    )
