"""Reading a site's trees for a command, and choosing among them."""

from collections.abc import Mapping
from pathlib import Path

import click

from kb.content.problems import ContentError, Level
from kb.content.site_source import load_site_file
from kb.content.trees_source import load_trees
from kb.content.validate import did_you_mean
from kb.rules.trees import Tree


def read_trees(site: Path, lang: str | None = None) -> Mapping[str, Tree]:
    """Read the trees in one language; raises ContentError when any has a mistake."""
    languages = load_site_file(site).site.languages
    if lang is not None and lang not in languages:
        known = ", ".join(languages)
        raise click.UsageError(f"“{lang}” is not a language of this site; known: {known}")
    trees, problems = load_trees(site, languages)
    if any(problem.level is Level.ERROR for problem in problems):
        raise ContentError(problems)
    return {name: by_lang[lang or languages[0]] for name, by_lang in trees.items()}


def chosen(trees: Mapping[str, Tree], name: str | None) -> list[Tree]:
    """Return the tree of this name, or all of them; an unknown name is a usage error."""
    if name is None:
        return [trees[one] for one in sorted(trees)]
    if name not in trees:
        raise click.UsageError(f"there is no tree “{name}”; {did_you_mean(name, sorted(trees))}")
    return [trees[name]]
