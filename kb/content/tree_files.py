"""What a new decision tree begins with: a question, something to try, and two ways to end."""

import json

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
