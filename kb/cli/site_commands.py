"""`kb init`, `kb search`."""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import click

from kb.actions.live_site import LiveSite, NoLiveSite
from kb.bundled import STARTER
from kb.cli.errors import friendly
from kb.content.validate import did_you_mean
from kb.search.query import Query
from kb.settings import read_settings


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@friendly
def init(folder: Path) -> None:
    """Make a new site in FOLDER: a small one that works, to be filled with your own content.

    \b
    Examples:
      kb init support
      kb --site support serve
    """
    if folder.exists() and any(folder.iterdir()):
        click.echo(f"{folder} is not empty; name a new folder", err=True)
        sys.exit(2)
    # What was compiled of the starter where it lies, its secret and database too, is not the site.
    shutil.copytree(
        STARTER, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("var", "__pycache__")
    )
    (folder / ".gitignore").write_text("var/\n")
    click.echo(f"A site is in {folder}. Next: kb --site {folder} serve")


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option("--lang", help="Search in this language; default: the site's first.")
@click.option("--product", "products", multiple=True, help="Only for this product line.")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 100))
@click.option("--json", "as_json", is_flag=True, help="Print the results as the API gives them.")
@click.pass_obj
@friendly
def search(
    site: Path,
    words: tuple[str, ...],
    lang: str | None,
    products: tuple[str, ...],
    limit: int,
    as_json: bool,
) -> None:
    """Search the compiled site as a customer would.

    Exit code 0: something was found; 1: nothing was.

    \b
    Examples:
      kb search "disk not found" --lang en
      kb search E000101F4 --product backup-server --json
    """
    settings = read_settings(site=site)
    try:
        live = LiveSite(settings.var).current()
    except NoLiveSite as error:
        raise click.ClickException(str(error)) from None
    chosen = lang or live.site.site.default_language
    if chosen not in live.site.site.languages:
        known = ", ".join(live.site.site.languages)
        raise click.UsageError(f"“{chosen}” is not a language of this site; known: {known}")
    for product in products:
        if product not in live.site.policy.products:
            mend = did_you_mean(product, list(live.site.policy.products))
            raise click.UsageError(f"there is no product “{product}”; {mend}")
    text = " ".join(words)
    found = live.index.search(Query(text, chosen, products=tuple(products), limit=limit))
    if as_json:
        results = [_result(hit) for hit in found.hits]
        told = {"query": text, "total": found.total, "results": results}
        click.echo(json.dumps({**told, "suggestion": found.suggestion}, ensure_ascii=False))
    else:
        for hit in found.hits:
            click.echo(f"{hit.score:7.2f}  {hit.id:>6}  {hit.title}")
        click.echo(f"{found.total} found", err=True)
        if found.suggestion:
            click.echo(f"Did you mean: {found.suggestion}", err=True)
    sys.exit(0 if found.total else 1)


def _result(hit: Any) -> dict[str, Any]:
    return {
        "id": hit.id,
        "title": hit.title,
        "url": hit.url,
        "score": round(hit.score, 4),
        "type": hit.type,
        "products": list(hit.products),
    }
