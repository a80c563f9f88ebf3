"""`kb check`: every rule on every file, for people and for programs."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from kb.actions.examine_site import Checked, examine_site
from kb.cli.check_formats import FORMATS
from kb.cli.errors import counted, friendly
from kb.cli.progress import progress
from kb.content.check_rules import RULES
from kb.content.problems import ContentError, Level
from kb.outside.external_links import LinkChecker
from kb.settings import read_settings


@click.command()
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", *FORMATS]),
    default="text",
    show_default=True,
    help="How mistakes are printed.",
)
@click.option("--json", "json_", is_flag=True, help="The same as --format json.")
@click.option("--since", metavar="REV", help="Only what files changed since this revision cause.")
@click.option("--external", is_flag=True, help="Ask other sites whether linked pages are there.")
@click.option("--rules", is_flag=True, help="List every rule with its level, and end.")
@click.pass_obj
@friendly
def check(
    site: Path, format_: str, json_: bool, since: str | None, external: bool, rules: bool
) -> None:
    """Check every article, tree and policy file of the site; change nothing.

    Prints each mistake as path:line: what is wrong; how to mend it. A search test that fails
    is a warning (`kb test-search` is strict). Which rules warn, fail or are off: `checks:` in
    site.yaml. Exit code 0: no mistake; 1: mistakes; 2: wrong settings.

    \b
    Examples:
      kb check
      kb --site ./support check --since main --format github
      kb check --external --format junit > report.xml
    """
    if rules:
        _print_rules()
        return
    settings = read_settings(site=site)
    chosen = "json" if json_ else format_
    links = LinkChecker(settings.var / "cache" / "external-links.json") if external else None
    today = datetime.now(UTC).date()
    try:
        with progress("Reading articles") as step:
            checked = examine_site(settings, today, since=since, links=links, progress=step)
    except ContentError as error:
        if chosen == "text":
            raise
        click.echo(FORMATS[chosen](error.problems, ""))
        sys.exit(1)
    if chosen != "text":
        click.echo(FORMATS[chosen](checked.problems, checked.folder))
    else:
        _print(checked)
    if checked.unasked:
        click.echo(f"{counted(checked.unasked, 'link')} left for the next --external", err=True)
    if checked.elsewhere:
        told = (
            f"{counted(checked.elsewhere, 'mistake')} in files that did not change; see: kb check"
        )
        click.echo(told, err=True)
    sys.exit(1 if checked.mistakes else 0)


def _print(checked: Checked) -> None:
    for problem in checked.problems:
        mark = " (warning)" if problem.level is Level.WARNING else ""
        click.echo(f"{problem}{mark}", err=True)
    warnings = len(checked.problems) - checked.mistakes
    also = f", {counted(warnings, 'warning')}" if warnings else ""
    if checked.mistakes:
        told = f"{counted(checked.mistakes, 'mistake')}{also}"
        click.echo(f"{told}; nothing was changed.", err=True)
        return
    click.echo(
        f"{counted(checked.articles, 'article')} in {counted(checked.languages, 'language')}, "
        f"{counted(checked.trees, 'tree')}, {counted(checked.products, 'product')}: "
        f"no mistakes{also}"
    )


def _print_rules() -> None:
    for rule in RULES.values():
        fixed = ", always" if rule.fixed else ""
        level = f"{rule.level}{fixed}"
        click.echo(f"{rule.name:<21}{level:<16}{rule.finds}")
