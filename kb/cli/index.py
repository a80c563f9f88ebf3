"""`kb index`; in a module of its own, so that an edit is live before others are even loaded."""

import json
import os
import sys
from pathlib import Path

import click

from kb.actions.compile_site import compile_site
from kb.cli.check_formats import FORMATS
from kb.cli.errors import friendly
from kb.cli.progress import progress
from kb.content.problems import ContentError
from kb.content.site_source import load_site_file
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
    try:
        with progress("Reading articles") as step:
            made = compile_site(settings, step)
        if load_site_file(settings.site).site.offline:
            _refresh_bundles(settings)
    except ContentError as error:
        if not as_json:
            raise
        click.echo(FORMATS["json"](error.problems, ""))
        sys.exit(1)
    if as_json:
        told = {"revision": made.revision, "changed": made.changed, "articles": made.articles}
        click.echo(json.dumps({**told, "read": made.read, "warnings": len(made.warnings)}))
        return
    for problem in made.warnings:
        click.echo(f"{problem} (warning)", err=True)
    done = f"{made.read} of {made.articles} articles were read again"
    state = "is live" if made.changed else "was live already"
    click.echo(f"Revision {made.revision} {state}; {done}.")


def _refresh_bundles(settings: Settings) -> None:
    """Make what visitors may take along; the site itself is live already."""
    from kb.actions.live_site import LiveSite
    from kb.export.bundle import refresh_bundles

    with progress("Packing the help to take along") as step:
        live = LiveSite(settings.var).current()
        refresh_bundles(settings, live, os.environ.get("KB_BASE_URL", ""), step)
