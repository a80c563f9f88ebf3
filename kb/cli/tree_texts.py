"""`kb tree cover | translate | stamp`: what no test reaches, what is still to be translated."""

import json
import sys
from pathlib import Path

import click

from kb.cli.errors import counted, friendly
from kb.cli.tree_reading import chosen, read_trees
from kb.content.site_source import load_site_file
from kb.content.tree_translation import stamp_translation, to_translate, translations
from kb.rules.tree_tests import Cover, cover


@click.command("cover")
@click.argument("name", required=False)
@click.option("--options", is_flag=True, help="Name the options that no test chooses, too.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
@friendly
def cover_command(site: Path, name: str | None, options: bool, as_json: bool) -> None:
    """Name the nodes and ends that no test beside the trees reaches.

    Exit code 0: every end is reached; 1: some end is not.

    \b
    Examples:
      kb tree cover
      kb tree cover backup-fails --options
    """
    trees = read_trees(site)
    found = {tree.id: cover(tree, trees) for tree in chosen(trees, name)}
    if as_json:
        told = {id_: _facts(one) for id_, one in found.items()}
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        for id_, one in found.items():
            _tell(id_, one, options)
    sys.exit(1 if any(one.missed_ends for one in found.values()) else 0)


def _tell(name: str, found: Cover, options: bool) -> None:
    nodes, ends = found.nodes - len(found.missed_nodes), found.ends - len(found.missed_ends)
    options_met = found.options - len(found.missed_options)
    click.echo(
        f"{name}: {nodes} of {counted(found.nodes, 'node')}, {ends} of "
        f"{counted(found.ends, 'end')}, {options_met} of {counted(found.options, 'option')}"
    )
    inner = [node for node in found.missed_nodes if node not in found.missed_ends]
    if found.missed_ends:
        click.echo(f"  no test reaches the ends: {', '.join(found.missed_ends)}")
    if inner:
        click.echo(f"  no test reaches the nodes: {', '.join(inner)}")
    if options and found.missed_options:
        click.echo(f"  no test chooses: {', '.join(found.missed_options)}")


def _facts(found: Cover) -> dict[str, object]:
    return {
        "nodes": found.nodes,
        "ends": found.ends,
        "options": found.options,
        "missed": {
            "nodes": found.missed_nodes,
            "ends": found.missed_ends,
            "options": found.missed_options,
        },
    }


@click.command("translate")
@click.argument("name")
@click.argument("lang")
@click.pass_obj
@friendly
def translate_command(site: Path, name: str, lang: str) -> None:
    """Print what is still to be translated of a tree, in the shape of the translation's file.

    All of it where there is no file yet; otherwise the texts that are missing or whose first
    language has changed.

    \b
    Examples:
      kb tree translate backup-fails en > troubleshooter/backup-fails.en.yaml
      kb tree translate backup-fails en
    """
    languages = load_site_file(site).site.languages
    if lang not in languages[1:]:
        known = ", ".join(languages[1:]) or "none"
        raise click.UsageError(f"“{lang}” is not a further language of this site; known: {known}")
    text = to_translate(site, name, languages[0], lang)
    if text:
        click.echo(text, nl=False)
    else:
        click.echo(f"{name}: nothing to translate into “{lang}”", err=True)


@click.command("stamp")
@click.argument("name", required=False)
@click.pass_obj
@friendly
def stamp_command(site: Path, name: str | None) -> None:
    """Write down that the translations of a tree say what its first language says today.

    Until a text of the first language changes, “kb check” then takes them as they are.

    \b
    Examples:
      kb tree stamp backup-fails
      kb tree stamp
    """
    languages = load_site_file(site).site.languages
    for path in translations(site, name, languages):
        changed = stamp_translation(site, path, languages[0])
        click.echo(f"{path}: {'stamped' if changed else 'as it was'}")
