"""`troubleshooter/*.yaml` -> checked trees in every language, or every mistake with its line."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from hashlib import blake2b
from pathlib import Path
from typing import Any

from kb.content.problems import ContentError, Problem
from kb.content.tree_file_forms import TextsForm, TreeForm
from kb.content.tree_files import unwritten_texts
from kb.content.tree_forms import (
    END_FORMS,
    ID_PATTERN,
    InputForm,
    NodeForm,
    QuestionForm,
    StepForm,
    SubtreeForm,
    YesNoForm,
)
from kb.content.tree_render import rendered
from kb.content.tree_stamps import stale_texts
from kb.content.tree_texts import missing_texts, translated, worded
from kb.content.trees_check import FOLDER, Trees, with_lines
from kb.content.validate import did_you_mean, validate
from kb.content.yaml_source import Loc, YamlSource, is_mapping, read_yaml_file
from kb.rules.products import ProductRange, parse_range
from kb.rules.tree_flaws import Flaw
from kb.rules.tree_measure import measure
from kb.rules.tree_proof import alike, limit_flaws, structure_flaws
from kb.rules.trees import Node, Question, Tree, TreeTest


@dataclass(frozen=True, slots=True)
class _File:
    tree: str
    lang: str | None
    path: str


def load_trees(root: Path, languages: Sequence[str]) -> tuple[Trees, list[Problem]]:
    """Read all trees of a site: {tree: {language: Tree}} and every mistake of form, text and
    structure. What the ends name is proved by `check_trees`, once articles and policy are read."""
    files, problems = _files(root, languages)
    trees: Trees = {}
    unread: set[str] = set()
    for file in files:
        if file.lang is None:
            by_lang, found = _load_tree(root, file, files, languages)
            problems += found
            if by_lang:
                trees[file.tree] = by_lang
            else:
                unread.add(file.tree)
    flaws = _structure(trees, unread)
    problems += with_lines(root, flaws)
    if not flaws and not unread:
        trees = _measured(trees, languages)
        first = (by_lang[languages[0]] for by_lang in trees.values())
        problems += with_lines(root, [flaw for tree in first for flaw in limit_flaws(tree)])
    return trees, sorted(problems)


def _files(root: Path, languages: Sequence[str]) -> tuple[list[_File], list[Problem]]:
    files, problems = [], []
    for path in sorted((root / FOLDER).glob("*.y*ml")):
        name, _, lang = path.stem.partition(".")
        file = _File(name, lang or None, f"{FOLDER}/{path.name}")
        if path.suffix != ".yaml" or not re.match(ID_PATTERN, name):
            what = f"“{path.name}” is no name for a tree"
            mend = "use lower-case words with hyphens and end with .yaml"
            problems.append(Problem(file.path, 1, what, mend))
        elif lang and lang not in languages[1:]:
            what = f"“{lang}” is not a further language of this site"
            problems.append(Problem(file.path, 1, what, did_you_mean(lang, languages[1:])))
        else:
            files.append(file)
    trees = {file.tree for file in files if file.lang is None}
    for file in files:
        if file.tree not in trees:
            what = f"there is no {FOLDER}/{file.tree}.yaml that this file translates"
            problems.append(Problem(file.path, 1, what, did_you_mean(file.tree, sorted(trees))))
    return files, problems


def _load_tree(
    root: Path, file: _File, files: Iterable[_File], languages: Sequence[str]
) -> tuple[dict[str, Tree], list[Problem]]:
    try:
        source = read_yaml_file(root, file.path)
    except ContentError as error:
        return {}, list(error.problems)
    bare, problems = read_structure(file.tree, languages[0], source)
    if bare is None:
        return {}, problems
    paths = {f.lang: f.path for f in files if f.tree == file.tree and f.lang}
    bare = replace(bare, revision=_revision(root, [file.path, *paths.values()]))
    told, found = rendered(root, bare, source)
    by_lang, problems = {languages[0]: told}, [*problems, *found]
    problems += unwritten_texts(source, "write it")
    for lang in languages[1:]:
        if lang not in paths:
            what = f"this tree has no text in “{lang}”"
            problems.append(Problem(file.path, 1, what, f"write {FOLDER}/{file.tree}.{lang}.yaml"))
            continue
        further, found = _read_texts(root, paths[lang], bare, lang)
        problems += found
        if further is not None:
            by_lang[lang] = further
    return by_lang, problems


def _revision(root: Path, paths: Iterable[str]) -> str:
    digest = blake2b(digest_size=4)
    for path in paths:
        digest.update((root / path).read_bytes())
    return digest.hexdigest()


def read_structure(name: str, lang: str, source: YamlSource) -> tuple[Tree | None, list[Problem]]:
    """Read a tree from its file alone, its Markdown as written; None with mistakes of form."""
    form, found = validate(TreeForm, source)
    nodes, problems = _read_nodes(source)
    problems += found
    if form is None:
        return None, problems
    products, wrong = _read_products(form, source)
    problems += wrong
    tree = Tree(
        id=name,
        lang=lang,
        title=form.title,
        start=form.start,
        nodes=nodes,
        summary=form.summary,
        purpose=form.purpose,
        products=products,
        tests=tuple(TreeTest(dict(t.answers), t.reaches, t.product) for t in form.tests),
    )
    return (None if problems else worded(tree)), problems


def _read_nodes(source: YamlSource) -> tuple[dict[str, Node], list[Problem]]:
    nodes: dict[str, Node] = {}
    problems: list[Problem] = []
    listed = source.data.get("nodes") if is_mapping(source.data) else None
    for name, data in listed.items() if is_mapping(listed) else ():
        if not is_mapping(data):
            continue  # the form of the whole file says so
        at: Loc = ("nodes", name)
        kind = _kind_of(data)
        if kind is None:
            what, mend = _no_kind(name, data)
            problems.append(Problem(source.path, source.line_of((*at, "end")), what, mend))
            continue
        node, found = validate(kind, source, at)
        problems += found
        if node is not None:
            nodes[name] = node.node(name)
    return nodes, problems


def _kind_of(data: Mapping[str, Any]) -> type[NodeForm] | None:
    if "end" in data:
        return END_FORMS.get(str(data["end"]))
    if "ask" in data:
        if "input" in data or "route" in data:
            return InputForm
        return YesNoForm if "yes" in data or "no" in data else QuestionForm
    if "do" in data:
        return StepForm
    return SubtreeForm if "use" in data else None


KINDS = ("ask", "do", "end", "use")


def _no_kind(name: str, data: Mapping[str, Any]) -> tuple[str, str]:
    if "end" in data:
        return f"“{name}” cannot end with “{data['end']}”", did_you_mean(
            str(data["end"]), END_FORMS
        )
    meant = [(key, near) for key in data if (near := get_close_matches(str(key), KINDS, n=1))]
    if meant:
        return f"“{name}” does nothing", f"did you mean “{meant[0][1][0]}” by “{meant[0][0]}”?"
    return f"“{name}” does nothing", f"give it one of: {', '.join(KINDS)}"


def _read_products(
    form: TreeForm, source: YamlSource
) -> tuple[tuple[ProductRange, ...], list[Problem]]:
    ranges, problems = [], []
    for number, text in enumerate(form.products):
        try:
            ranges.append(parse_range(text))
        except ValueError:
            line = source.line_of(("products", number))
            what = f"“{text}” is no product"
            problems.append(Problem(source.path, line, what, "write line, line@12 or line@11-12"))
    return tuple(ranges), problems


def _read_texts(root: Path, path: str, tree: Tree, lang: str) -> tuple[Tree | None, list[Problem]]:
    try:
        source = read_yaml_file(root, path)
    except ContentError as error:
        return None, list(error.problems)
    texts, found = validate(TextsForm, source)
    if texts is None:
        return None, list(found)
    problems = list(missing_texts(tree, texts, source))
    if not problems:
        mend = f"write it, then run “kb tree stamp {tree.id}”"
        # What nobody has written yet was translated from nothing: one thing to do at a time.
        problems += unwritten_texts(source, mend) or stale_texts(tree, texts, source)
    further, wrong = rendered(root, translated(tree, lang, texts), source)
    for node in further.nodes.values():
        if isinstance(node, Question) and len({o.id for o in node.options}) == len(node.options):
            problems += (_line_of_label(flaw, node, source) for flaw in alike(further, node))
    return further, [*problems, *wrong]


def _line_of_label(flaw: Flaw, node: Question, source: YamlSource) -> Problem:
    number = flaw.place[3]
    option = node.options[number].id if isinstance(number, int) else ""
    line = source.line_of((*flaw.place[:3], option))
    return Problem(source.path, line, flaw.what, flaw.mend)


def _structure(trees: Trees, unread: set[str]) -> list[Flaw]:
    """Prove the structure of the trees that could be read; it is the same in all languages."""
    default = {name: next(iter(by_lang.values())) for name, by_lang in trees.items()}
    flaws = [flaw for tree in default.values() for flaw in structure_flaws(tree, default)]
    return [f for f in flaws if not (f.place[-1:] == ("use",) and _used(default, f) in unread)]


def _used(trees: Mapping[str, Tree], flaw: Flaw) -> str:
    return str(getattr(trees[flaw.tree].nodes[flaw.node], "use", ""))


def _measured(trees: Trees, languages: Sequence[str]) -> Trees:
    """Fill in the figures, once for all languages of a tree."""
    figures = measure({name: by_lang[languages[0]] for name, by_lang in trees.items()})
    return {
        name: {
            lang: replace(
                tree,
                ahead=figures[name].ahead,
                back=figures[name].back,
                paths=figures[name].paths,
                by_product=figures[name].by_product,
            )
            for lang, tree in by_lang.items()
        }
        for name, by_lang in trees.items()
    }
