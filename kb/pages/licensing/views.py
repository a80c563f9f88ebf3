"""The view of the licence calculator: read the address, ask the rules, show (R52–R56)."""

from dataclasses import dataclass
from typing import Any

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from kb.pages.frame import article_url, articles_by_id, feature, lang, live, render
from kb.pages.licensing import words
from kb.pages.licensing.machines_form import EDITION, MachinesForm, machines_form
from kb.rules.articles import Article
from kb.rules.licence_machines import Machines
from kb.rules.licensing import Edition, LicensingRules, Tally, compare, fewest, tally

blueprint = feature("licensing", __name__, "/licences")


@dataclass(frozen=True, slots=True)
class Compared:
    """What another edition would need, and the address that counts with it."""

    name: str
    words: str
    for_hosts: int
    total: int
    fewest: bool
    chosen: bool
    url: str


@blueprint.get("/calculator")
def calculator() -> str | Response:
    """Show the form and, with numbers in the address, how many licences they need and why."""
    rules = live().site.policy.licensing
    if rules is None:
        abort(404)
    made = machines_form(rules, request.args)
    machines = made.read() if made.asked(request.args) else None
    if machines is None:
        return _page(made, rules)
    if request.args.to_dict(flat=False) != {k: [v] for k, v in made.address().items()}:
        return redirect(url_for("licensing.calculator", **_values(made.address())))
    found = tally(rules, machines, made.edition)
    return _page(
        made,
        rules,
        tally=found,
        title=words.licences(found.total),
        products=[
            (words.product_name(*product), number) for product, number in found.by_product().items()
        ],
        rows=[words.row(line) for line in found.lines],
        compared=_compared(made, machines, found),
        ask=_contact(rules, title=words.title(found)),
    )


def _page(made: MachinesForm, rules: LicensingRules, **result: Any) -> str:
    return render(
        "licensing/calculator.html",
        section="troubleshooter",
        made=made,
        form=made.form,
        rules=rules,
        section_name=words.section_name,
        edition_hints=_hints(rules),
        articles={section: _article(part.article) for section, part in rules.sections()},
        guide=_guide(rules),
        contact=_contact(rules),
        **result,
    )


def _compared(made: MachinesForm, machines: Machines, chosen: Tally) -> list[Compared]:
    """Every edition beside the chosen one (R53)."""
    tallies = compare(made.rules, machines)
    best = fewest(tallies).total if tallies else 0
    return [
        Compared(
            name=words.edition_name(edition),
            words=words.edition_words(edition),
            for_hosts=found.for_hosts,
            total=found.total,
            fewest=found.total == best,
            chosen=edition == chosen.edition,
            url=_with_edition(made, edition),
        )
        for found in tallies
        if (edition := found.edition)
    ]


def _with_edition(made: MachinesForm, edition: Edition) -> str:
    query = {**made.address(), EDITION: edition.id}
    return url_for("licensing.calculator", **_values(query), _anchor="result")


def _values(query: dict[str, str]) -> dict[str, Any]:
    """The query as values of an address, which mypy would take for url_for's own arguments."""
    return dict(query)


def _hints(rules: LicensingRules) -> dict[str, str]:
    editions = rules.hosts.editions if rules.hosts else ()
    return {edition.id: words.edition_words(edition) for edition in editions}


def _article(number: int | None) -> tuple[str, str] | None:
    """Address and title of the article that states a rule, where this visitor may read it."""
    found: list[Article] = articles_by_id((number,)) if number else []
    return (article_url(found[0]), found[0].title) if found else None


def _guide(rules: LicensingRules) -> str:
    tree = live().site.trees.get(rules.guide, {})
    return url_for("troubleshooter.tree", tree=rules.guide) if lang() in tree else ""


def _contact(rules: LicensingRules, title: str = "") -> str:
    known = {"request": rules.request, "topic": rules.topic, "title": title}
    return url_for("contact.start", **_values({k: v for k, v in known.items() if v}))
