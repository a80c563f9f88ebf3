"""`kb policy`: who may contact support, and why; what a change would mean."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from html import escape
from itertools import groupby
from pathlib import Path

import click

from kb.cli.errors import counted, friendly
from kb.cli.policy_diff import diff_command
from kb.content.policy_source import load_policy
from kb.content.problems import ContentError
from kb.content.site_source import load_site_file
from kb.content.validate import did_you_mean
from kb.rules.entitlement import Explanation, Reading, explain
from kb.rules.facts import NONE, NUMBERS, OTHER, UNKNOWN, Edition, Facts, is_consistent
from kb.rules.policy import Policy, Test
from kb.rules.policy_space import combinations, words_of
from kb.rules.policy_table import COLUMNS, Row, outcome, table
from kb.settings import read_settings

_HEADING = 3  # request, topic and edition head a group of rows in the text table


@click.group("policy")
def policy_group() -> None:
    """Show who may contact support, and why."""


policy_group.add_command(diff_command)


@policy_group.command("table")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "csv", "html"]),
    default="text",
    show_default=True,
    help="How to print it.",
)
@click.pass_obj
@friendly
def table_command(site: Path, form: str) -> None:
    """Print the decision for every combination of facts, equal ones together.

    \b
    Examples:
      kb policy table
      kb policy table --format csv > cover.csv
      kb policy table --format html > cover.html
    """
    policy = _policy(site)
    rows = table(policy)
    click.echo({"text": _text, "csv": _csv, "html": _html}[form](rows), nl=False)
    told = (
        f"{counted(combinations(policy), 'combination')} in {counted(len(rows), 'row')}, "
        f"by {counted(len(policy.rules), 'rule')}"
    )
    click.echo(told, err=True)


@policy_group.command("explain")
@click.option("--request", required=True, help="A request of requests.yaml, such as technical.")
@click.option("--topic", help="A topic of that request; default: other.")
@click.option("--product", help="A product line; sets market, OEM kind, licensing, registering.")
@click.option("--version", help="The version of that product.")
@click.option("--edition", help="trial, full or none; default: full with a product or market.")
@click.option("--market", help="business, home, home-office or none.")
@click.option("--oem", help="no, pay-per-incident or ordinary.")
@click.option("--licensing", help="perpetual or term.")
@click.option("--lifecycle", help="supported or unsupported.")
@click.option("--register-first", help="yes or no: support starts with registration.")
@click.option("--registered", help="yes or no; default: yes for a full version.")
@click.option("--plan", help="The plan held, such as premier; active unless --plan-state says so.")
@click.option("--plan-state", help="active, expired or none.")
@click.option("--days-since-purchase", help="Whole days, or unknown.")
@click.option("--credit", help="yes or no: an unused paid incident.")
@click.pass_obj
@friendly
def explain_command(
    site: Path, /, product: str | None, version: str | None, **wanted: str | None
) -> None:
    """Explain one decision: the facts, every rule that was read, and what came of it.

    \b
    Examples:
      kb policy explain --request technical --product home --days-since-purchase 10
      kb policy explain --request technical --market business --plan premier
      kb policy explain --request technical --topic recovery --product home --version 2025
    """
    policy = _policy(site)
    facts = _facts(policy, product, version, {k: v for k, v in wanted.items() if v is not None})
    if not is_consistent(policy, facts):
        click.echo("Note: these facts cannot occur together on this site.", err=True)
    click.echo("\n".join(_explained(policy, explain(policy, facts))))


def _policy(site: Path) -> Policy:
    root = read_settings(site=site).site
    policy, problems = load_policy(root, load_site_file(root).site.languages)
    if policy is None:
        raise ContentError(problems)
    return policy


def _facts(
    policy: Policy, product: str | None, version: str | None, wanted: Mapping[str, str]
) -> Facts:
    """The facts as they were asked for, the rest as the product or the most usual case has it."""
    known = {fact: words for fact, words in words_of(policy).items() if fact not in NUMBERS}
    for fact, word in wanted.items():
        if fact in known and word not in known[fact]:
            raise _unknown(fact, word, known[fact])
    given = {fact: word for fact, word in wanted.items() if fact not in NUMBERS}
    if product or given.get("market", NONE) != NONE:
        given.setdefault("edition", Edition.FULL)
    if given.get("edition") == Edition.FULL:
        given.setdefault("registered", "yes")
    if "plan" in given:
        given.setdefault("plan_state", NONE if given["plan"] == NONE else "active")
    topic = policy.requests[wanted["request"]].topic(given.get("topic", OTHER))
    given["scope"] = "in" if topic is None or topic.in_scope else "out"
    facts = _of_product(policy, product, version) if product else Facts("")
    days = _days(wanted.get("days_since_purchase", UNKNOWN))
    return replace(facts, **given, days_since_purchase=days)


def _of_product(policy: Policy, product: str, version: str | None) -> Facts:
    line = policy.products.get(product)
    if line is None:
        raise _unknown("product", product, tuple(policy.products))
    if version is not None and version not in line.versions:
        raise _unknown("version", version, line.versions)
    return Facts(
        "",
        market=str(line.market),
        oem=str(line.oem),
        licensing=str(line.licensing),
        lifecycle=str(line.lifecycle(version)),
        register_first="yes" if line.register_first else "no",
    )


def _days(text: str) -> int | None:
    if text == UNKNOWN:
        return None
    if not (text.isascii() and text.isdigit()):
        raise click.UsageError(f"“{text}” is no number of days; write digits, or {UNKNOWN}")
    return int(text)


def _unknown(name: str, word: str, known: Sequence[str]) -> click.UsageError:
    option = name.replace("_", "-")
    return click.UsageError(f"--{option} cannot be “{word}”; {did_you_mean(word, known)}")


def _explained(policy: Policy, told: Explanation) -> Iterator[str]:
    yield "Facts"
    for name in told.facts.__dataclass_fields__:
        value = getattr(told.facts, name)
        yield f"  {name:<20} {UNKNOWN if value is None else value}"
    yield "Rules"
    for reading in told.readings:
        yield f"  {reading.rule:<26} {_read(reading)}"
    yield "Decision"
    yield f"  {outcome(told.decision)}"
    for rule_id in told.decision.why:
        rule = policy.rule(rule_id)
        if rule:
            yield f"  {rule_id}: {rule.why.in_('en')}"


def _read(reading: Reading) -> str:
    if not reading.reached:
        return "not read: the reading had ended"
    if reading.failed:
        return "no match: " + "; ".join(_wanted(test) for test in reading.failed)
    return reading.did


def _wanted(test: Test) -> str:
    if test.values:
        return f"{test.fact} is not {' or '.join(test.values)}"
    at_least = f"at least {test.at_least}" if test.at_least is not None else ""
    at_most = f"at most {test.at_most}" if test.at_most is not None else ""
    return f"{test.fact} is not {' and '.join(filter(None, (at_least, at_most)))}"


def _text(rows: Sequence[Row]) -> str:
    lines = []
    for heading, group in groupby(rows, key=lambda row: row.cells[:_HEADING]):
        lines.append("; ".join(_cells(COLUMNS[:_HEADING], heading)))
        for row in group:
            condition = "; ".join(_cells(COLUMNS[_HEADING:], row.cells[_HEADING:]))
            lines += [f"  {condition}"] if condition else []
            lines.append(f"    -> {row.outcome}  [{', '.join(row.rules)}]")
        lines.append("")
    return "\n".join(lines)


def _cells(columns: Sequence[str], cells: Sequence[str]) -> Iterator[str]:
    for column, cell in zip(columns, cells, strict=True):
        if cell:
            yield f"{column.replace('_', ' ')}: {cell}"


def _csv(rows: Sequence[Row]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow((*COLUMNS, "outcome", "rules"))
    writer.writerows((*row.cells, row.outcome, " ".join(row.rules)) for row in rows)
    return text.getvalue()


def _html(rows: Sequence[Row]) -> str:
    head = "".join(
        f'<th scope="col">{escape(one.replace("_", " "))}</th>'
        for one in (*COLUMNS, "outcome", "rules")
    )
    body = "\n".join(
        "<tr>"
        + "".join(f"<td>{escape(cell)}</td>" for cell in (*row.cells, row.outcome))
        + f"<td>{escape(', '.join(row.rules))}</td></tr>"
        for row in rows
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        "<title>Who may contact support</title></head><body>\n"
        "<h1>Who may contact support</h1>\n"
        "<p>An empty cell: anything that can occur there gives the same.</p>\n"
        f"<table border>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table>\n"
        "</body></html>\n"
    )
