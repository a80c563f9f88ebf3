"""`kb check` and git: translations that fell behind, and what a change alone has caused."""

import subprocess
from pathlib import Path

import pytest

from tests.cli.checks import found, git
from tests.commands import kb
from tests.content.sites import SmallSite, front


def commit(site: SmallSite) -> str:
    if not (site.root / ".git").exists():
        git(site, "init", "-q")
    git(site, "add", "-A")
    git(site, "commit", "-qm", "change")
    return git(site, "rev-parse", "HEAD")


def stale(site: SmallSite) -> list[str]:
    return [row["path"] for row in found(site) if row["rule"] == "stale-translation"]


def test_a_translation_older_than_its_text_is_stale(site: SmallSite) -> None:
    site.article(2, "two")
    assert stale(site) == []  # no repository: nothing is known
    commit(site)
    assert stale(site) == []  # both came with one commit
    site.spanish(front("", "Otro texto.\n"))
    (site.root / "articles/setup/1-one/en.md").write_text("---\ntitle: one\n---\n\nText.\n")
    assert stale(site) == []  # both are being changed
    git(site, "checkout", "articles/setup/1-one/en.md")
    assert stale(site) == ["articles/setup/1-one/en.md"]  # not committed yet
    commit(site)
    assert stale(site) == ["articles/setup/1-one/en.md"]
    site.write("articles/setup/1-one/en.md", "---\ntitle: one\n---\n\nAnother text.\n")
    assert stale(site) == []
    commit(site)
    assert stale(site) == []


def test_a_translation_that_changes_alone_makes_nothing_stale(site: SmallSite) -> None:
    commit(site)
    site.write("articles/setup/1-one/en.md", "---\ntitle: one\n---\n\nBetter words.\n")
    commit(site)
    assert stale(site) == []


def test_a_shallow_clone_takes_the_cut_for_no_change(
    site: SmallSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(site)
    site.spanish(front("", "Otro texto.\n"))
    commit(site)
    (site.root / "README").write_text("x")
    commit(site)
    assert len(stale(site)) == 1
    words = ["git", "clone", "-q", "--depth=1", f"file://{site.root}", str(tmp_path / "clone")]
    subprocess.run(words, check=True, capture_output=True)
    clone = SmallSite.__new__(SmallSite)
    clone.root = tmp_path / "clone"
    monkeypatch.setenv("KB_VAR", str(tmp_path / "var2"))
    assert stale(clone) == []


def test_since_tells_only_what_changed_files_cause(site: SmallSite) -> None:
    site.article(2, "two", es=front("review_by: 2020-01-01\n").replace("Uno", "Dos"))
    site.article(3, "three")
    first = commit(site)
    assert found(site, "--since", first) == []
    site.spanish(front("", "[[3]] **x\n"))
    assert [row["rule"] for row in found(site, "--since", first)] == [
        "stale-translation", "unclosed-markup",
    ]  # fmt: skip
    second = commit(site)
    for name in ("es.md", "en.md"):
        (site.root / f"articles/setup/3-three/{name}").unlink()
    told = found(site, "--since", second)
    assert [(row["path"], row["rule"]) for row in told] == [
        ("articles/setup/1-one/es.md", "dead-link")
    ]
    assert kb(site, "check", "--since", second).exit_code == 1


def test_since_says_that_there_are_mistakes_elsewhere(site: SmallSite) -> None:
    site.spanish(front("", "[[9]]\n"))
    first = commit(site)
    site.article(2, "two")
    result = kb(site, "check", "--since", first)
    assert result.exit_code == 0
    assert "1 mistake in files that did not change" in result.output


@pytest.mark.parametrize("revision", ["nope", "--output=x", ""])
def test_since_an_unknown_revision_is_told(site: SmallSite, revision: str) -> None:
    commit(site)
    result = kb(site, "check", f"--since={revision}")
    assert result.exit_code == 1
    assert "there is no revision or folder" in result.output
