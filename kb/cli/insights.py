"""`kb insights`: what the knowledge base is missing, and what it spares."""

import json
import sys
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from kb.actions.insights import Deflection, Insights, insights
from kb.actions.live_site import LiveSite, NoLiveSite
from kb.actions.twins import read_twins, write_twins
from kb.actions.walks import WalkFigures
from kb.cli.errors import friendly
from kb.rules.work_list import Gap, Work
from kb.settings import read_settings
from kb.store import Database, StoreError, migrate

_SAID = {
    Gap.CASE_ANYWAY: "a case followed {count} of {total} searches",
    Gap.NO_RESULT: "{count} of {total} searches found nothing",
    Gap.NOT_OPENED: "after {count} of {total} searches nothing was opened",
    Gap.NOT_HELPFUL: "{count} of {total} readers said that it did not help",
    Gap.OFTEN_SENT: "cases that agents answered with it: {count}",
    Gap.TREE_LOSES: "{count} of {total} people stopped answering at “{node}”",
    Gap.FEW_ARTICLES: "cases: {count}; articles: {total}",
    Gap.REVIEW_DUE: "days since the review was due: {count}",
    Gap.TWINS: "{count} % alike: {other} {words}",
}


@click.command("insights")
@click.option(
    "--days", default=28, show_default=True, type=click.IntRange(1, 396), help="Of the last days."
)
@click.option(
    "--most", default=20, show_default=True, type=click.IntRange(1, 1000), help="Lines to print."
)
@click.option("--json", "as_json", is_flag=True, help="For programs: every line and figure.")
@click.pass_obj
@friendly
def insights_command(site: Path, days: int, most: int, as_json: bool) -> None:
    """Tell what keeps people from their answer, the most urgent first.

    The number before a line is how many people a month, as far as counts can say. “Solved” counts
    only who said so.

    \b
    Examples:
      kb insights
      kb insights --days 91 --most 50
      kb insights --json
    """
    settings = read_settings(site=site)
    try:
        live = LiveSite(settings.var).current()
        migrate(settings.database_url)
        with closing(Database(settings.database_url)) as db:
            if not read_twins(settings.var):
                write_twins(settings.var, live)
            walks = WalkFigures(db)
            found = insights(db, live, walks, settings.var, datetime.now(UTC), days=days)
    except NoLiveSite:
        click.echo("Nothing is compiled yet; run `kb index` first", err=True)
        sys.exit(2)
    except StoreError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    if as_json:
        click.echo(json.dumps(_facts(found), ensure_ascii=False, indent=1))
        return
    for one in found.work[:most]:
        click.echo(f"{one.weight:6.1f}  {_about(one)}: {_said(one)}")
    if not found.work:
        click.echo(f"Nothing is missing, as far as the counts of {days} days can say.")
    elif len(found.work) > most:
        click.echo(f"        … and {len(found.work) - most} more; --most shows them")
    _tell("searches", found.searches)
    _tell("troubleshooter", found.walks)
    click.echo(f"cases opened: {found.cases}")


def _about(one: Work) -> str:
    if one.article:
        return f"{one.article} “{one.about}” ({one.lang})"
    return f"“{one.about}” ({one.lang})" if one.lang else f"{one.tree or one.product} “{one.about}”"


def _said(one: Work) -> str:
    words = f"“{' '.join(one.words)}”"
    return _SAID[one.gap].format(
        count=one.count, total=one.total, node=one.node, other=one.other, words=words
    )


def _tell(name: str, one: Deflection) -> None:
    click.echo(
        f"{name}: {one.solved} said it is solved, {one.left} read an answer and left, "
        f"{one.case} opened a case, {one.nothing} left with nothing"
    )


def _facts(found: Insights) -> dict[str, object]:
    return {
        "days": found.days,
        "work": [asdict(one) for one in found.work],
        "searches": asdict(found.searches),
        "troubleshooter": asdict(found.walks),
        "weeks": {day.isoformat(): asdict(one) for day, one in found.weeks.items()},
        "cases": found.cases,
    }
