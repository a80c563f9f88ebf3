"""`kb licences import`: tells the site which licences were sold."""

import sys
from contextlib import closing
from pathlib import Path

import click

from kb.actions.licence_import import BadList, import_licences, read_lines
from kb.cli.errors import counted, friendly
from kb.content.policy_source import load_policy
from kb.content.problems import ContentError
from kb.content.site_source import load_site_file
from kb.settings import read_settings
from kb.store import Database, migrate


@click.group("licences")
def licences_group() -> None:
    """The licences that were sold."""


@licences_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--correct", is_flag=True, help="Keys that are known get the facts of this list.")
@click.pass_obj
@friendly
def import_(site: Path, file: Path, correct: bool) -> None:
    """Take the licences of a CSV file, all of them or none.

    The first line names the columns: key, product and sold_on (2026-11-23) must be there;
    version, edition, plan, plan_days, term_days, box_serial and upgrade_of may be. Only a keyed
    hash of each key and its last four characters are kept; a correction leaves alone what the
    list has no column for. The list is read as it comes, up to 1,000,000 licences.

    \b
    Examples:
      kb licences import sold-in-november.csv
      kb licences import all.csv --correct
    """
    settings = read_settings(site=site)
    languages = load_site_file(settings.site).site.languages
    policy, problems = load_policy(settings.site, languages)
    if policy is None:
        raise ContentError(problems)
    migrate(settings.database_url)
    try:
        with (
            closing(Database(settings.database_url)) as db,
            file.open(encoding="utf-8", newline="") as lines,
        ):
            done = import_licences(
                db, policy, settings.secret_key, read_lines(lines), correct=correct
            )
    except BadList as bad:
        for mistake in bad.mistakes:
            click.echo(f"{file}:{mistake.line}: {mistake.what}", err=True)
        click.echo(f"{counted(len(bad.mistakes), 'mistake')}; nothing was changed.", err=True)
        sys.exit(1)
    told = f"{counted(done.added, 'licence')} added"
    told += f", {done.corrected} corrected" if correct else f", {done.known} known already"
    click.echo(f"{told}.")
