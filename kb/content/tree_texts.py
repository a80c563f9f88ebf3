"""The text of a tree in one more language: checked complete, then laid over the structure."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from kb.content.problems import Problem
from kb.content.tree_file_forms import NodeText, OptionText, TextsForm
from kb.content.validate import did_you_mean
from kb.content.yaml_source import Loc, YamlSource
from kb.rules.trees import Input, LinkEnd, Node, Option, Question, Tree

FIELDS = ("ask", "help", "do", "title", "why", "unit")

YES_NO = {
    "en": {"yes": "Yes", "no": "No", "unsure": "I do not know"},
    "es": {"yes": "Sí", "no": "No", "unsure": "No lo sé"},
}
"""What the options of a yes-or-no question say; languages without words of their own: English."""


def worded(tree: Tree) -> Tree:
    """Return the tree with the words of its language for yes, no and unsure."""
    words = YES_NO.get(tree.lang, YES_NO["en"])
    nodes = {
        name: replace(node, options=tuple(replace(o, label=words[o.id]) for o in node.options))
        if isinstance(node, Question) and node.yes_no
        else node
        for name, node in tree.nodes.items()
    }
    return replace(tree, nodes=nodes)


def translated(tree: Tree, lang: str, texts: TextsForm) -> Tree:
    """Return the tree with the text of another language; `missing_texts` says what is not there."""
    nodes = {
        name: _translated_node(node, texts.nodes.get(name, NodeText()))
        for name, node in tree.nodes.items()
    }
    title, summary = texts.title, texts.summary
    return worded(replace(tree, lang=lang, title=title, summary=summary, nodes=nodes))


def _translated_node(node: Node, text: NodeText) -> Node:
    changed: dict[str, Any] = {
        field: getattr(text, field)
        for field in FIELDS
        if hasattr(node, field) and getattr(text, field) is not None
    }
    if isinstance(node, Input) and text.example:
        changed["example"] = text.example
    if isinstance(node, LinkEnd) and text.url:
        changed["url"] = text.url
    if isinstance(node, Question) and not node.yes_no:
        changed["options"] = tuple(_translated_option(o, text) for o in node.options)
    return replace(node, **changed)


def _translated_option(option: Option, text: NodeText) -> Option:
    said = text.options.get(option.id)
    if isinstance(said, OptionText):
        return replace(option, label=said.label, hint=said.hint)
    return replace(option, label=said, hint="") if said else option


def missing_texts(tree: Tree, texts: TextsForm, source: YamlSource) -> Iterator[Problem]:
    """Yield every text that the first language has and this one lacks, or the other way round."""
    if tree.summary and not texts.summary:
        yield _problem(source, (), "“summary” is missing", "add it")
    for name in texts.nodes:
        if name not in tree.nodes:
            what = f"“{name}” is no node of the tree “{tree.id}”"
            yield _problem(source, ("nodes", name), what, did_you_mean(name, tree.nodes))
    for name, node in tree.nodes.items():
        yield from _missing_of_node(node, texts.nodes.get(name, NodeText()), source)


def _missing_of_node(node: Node, text: NodeText, source: YamlSource) -> Iterator[Problem]:
    place: Loc = ("nodes", node.id)
    for field in FIELDS:
        here, there = getattr(text, field), getattr(node, field, "")
        if there and here is None:
            yield _problem(source, place, f"“{node.id}” has no “{field}”", "translate it")
        elif here is not None and not there:
            what = f"“{node.id}” has a “{field}” that the first language has not"
            yield _problem(source, (*place, field), what, "add it there or remove it here")
    options = node.options if isinstance(node, Question) and not node.yes_no else ()
    yield from _missing_options(node.id, options, text, source)


def _missing_options(
    node: str, options: tuple[Option, ...], text: NodeText, source: YamlSource
) -> Iterator[Problem]:
    place: Loc = ("nodes", node, "options")
    known = {option.id: option for option in options}
    for name in text.options:
        if name not in known:
            what = f"“{node}” has no option “{name}”"
            yield _problem(source, (*place, name), what, did_you_mean(name, known))
    for option in options:
        said = text.options.get(option.id)
        if said is None:
            what = f"the option “{option.id}” of “{node}” has no text"
            yield _problem(source, place, what, "translate it")
        elif option.hint and not (isinstance(said, OptionText) and said.hint):
            what = f"the option “{option.id}” of “{node}” has no “hint”"
            yield _problem(source, (*place, option.id), what, "write {label: …, hint: …}")


def _problem(source: YamlSource, place: Loc, what: str, mend: str) -> Problem:
    return Problem(source.path, source.line_of(place), what, mend)
