"""`kb export cases`: cases as a table for a spreadsheet or a program."""

import sys
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click

from kb.actions.case_export import Format, export_cases
from kb.cli.errors import friendly
from kb.rules.cases import CaseState
from kb.rules.policy import Severity
from kb.settings import read_settings
from kb.store import Database, migrate
from kb.store.queue import QueueFilter


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice([str(one) for one in Format]),
    default="csv",
    show_default=True,
    help="CSV for spreadsheets, JSON for programs.",
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice([str(one) for one in CaseState]),
    help="Only cases in this state; may be repeated. Default: every state.",
)
@click.option(
    "--severity", type=click.Choice([str(one) for one in Severity]), help="Only this severity."
)
@click.option("--request", "request_", default="", help="Only this request, by its id.")
@click.option("--product", default="", help="Only this product, by its id.")
@click.option("--tag", default="", help="Only cases with this tag.")
@click.option("--lang", default="", help="Only cases in this language.")
@click.pass_obj
@friendly
def cases(
    site: Path,
    form: str,
    out: Path | None,
    states: tuple[str, ...],
    severity: str | None,
    request_: str,
    product: str,
    tag: str,
    lang: str,
) -> None:
    """Write cases as a table, the newest first; docs/api.md tells the columns.

    \b
    Examples:
      kb export cases --format csv --out cases.csv
      kb export cases --format json --state open --severity A
    """
    settings = read_settings(site=site)
    migrate(settings.database_url)
    wanted = QueueFilter(
        states=tuple(CaseState(one) for one in states) or tuple(CaseState),
        severity=severity or "",
        request=request_,
        product=product,
        tag=tag,
        lang=lang,
    )
    with closing(Database(settings.database_url)) as db:
        _write(export_cases(db, wanted, Format(form), datetime.now(UTC)), out)


def _write(pieces: Iterable[str], out: Path | None) -> None:
    """Write the table as it comes, into a file or for the next program."""
    if out is None:
        for piece in pieces:
            sys.stdout.buffer.write(piece.encode())
        sys.stdout.buffer.flush()
        return
    try:
        with out.open("w", encoding="utf-8", newline="") as file:
            file.writelines(pieces)
    except OSError as error:
        click.echo(f"{out}: {error.strerror}; name another file with --out", err=True)
        sys.exit(2)
    click.echo(f"written to {out}", err=True)
