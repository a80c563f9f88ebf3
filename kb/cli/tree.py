"""`kb tree …`: an author's tools for decision trees; more of them stand in `tree_texts.py`."""

import sys
from itertools import islice
from pathlib import Path

import click

from kb.actions.compile_site import check_site
from kb.actions.tree_drawings import draw
from kb.cli.errors import counted, friendly
from kb.cli.tree_reading import chosen, read_trees
from kb.cli.tree_stats import stats_command
from kb.cli.tree_texts import cover_command, stamp_command, translate_command
from kb.content.problems import ContentError, Level, Problem
from kb.content.trees_check import FOLDER, with_lines
from kb.rules.tree_drawing import mermaid, outline, paths
from kb.rules.tree_tests import failed_tests, untested_ends
from kb.settings import read_settings


@click.group("tree")
def tree_group() -> None:
    """Check, test, list, draw and measure the decision trees in troubleshooter/."""


@tree_group.command("check")
@click.pass_obj
@friendly
def check_command(site: Path) -> None:
    """Prove every tree: its ways, its ends, its translations and its tests.

    Exit code 0: no mistake; 1: mistakes.

    \b
    Examples:
      kb tree check
      kb --site ./support tree check
    """
    try:
        source = check_site(read_settings(site=site))
    except ContentError as error:
        ours = [p for p in error.problems if p.path.startswith(f"{FOLDER}/")]
        if any(problem.level is Level.ERROR for problem in ours):
            raise ContentError(ours) from None
        click.echo("The trees have no mistakes; other files have: run “kb check”.")
        return
    for problem in source.problems:
        if problem.path.startswith(f"{FOLDER}/"):
            click.echo(f"{problem} (warning)", err=True)
    lang = source.site.default_language
    for name in sorted(source.trees):
        tree = source.trees[name][lang]
        click.echo(
            f"{name}: {counted(len(tree.nodes), 'node')}, {counted(tree.paths, 'path')}, at most "
            f"{counted(tree.ahead[tree.start], 'answer')}, {counted(len(tree.tests), 'test')}"
        )


@tree_group.command("test")
@click.argument("name", required=False)
@click.pass_obj
@friendly
def test_command(site: Path, name: str | None) -> None:
    """Run the tests beside the trees and name the ends that no test reaches.

    Exit code 0: every test passes; 1: one fails.

    \b
    Examples:
      kb tree test
      kb tree test backup-fails
    """
    trees = read_trees(site)
    failed: list[Problem] = []
    for tree in chosen(trees, name):
        problems = list(with_lines(site, failed_tests(tree, trees)))
        failed += problems
        untested = untested_ends(tree, trees)
        told = f"{tree.id}: {counted(len(tree.tests), 'test')}, {len(problems)} failed"
        click.echo(told + (f"; no test reaches: {', '.join(untested)}" if untested else ""))
    for problem in failed:
        click.echo(str(problem), err=True)
    sys.exit(1 if failed else 0)


@tree_group.command("paths")
@click.argument("name")
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1), help="At most.")
@click.pass_obj
@friendly
def paths_command(site: Path, name: str, limit: int) -> None:
    """List the paths through a tree, one a line, and count them all.

    \b
    Examples:
      kb tree paths backup-fails
      kb tree paths licensing-guide --limit 10
    """
    trees = read_trees(site)
    (tree,) = chosen(trees, name)
    for way in islice(paths(tree, trees), limit):
        click.echo("  ".join(way))
    most = counted(tree.ahead[tree.start], "answer")
    click.echo(f"{counted(tree.paths, 'path')}, at most {most}", err=True)


@tree_group.command("draw")
@click.argument("name")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "mermaid", "svg"]),
    default="text",
    show_default=True,
    help="How to draw it.",
)
@click.option("--lang", help="In this language; default: the site's first.")
@click.pass_obj
@friendly
def draw_command(site: Path, name: str, form: str, lang: str | None) -> None:
    """Draw a tree as indented text, as a Mermaid flowchart, or as a picture (SVG).

    \b
    Examples:
      kb tree draw backup-fails
      kb tree draw backup-fails --format mermaid --lang en > backup.mmd
      kb tree draw backup-fails --format svg > backup.svg
    """
    (tree,) = chosen(read_trees(site, lang), name)
    if form == "svg":
        click.echo(draw(tree, alone=True), nl=False)
        return
    click.echo(mermaid(tree) if form == "mermaid" else outline(tree), nl=False)


tree_group.add_command(cover_command)
tree_group.add_command(stats_command)
tree_group.add_command(translate_command)
tree_group.add_command(stamp_command)
