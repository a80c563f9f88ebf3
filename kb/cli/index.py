"""`kb index`; in a module of its own, so that an edit is live before others are even loaded."""

import json
import os
import sys
from pathlib import Path

import click

from kb.cli.errors import counted, friendly
from kb.cli.progress import progress
from kb.content.bundles import Bundles
from kb.content.problems import ContentError
from kb.content.revisions import Revisions
from kb.content.unchanged import LastCompile, Look, Outcome
from kb.garbage import collector_at_rest
from kb.settings import Settings, read_settings


@click.command()
@click.option(
    "--json", "as_json", is_flag=True, help="Print what was done, or the mistakes, as JSON."
)
@click.pass_obj
@friendly
def index(site: Path, as_json: bool) -> None:
    """Compile the site; running servers switch to it by themselves.

    Only what changed is rendered and indexed again. A site with a mistake is not switched to: the
    last good one stays live.

    \b
    Examples:
      kb index
      kb --site ./support index --json
    """
    settings = read_settings(site=site)
    look = Look(settings.site)
    known = LastCompile(settings.var).of(look, Revisions(settings.var).current())
    if known is not None and _bundles_are_there(settings, known):
        _tell(known, as_json, changed=False, read=0)
        return
    try:
        _compile(settings, look, as_json)
    except ContentError as error:
        if not as_json:
            raise
        from kb.cli.check_formats import FORMATS  # its formats need more than a sound site does

        click.echo(FORMATS["json"](error.problems, ""))
        sys.exit(1)


def _bundles_are_there(settings: Settings, known: Outcome) -> bool:
    return not known.offline or Bundles(settings.var).revision == known.revision


def _compile(settings: Settings, look: Look, as_json: bool) -> None:
    with collector_at_rest():
        # here, because what reads and renders takes most of the time of a site that did not change
        from kb.actions.compile_site import compile_site
        from kb.content.site_source import load_site_file

        with progress("Reading articles") as step:
            made = compile_site(settings, step)
        offline = load_site_file(settings.site).site.offline
    if offline:
        _refresh_bundles(settings)
    outcome = Outcome(made.revision, made.articles, offline, made.warnings)
    LastCompile(settings.var).keep(look, outcome)
    _tell(outcome, as_json, changed=made.changed, read=made.read)


def _tell(outcome: Outcome, as_json: bool, *, changed: bool, read: int) -> None:
    """Print what was done."""
    if as_json:
        told = {"revision": outcome.revision, "changed": changed, "articles": outcome.articles}
        click.echo(json.dumps({**told, "read": read, "warnings": len(outcome.warnings)}))
        return
    for problem in outcome.warnings:
        click.echo(f"{problem} (warning)", err=True)
    done = f"{read} of {counted(outcome.articles, 'article')} read again"
    state = "is live" if changed else "was live already"
    click.echo(f"Revision {outcome.revision} {state}; {done}.")


def _refresh_bundles(settings: Settings) -> None:
    """Make what visitors may take along; the site itself is live already."""
    from kb.actions.live_site import LiveSite
    from kb.export.bundle import refresh_bundles

    with progress("Packing the help to take along") as step:
        live = LiveSite(settings.var).current()
        refresh_bundles(settings, live, os.environ.get("KB_BASE_URL", ""), step)
