"""`kb sync`: bring the live branch from its remote and go live with it."""

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from kb.actions.sync_site import Synced, SyncOutcome, sync_site
from kb.cli.errors import counted, friendly
from kb.settings import read_settings
from kb.store import Database, migrate

_GOOD = {SyncOutcome.LIVE, SyncOutcome.SAME}


@click.command()
@click.option("--branch", default="", help="Default: KB_SYNC_BRANCH, or what is checked out.")
@click.option("--remote", default="", help="Default: KB_SYNC_REMOTE, or origin.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
@click.pass_obj
@friendly
def sync(site: Path, branch: str, remote: str, as_json: bool) -> None:
    """Bring the live branch from git, check it aside, and go live with it.

    A commit with mistakes changes nothing: neither the live site nor the files of this folder. Its
    author gets a mail with file and line of each, once. What is edited here and not committed is
    never touched. Exit code 0: the site is as the branch is; 1: it is not, and why is printed.

    \b
    Examples:
      kb sync
      kb --site ./support sync --branch main --json
    """
    settings = read_settings(site=site)
    migrate(settings.database_url)
    db = Database(settings.database_url)
    try:
        done = sync_site(settings, db, datetime.now(UTC), remote=remote, branch=branch)
    finally:
        db.close()
    if as_json:
        click.echo(json.dumps(asdict(done), ensure_ascii=False))
    else:
        _tell(done)
    sys.exit(0 if done.outcome in _GOOD else 1)


def _tell(done: Synced) -> None:
    at = f"{done.branch} at {done.commit[:10]}"
    if done.outcome is SyncOutcome.LIVE:
        click.echo(f"{at} is live, revision {done.revision}.")
    elif done.outcome is SyncOutcome.SAME:
        click.echo(f"{at} was live already.")
    else:
        for problem in done.problems:
            click.echo(problem, err=True)
        if done.problems:
            wrong = counted(len(done.problems), "mistake")
            click.echo(f"{at} has {wrong}; nothing went live.", err=True)
        if done.why:
            click.echo(done.why, err=True)
        for address in done.told:
            click.echo(f"A mail to {address} is queued.", err=True)
        if done.unknown:
            click.echo(
                f"Nobody was mailed: {', '.join(done.unknown)} is no agent's address and not among "
                "people in site.yaml, which has no content_email either.",
                err=True,
            )
