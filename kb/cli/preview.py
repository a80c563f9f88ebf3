"""`kb preview`: branches as reviewers see them before they are live."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from kb.actions.previews import (
    PreviewRefusal,
    ask_preview,
    build_preview,
    end_preview,
    preview_url,
    previews,
)
from kb.cli.errors import friendly
from kb.rules.previews import MOST_DAYS, MOST_PREVIEWS, USUAL_DAYS, Preview, PreviewState
from kb.settings import read_settings

_REFUSED = {
    PreviewRefusal.BAD_BRANCH: "is no name of a branch",
    PreviewRefusal.TOO_MANY: f"cannot have a preview: there are {MOST_PREVIEWS}; end one first",
}


@click.group("preview")
def preview_group() -> None:
    """Branches as reviewers see them, each at a secret address until it expires."""


@preview_group.command()
@click.argument("branch")
@click.option(
    "--days", default=USUAL_DAYS, show_default=True, type=click.IntRange(1, MOST_DAYS),
    help="How long the address works.",
)  # fmt: skip
@click.pass_obj
@friendly
def create(site: Path, branch: str, days: int) -> None:
    """Build a preview of BRANCH and print its address; once more: bring it up to date.

    Whoever has the address reads the branch's articles, trees and search, drafts included, and
    internal articles when signed in as an agent. Nothing can be sent from there.
    A branch that is not pushed is taken from this repository.

    \b
    Examples:
      kb preview create storage-articles
      kb preview create storage-articles --days 14
    """
    settings = read_settings(site=site)
    now = datetime.now(UTC)
    asked = ask_preview(settings, branch, now, days)
    if isinstance(asked, PreviewRefusal):
        click.echo(f"“{branch}” {_REFUSED[asked]}", err=True)
        sys.exit(1)
    built = build_preview(settings, asked)
    for problem in built.problems:
        click.echo(problem, err=True)
    if built.state is PreviewState.BROKEN:
        if asked.made_at == now:  # nobody has its address, and there is nothing to be seen at it
            end_preview(settings, asked.id)
        click.echo("The preview cannot be built; mend the branch and try again.", err=True)
        sys.exit(1)
    click.echo(preview_url(settings, built))
    click.echo(f"It works until {built.expires_at:%Y-%m-%d %H:%M} UTC.", err=True)


@preview_group.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
@click.pass_obj
@friendly
def list_(site: Path, as_json: bool) -> None:
    """List the previews that there are.

    \b
    Example:
      kb preview list
    """
    settings = read_settings(site=site)
    found = previews(settings, datetime.now(UTC))
    if as_json:
        click.echo(json.dumps([{**_row(one.preview), "url": one.url} for one in found]))
        return
    for one in found:
        row = _row(one.preview)
        click.echo(f"{row['branch']:<30} {row['state']:<8} {row['expires_at'][:16]}  {one.url}")


@preview_group.command()
@click.argument("branch")
@click.pass_obj
@friendly
def end(site: Path, branch: str) -> None:
    """End the preview of BRANCH now.

    \b
    Example:
      kb preview end storage-articles
    """
    settings = read_settings(site=site)
    found = [one.preview.id for one in previews(settings, datetime.now(UTC))
             if one.preview.branch == branch]  # fmt: skip
    if not found:
        click.echo(f"There is no preview of “{branch}”", err=True)
        sys.exit(1)
    for id_ in found:
        end_preview(settings, id_)


def _row(preview: Preview) -> dict[str, str]:
    return {
        "branch": preview.branch,
        "state": str(preview.state),
        "commit": preview.commit,
        "expires_at": preview.expires_at.isoformat(),
    }
