"""What a content repository runs: the pre-commit hook and the CI templates, really run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.content.sites import SmallSite, front

ROOT = Path(__file__).parent.parent.parent
HOOKS = ROOT / ".pre-commit-hooks.yaml"


@pytest.fixture
def repository(tmp_path: Path) -> SmallSite:
    """A content repository whose site is sound and committed."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "kb").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kb "$@"\n')
    (programs / "kb").chmod(0o755)
    (programs / "pre-commit").symlink_to(Path(sys.executable).parent / "pre-commit")
    site = SmallSite(tmp_path / "site")
    site.article(1)
    site.write(".gitignore", ".kb/\n")
    git(site, "init", "-q", "-b", "main")
    git(site, "add", "-A")
    assert git(site, "commit", "-qm", "first").returncode == 0
    return site


def run(site: SmallSite, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    env = {
        "PATH": f"{site.root.parent / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(site.root.parent),
        "PRE_COMMIT_HOME": str(site.root.parent / "hooks"),
        "KB_VAR": str(site.root.parent / "var"),
        "PYTHONPATH": str(ROOT),
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{who}_{what}": "a@example.com"
           for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
        **more,
    }  # fmt: skip
    return subprocess.run(words, cwd=site.root, env=env, capture_output=True, text=True)


def git(site: SmallSite, *words: str) -> subprocess.CompletedProcess[str]:
    return run(site, "git", *words)


def test_the_hook_is_a_valid_manifest(repository: SmallSite) -> None:
    done = run(repository, "pre-commit", "validate-manifest", str(HOOKS))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_the_hook_stops_a_commit_with_a_mistake(repository: SmallSite) -> None:
    (hook,) = yaml.safe_load(HOOKS.read_text())
    here = {**hook, "language": "system"}  # the program that is installed here
    config = {"repos": [{"repo": "local", "hooks": [here]}]}
    repository.write(".pre-commit-config.yaml", yaml.safe_dump(config))
    git(repository, "add", "-A")
    installed = run(repository, "pre-commit", "install")
    assert installed.returncode == 0, installed.stderr
    sound = git(repository, "commit", "-qm", "hook")
    assert sound.returncode == 0, sound.stdout + sound.stderr
    repository.spanish(front("", "[[9]]\n"))
    git(repository, "add", "-A")
    stopped = git(repository, "commit", "-qm", "broken")
    assert stopped.returncode == 1
    assert "articles/setup/1-one/es.md:5: there is no article 9" in stopped.stdout + stopped.stderr
    repository.spanish(front("", "Texto.\n"))
    git(repository, "add", "-A")
    mended = git(repository, "commit", "-qm", "mended")
    assert mended.returncode == 0, mended.stdout + mended.stderr


def commands(name: str) -> list[str]:
    """The shell lines of a template, installing apart; that one names our distribution."""
    template: dict[str, Any] = yaml.safe_load((ROOT / "examples/ci" / name).read_text())
    if "jobs" in template:
        lines = [step["run"] for step in template["jobs"]["check"]["steps"] if "run" in step]
    else:
        job = template["content"]
        lines = [*job["before_script"], *job["script"], *job["after_script"]]
    assert lines[0] == "pip install waypost"
    return lines[1:]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["github.yml", "gitlab.yml"])
def test_a_ci_template_passes_a_sound_site_and_fails_a_broken_one(
    repository: SmallSite, name: str
) -> None:
    shutil.copytree(ROOT / "examples/starter", repository.root, dirs_exist_ok=True)
    shutil.rmtree(repository.root / "articles/setup")
    (repository.root / "policy/products.yaml").write_bytes(
        (ROOT / "examples/starter/policy/products.yaml").read_bytes()
    )
    for line in commands(name):
        done = run(repository, "bash", "-c", line, KB_VAR=".kb")
        assert done.returncode == 0, f"{line}: {done.stdout}{done.stderr}"
    path = next(repository.root.rglob("articles/**/es.md"))
    path.write_text(path.read_text() + "\n[[99999]]\n")
    first = next(line for line in commands(name) if line.startswith("kb check"))
    done = run(repository, "bash", "-c", first, KB_VAR=".kb")
    assert done.returncode == 1
    assert "there is no article 99999" in done.stdout + done.stderr


def test_gitlab_reads_a_report(repository: SmallSite) -> None:
    last = commands("gitlab.yml")[-1]
    run(repository, "bash", "-c", last, KB_VAR=".kb")
    assert (repository.root / "kb-check.xml").read_text().startswith("<?xml")
