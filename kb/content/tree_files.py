"""What a new decision tree begins with: a question, something to try, and two ways to end."""

import json
from collections.abc import Iterator

from kb.content.problems import Level, Problem
from kb.content.yaml_source import Loc, YamlSource

_TREE = {
    "es": """\
title: TITLE
summary: Diga aquí para qué sirve este árbol.
start: first
nodes:
  first:
    ask: Escriba la primera pregunta
    options:
      - {id: one, label: Escriba una respuesta, go: try-one}
      - {id: other, label: Escriba otra respuesta, go: END}
  try-one:
    title: Nombre lo que se prueba
    do: |
      1. Escriba el primer paso.
    solved: done
    else: END
  done: {end: solved}
""",
    "en": """\
title: TITLE
summary: Say here what this tree is for.
start: first
nodes:
  first:
    ask: Write the first question
    options:
      - {id: one, label: Write an answer, go: try-one}
      - {id: other, label: Write another answer, go: END}
  try-one:
    title: Name what is tried
    do: |
      1. Write the first step.
    solved: done
    else: END
  done: {end: solved}
""",
}
NEW_TREE_TEXTS = {
    "es": """\
title: TITLE
summary: Diga aquí para qué sirve este árbol.
nodes:
  first:
    ask: Escriba la primera pregunta
    options: {one: Escriba una respuesta, other: Escriba otra respuesta}
  try-one:
    title: Nombre lo que se prueba
    do: |
      1. Escriba el primer paso.
""",
    "en": """\
title: TITLE
summary: Say here what this tree is for.
nodes:
  first:
    ask: Write the first question
    options: {one: Write an answer, other: Write another answer}
  try-one:
    title: Name what is tried
    do: |
      1. Write the first step.
""",
}
"""The texts of the same tree in another language; TITLE is to be replaced."""


def new_tree(title: str, lang: str, request: str) -> str:
    """Return a tree's file in its first language, leading to a `request` of the policy if any."""
    text = _TREE[lang].replace("TITLE", json.dumps(title, ensure_ascii=False))
    end = f"{{end: contact, request: {request}}}" if request else "{end: solved}  # or an article"
    return text.replace("END", "ask-us") + f"  ask-us: {end}\n"


_TO_BE_WRITTEN = frozenset(
    (
        "Diga aquí para qué sirve este árbol.", "Escriba la primera pregunta",
        "Escriba una respuesta", "Escriba otra respuesta", "Nombre lo que se prueba",
        "1. Escriba el primer paso.", "Say here what this tree is for.",
        "Write the first question", "Write an answer", "Write another answer",
        "Name what is tried", "1. Write the first step.",
    )
)  # fmt: skip


def unwritten_texts(source: YamlSource, mend: str) -> tuple[Problem, ...]:
    """Return one warning for a file that still asks customers what `kb new` wrote: it names the
    first of these texts, since all of them wait for the same hand. Empty where none is left."""
    found = [one for one in _texts(source.data, ()) if one[1].strip() in _TO_BE_WRITTEN]
    if not found:
        return ()
    at, text = found[0]
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    what = f"“{text.strip()}” stands here as kb new wrote it{more}"
    line = source.line_of(at)
    return (Problem(source.path, line, what, mend, Level.WARNING, "not-written"),)


def _texts(data: object, at: Loc) -> Iterator[tuple[Loc, str]]:
    """Give every text of a file with its place."""
    if isinstance(data, str):
        yield at, data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _texts(value, (*at, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _texts(value, (*at, number))
