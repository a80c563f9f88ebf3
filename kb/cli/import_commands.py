"""`kb import`: other knowledge bases become a site."""

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from kb.cli.errors import counted, friendly, refused
from kb.cli.progress import progress
from kb.content.imports.fields import Mapped
from kb.content.imports.foreign import Export, import_export
from kb.content.imports.freshdesk import read_freshdesk
from kb.content.imports.markdown import import_markdown, read_map
from kb.content.imports.pages import read_confluence, read_pages
from kb.content.imports.report import Report
from kb.content.imports.zammad import read_zammad
from kb.content.imports.zendesk import read_zendesk
from kb.content.site_source import LANGUAGES

Write = Callable[[Path, Mapped, Any], Report]
Command = Callable[..., None]

_folder = click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
_source = click.argument("source", type=click.Path(path_type=Path, exists=True))
_pictures = click.option(
    "--pictures",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A folder with the pictures that the articles show; may repeat. Nothing is downloaded.",
)
_pairs = click.option(
    "--lang",
    "pairs",
    required=True,
    help="Language=folder for each language, the default first: en=en,es=es; en=. for one folder.",
)
_langs = click.option(
    "--lang", "langs", required=True, help="The languages to take, the default first: es,en."
)


def _ends(command: Command) -> Command:
    """The options that every import has."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print the whole report as JSON."),
        click.option(
            "--map",
            "map_file",
            type=click.Path(path_type=Path, exists=True, dir_okay=False),
            help="A YAML file that says which of their keys are ours; see docs/import.md.",
        ),
        click.option(
            "--site",
            "out",
            required=True,
            type=click.Path(path_type=Path, file_okay=False),
            help="The new site's folder; must be empty or not there.",
        ),
    ):
        command = option(command)
    return command


@click.group("import")
def import_group() -> None:
    """Turn another knowledge base into a site."""


@import_group.command("markdown")
@_folder
@_pairs
@_ends
@friendly
def markdown(folder: Path, pairs: str, **ends: Any) -> None:
    """Turn the Markdown files below FOLDER, with their front matter, into a site.

    Mends what it can and reports, file by file, what was mended and what was left out; the report
    stays in import-report.json of the new site.

    \b
    Examples:
      kb import markdown ./old-kb --site ./support --lang en=en,es=es
      kb import markdown ./old-kb --site ./support --lang en=. --map fields.yaml --json
    """
    folders = _read_pairs(folder, pairs)
    _run(
        lambda out, mapped, step: import_markdown(folder, out, folders, mapped, step),
        **ends,
    )


@import_group.command("html")
@_folder
@_pairs
@_ends
@friendly
def html(folder: Path, pairs: str, **ends: Any) -> None:
    """Turn the HTML pages below FOLDER into a site.

    The text is what stands in <main>, <article> or #content, else the body without its navigation;
    the first folder is the category.

    \b
    Examples:
      kb import html ./pages --site ./support --lang en=.
      kb import html ./pages --site ./support --lang es=es,en=en
    """
    folders, report = _read_pairs(folder, pairs), Report()
    _bring(lambda: read_pages(folder, folders, report), tuple(folders), report, **ends)


@import_group.command("confluence")
@_folder
@click.option("--lang", "langs", required=True, help="The language the space is written in: en.")
@_ends
@friendly
def confluence(folder: Path, langs: str, **ends: Any) -> None:
    """Turn a Confluence space, exported as HTML into FOLDER, into a site.

    Pages, attached pictures and files, boxes, listings and links between pages come along; the
    uppermost page above each page is its category.

    \b
    Examples:
      kb import confluence ./KB --site ./support --lang en
    """
    languages, report = _read_langs(langs), Report()
    _bring(lambda: read_confluence(folder, languages[0], report), languages[:1], report, **ends)


@import_group.command("zendesk")
@_source
@_langs
@_pictures
@_ends
@friendly
def zendesk(source: Path, langs: str, pictures: tuple[Path, ...], **ends: Any) -> None:
    """Turn Zendesk Guide articles into a site. SOURCE is a JSON file or a folder of them.

    Save what the Help Center API lists: articles.json with all its pages, and where you have them
    sections.json, categories.json and translations. Drafts stay drafts; what only some people may
    see becomes internal.

    \b
    Examples:
      kb import zendesk ./export --site ./support --lang es,en
      kb import zendesk articles.json --site ./support --lang en --pictures ./attachments
    """
    languages, report = _read_langs(langs), Report()
    _bring(lambda: read_zendesk(source, pictures, report), languages, report, **ends)


@import_group.command("freshdesk")
@_source
@_langs
@_pictures
@_ends
@friendly
def freshdesk(source: Path, langs: str, pictures: tuple[Path, ...], **ends: Any) -> None:
    """Turn Freshdesk solution articles into a site. SOURCE is a JSON file or a folder of them.

    Takes the Solutions files of an account export, or what the API lists. Articles that name no
    language are in the first of --lang.

    \b
    Examples:
      kb import freshdesk ./export/Solutions0.json --site ./support --lang en
    """
    languages, report = _read_langs(langs), Report()
    _bring(
        lambda: read_freshdesk(source, pictures, languages[0], report), languages, report, **ends
    )


@import_group.command("zammad")
@_source
@_langs
@_pictures
@_ends
@friendly
def zammad(source: Path, langs: str, pictures: tuple[Path, ...], **ends: Any) -> None:
    """Turn a Zammad knowledge base into a site. SOURCE is a folder of JSON files.

    Save what /api/v1/knowledge_bases/init answers, each answer with its contents, and
    /api/v1/locales; without the last, --lang names the knowledge base's languages in its order.

    \b
    Examples:
      kb import zammad ./export --site ./support --lang es,en
    """
    languages, report = _read_langs(langs), Report()
    _bring(lambda: read_zammad(source, pictures, languages, report), languages, report, **ends)


def _bring(
    read: Callable[[], Export], languages: tuple[str, ...], report: Report, **ends: Any
) -> None:
    """Read an export whole before anything is written, then write the site."""

    def write(out: Path, mapped: Mapped, step: Any) -> Report:
        return import_export(read(), out, languages, report, mapped, step)

    _run(write, **ends)


def _run(write: Write, out: Path, map_file: Path | None, as_json: bool) -> None:
    if out.exists() and any(out.iterdir()):
        click.echo(f"{out} is not empty; name a new folder", err=True)
        sys.exit(2)
    mapped = Mapped()
    if map_file:
        mapped = read_map(str(map_file), _map_text(map_file))
    started = time.monotonic()
    try:
        with progress("Importing") as step, _whole(out) as folder:
            report = write(folder, mapped, step)
            told = json.dumps(report.as_data(), ensure_ascii=False, indent=1)
            (folder / "import-report.json").write_text(told + "\n", encoding="utf-8")
    except OSError as error:
        click.echo(f"{refused(error)}; nothing was imported", err=True)
        sys.exit(2)
    seconds = time.monotonic() - started
    if as_json:
        click.echo(told)
    else:
        _print(report, out, seconds)
    sys.exit(0 if report.written else 1)


@contextmanager
def _whole(out: Path) -> Iterator[Path]:
    """Give a folder beside `out` that becomes `out` once all is written, and is gone otherwise."""
    above = out.absolute().parent
    above.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".import-", dir=above) as made:
        folder = Path(made) / "site"
        folder.mkdir()
        yield folder
        folder.replace(out)


def _map_text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise click.UsageError(f"--map {file}: not UTF-8; save it as YAML in UTF-8") from None


def _read_langs(langs: str) -> tuple[str, ...]:
    """Read `es,en`; ends with a sentence and exit code 2 when it is wrong."""
    found = tuple(dict.fromkeys(one.strip() for one in langs.split(",") if one.strip()))
    if not found or not set(found) <= set(LANGUAGES):
        known = ", ".join(LANGUAGES)
        raise click.UsageError(f"--lang “{langs}”: write languages with commas; known: {known}")
    return found


def _read_pairs(source: Path, pairs: str) -> dict[str, str]:
    """Read `en=en,es=es`; ends with a sentence and exit code 2 when it is wrong."""
    folders: dict[str, str] = {}
    for pair in pairs.split(","):
        lang, equals, name = pair.strip().partition("=")
        if not equals or lang not in LANGUAGES:
            known = ", ".join(LANGUAGES)
            raise click.UsageError(f"--lang “{pair}”: write language=folder; known: {known}")
        if not (source / name).is_dir():
            raise click.UsageError(f"--lang “{pair}”: there is no folder {source / name}")
        folders[lang] = name
    return folders


def _print(report: Report, out: Path, seconds: float) -> None:
    for what, times, files in report.totals():
        click.echo(f"{times:7}  in {files:5} {'file' if files == 1 else 'files'}  {what}")
    for path, why in sorted(report.left_out.items()):
        click.echo(f"left out: {path}: {why}")
    rate = report.written / seconds if seconds else 0
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    told = f"{counted(report.read, 'file')} read, {report.written} written as "
    told += f"{counted(report.articles, 'article')} in {seconds:.1f} s"
    click.echo(f"{told} ({rate:.0f} a second, {memory} MB); details: {out}/import-report.json")
    click.echo(f"Next: kb --site {out} check; kb --site {out} serve")
