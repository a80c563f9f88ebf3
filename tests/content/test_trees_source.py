"""Trees from YAML: what is read, and what an author is told about each mistake."""

from pathlib import Path

import pytest
from pydantic import TypeAdapter

from kb.content.problems import Level, Problem
from kb.content.trees_check import check_trees
from kb.content.trees_source import load_trees
from kb.rules.tree_ends import Known, KnownArticle
from kb.rules.trees import ArticleEnd, Input, InputKind, Purpose, Question, Step, Tree

ROOT = Path(__file__).parents[2]
BOTH = frozenset({"es", "en"})
KNOWN = Known(
    languages=("es", "en"),
    articles={1042: KnownArticle(BOTH, True, {})},
    topics={"technical": frozenset({"backup"})},
    products=frozenset({"backup-server"}),
    versions={"backup-server": ("12", "11")},
    supported={"backup-server": frozenset({"12", "11"})},
)
GOOD = """\
title: Mi copia falla
summary: Averigüe por qué.
products: [backup-server@11-12]
start: when
nodes:
  when:
    ask: ¿Cuándo falla?
    help: Mire en **Registro**.
    options:
      - {id: no, label: No empieza, hint: Nunca, go: code}
      - {id: midway, label: A mitad, go: try-space, other: true}
  code:
    ask: ¿Hay un código?
    input: {kind: error-code, example: E000101F4, optional: true}
    route:
      - {if: {in: [E000101F4]}, go: article}
      - {else: try-space}
  try-space:
    do: Libere espacio en el disco. Después, ejecute la tarea.
    solved: done
    else: contact
  article: {end: article, article: 1042, section: resolution, else: contact}
  done: {end: solved}
  contact: {end: contact, request: technical, severity: B, topic: backup, title: Sigue fallando}
tests:
  - {answers: {when: midway, try-space: no}, reaches: contact}
  - {answers: {when: no, code: e000101f4}, reaches: article}
"""
ENGLISH = """\
title: My backup fails
summary: Find out why.
nodes:
  when:
    ask: When does it fail?
    help: Look in the **Log**.
    options:
      no: {label: It does not start, hint: Never}
      midway: Part-way
  code: {ask: Is there a code?}
  try-space: {do: "Free space on the disk. Then run the task."}
  contact: {title: It still fails}
"""


def load(root: Path, **files: str) -> tuple[dict[str, dict[str, Tree]], list[Problem]]:
    folder = root / "troubleshooter"
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name.replace('__', '.').replace('_', '-')}.yaml").write_text(text)
    return load_trees(root, ("es", "en"))


def problems(root: Path, good: str = GOOD, english: str = ENGLISH) -> list[str]:
    trees, found = load(root, backup=good, backup__en=english)
    every = sorted({*found, *check_trees(root, trees, KNOWN)})
    return [str(problem) for problem in every if problem.level is Level.ERROR]


def test_good_tree(tmp_path: Path) -> None:
    trees, found = load(tmp_path, backup=GOOD, backup__en=ENGLISH)
    assert [problem.level for problem in found] == [Level.WARNING]  # English is not stamped
    spanish, english = trees["backup"]["es"], trees["backup"]["en"]
    assert (spanish.title, english.title) == ("Mi copia falla", "My backup fails")
    assert spanish.purpose is Purpose.TROUBLESHOOTING
    assert (spanish.paths, spanish.ahead["when"]) == (6, 3)
    assert english.ahead == spanish.ahead
    when, code, step = (english.nodes[name] for name in ("when", "code", "try-space"))
    assert isinstance(when, Question)
    assert "<strong>Log</strong>" in when.help
    assert [(o.id, o.label, o.hint, o.go) for o in when.options] == [
        ("no", "It does not start", "Never", "code"),
        ("midway", "Part-way", "", "try-space"),
    ]
    assert isinstance(code, Input)
    assert (code.input, code.example, code.optional) == (InputKind.ERROR_CODE, "E000101F4", True)
    assert isinstance(step, Step)
    assert step.title == "Free space on the disk"
    assert isinstance(english.nodes["article"], ArticleEnd)
    assert not check_trees(tmp_path, trees, KNOWN)


