"""What trees name beyond themselves (articles, policy), proved; and the tests beside them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from kb.content.problems import Problem
from kb.content.validate import did_you_mean
from kb.content.yaml_source import YamlSource, read_yaml_file
from kb.rules.tree_ends import Known
from kb.rules.tree_flaws import Flaw
from kb.rules.tree_proof import outside_flaws, structure_flaws
from kb.rules.tree_tests import failed_tests
from kb.rules.trees import MARKDOWN_FIELDS, Tree

FOLDER = "troubleshooter"

Trees = dict[str, dict[str, Tree]]

_ARTICLE_LINK = re.compile(r'href="article:([0-9]+)')


def check_trees(root: Path, trees: Trees, known: Known) -> list[Problem]:
    """Prove what the ends of the trees name, and run the tests beside the trees."""
    lang = known.languages[0]
    default = {name: by_lang[lang] for name, by_lang in trees.items() if lang in by_lang}
    flaws = [flaw for tree in default.values() for flaw in outside_flaws(tree, known)]
    sound = not any(structure_flaws(tree, default) for tree in default.values())
    if sound:
        flaws += [flaw for tree in default.values() for flaw in failed_tests(tree, default)]
    problems = [*with_lines(root, flaws), *_unknown_products(root, default, known)]
    for by_lang in trees.values():
        for tree in by_lang.values():
            problems += _dead_links(root, tree, known)
    return sorted(problems)


def file_of(tree: Tree, default_language: str) -> str:
    """Return the path of the file that holds this tree's text, relative to the site."""
    lang = "" if tree.lang == default_language else f".{tree.lang}"
    return f"{FOLDER}/{tree.id}{lang}.yaml"


def with_lines(root: Path, flaws: Iterable[Flaw]) -> Iterator[Problem]:
    """Tell flaws as problems, each with the line in its tree's file."""
    sources: dict[str, YamlSource] = {}
    for flaw in flaws:
        path = f"{FOLDER}/{flaw.tree}.yaml"
        source = sources.setdefault(path, read_yaml_file(root, path))
        yield Problem(path, source.line_of(flaw.place), flaw.what, flaw.mend)


def _unknown_products(root: Path, trees: Mapping[str, Tree], known: Known) -> Iterator[Problem]:
    for tree in trees.values():
        for number, range_ in enumerate(tree.products):
            if range_.line not in known.products:
                path = f"{FOLDER}/{tree.id}.yaml"
                line = read_yaml_file(root, path).line_of(("products", number))
                what = f"“{range_.line}” is no product"
                yield Problem(path, line, what, did_you_mean(range_.line, known.products))


def _dead_links(root: Path, tree: Tree, known: Known) -> Iterator[Problem]:
    for node in tree.nodes.values():
        for field in MARKDOWN_FIELDS:
            for number in _ARTICLE_LINK.findall(getattr(node, field, "")):
                article = known.articles.get(int(number))
                if article is None or tree.lang not in article.languages:
                    path = file_of(tree, known.languages[0])
                    line = read_yaml_file(root, path).line_of(("nodes", node.id, field))
                    what = f"“{node.id}” links to article {number}, which is not published"
                    yield Problem(path, line, what, "publish it or remove the link")
