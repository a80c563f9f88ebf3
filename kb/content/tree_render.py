"""The Markdown of a tree becomes HTML, its pictures files of the site."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from kb.content.markdown import Context, Image, plain_text, render, with_titles
from kb.content.media import KINDS, beside
from kb.content.problems import Problem
from kb.content.trees_check import FOLDER
from kb.content.yaml_source import YamlSource
from kb.rules.trees import MARKDOWN_FIELDS, Node, Step, Tree

TITLE_LENGTH = 90
PICTURES = KINDS & {".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg"}

_SENTENCE_END = re.compile(r"(?<=[.:;!?])\s")


def rendered(root: Path, tree: Tree, source: YamlSource) -> tuple[Tree, list[Problem]]:
    """Return the tree with its Markdown as HTML, a title for each step, and its pictures named."""
    problems: list[Problem] = []
    nodes: dict[str, Node] = {}
    images: dict[str, None] = {}
    for name, node in tree.nodes.items():
        html: dict[str, Any] = {}
        for field in MARKDOWN_FIELDS:
            text = getattr(node, field, "")
            if text:
                line = source.line_of(("nodes", name, field))
                found = render(text, Context(tree.lang, source.path, line))
                html[field] = found.html
                problems += found.problems
                for image in found.images:
                    problems += _picture_problems(root, name, image, source.path)
                    images[beside(FOLDER, image.src)] = None
        if isinstance(node, Step) and not node.title:
            html["title"] = _first_sentence(html["do"])
        nodes[name] = replace(node, **html)
    return replace(tree, nodes=nodes, images=tuple(images)), problems


def _picture_problems(root: Path, node: str, image: Image, path: str) -> Iterator[Problem]:
    file = beside(FOLDER, image.src)
    if not image.src:
        what = f"“{node}” shows a picture of another site"
        yield Problem(path, image.line, what, f"put it below {FOLDER}/")
    elif not file.startswith(f"{FOLDER}/") or not (root / file).is_file():
        what = f"“{node}” shows the picture “{image.src}”, which is not below {FOLDER}/"
        yield Problem(path, image.line, what, "put it there, or mend its name")
    elif Path(file).suffix.lower() not in PICTURES:
        what = f"“{node}” shows “{image.src}”, which is no picture"
        yield Problem(path, image.line, what, f"use one of: {', '.join(sorted(PICTURES))}")
    if not image.alt.strip():
        what = f"“{node}” shows a picture that is not described"
        yield Problem(
            path, image.line, what, "say in brackets what it shows: ![The lamp](lamp.png)"
        )


def _first_sentence(html: str) -> str:
    text = with_titles(plain_text(html), lambda _: "").replace("\n", " ")
    first = _SENTENCE_END.split(text, maxsplit=1)[0].rstrip(".:;")
    return first if len(first) <= TITLE_LENGTH else first[: TITLE_LENGTH - 1].rstrip() + "…"
