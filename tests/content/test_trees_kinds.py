"""Every kind of node, read from YAML."""

from pathlib import Path

from kb.content.problems import Level
from kb.content.trees_check import check_trees
from tests.content.test_trees_source import KNOWN, load

EVERY_KIND = """\
title: Todo
products: [backup-server]
start: sure
nodes:
  sure: {ask: ¿Está enchufado?, yes: count, no: try, unsure: try}
  try:
    do: |
      Enchufe el cable.

      ![El enchufe, detrás](images/plug.png)
    only: backup-server@12
    solved: done
    else: part
  part: {use: rest, then: count}
  count:
    ask: ¿Cuántas máquinas?
    closed: Se cuentan.
    input: {kind: number, whole: true, lowest: 1, highest: 9, unit: máquinas}
    route:
      - {if: {below: 5}, go: calculate}
      - {if: {at-least: 5}, go: forum}
  calculate: {end: calculator, title: Calcule, help: Con ejemplos.}
  forum: {end: link, url: https://forum.example/es, title: El foro}
  done: {end: solved}
tests:
  - {product: backup-server@11, answers: {sure: no, part.q: back, count: 3}, reaches: calculate}
  - {product: backup-server@12, answers: {sure: unsure, try: yes}, reaches: done}
"""
EVERY_KIND_EN = """\
title: Everything
nodes:
  sure: {ask: Is it plugged in?}
  try: {do: "Plug it in. ![The plug, behind](images/plug.png)"}
  count: {ask: How many machines?, unit: machines}
  calculate: {title: Calculate, help: With examples.}
  forum: {title: The forum, url: https://forum.example/en}
"""
REST = """\
title: Resto
start: q
nodes:
  q:
    ask: ¿Algo más?
    options:
      - {id: back, label: No, go: back}
      - {id: other, label: Otra cosa, go: end}
  back: {end: return}
  end: {end: solved}
"""


def test_every_kind_of_node(tmp_path: Path) -> None:
    images = tmp_path / "troubleshooter" / "images"
    images.mkdir(parents=True)
    (images / "plug.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    rest_en = "title: Rest\nnodes:\n  q: {ask: More?, options: {back: No, other: More}}\n"
    trees, found = load(
        tmp_path, every=EVERY_KIND, every__en=EVERY_KIND_EN, rest=REST, rest__en=rest_en
    )
    assert {problem.level for problem in found} == {Level.WARNING}, found
    assert check_trees(tmp_path, trees, KNOWN) == []
    spanish, english = trees["every"]["es"], trees["every"]["en"]
    sure = english.nodes["sure"], spanish.nodes["sure"]
    assert [[o.label for o in node.options] for node in sure] == [  # type: ignore[union-attr]
        ["Yes", "No", "I do not know"], ["Sí", "No", "No lo sé"],
    ]  # fmt: skip
    assert spanish.images == english.images == ("troubleshooter/images/plug.png",)
    assert spanish.by_product
    assert spanish.revision
    assert spanish.revision == english.revision
    assert (spanish.paths, spanish.ahead["sure"]) == (10, 4)
    forums = [tree.nodes["forum"].url for tree in (spanish, english)]  # type: ignore[union-attr]
    assert forums == ["https://forum.example/es", "https://forum.example/en"]
