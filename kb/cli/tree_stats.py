"""`kb tree stats`: how walks went, and where people leave a tree."""

import json
import sys
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click

from kb.actions.walks import WalkFigures
from kb.cli.errors import counted, friendly
from kb.cli.tree_reading import chosen, read_trees
from kb.rules.tree_drawing import label
from kb.rules.tree_figures import Fate, Figures
from kb.rules.trees import Tree
from kb.settings import read_settings
from kb.store import Database, StoreError, migrate

LISTED = 10  # nodes that are named, those that lose most people first


@click.command("stats")
@click.argument("name", required=False)
@click.option(
    "--days", default=28, show_default=True, type=click.IntRange(1, 396), help="Of the last days."
)
@click.option("--present", is_flag=True, help="Only walks through the present version of the tree.")
@click.option("--json", "as_json", is_flag=True, help="For programs: every node and every week.")
@click.pass_obj
@friendly
def stats_command(site: Path, name: str | None, days: int, present: bool, as_json: bool) -> None:
    """Tell how walks went and where people leave, one tree or all.

    “Solved” counts only who said so; “left” is silence of more than two hours.

    \b
    Examples:
      kb tree stats
      kb tree stats backup-fails --days 91
      kb tree stats backup-fails --json
    """
    settings = read_settings(site=site)
    trees = chosen(read_trees(site), name)
    now = datetime.now(UTC)
    try:
        migrate(settings.database_url)
        with closing(Database(settings.database_url)) as db:
            figures = WalkFigures(db)
            found = {
                tree.id: figures.of(
                    tree.id, now, days=days, revision=tree.revision if present else None
                )
                for tree in trees
            }
    except StoreError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    if as_json:
        told = {one: _facts(figures) for one, figures in found.items()}
        click.echo(json.dumps(told[name] if name else told, ensure_ascii=False, indent=1))
        return
    for tree in trees:
        _tell(tree, found[tree.id], nodes=name is not None)


def _tell(tree: Tree, figures: Figures, *, nodes: bool) -> None:
    fates = figures.fates
    counts = [f"{fates.get(fate, 0)} {fate.value}" for fate in (Fate.SOLVED, Fate.ESCALATED)]
    counts += [f"{fates[fate]} {fate.value}" for fate in (Fate.ADVISED,) if fates.get(fate)]
    counts += [f"{fates.get(Fate.LEFT, 0)} left"]
    counts += [f"{fates[Fate.UNDER_WAY]} under way"] if fates.get(Fate.UNDER_WAY) else []
    click.echo(
        f"{tree.id}: opened {figures.opened}, walked {figures.walks}: {', '.join(counts)}; "
        f"{counted(figures.cases, 'case')}"
    )
    if not nodes:
        return
    for name in figures.worst[:LISTED]:
        node = figures.at(name)
        known = tree.nodes.get(name)
        words = f"  {label(known)}" if known else ""
        click.echo(
            f"  {node.left} of {node.reached} left at {name} ({round(node.loss * 100)} %){words}"
        )


def _facts(figures: Figures) -> dict[str, object]:
    return {
        "opened": figures.opened,
        "walks": figures.walks,
        **_by_fate(figures.fates),
        "cases": figures.cases,
        "nodes": {
            name: {
                "reached": node.reached,
                "solved": node.solved,
                "escalated": node.escalated,
                "advised": node.advised,
                "left": node.left,
            }
            for name, node in sorted(figures.nodes.items())
        },
        "worst": figures.worst,
        "weeks": [
            {"week": week.monday.isoformat(), "walks": week.walks, **_by_fate(week.fates)}
            for week in figures.weeks
        ],
    }


def _by_fate(counts: Mapping[Fate, int]) -> dict[str, int]:
    return {fate.value: counts.get(fate, 0) for fate in Fate}
