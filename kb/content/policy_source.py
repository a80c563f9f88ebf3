"""Reads `policy/*.yaml` into a proved Policy, or tells every mistake in it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel

from kb.content import policy_build as build
from kb.content import policy_forms as forms
from kb.content.canned_form import CannedForm
from kb.content.consent_source import consents_of, read_consents, wrong_consents
from kb.content.licensing_source import licensing_rules, read_licensing, wrong_references
from kb.content.prices_source import price_list, read_prices, wrong_prices
from kb.content.problems import ContentError, Problem
from kb.content.validate import did_you_mean, validate
from kb.content.words import check_words
from kb.content.yaml_source import Loc, YamlSource, read_file, read_yaml
from kb.rules.policy import FieldKind, Policy
from kb.rules.policy_proof import Flaw, prove

FOLDER = "policy"
FILES: dict[str, type[BaseModel]] = {
    "products": forms.ProductForm,
    "plans": forms.PlanForm,
    "calendars": forms.CalendarForm,
    "channels": forms.ChannelForm,
    "severities": forms.SeverityForm,
    "forms": forms.FieldForm,
    "requests": forms.RequestForm,
    "offers": forms.OfferForm,
    "entitlements": forms.RuleForm,
    "canned": CannedForm,
}
OPTIONAL = ("licensing", "prices", "consent")
"""Without: no licence calculator, nothing sold here, nothing to agree to before a case."""

E = TypeVar("E", bound=BaseModel)
T = TypeVar("T")


@dataclass(slots=True)
class _Entries(Generic[E]):
    """The sound entries of one file by id, and where each stands."""

    source: YamlSource
    by_id: dict[str, E] = field(default_factory=dict)
    index: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def load_policy(
    root: Path, languages: tuple[str, ...]
) -> tuple[Policy | None, tuple[Problem, ...]]:
    """Read the policy of the site at `root`; give it, or None and every mistake at once.

    A site without a folder `policy` has an empty one. `languages` are the site's, the default
    first. What the proof finds is told at the line of its rule."""
    folder = root / FOLDER
    names = sorted(path.name for path in folder.glob("*.y*ml")) if folder.is_dir() else []
    texts, problems = _read(root, names)
    read = {name: _entries(name, texts.get(name, ""), languages) for name in FILES}
    problems += [problem for entries in read.values() for problem in entries.problems]
    problems += _form_problems(read["requests"], read["forms"])
    licensing = read_licensing(texts.get("licensing"), languages)
    prices = read_prices(texts.get("prices"), languages)
    consent = read_consents(texts.get("consent"), languages)
    problems += [*licensing.problems, *prices.problems, *consent.problems]
    if problems:
        return None, tuple(sorted(problems))
    policy = _build(read, languages, _revision(texts))
    flaws = {_located(flaw, read) for flaw in prove(policy)}
    flaws.update(wrong_references(licensing, policy))
    flaws.update(wrong_prices(prices, policy))
    flaws.update(wrong_consents(consent, policy))
    if flaws:
        return None, tuple(sorted(flaws))
    return replace(
        policy,
        licensing=licensing_rules(licensing),
        prices=price_list(prices),
        consents=consents_of(consent),
    ), ()


def _read(root: Path, names: Iterable[str]) -> tuple[dict[str, str], list[Problem]]:
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for name in names:
        path, stem = f"{FOLDER}/{name}", name.rpartition(".")[0]
        if name.endswith(".yaml") and stem in (*FILES, *OPTIONAL):
            try:
                texts[stem] = read_file(root, path)
            except ContentError as error:
                problems += error.problems
        else:
            mend = did_you_mean(name, [f"{known}.yaml" for known in (*FILES, *OPTIONAL)])
            problems.append(Problem(path, 1, f"“{name}” is no file of a policy", mend))
    return texts, problems


def _revision(texts: Mapping[str, str]) -> str:
    """A short hash that changes with any text of the policy; a case keeps it (R49)."""
    whole = "\0".join(f"{name}\0{texts[name]}" for name in sorted(texts))
    return sha256(whole.encode()).hexdigest()[:12]


def _entries(name: str, text: str, languages: tuple[str, ...]) -> _Entries[BaseModel]:
    """Read one file: a list of entries, each with an id of its own."""
    path = f"{FOLDER}/{name}.yaml"
    try:
        source = read_yaml(path, text)
    except ContentError as error:
        return _Entries(YamlSource(path, [], {(): 1}), problems=list(error.problems))
    entries: _Entries[BaseModel] = _Entries(source)
    if source.data is None:
        return entries
    if not isinstance(source.data, list):
        problem = Problem(path, 1, "this file must be a list", "begin each entry with “- id: ”")
        entries.problems.append(problem)
        return entries
    for index in range(len(source.data)):
        _add(entries, FILES[name], index, languages)
    return entries


def _add(
    entries: _Entries[BaseModel], model: type[BaseModel], index: int, languages: tuple[str, ...]
) -> None:
    source = entries.source
    form, problems = validate(model, source, (index,))
    entries.problems += problems
    if form is None:
        return
    entries.problems += check_words(form, source, (index,), languages)
    key = str(getattr(form, "id"))  # noqa: B009  every entry's shape has an id, BaseModel does not
    if key in entries.by_id:
        first = source.line_of((entries.index[key],))
        line = source.line_of((index, "id"))
        what = f"“{key}” is there twice (first in line {first})"
        entries.problems.append(Problem(source.path, line, what, "rename or remove one"))
    entries.by_id[key] = form
    entries.index[key] = index


def _form_problems(requests: _Entries[BaseModel], fields: _Entries[BaseModel]) -> Iterator[Problem]:
    """Forms are put together here, so the rules never see the name of a field that is not there."""
    kinds = {key: one.kind for key, one in fields.by_id.items() if isinstance(one, forms.FieldForm)}
    for key, form in requests.by_id.items():
        names = form.fields if isinstance(form, forms.RequestForm) else ()
        at: Loc = (requests.index[key], "fields")
        for step, what, mend in _form_flaws(key, names, kinds):
            line = requests.source.line_of((*at, *step))
            yield Problem(requests.source.path, line, what, mend)


def _form_flaws(
    request: str, names: tuple[str, ...], kinds: Mapping[str, FieldKind]
) -> Iterator[tuple[Loc, str, str]]:
    """Fields that are not there; a case is made of a title and a description, so every form
    asks for one of each."""
    unknown = [at for at, name in enumerate(names) if name not in kinds]
    for at in unknown:
        yield (at,), f"the field “{names[at]}” is not in forms.yaml", did_you_mean(names[at], kinds)
    if not unknown and sum(kinds[name] is FieldKind.FILES for name in names) > 1:
        yield (), f"the form of “{request}” has several fields of kind files", "name at most one"
    for kind in () if unknown else (FieldKind.TITLE, FieldKind.DESCRIPTION):
        count = sum(kinds[name] is kind for name in names)
        if count != 1:
            what = f"the form of “{request}” has {count or 'no'} fields of kind {kind}"
            yield (), what, "name exactly one in fields:"


def _build(
    read: Mapping[str, _Entries[BaseModel]], langs: tuple[str, ...], revision: str
) -> Policy:
    def all_of(name: str, model: type[E], make: Callable[[E], T]) -> list[T]:
        return [make(form) for form in read[name].by_id.values() if isinstance(form, model)]

    plans = all_of("plans", forms.PlanForm, lambda form: form)
    products = all_of("products", forms.ProductForm, lambda f: build.product(f, langs, plans))
    calendars = all_of("calendars", forms.CalendarForm, lambda f: build.calendar(f, langs))
    channels = all_of("channels", forms.ChannelForm, lambda f: build.channel(f, langs))
    severities = all_of("severities", forms.SeverityForm, lambda f: build.severity(f, langs))
    fields = {f.id: f for f in all_of("forms", forms.FieldForm, lambda f: build.field(f, langs))}
    requests = all_of("requests", forms.RequestForm, lambda f: build.request(f, langs, fields))
    offers = all_of("offers", forms.OfferForm, lambda f: build.offer(f, langs))
    return Policy(
        revision=revision,
        products={one.id: one for one in products},
        plans={one.id: build.plan(one, langs) for one in plans},
        calendars={one.id: one for one in calendars},
        requests={one.id: one for one in requests},
        channels={one.channel: one for one in channels},
        severities={one.severity: one for one in severities},
        offers={one.id: one for one in offers},
        rules=tuple(all_of("entitlements", forms.RuleForm, lambda f: build.rule(f, langs))),
        canned=tuple(all_of("canned", CannedForm, lambda f: build.canned(f, langs))),
    )


def _located(flaw: Flaw, read: Mapping[str, _Entries[BaseModel]]) -> Problem:
    """Put a flaw of the proof at the line of what it names."""
    name, key, rest = str(flaw.place[0]), str(flaw.place[1]), flaw.place[2:]
    entries = read[name]
    steps = ["audience" if step == "market" else step for step in rest]
    at = (entries.index[key], *steps) if key in entries.index else ()
    what = flaw.what.replace("“market”", "“audience”")  # the key in the file, not the fact
    return Problem(entries.source.path, entries.source.line_of(at), what, flaw.mend)
