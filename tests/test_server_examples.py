"""What an operator copies from examples/server/ fits the program and docs/operators.md."""

import re
import shlex
from configparser import ConfigParser
from pathlib import Path

import click
import pytest

from kb.cli import main
from kb.settings import read_settings

ROOT = Path(__file__).parents[1]
SERVER = ROOT / "examples" / "server"
OPERATORS = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")


def unit(name: str) -> ConfigParser:
    parser = ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(SERVER / f"{name}.service", encoding="utf-8")
    return parser


def settings_named(text: str) -> dict[str, str]:
    """The settings of the file, those that are commented out too."""
    return dict(re.findall(r"^(?:# )?(KB_[A-Z_]+)=(.*)$", text, re.MULTILINE))


@pytest.mark.parametrize("name", ["waypost", "waypost-worker"])
def test_a_unit_runs_a_command_that_there_is(name: str) -> None:
    service = unit(name)["Service"]
    program, word, *options = shlex.split(service["ExecStart"])
    assert program.endswith("/bin/kb")
    command = main.get_command(click.Context(main), word)
    assert command is not None
    command.make_context(word, options)  # an option that is wrong raises UsageError
    assert service["EnvironmentFile"] in OPERATORS
    for folder in ("KB_SITE", "KB_VAR"):
        place = settings_named((SERVER / "waypost.env").read_text())[folder]
        assert place.startswith(service["ReadWritePaths"] + "/")


def test_the_settings_are_right_as_they_stand(tmp_path: Path) -> None:
    """All of them, those to be chosen too, but for the folders, which are this machine's."""
    (tmp_path / "site.yaml").write_text("name: x\n")
    env = settings_named((SERVER / "waypost.env").read_text())
    found = read_settings({**env, "KB_SITE": str(tmp_path), "KB_VAR": str(tmp_path / "var")})
    assert found.trusted_proxies == 1
    assert found.secure_cookies


def test_nginx_lets_through_what_the_site_takes() -> None:
    said = (SERVER / "nginx.conf").read_text()
    wanted = re.search(r"`client_max_body_size (\w+)` in nginx", OPERATORS)
    assert wanted
    assert f"client_max_body_size {wanted[1]};" in said
    for header in ("For", "Proto", "Host"):  # one that nginx left alone would be the visitor's
        assert f"proxy_set_header X-Forwarded-{header} " in said


def test_every_setting_is_in_the_guide() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "kb").rglob("*.py"))
    names = set(re.findall(r"[\"'](KB_[A-Z][A-Z0-9_]*[A-Z0-9])[\"']", source))
    table = OPERATORS.split("## Settings\n", 1)[1].split("\n## ", 1)[0]
    assert len(names) > 25
    assert sorted(name for name in names if f"`{name}`" not in table) == []


def test_a_copy_of_the_database_is_read_by_its_owner_alone() -> None:
    """`sqlite3` and `pg_dump` make it as any new file: readable for everybody, unless told."""
    copying = [block.strip() for block in OPERATORS.split("```")[1::2] if ".backup " in block]
    assert len(copying) == 2
    for block in copying:
        assert block.startswith("umask 077")
        assert "rsync" not in block or "--ignore-missing-args" in block  # a new site has no files