def test_tree_survives_json(tmp_path: Path) -> None:
    trees, _ = load(tmp_path, backup=GOOD, backup__en=ENGLISH)
    adapter = TypeAdapter(dict[str, dict[str, Tree]])
    assert adapter.validate_json(adapter.dump_json(trees)) == trees


WRONG = [
    ("start: when", "start: wen", "backup.yaml:4: the tree starts at “wen”"),
    ("go: code}", "go: cod}", "backup.yaml:10: “when” leads to “cod”"),
    ("{else: try-space}", "{else: when}", "goes round in a circle: when → code → when"),
    ("id: midway", "id: no", "backup.yaml:11: “when” has two options “no”"),
    ("label: A mitad", "label: No  empieza", "backup.yaml:11: “when” has two options that say"),
    ("      - {else: try-space}\n", "", "“code” has no way on for all other values"),
    ("{else: try-space}", "{go: try-space}", "backup.yaml:17: this route is neither a condition"),
    ("in: [E000101F4]", "inn: [E000101F4]", "backup.yaml:16: “inn” is not a key known here"),
    ("kind: error-code", "kind: code", "backup.yaml:14: “kind” cannot be “code”; known: error"),
    ("{end: solved}", "{end: solvd}", "“done” cannot end with “solvd”; did you mean “solved”?"),
    ("{end: solved}", "{finish: yes}", "backup.yaml:23: “done” does nothing; give it one of"),
    ("{end: solved}", "gone", "“done” must be a group of keys, not “gone”"),
    ("article: 1042", "article: 9999", "ends at article 9999, which is not published; publish"),
    ("request: technical", "request: tecnical", "asks for “tecnical”, which the policy does not"),
    ("topic: backup", "topic: tape", "has the topic “tape”"),
    ("severity: B", "severity: E", "has the severity “E”"),
    ("backup-server@11-12", "backup-sever", "backup.yaml:3: “backup-sever” is no product; did"),
    ("backup-server@11-12", "backup-server@x", "“backup-server@x” is no product; write line"),
    ("reaches: contact", "reaches: done", "backup.yaml:26: the test reaches “contact”, not"),
    ("code: e000101f4", "code: nada", "backup.yaml:27: the test's answer “nada” does not fit"),
    ("  done: {end: solved}\n", "", "backup.yaml:20: “try-space” leads to “done”"),
    ("solved: done", "solved: contact", "same node whether it solved the problem or not"),
    ("  done:", "  product:", "“product” cannot name a node: addresses use it"),
    ("  done:", "  stats:", "“stats” cannot name a node: addresses use it"),
    ("Mire en **Registro**.", "Mire [[9999|aquí]].", "links to article 9999, which is not"),
    ("Mire en **Registro**.", '"![x](x.png)"', "shows the picture “x.png”, which is not below"),
    ("Mire en **Registro**.", '"![x](../a.png)"', "shows the picture “../a.png”, which is not"),
    ("Mire en **Registro**.", '"![x](backup.yaml)"', "shows “backup.yaml”, which is no picture"),
    ("Mire en **Registro**.", '"![](x.png)"', "shows a picture that is not described; say in br"),
    ("Mire en **Registro**.", '"![x](https://x.example/x.png)"', "shows a picture of another site"),
    (", other: true", "", "backup.yaml:9: “when” has no way on for those whom no option fits; add"),
    (", other: true", ", only: tape@9", "11: “when” is only for “tape@9”, which this tree does"),
    (", other: true", ", only: tape@x", "backup.yaml:11: “tape@x” is no product; write line"),
    (", optional: true", "", "backup.yaml:14: “code” has no way on for those who do not know"),
    (
        "input: {kind: error-code, example: E000101F4, optional: true}",
        'input: {kind: number, lowest: "9", highest: "1"}',
        "14: “code” has its lowest value “9”",
    ),
    (
        "input: {kind: error-code, example: E000101F4, optional: true}",
        "input: {kind: version, whole: true}",
        "backup.yaml:14: “whole” is for numbers; leave it out of a version",
    ),
    (
        "    input: {kind: error-code, example: E000101F4, optional: true}\n"
        "    route:\n      - {if: {in: [E000101F4]}, go: article}\n",
        "    closed: x\n    input: {kind: number}\n    route:\n"
        "      - {if: {below: 5}, go: article}\n      - {if: {below: 9}, go: contact}\n",
        "backup.yaml:18: “code” has two routes for 0: entries 1 and 2; let each value",
    ),
    ("    options:\n", "    yes: code\n    options:\n", "“options” is not a key known here"),
    (
        "{end: solved}",
        "{end: link, url: 'ftp://x', title: x}",
        "“ftp://x”, which is no safe",
    ),
    ("title: Sigue fallando", "title: " + "x" * 161, "“title” is longer than 160; shorten it"),
    ("label: A mitad", "label: " + "x" * 121, "backup.yaml:11: “label” is longer than 120"),
    ("reaches: article}", "product: home@, reaches: article}", "“home@” is no product"),
    ("title: Mi copia falla", "titel: Mi copia falla", "backup.yaml:1: “titel” is not a key"),
    ("nodes:\n", "nodes: []\nnods:\n", "“nodes” must be a group of keys, not a list"),
]


