"""A site with trees that use every kind of node, for tests of pages; the vendor's own use few."""

import shutil
from base64 import b64decode
from pathlib import Path

ROOT = Path(__file__).parent.parent

TREE = """\
title: Todo lo que un árbol sabe
summary: Cada clase de nodo una vez.
products: [backup-server, backup-virtual, home, cloud]
start: plugged
nodes:
  plugged: {ask: ¿Está encendido el equipo?, yes: where, no: try-plug, unsure: try-plug}
  try-plug:
    title: Enchufe el equipo
    do: |
      1. Enchufe el cable.

      ![El enchufe, visto por detrás](images/plug.png)
    only: [backup-server@12, home]
    solved: done
    else: part
  part: {use: every-kind-part, then: count}
  where:
    ask: ¿Dónde está la copia?
    options:
      - {id: vault, label: En una bóveda, go: count, only: backup-server@11-12}
      - {id: disk, label: En un disco, go: article}
      - {id: forum, label: Prefiero preguntar, go: forum}
      - {id: other, label: Otra cosa, go: since}
  count:
    ask: ¿Cuántos equipos son?
    help: Cuente también los apagados.
    closed: Se cuentan.
    input: {kind: number, whole: true, lowest: 1, highest: 99, unit: equipos, example: 4}
    route:
      - {if: {below: 5}, go: calculate}
      - {if: {at-least: 5}, go: pick}
  since:
    ask: ¿Desde qué día ocurre?
    input: {kind: date, lowest: 2020-01-01, example: 3/11/2026, optional: true}
    route:
      - {if: {below: 2026-11-01}, go: contact}
      - {else: article}
  article: {end: article, article: 1042, section: resolution, else: contact}
  calculate: {end: calculator, title: Calcule sus licencias, help: Con ejemplos.}
  pick: {end: product, product: backup-server, title: Le recomendamos Backup Server}
  forum: {end: link, url: "https://forum.norvault.example/", title: Pregunte en el foro}
  done: {end: solved}
  contact: {end: contact, request: technical, severity: B, topic: connection, title: Nada ayuda}
tests:
  - product: backup-server@11
    answers: {plugged: no, part.more: go-on, count: 3}
    reaches: calculate
  - product: home
    answers: {plugged: no, try-plug: no, part.more: go-on, count: 30}
    reaches: pick
"""
TREE_EN = """\
title: All that a tree knows
summary: Each kind of node once.
nodes:
  plugged: {ask: Is the machine on?}
  try-plug:
    title: Plug the machine in
    do: |
      1. Plug the cable in.

      ![The plug, seen from behind](images/plug.png)
  where:
    ask: Where is the backup?
    options:
      vault: In a vault
      disk: On a disk
      forum: I would rather ask
      other: Something else
  count: {ask: How many machines are there?, help: Count those that are off too., unit: machines}
  since: {ask: Since which day?, example: 3/11/2026}
  calculate: {title: Calculate your licences, help: With examples.}
  pick: {title: We recommend Backup Server}
  forum: {title: Ask in the forum}
  contact: {title: Nothing helps}
"""
PART = """\
title: Una parte
start: more
nodes:
  more:
    ask: ¿Algo más?
    options:
      - {id: go-on, label: "No, sigamos", go: back}
      - {id: other, label: Otra cosa, go: stop}
  back: {end: return}
  stop: {end: solved, title: Hasta aquí}
"""
PART_EN = """\
title: A part
nodes:
  more: {ask: Anything else?, options: {go-on: "No, let us go on", other: Something else}}
  stop: {title: So far}
"""
PNG = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg=="
)


def make(folder: Path) -> Path:
    """Copy the vendor's site into a folder and add the trees."""
    for name in ("articles", "policy", "troubleshooter"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "site.yaml", folder)
    shutil.copy(ROOT / "demo.yaml", folder)
    trees = folder / "troubleshooter"
    (trees / "images").mkdir(exist_ok=True)
    (trees / "images" / "plug.png").write_bytes(PNG)
    texts = {"": TREE, ".en": TREE_EN, "-part": PART, "-part.en": PART_EN}
    for end, text in texts.items():
        (trees / f"every-kind{end}.yaml").write_text(text, encoding="utf-8")
    return folder
