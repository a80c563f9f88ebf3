"""What docs/developers.md and docs/DECISIONS.md name is there, and what must stand in them does."""

import ast
import re
from pathlib import Path

import pytest
from flask import Flask

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "docs" / "developers.md").read_text(encoding="utf-8")
DECISIONS = (ROOT / "docs" / "DECISIONS.md").read_text(encoding="utf-8")
CODE = re.compile(r"`([^`]+)`")
FILE = re.compile(r"^\w[\w/-]*\.(?:py|js|html|yaml|md)$")
CALL = re.compile(r"(?<![\w.])([A-Za-z_]\w+)\(")
HELD_BY_FLASK = {"static_files"}  # no views: whitenoise serves them


def sources() -> list[Path]:
    return [path for home in ("kb", "tests") for path in (ROOT / home).rglob("*.py")]


def test_every_page_module_has_its_row_in_the_url_map_and_no_other_is_there(app: Flask) -> None:
    rows = [line for line in GUIDE.splitlines() if line.startswith("| `/")]
    told = {name for row in rows for name in CODE.findall(row.split("|")[-3])}
    assert told - HELD_BY_FLASK == set(app.blueprints)


def test_every_file_that_is_named_is_there() -> None:
    homes = ("kb", "tests", "templates", "static", "docs", "bench", "policy", "examples")
    found = [*ROOT.glob("*"), *(path for home in homes for path in (ROOT / home).rglob("*"))]
    there = [f"/{path.relative_to(ROOT)}" for path in found]
    named = {one for one in CODE.findall(GUIDE) if FILE.match(one)}
    assert len(named) > 100
    assert {one for one in named if not any(path.endswith(f"/{one}") for path in there)} == set()


def test_every_function_that_is_named_is_there() -> None:
    known = {
        node.name
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
    named = {name for code in CODE.findall(GUIDE) for name in CALL.findall(code)}
    assert len(named) > 100
    assert named - known == set()


@pytest.mark.parametrize("kind", ["runtime", "dev", "bench"])
def test_every_dependency_has_its_reason(kind: str) -> None:
    lines = (ROOT / "requirements" / f"{kind}.in").read_text(encoding="utf-8").splitlines()
    names = [re.split(r"[\[=><]", line)[0] for line in lines if line and line[0].isalnum()]
    reasons = DECISIONS.partition("## Dependencies")[2]
    missing = [name for name in names if not name.startswith("types-") and name not in reasons]
    assert names
    assert missing == []
