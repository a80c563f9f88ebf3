"""Reads `policy/consent.yaml`: what customers agree to before a case is opened (R64)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Annotated

from pydantic import Field

from kb.content.optional_file import Written, read_written
from kb.content.policy_forms import Id
from kb.content.problems import Problem
from kb.content.validate import Form, did_you_mean, validate
from kb.content.words import NO_WORDS, Words, check_words
from kb.content.yaml_source import YamlSource
from kb.rules.consent import Consent, seal_of
from kb.rules.policy import Policy

PATH = "policy/consent.yaml"


class ConsentForm(Form):
    """An entry of consent.yaml."""

    id: Id
    version: Annotated[int, Field(ge=1, le=100_000)]
    date: date
    seal: str = ""
    title: Words
    intro: Words = NO_WORDS
    points: Annotated[tuple[Words, ...], Field(min_length=1)]
    agree: Words = NO_WORDS
    requests: tuple[str, ...] = ()


Placed = tuple[tuple[int, Consent], ...]  # each with its place in the file


def read_consents(text: str | None, languages: tuple[str, ...]) -> Written[Placed]:
    """Read the file's text; on a site without one (None) nobody is asked for consent."""
    return read_written(PATH, text, lambda source: _entries(source, languages))


def _entries(source: YamlSource, languages: tuple[str, ...]) -> Written[Placed]:
    written: Written[Placed] = Written(source, languages=languages)
    if not isinstance(source.data, list):
        problem = written.problem((), "this file must be a list", "begin each entry with “- id: ”")
        return replace(written, problems=(problem,))
    found: list[tuple[int, Consent]] = []
    problems: list[Problem] = []
    for at in range(len(source.data)):
        form, wrong = validate(ConsentForm, source, (at,))
        problems += wrong
        if form is not None:
            problems += check_words(form, source, (at,), languages)
            found.append((at, _consent(form, languages)))
    sound = replace(written, form=tuple(found))
    problems += _flaws(sound) if not problems else ()
    return replace(sound, problems=tuple(problems))


def wrong_consents(written: Written[Placed], policy: Policy) -> tuple[Problem, ...]:
    """Check the requests that are named against those of the policy."""
    return tuple(
        written.problem(
            (at, "requests", step),
            f"there is no request “{name}”",
            did_you_mean(name, policy.requests),
        )
        for at, consent in written.form or ()
        for step, name in enumerate(consent.requests)
        if name not in policy.requests
    )


def consents_of(written: Written[Placed]) -> tuple[Consent, ...]:
    """Return the consents of a file without mistakes, in its order."""
    return tuple(consent for _, consent in written.form or ())


def _consent(form: ConsentForm, langs: tuple[str, ...]) -> Consent:
    return Consent(
        id=form.id,
        version=form.version,
        day=form.date,
        title=form.title.text(langs),
        points=tuple(one.text(langs) for one in form.points),
        intro=form.intro.text(langs),
        agree=form.agree.text(langs),
        requests=form.requests,
        seal=form.seal,
    )


def _flaws(written: Written[Placed]) -> Iterator[Problem]:
    """An id that is there twice; words that are not those its version was sealed with."""
    ids = [consent.id for _, consent in written.form or ()]
    for at, consent in written.form or ():
        if consent.id in ids[:at]:
            yield written.problem((at, "id"), f"“{consent.id}” is there twice", "rename one")
        drawn = seal_of(consent)
        if consent.seal.partition("-")[0] != str(consent.version):
            what = f"version {consent.version} of “{consent.id}” is not sealed"
            mend = f'once its words are final, write seal: "{drawn}"'
            yield written.problem((at, "seal"), what, mend)
        elif consent.seal != drawn:
            what = f"“{consent.id}” has other words or another date than version {consent.version}"
            mend = f"write version: {consent.version + 1} and today's date; then seal it anew"
            yield written.problem((at, "seal"), what, mend)
