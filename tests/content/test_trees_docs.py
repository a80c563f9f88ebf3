"""docs/trees.md is enough to write a tree: its example works, and it names every key."""

import re
from pathlib import Path
from textwrap import dedent

import pytest

from kb.content import tree_forms
from kb.content.trees_source import load_trees
from kb.content.validate import Form

DOCS = (Path(__file__).parents[2] / "docs" / "trees.md").read_text(encoding="utf-8")
FORMS = [
    form
    for form in vars(tree_forms).values()
    if isinstance(form, type) and issubclass(form, Form) and form is not Form
]


def blocks() -> list[str]:
    return [dedent(found) for found in re.findall(r"^ *```yaml\n(.*?)^ *```", DOCS, re.S | re.M)]


def test_the_example_works_with_its_translation(tmp_path: Path) -> None:
    folder = tmp_path / "troubleshooter"
    folder.mkdir()
    english = next(block for block in blocks() if "My printer prints nothing" in block)
    spanish = next(block for block in blocks() if "printer-silent.es.yaml" in block)
    spanish = spanish.replace('{label: "No", hint: Ni siquiera la del botón}', '"No"')
    spanish = spanish.replace("do: …", "do: Pruebe otro enchufe.")
    (folder / "printer-silent.yaml").write_text(english)
    (folder / "printer-silent.es.yaml").write_text(spanish)
    trees, problems = load_trees(tmp_path, ("en", "es"))
    assert not problems
    assert trees["printer-silent"]["es"].title == "Mi impresora no imprime"
    assert trees["printer-silent"]["en"].paths == 5


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_every_key_is_told(form: type[Form]) -> None:
    for name, field in form.model_fields.items():
        key = field.alias or name
        assert re.search(rf"`{key}`|\b{key}:", DOCS), f"docs/trees.md does not tell of “{key}”"
