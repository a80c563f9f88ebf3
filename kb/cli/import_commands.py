"""`kb import markdown`."""

import json
import resource
import sys
import time
from pathlib import Path

import click

from kb.cli.errors import friendly
from kb.cli.progress import progress
from kb.content.imports.fields import Mapped
from kb.content.imports.markdown import import_markdown, read_map
from kb.content.imports.report import Report
from kb.content.site_source import LANGUAGES


@click.group("import")
def import_group() -> None:
    """Turn another knowledge base into a site."""


@import_group.command("markdown")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--site",
    "out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The new site's folder; must be empty or not there.",
)
@click.option(
    "--lang",
    "pairs",
    required=True,
    help="Language=folder for each language, the default first: en=en,es=es; en=. for one folder.",
)
@click.option(
    "--map",
    "map_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A YAML file that says which of their keys are ours; see docs/import.md.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the whole report as JSON.")
@friendly
def markdown(folder: Path, out: Path, pairs: str, map_file: Path | None, as_json: bool) -> None:
    """Turn the Markdown files below FOLDER, with their front matter, into a site.

    Mends what it can and reports, file by file, what was mended and what was left out; the report
    stays in import-report.json of the new site.

    \b
    Examples:
      kb import markdown ./old-kb --site ./support --lang en=en,es=es
      kb import markdown ./old-kb --site ./support --lang en=. --map fields.yaml --json
    """
    folders = _folders(folder, pairs)
    if out.exists() and any(out.iterdir()):
        click.echo(f"{out} is not empty; name a new folder", err=True)
        sys.exit(2)
    mapped = Mapped()
    if map_file:
        mapped = read_map(str(map_file), map_file.read_text(encoding="utf-8-sig"))
    started = time.monotonic()
    with progress("Importing") as step:
        report = import_markdown(folder, out, folders, mapped, step)
    seconds = time.monotonic() - started
    told = json.dumps(report.as_data(), ensure_ascii=False, indent=1)
    (out / "import-report.json").write_text(told + "\n", encoding="utf-8")
    if as_json:
        click.echo(told)
    else:
        _print(report, out, seconds)
    sys.exit(0 if report.written else 1)


def _folders(source: Path, pairs: str) -> dict[str, str]:
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
        click.echo(f"{times:7}  in {files:5} files  {what}")
    for path, why in sorted(report.left_out.items()):
        click.echo(f"left out: {path}: {why}")
    rate = report.written / seconds if seconds else 0
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    click.echo(
        f"{report.read} files read, {report.written} written as {report.articles} articles in "
        f"{seconds:.1f} s ({rate:.0f} a second, {memory} MB); details: {out}/import-report.json"
    )
    click.echo(f"Next: kb --site {out} check; kb --site {out} serve")
