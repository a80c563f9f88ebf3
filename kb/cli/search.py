"""`kb test-search`: does the site's search find what it must?"""

import json
import sys
from pathlib import Path
from typing import Any

import click

from kb.actions.search_tests import Miss, Tested, check_search
from kb.cli.errors import counted, friendly
from kb.cli.progress import progress
from kb.search.explain import Explanation
from kb.settings import read_settings


@click.command("test-search")
@click.option("--explain", is_flag=True, help="Show each score by word and field.")
@click.option("--json", "as_json", is_flag=True, help="Print every miss as JSON.")
@click.pass_obj
@friendly
def test_search(site: Path, explain: bool, as_json: bool) -> None:
    """Run every search test: `find_with` of articles and search-tests.yaml.

    The files are tested as they are, compiled or not. Each miss is printed with what came
    instead. Exit code 0: everything is found; 1: something is not; 2: wrong settings.

    \b
    Examples:
      kb test-search
      kb test-search --explain
      kb --site ./support test-search --json
    """
    settings = read_settings(site=site)
    with progress("Reading articles") as step:
        tested = check_search(settings, step)
    if as_json:
        click.echo(json.dumps(_told(tested), ensure_ascii=False, indent=1))
    else:
        for miss in tested.misses:
            _print(miss, explain)
        told = f"{counted(tested.tests, 'search test')}, {len(tested.misses)} missed"
        click.echo(told, err=True)
    sys.exit(1 if tested.misses else 0)


def _print(miss: Miss, explain: bool) -> None:
    wanted = miss.wanted
    where = f"number {miss.place}" if miss.place else "not found"
    click.echo(
        f"{wanted.path}:{wanted.line}: “{wanted.q}” ({wanted.lang}): {wanted.finds} is {where}, "
        f"not among the first {wanted.within}"
    )
    for place, (hit, why) in enumerate(zip(miss.came, miss.why, strict=False), 1):
        click.echo(f"  {place:>3}. {hit.score:8.2f}  {hit.id:>6}  {hit.title}")
        if explain:
            _print_explanation(why)
    if not miss.came:
        click.echo("       nothing was found")
    if explain:
        click.echo(f"  wanted: {wanted.finds}")
        _print_explanation(miss.why[-1])


def _print_explanation(why: Explanation | None) -> None:
    if why is None:
        click.echo("         it is not in the index for these readers")
        return
    for word in why.words:
        fields = ", ".join(f"{field} {points:.2f}" for field, points in word.fields.items())
        weight = f" (counts {word.weight:.2f})" if word.weight != 1 else ""
        click.echo(f"         {word.points:7.2f}  {word.term}{weight}: {fields}")
    for name, factor in why.factors.items():
        click.echo(f"         × {factor:5.2f}  {name}")
    if why.neighbours:
        click.echo(f"         {why.neighbours:+7.2f}  words side by side")


def _told(tested: Tested) -> dict[str, Any]:
    return {"tests": tested.tests, "misses": [_miss(miss) for miss in tested.misses]}


def _miss(miss: Miss) -> dict[str, Any]:
    wanted = miss.wanted
    return {
        "path": wanted.path,
        "line": wanted.line,
        "q": wanted.q,
        "lang": wanted.lang,
        "finds": wanted.finds,
        "within": wanted.within,
        "place": miss.place,
        "came": [{"id": hit.id, "title": hit.title, "score": hit.score} for hit in miss.came],
        "why": [_why(why) for why in miss.why],
    }


def _why(why: Explanation | None) -> dict[str, Any] | None:
    if why is None:
        return None
    return {
        "score": round(why.score, 4),
        "words": [
            {
                "term": word.term,
                "weight": round(word.weight, 4),
                "fields": {field: round(points, 4) for field, points in word.fields.items()},
            }
            for word in why.words
        ],
        "factors": dict(why.factors),
        "neighbours": why.neighbours,
    }
