"""`kb new article|alert|tree`: the file, its number and its front matter, then the editor."""

import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from kb.cli.errors import friendly
from kb.content.new_files import NewArticle, write_article, write_tree
from kb.content.policy_source import load_policy
from kb.content.problems import ContentError
from kb.content.site_source import load_site_file
from kb.rules.articles import ArticleType
from kb.rules.policy import Policy
from kb.rules.site import Site
from kb.settings import read_settings

_TYPES = [str(kind) for kind in ArticleType if kind is not ArticleType.ALERT]


@click.group("new")
def new_group() -> None:
    """Make a new article, alert or tree, ready to be written.

    \b
    Examples:
      kb new article "Backup stops: not enough space" --type problem --both
      kb new alert "Scheduler stops after 12.3.1"
      kb new tree "My backup fails"
    """


@new_group.command()
@click.argument("title")
@click.option("--type", "kind", type=click.Choice(_TYPES), default="how-to", show_default=True)
@click.option("--category", default="", help="Its folder; default: the site's first category.")
@click.option("--product", "products", multiple=True, help="A product it is about; may repeat.")
@click.option("--find", "find_with", multiple=True, help="A search that must find it; may repeat.")
@click.option("--both", is_flag=True, help="A file for every language of the site.")
@click.option("--lang", help="The language of the one file; default: the site's first.")
@click.option("--no-edit", is_flag=True, help="Do not open $EDITOR.")
@click.pass_obj
@friendly
def article(
    site: Path,
    title: str,
    kind: str,
    category: str,
    products: tuple[str, ...],
    find_with: tuple[str, ...],
    both: bool,
    lang: str | None,
    no_edit: bool,
) -> None:
    """Make an article with the next free id; a draft, so it can be saved half-written.

    \b
    Examples:
      kb new article "Mover un almacén" --category backup --both
      kb new article "Error 1603" --type problem --product backup-server@12
    """
    asked = NewArticle(title, ArticleType(kind), category, products, find_with=find_with)
    _article(site, asked, both, lang, no_edit)


@new_group.command()
@click.argument("title")
@click.option("--category", default="", help="Its folder; default: alerts, where there is one.")
@click.option("--product", "products", multiple=True, help="A product it is about; may repeat.")
@click.option("--both", is_flag=True, help="A file for every language of the site.")
@click.option("--lang", help="The language of the one file; default: the site's first.")
@click.option("--no-edit", is_flag=True, help="Do not open $EDITOR.")
@click.pass_obj
@friendly
def alert(
    site: Path,
    title: str,
    category: str,
    products: tuple[str, ...],
    both: bool,
    lang: str | None,
    no_edit: bool,
) -> None:
    """Make an alert that is shown for two weeks once it is published.

    \b
    Examples:
      kb new alert "Vault certificates expire on 1 March" --both
    """
    asked = NewArticle(title, ArticleType.ALERT, category, products)
    _article(site, asked, both, lang, no_edit)


@new_group.command()
@click.argument("title")
@click.option("--both", is_flag=True, help="As it is anyway: a tree needs every language.")
@click.option("--no-edit", is_flag=True, help="Do not open $EDITOR.")
@click.pass_obj
@friendly
def tree(site: Path, title: str, both: bool, no_edit: bool) -> None:
    """Make a decision tree with a question, something to try and two ways to end.

    Its texts are made for every language of the site.

    \b
    Examples:
      kb new tree "My backup fails"
    """
    root, found, policy = _read(site)
    _open(write_tree(root, found, policy, title), no_edit)


def _article(site: Path, asked: NewArticle, both: bool, lang: str | None, no_edit: bool) -> None:
    root, found, policy = _read(site)
    languages = found.languages if both else (lang or found.default_language,)
    asked = replace(asked, languages=languages)
    _open(write_article(root, found, policy, asked, datetime.now(UTC).date()), no_edit)


def _read(site: Path) -> tuple[Path, Site, Policy]:
    root = read_settings(site=site).site
    found = load_site_file(root).site
    policy, problems = load_policy(root, found.languages)
    if policy is None:
        raise ContentError(problems)
    return root, found, policy


def _open(paths: Sequence[Path], no_edit: bool) -> None:
    """Print the new files and open them in the author's editor."""
    for path in paths:
        click.echo(path)
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if no_edit or not editor:
        return
    try:
        done = subprocess.run(  # noqa: S603 # the author's own editor
            [*shlex.split(editor), *map(str, paths)], check=False
        )
    except (OSError, ValueError) as error:
        why = error.strerror.lower() if isinstance(error, OSError) and error.strerror else error
        click.echo(f"$EDITOR “{editor}” cannot be started: {why}", err=True)
        sys.exit(2)
    sys.exit(1 if done.returncode else 0)
