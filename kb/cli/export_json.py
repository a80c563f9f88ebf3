"""`kb export json`: the knowledge base as data for other programs."""

import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import click

from kb.actions.live_site import LiveSite, NoLiveSite
from kb.cli.errors import counted, friendly, refused
from kb.cli.progress import progress
from kb.export.folder import ExportError
from kb.export.knowledge import KnowledgeExport, Told
from kb.settings import read_settings


@click.command(name="json")
@click.argument("file", metavar="FILE|-", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--public", is_flag=True, help="Only what everybody may read.")
@click.option(
    "--media",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Copy pictures and files there, named by their SHA-256.",
)
@click.pass_obj
@friendly
def knowledge_json(site: Path, file: Path, public: bool, media: Path | None) -> None:
    """Write the whole live knowledge base into FILE as JSON; - is standard output.

    Articles of every language with their keys, Markdown and HTML, trees, products.
    docs/api.md tells the form.

    \b
    Examples:
      kb index && kb export json knowledge.json --media files
      kb export json - --public | gzip > public.json.gz
    """
    settings = read_settings(site=site)
    try:
        live = LiveSite(settings.var).current()
    except NoLiveSite as error:
        raise click.ClickException(str(error)) from None
    try:
        with progress("Writing articles") as step:
            export = KnowledgeExport(
                live.site, settings.site, settings.base_url, public, media, step
            )
            told = _to_output(export) if str(file) == "-" else _to_file(export, file)
    except BrokenPipeError:
        raise
    except ExportError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except OSError as error:
        click.echo(refused(error, file), err=True)
        sys.exit(2)
    made = f"{counted(told.articles, 'article')}, {counted(told.files, 'file')}"
    click.echo(f"Revision {told.revision}: {made}.", err=True)


def _to_output(export: KnowledgeExport) -> Told:
    for line in export.lines():
        sys.stdout.write(line)
    sys.stdout.flush()
    return export.told


def _to_file(export: KnowledgeExport, file: Path) -> Told:
    """Write beside the file and take its place at the end: all or nothing."""
    handle, name = tempfile.mkstemp(dir=file.absolute().parent, prefix=f".{file.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as target:
            for line in export.lines():
                target.write(line)
        os.chmod(name, 0o644 if export.public else 0o600)
        os.replace(name, file)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(name)
    return export.told
