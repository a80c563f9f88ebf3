"""A newcomer with a clone has the command that the guides name."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["clone", "a clone with spaces"])
def test_prepare_makes_the_command_kb_for_any_folder(tmp_path: Path, name: str) -> None:
    clone = tmp_path / name
    (clone / ".venv" / "bin").mkdir(parents=True)
    (clone / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "prepare", clone / "scripts")
    (clone / "kb").symlink_to(ROOT / "kb")
    python = clone / ".venv" / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    subprocess.run([clone / "scripts" / "prepare", "command"], check=True)
    env = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [clone / ".venv" / "bin" / "kb", "--help"],
        cwd=tmp_path,
        env=env,
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.startswith("Usage: kb ")


def test_the_readme_says_where_the_command_is() -> None:
    assert ".venv/bin/kb" in (ROOT / "README.md").read_text()
    assert ".venv/bin/kb" in (ROOT / "docs" / "authors.md").read_text()
