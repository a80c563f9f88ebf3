"""docs/trees.md is enough to write a tree: its example works, and it names every key."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from kb.content import tree_file_forms, tree_forms
from kb.content.problems import Level
from kb.content.trees_source import load_trees
from kb.content.validate import Form

DOCS = (Path(__file__).parents[2] / "docs" / "trees.md").read_text(encoding="utf-8")
FORMS = [
    form
    for form in [*vars(tree_forms).values(), *vars(tree_file_forms).values()]
    if isinstance(form, type) and issubclass(form, Form) and form is not Form
]


def blocks() -> list[str]:
    return [dedent(found) for found in re.findall(r"^ *```yaml\n(.*?)^ *```", DOCS, re.S | re.M)]


def test_the_example_works_with_its_translation(tmp_path: Path) -> None:
    folder = tmp_path / "troubleshooter"
    folder.mkdir()
    english = next(block for block in blocks() if "My printer prints nothing" in block)
    spanish = next(block for block in blocks() if "printer-silent.es.yaml" in block)
    spanish = spanish.replace("{label: Están apagadas, hint: Ni siquiera la del botón}", "Apagadas")
    spanish = spanish.replace("do: …", "do: Pruebe otro enchufe.")
    (folder / "printer-silent.yaml").write_text(english)
    (folder / "printer-silent.es.yaml").write_text(spanish)
    trees, problems = load_trees(tmp_path, ("en", "es"))
    assert [problem.level for problem in problems] == [Level.WARNING]  # not stamped yet
    assert trees["printer-silent"]["es"].title == "Mi impresora no imprime"
    assert trees["printer-silent"]["en"].paths == 7


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_every_key_is_told(form: type[Form]) -> None:
    for name, field in form.model_fields.items():
        key = field.alias or name
        assert re.search(rf"`{key}`|\b{key}:", DOCS), f"docs/trees.md does not tell of “{key}”"


ROOT = Path(__file__).parents[2]
TELLING = [
    *(f"kb/rules/tree_{name}.py" for name in ("proof", "routes", "products", "ends", "tests")),
    *(
        f"kb/content/tree_{name}.py"
        for name in ("forms", "file_forms", "texts", "stamps", "render")
    ),
    *(f"kb/content/{name}.py" for name in ("tree_translation", "trees_source", "trees_check")),
]


def messages(path: str) -> Iterator[tuple[int, list[str]]]:
    """The fixed parts of each message in a module: of `what = …`, `flaw(…, what, …)`,
    `Problem(…, what, …)`, what is yielded or returned as (what, mend), ValueError."""
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        match node:
            case ast.Assign(targets=[ast.Name(id="what")], value=value):
                yield value.lineno, parts(value)
            case ast.Assign(
                targets=[ast.Tuple(elts=[ast.Name(id="what"), _])], value=ast.Tuple() as pair
            ):
                yield pair.lineno, parts(pair.elts[0])
            case ast.Call(func=ast.Name(id="flaw" | "Flaw" | "_problem" | "Problem"), args=args):
                yield from ((node.lineno, parts(args[2])) for _ in "x" if len(args) > 2)
            case ast.Return(value=ast.Tuple(elts=[ast.JoinedStr() | ast.Constant() as what, _])):
                yield what.lineno, parts(what)
            case ast.Call(func=ast.Name(id="ValueError"), args=[what]):
                yield what.lineno, parts(what)[:1]


def parts(value: ast.expr) -> list[str]:
    values = value.values if isinstance(value, ast.JoinedStr) else [value]
    fixed = [v.value for v in values if isinstance(v, ast.Constant) and isinstance(v.value, str)]
    return [part for text in fixed for part in re.split(r"[“”;:]", text) if len(part.strip()) > 3]


SAID = [(f"{path}:{line}", said) for path in TELLING for line, said in messages(path) if said]


@pytest.mark.parametrize(("where", "said"), SAID, ids=[where for where, _ in SAID])
def test_every_message_is_told(where: str, said: list[str]) -> None:
    """Each row of the table is a message as it is printed; the words between the names must fit."""
    table = DOCS[DOCS.index("| message | mend |") :]
    rows = [row.split("|")[1] for row in table.splitlines() if row.startswith("| ")]
    assert any(all(part.strip() in row for part in said) for row in rows), said


def test_the_table_of_messages_is_not_empty() -> None:
    assert len(SAID) > 55
    assert len({where.partition(":")[0] for where, _ in SAID}) >= 10
