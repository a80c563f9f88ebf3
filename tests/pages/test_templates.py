"""Templates hold nothing that nobody uses: no import, no file, nothing a view makes for none."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

ROOT = Path(__file__).parents[2]
HOMES = (ROOT / "templates", *sorted((ROOT / "examples").glob("*/templates")))
PAGES = sorted(path for home in HOMES for path in home.rglob("*.html"))
NAMED = re.compile(r"""["']([\w/.-]+\.(?:html|xml|txt|svg))["']""")
RENDERERS = {"render", "shared", "kept_part"}


@cache
def tree(path: Path) -> nodes.Template:
    return Environment(extensions=["jinja2.ext.i18n"], autoescape=True).parse(
        path.read_text(encoding="utf-8")
    )


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_template_imports_it_uses(path: Path) -> None:
    taken = {
        name[1] if isinstance(name, tuple) else name
        for found in tree(path).find_all(nodes.FromImport)
        for name in found.names
    }
    used = {found.name for found in tree(path).find_all(nodes.Name) if found.ctx == "load"}
    assert taken - used == set()


def test_every_macro_is_used_somewhere() -> None:
    called = {
        found.name
        for path in PAGES
        for found in tree(path).find_all(nodes.Name)
        if found.ctx == "load"
    }
    for path in PAGES:
        for macro in tree(path).find_all(nodes.Macro):
            assert macro.name in called, f"{path.name}: {macro.name}"


def sources() -> Iterator[str]:
    for home in (ROOT / "kb", *HOMES):
        for path in home.rglob("*"):
            if path.suffix in {".py", ".html"}:
                yield path.read_text(encoding="utf-8")


def test_every_template_is_named_by_a_view_or_another_template() -> None:
    told = "\n".join(sources())
    put_together = {"errors", "claims", "troubleshooter"}  # f"errors/{name}.html"
    elsewhere = {"mail/layout.html"}  # named in kb/mail/html.py without its folder
    names = {
        str(path.relative_to(home)): path.parent.name
        for home in HOMES
        for path in home.rglob("*.html")
    }
    unknown = {name for name, folder in names.items() if name not in told} - elsewhere
    assert {name for name in unknown if names[name] not in put_together} == set()


def words_of(name: str) -> str:
    """The words of a template and of all it names."""
    seen: dict[str, str] = {}
    todo = [name]
    while todo:
        one = todo.pop()
        if one not in seen:
            paths = [home / one for home in HOMES if (home / one).is_file()]
            seen[one] = "\n".join(path.read_text(encoding="utf-8") for path in paths)
            todo += NAMED.findall(seen[one])
    return "\n".join(seen.values())


def test_what_a_view_gives_its_template_reads() -> None:
    unread = []
    for path in (ROOT / "kb" / "pages").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(call, ast.Call) and getattr(call.func, "id", "") in RENDERERS):
                continue
            if call.args and isinstance(call.args[0], ast.Constant):
                words = words_of(call.args[0].value)
                given = (one.arg for one in call.keywords if one.arg)
                unread += [
                    f"{path.name}:{call.lineno} {name}"
                    for name in given
                    if not re.search(rf"\b{name}\b", words)
                ]
    assert unread == []