@pytest.mark.parametrize(("right", "wrong", "told"), WRONG, ids=[w[1][:30] for w in WRONG])
def test_mistakes_are_told_with_their_line(
    tmp_path: Path, right: str, wrong: str, told: str
) -> None:
    assert right in GOOD
    found = problems(tmp_path, GOOD.replace(right, wrong))
    assert any(told in problem for problem in found), found
    assert all("; " in problem for problem in found)


def test_a_walk_that_is_too_long_is_told(tmp_path: Path) -> None:
    steps = "".join(f"  n{n}: {{do: Pruebe., solved: done, else: n{n + 1}}}\n" for n in range(41))
    text = (
        f"title: Largo\nstart: n0\nnodes:\n{steps}  n41: {{end: solved}}\n  done: {{end: solved}}\n"
    )
    (tmp_path / "troubleshooter").mkdir()
    (tmp_path / "troubleshooter" / "long.yaml").write_text(text)
    _, found = load_trees(tmp_path, ("es",))
    assert [str(problem) for problem in found] == [
        "troubleshooter/long.yaml:2: a walk can take 41 answers, more than 40; "
        "ask less before it ends"
    ]


def test_files_that_do_not_belong(tmp_path: Path) -> None:
    trees, found = load(
        tmp_path, backup=GOOD, backup__de=ENGLISH, Backup=GOOD, other__en=ENGLISH, broken="a: [",
    )  # fmt: skip
    told = [str(problem) for problem in found]
    for part in (
        "troubleshooter/backup.de.yaml:1: “de” is not a further language",
        "“Backup.yaml” is no name for a tree",
        "there is no troubleshooter/other.yaml that this file translates",
        "troubleshooter/backup.yaml:1: this tree has no text in “en”",
        "troubleshooter/broken.yaml:",
    ):
        assert any(part in one for one in told), told
    assert set(trees) == {"backup"}


def test_a_tree_that_cannot_be_read_is_told_once(tmp_path: Path) -> None:
    """Its users are not blamed for using a tree that is there, only broken."""
    user = "title: U\nstart: s\nnodes:\n  s: {use: backup}\n"
    _, found = load(
        tmp_path, user=user, user__en="title: U\n", backup=GOOD.replace("ask: ¿C", "aks: ¿C"),
        backup__en=ENGLISH,
    )  # fmt: skip
    told = [problem.path for problem in found if problem.level is Level.ERROR]
    assert told == ["troubleshooter/backup.yaml"]


def test_no_trees_at_all(tmp_path: Path) -> None:
    assert load_trees(tmp_path, ("en",)) == ({}, [])
