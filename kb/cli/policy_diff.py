"""`kb policy diff`: whose situation changes between two policies."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from kb.actions.policy_effect import effect_on_products
from kb.cli.errors import counted as several
from kb.cli.errors import friendly
from kb.content.git_files import write_revision
from kb.content.policy_source import load_policy
from kb.content.problems import ContentError, Problem
from kb.content.site_source import load_site_file
from kb.rules.policy import Policy
from kb.rules.policy_diff import Change, Diff, diff
from kb.rules.policy_effect import Effect
from kb.rules.policy_table import COLUMNS
from kb.rules.policy_terms import Term
from kb.settings import Settings, read_settings
from kb.store import Database, migrate

WORKING_TREE = "the working tree"


@click.command("diff")
@click.argument("before", metavar="REV1")
@click.argument("after", metavar="[REV2]", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "html"]),
    default="text",
    show_default=True,
    help="How to print it.",
)
@click.option("--assets", is_flag=True, help="Also count the registered products in the database.")
@click.pass_obj
@friendly
def diff_command(site: Path, before: str, after: str | None, form: str, assets: bool) -> None:
    """Show whose situation changes between two revisions of the policy.

    REV1 and REV2 are git revisions, or folders of sites. Without REV2 it is the site as it
    stands, with every edit that is not yet committed.

    \b
    Examples:
      kb policy diff HEAD
      kb policy diff v1.2 v1.3 --format html > changes.html
      kb policy diff main --assets
      kb policy diff ../site-today ../site-tomorrow
    """
    settings = read_settings(site=site)
    with _read(settings.site, before) as old, _read(settings.site, after) as new:
        found = diff(old, new)
        counted = _count(settings, old, new, found) if assets else None
    names = before, after or WORKING_TREE
    print_ = {"text": _text, "json": _json, "html": _html}[form]
    click.echo(print_(names, found, counted), nl=False)


@contextmanager
def _read(root: Path, wanted: str | None) -> Iterator[Policy]:
    """The policy of a revision, a folder, or (None) of the site as it stands."""
    if wanted is None:
        yield _policy(root, "")
    elif (Path(wanted) / "site.yaml").is_file():
        yield _policy(Path(wanted), f"{wanted}/")
    else:
        with TemporaryDirectory(prefix="kb-policy-") as folder:
            write_revision(root, wanted, Path(folder))
            yield _policy(Path(folder), f"{wanted}:")


def _policy(root: Path, prefix: str) -> Policy:
    """Read a policy; its mistakes name the revision or folder that they are in."""
    try:
        policy, problems = load_policy(root, load_site_file(root).site.languages)
        if policy is None:
            raise ContentError(problems)
    except ContentError as error:
        raise ContentError(
            Problem(f"{prefix}{one.path}", one.line, one.what, one.mend) for one in error.problems
        ) from None
    return policy


def _count(settings: Settings, before: Policy, after: Policy, found: Diff) -> Effect:
    migrate(settings.database_url)
    with closing(Database(settings.database_url)) as db:
        return effect_on_products(db, before, after, found, datetime.now(UTC))


def _summary(names: tuple[str, str], found: Diff, counted: Effect | None) -> list[str]:
    verb = "changes" if found.situations == 1 else "change"
    ways = several(len(found.changes), "way")
    said = f"{found.situations} of {several(found.walked, 'situation')} {verb}, in {ways}"
    lines = [f"{names[0]} → {names[1]}", said if found.changes else "Nobody's situation changes."]
    if counted:
        held = several(counted.products, "registered product")
        lines.append(f"{counted.touched} of {held} touched.")
    return lines


def _conditions(change: Change) -> list[tuple[str, str]]:
    named = zip(COLUMNS, change.cells, strict=True)
    return [(column.replace("_", " "), cell.words) for column, cell in named if cell.words]


def _term_words(term: Term, counted: Effect | None) -> str:
    name = f"{term.part} {term.id}"
    if not term.field:
        return f"{name}: {term.after}"
    held = counted.by_plan.get(term.id, 0) if counted and term.part == "plans" else None
    holders = f" (held by {several(held, 'product')})" if held is not None else ""
    return f"{name}, {term.field}: {term.before} → {term.after}{holders}"


def _text(names: tuple[str, str], found: Diff, counted: Effect | None) -> str:
    lines = [*_summary(names, found, counted), ""]
    for at, change in enumerate(found.changes):
        told = change.told
        lines.append("; ".join(f"{column}: {words}" for column, words in _conditions(change)))
        lines.append(f"    before  {told.before}  [{', '.join(told.rules_before)}]")
        lines.append(f"    after   {told.after}  [{', '.join(told.rules_after)}]")
        products = f", {several(counted.by_change[at], 'registered product')}" if counted else ""
        lines += [f"    {several(change.situations, 'situation')}{products}", ""]
    if found.terms:
        lines += ["Also changed:", *(f"  {_term_words(one, counted)}" for one in found.terms)]
    return "\n".join(lines).rstrip() + "\n"


def _json(names: tuple[str, str], found: Diff, counted: Effect | None) -> str:
    changes = [
        {
            "when": {
                column: list(cell.values)
                for column, cell in zip(COLUMNS, change.cells, strict=True)
                if cell.values
            },
            "before": {"outcome": change.told.before, "rules": list(change.told.rules_before)},
            "after": {"outcome": change.told.after, "rules": list(change.told.rules_after)},
            "situations": change.situations,
            **({"products": counted.by_change[at]} if counted else {}),
        }
        for at, change in enumerate(found.changes)
    ]
    terms = [
        {
            "part": one.part,
            "id": one.id,
            "field": one.field,
            "before": one.before,
            "after": one.after,
        }
        for one in found.terms
    ]
    whole = {
        "before": names[0],
        "after": names[1],
        "walked": found.walked,
        "situations": found.situations,
        "changes": changes,
        "terms": terms,
    }
    if counted:
        whole["products"] = {"all": counted.products, "touched": counted.touched}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _html(names: tuple[str, str], found: Diff, counted: Effect | None) -> str:
    heads = ["situation", "before", "after", "situations", *(["products"] if counted else [])]
    head = "".join(f'<th scope="col">{one}</th>' for one in heads)
    rows = "\n".join(_html_row(at, change, counted) for at, change in enumerate(found.changes))
    terms = "\n".join(f"<li>{escape(_term_words(one, counted))}</li>" for one in found.terms)
    also = f"<h2>Also changed</h2>\n<ul>\n{terms}\n</ul>\n" if found.terms else ""
    said = "\n".join(f"<p>{escape(one)}</p>" for one in _summary(names, found, counted))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        "<title>Whose situation changes</title></head><body>\n"
        f"<h1>Whose situation changes</h1>\n{said}\n"
        f"<table border>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>\n"
        f"{also}</body></html>\n"
    )


def _html_row(at: int, change: Change, counted: Effect | None) -> str:
    when = "<br>".join(f"{escape(name)}: {escape(words)}" for name, words in _conditions(change))
    told = change.told
    cells = [
        when,
        *(
            f"{escape(outcome)} <small>[{escape(', '.join(rules))}]</small>"
            for outcome, rules in (
                (told.before, told.rules_before),
                (told.after, told.rules_after),
            )
        ),
        str(change.situations),
        *([str(counted.by_change[at])] if counted else []),
    ]
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
