"""Translations of trees: complete, and stale once a text has changed."""

from pathlib import Path

import pytest

from kb.content.tree_stamps import stamped_file
from kb.content.trees_source import read_structure
from kb.content.yaml_source import read_yaml
from tests.content.test_trees_source import ENGLISH, GOOD, problems

WRONG_TEXTS = [
    ("  code: {ask: Is there a code?}\n", "", "backup.en.yaml:3: “code” has no “ask”; translate"),
    ("    help: Look in the **Log**.\n", "", "backup.en.yaml:4: “when” has no “help”"),
    (
        "midway: Part-way",
        "midwya: Part-way",
        "“when” has no option “midwya”; did you mean “midway”",
    ),
    ("      midway: Part-way\n", "", "the option “midway” of “when” has no text"),
    ("{label: It does not start, hint: Never}", "It does not start", "of “when” has no “hint”"),
    ("  contact:", "  contakt:", "backup.en.yaml:12: “contakt” is no node of the tree “backup”"),
    ("{ask: Is there a code?}", "{ask: A code?, help: Look}", "has a “help” that the first"),
    ("summary: Find out why.\n", "", "“summary” is missing; add it"),
    ("Part-way", "it does not START", "backup.en.yaml:9: “when” has two options that say"),
    ("title: My backup fails", "title: [a]", "backup.en.yaml:1: “title” must be a text"),
    ("summary: Find out why.", "summary: *x", "backup.en.yaml:2: “*x” refers to another place"),
]


@pytest.mark.parametrize(
    ("right", "wrong", "told"), WRONG_TEXTS, ids=[w[2][:40] for w in WRONG_TEXTS]
)
def test_translations_are_complete(tmp_path: Path, right: str, wrong: str, told: str) -> None:
    assert right in ENGLISH
    found = problems(tmp_path, english=ENGLISH.replace(right, wrong))
    assert any(told in problem for problem in found), found


STAMPED = stamped_file(
    ENGLISH,
    read_structure("backup", "es", read_yaml("backup.yaml", GOOD))[0],  # type: ignore[arg-type]
)
STALE = [
    ("ask: ¿Hay un código?", "ask: ¿Sale un código?", "en.yaml:10: “ask” of “code” has changed"),
    ("label: No empieza", "label: No arranca", "en.yaml:8: the label of option “no” of “when” has"),
    ("hint: Nunca", "hint: Jamás", "en.yaml:8: the hint of option “no” of “when” has changed"),
    ("title: Mi copia falla", "title: Mi copia se para", "en.yaml:1: “title” has changed since"),
    ("título", "título", ""),
]


@pytest.mark.parametrize(("right", "wrong", "told"), STALE, ids=[w[1][:20] for w in STALE])
def test_a_changed_text_marks_its_translation(
    tmp_path: Path, right: str, wrong: str, told: str
) -> None:
    found = problems(tmp_path, GOOD.replace(right, wrong), STAMPED)
    assert [told in problem for problem in found] == ([True] if told else [])


def test_breaking_a_line_elsewhere_makes_nothing_stale(tmp_path: Path) -> None:
    broken = "do: |\n      Libere espacio\n      en el disco. Después, ejecute la tarea."
    good = GOOD.replace("do: Libere espacio en el disco. Después, ejecute la tarea.", broken)
    assert good != GOOD
    assert problems(tmp_path, good, STAMPED) == []


def test_a_text_without_stamp_among_stamped_ones_is_told(tmp_path: Path) -> None:
    line = next(line for line in STAMPED.splitlines() if line.startswith("    code: {"))
    found = problems(tmp_path, english=STAMPED.replace(f"{line}\n", ""))
    assert found == [
        "troubleshooter/backup.en.yaml:10: “ask” of “code” is not stamped; "
        "check it, then run “kb tree stamp backup”"
    ]
