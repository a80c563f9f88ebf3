"""Every field of an article and of site.yaml, every rule, command and option is documented, and
`kb help` prints it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import click
import pytest
from click.testing import CliRunner, Result
from pydantic import BaseModel

from kb.cli import main
from kb.content.article_file import FrontMatter
from kb.content.check_rules import RULES
from kb.content.site_source import _Site

DOCS = Path(__file__).parent.parent.parent / "docs"
AUTHORS = (DOCS / "authors.md").read_text(encoding="utf-8")
COMMANDS = (DOCS / "commands.md").read_text(encoding="utf-8")


def models(annotation: object) -> Iterator[type[BaseModel]]:
    """Every form inside of a type."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from models(part)


def keys(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """Each key of a form with the key it is in ('' on top)."""
    for name, field in model.model_fields.items():
        yield "", field.alias or name
        for inner in models(field.annotation):
            for part, below in inner.model_fields.items():
                if part != "root":
                    yield name, below.alias or part


def section(heading: str) -> str:
    return re.split(r"\n#{2,3} ", AUTHORS.split(heading, 1)[1])[0]


@pytest.mark.parametrize(("model", "heading"), [
    (FrontMatter, "### Front matter\n"), (_Site, "## site.yaml\n"),
])  # fmt: skip
def test_every_field_is_documented(model: type[BaseModel], heading: str) -> None:
    rows = [row for row in section(heading).split("\n") if row.startswith("| `")]
    for group, key in keys(model):
        if group:
            row = next(row for row in rows if f"`{group}`" in row.split("|")[1])
            assert re.search(rf"\b{key}\b", row), f"{group}.{key}"
        else:
            assert any(f"`{key}`" in row.split("|")[1] for row in rows), key


def test_every_rule_of_kb_check_is_documented_with_its_level() -> None:
    for rule in RULES.values():
        assert f"| `{rule.name}` | {rule.level}" in AUTHORS, rule.name
        assert rule.finds in AUTHORS


def commands() -> Iterator[tuple[str, click.Command]]:
    def below(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
        if not isinstance(command, click.Group):
            yield name, command
            return
        for word in command.list_commands(ctx):
            found = command.get_command(ctx, word)
            assert found is not None
            yield from below(found, f"{name} {word}")

    ctx = click.Context(main)
    yield from below(main, "kb")


@pytest.mark.parametrize(("name", "command"), [pytest.param(*c, id=c[0]) for c in commands()])
def test_every_command_and_option_is_documented(name: str, command: click.Command) -> None:
    found = re.search(
        rf"^## {re.escape(name)}(?: [^\n]*)?\n(.*?)(?=^## |\Z)", COMMANDS, re.M | re.S
    )
    assert found, f"add “## {name}” to docs/commands.md"
    for option in command.params:
        if isinstance(option, click.Option) and not option.hidden:
            for word in option.opts:
                assert f"`{word}`" in found[1], f"add {word} below “## {name}” in docs/commands.md"
    assert command.help, name


def test_the_guide_names_no_command_that_is_not_there() -> None:
    known = {name for name, _ in commands()}
    for line in re.findall(r"^## (kb [a-z -]+?)(?: [A-Z[.].*)?$", COMMANDS, re.M):
        assert line in known, line


# --- kb help --------------------------------------------------------------------------------


def kb(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def test_help_lists_every_guide() -> None:
    listed = kb("help").output
    for path in DOCS.glob("*.md"):
        assert (f"\n  {path.stem} " in listed) is (path.stem != "DECISIONS")


@pytest.mark.parametrize(
    ("topic", "holds", "lacks"),
    [
        (("authors",), "## site.yaml", None),
        (("front", "matter"), "| `error_codes` |", "## Markdown"),
        (("Before a commit",), "id: kb-check", "## site.yaml"),
        (("check",), "--external", "## site.yaml"),
        (("new", "article"), "--both", None),
        (("trees",), "# ", None),
        (("find_with",), "`find_with`: `- {q:", "`moved_from`"),
        (("dead-link",), "Check (kb help authors)", "`dead-anchor`"),
        (("KB_VAR",), "Settings (kb help operators)", "KB_SITE"),
        (("oem",), "entitlements.yaml (kb help policy)", None),
    ],
)
def test_help_prints_a_guide_a_part_of_it_or_a_command(
    topic: tuple[str, ...], holds: str, lacks: str | None
) -> None:
    result = kb("help", *topic)
    assert result.exit_code == 0
    assert holds in result.output
    assert lacks is None or lacks not in result.output


def test_an_unknown_topic_is_told() -> None:
    result = kb("help", "authrs")
    assert result.exit_code == 1
    assert "there is no topic “authrs”; did you mean “authors”?" in result.output
    assert "kb help lists the guides" in kb("help", "zzzzzz").output
