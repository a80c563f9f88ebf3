"""`kb export static`, `kb export bundle`; the others stand in files of their own."""

import os
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

import click

from kb.actions.live_site import Live, LiveSite, NoLiveSite
from kb.cli.errors import counted, friendly, refused
from kb.cli.export_cases import cases
from kb.cli.export_json import knowledge_json
from kb.cli.progress import progress
from kb.export.bundle import refresh_bundles, write_bundle
from kb.export.folder import ExportError, beside, check_target
from kb.export.site import Exported, Options, export_site
from kb.settings import Settings, read_settings

_live_option = click.option(
    "--live",
    "live_url",
    metavar="URL",
    help="Where the site itself answers, for what only it can do; default: KB_BASE_URL, if set.",
)
_lang_option = click.option(
    "--lang", "langs", multiple=True, help="Only this language; default: all of the site."
)


@click.group()
def export() -> None:
    """Take the site along: as plain files, as data, or its cases as a table."""


@export.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--base-url", metavar="URL", help="The address DIR will have; gives a sitemap and a 404 page."
)
@_live_option
@_lang_option
@click.pass_obj
@friendly
def static(
    site: Path, folder: Path, base_url: str | None, live_url: str | None, langs: tuple[str, ...]
) -> None:
    """Write what is live as files for any web server into DIR.

    Only what everybody may read. DIR is replaced as a whole at the end; a folder that holds
    anything else is left alone.

    \b
    Examples:
      kb index && kb export static public
      kb export static public --base-url https://help.example.com --live https://support.example.com
    """
    settings, live = _live(site)
    options = Options(
        languages=_languages(live, langs),
        base_url=_address("--base-url", base_url),
        live=_address("--live", live_url or os.environ.get("KB_BASE_URL")),
    )
    try:
        target = check_target(folder, settings.site)
        with beside(target) as made, progress("Writing pages") as step:
            done = export_site(settings, live, made, options, step)
    except (ExportError, OSError) as error:
        _stop(error, folder)
    _tell(done, f"in {folder}")
    if not options.base_url:
        click.echo("No sitemap: it needs whole addresses, so name them with --base-url.", err=True)


@export.command()
@click.argument(
    "file",
    metavar="[FILE.zip]",
    required=False,
    type=click.Path(path_type=Path, dir_okay=False),
)
@click.option(
    "--offered", is_flag=True, help="Make those that the site offers its visitors, if they are due."
)
@_live_option
@_lang_option
@click.pass_obj
@friendly
def bundle(
    site: Path, file: Path | None, offered: bool, live_url: str | None, langs: tuple[str, ...]
) -> None:
    """Pack what is live into FILE.zip, to be read without a network.

    Unpack it and open index.html: search and troubleshooter work from disk.

    \b
    Examples:
      kb export bundle help.zip
      kb export bundle ayuda.zip --lang es --live https://support.example.com
      kb export bundle --offered
    """
    if (file is None) is not offered:
        raise click.UsageError("name FILE.zip, or write --offered")
    settings, live = _live(site)
    options = Options(
        languages=_languages(live, langs),
        live=_address("--live", live_url or os.environ.get("KB_BASE_URL")),
        offline=True,
    )
    try:
        with progress("Writing pages") as step:
            if file is None:
                count = refresh_bundles(settings, live, options.live, step)
                click.echo(f"{counted(count, 'bundle')} made in {settings.var / 'offline'}.")
                return
            done, size = write_bundle(settings, live, file, options, step)
    except (ExportError, OSError) as error:
        _stop(error, file or settings.var / "offline")
    _tell(done, f"in {file}, {size / 1000:.0f} kB packed")


export.add_command(cases)
export.add_command(knowledge_json)


def _live(site: Path) -> tuple[Settings, Live]:
    settings = read_settings(site=site)
    try:
        return settings, LiveSite(settings.var).current()
    except NoLiveSite as error:
        raise click.ClickException(str(error)) from None


def _languages(live: Live, wanted: tuple[str, ...]) -> tuple[str, ...]:
    known = live.site.site.languages
    for lang in wanted:
        if lang not in known:
            raise click.UsageError(
                f"“{lang}” is not a language of this site; known: {', '.join(known)}"
            )
    return tuple(lang for lang in known if lang in wanted) if wanted else tuple(known)


def _address(option: str, url: str | None) -> str:
    """Check an address and return it without its last slash; '' where none is given."""
    if not url:
        return ""
    parts = urlsplit(url)
    good = parts.scheme in {"http", "https"} and parts.hostname and not parts.query
    if not good or parts.fragment or re.search(r"[\s\"'<>\\]", url):
        raise click.UsageError(f"{option} is “{url}”; write https://host or https://host/folder")
    return url.rstrip("/")


def _stop(error: Exception, place: Path) -> None:
    """Say it of the place that was named: the file beside it, which takes its place, says less."""
    click.echo(refused(error, place) if isinstance(error, OSError) else str(error), err=True)
    sys.exit(2)


def _tell(done: Exported, where: str) -> None:
    size = f"{done.size / 1_000_000:.1f} MB"
    click.echo(
        f"Revision {done.revision}: {counted(done.pages, 'page')}, "
        f"{counted(done.files, 'file')}, {size}, {where}."
    )
