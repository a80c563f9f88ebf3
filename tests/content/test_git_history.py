"""R12: what git knows of each article, from real repositories of every shape."""

import json
import subprocess
from datetime import UTC
from pathlib import Path

import pytest

from kb.content import git_files, git_history
from kb.content.git_history import read_history
from kb.content.histories import Histories
from kb.rules.articles import Audience
from tests.content.sites import front
from tests.repositories import Repository


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "repo")
    made.article(1)
    made.commit("First words")
    return made


def told(root: Path, tmp_path: Path) -> Histories:
    found = read_history(root, tmp_path / "cache")
    return Histories(found.path if found else tmp_path / "none")


def subjects(root: Path, tmp_path: Path, number: int = 1, lang: str = "es") -> list[str]:
    return [change.subject for change in told(root, tmp_path).of(lang, number)]


def test_each_article_has_its_own_changes_newest_first(repo: Repository, tmp_path: Path) -> None:
    repo.article(2, "two")
    repo.spanish(front("", "Más.\n"))
    repo.commit("More: «ñ» | two\n\nA long story.", author="Luis Ñ", mail="luis@example.com")
    repo.spanish(front("", "Todavía más.\n"))
    newest = repo.commit("Again")
    found = told(repo.root, tmp_path)
    first, second, third = found.of("es", 1)
    assert (first.commit, first.subject) == (newest, "Again")
    assert (second.author, second.subject) == ("Luis Ñ", "More: «ñ» | two")
    assert third.subject == "First words"
    assert first.path == "articles/setup/1-one/es.md"
    assert first.at.tzinfo is UTC
    assert first.at > second.at > third.at
    assert [change.subject for change in found.of("en", 1)] == ["First words"]
    assert [change.subject for change in found.of("en", 2)] == ["More: «ñ» | two"]
    assert found.last("es", 1) == first.at
    assert found.last("es", 77) is None
    assert found.of("es", 77) == ()


def test_a_renamed_article_keeps_its_history_and_its_old_id(
    repo: Repository, tmp_path: Path
) -> None:
    repo.git("mv", "articles/setup/1-one", "articles/setup/1-uno")
    repo.commit("A better slug")
    (repo.root / "articles/other").mkdir()
    repo.git("mv", "articles/setup/1-uno", "articles/other/7-siete")
    repo.commit("Another id")
    found = read_history(repo.root, tmp_path / "cache")
    assert found is not None
    assert found.moved == {"1": 7}
    assert subjects(repo.root, tmp_path, 7) == ["Another id", "A better slug", "First words"]
    assert subjects(repo.root, tmp_path, 1) == []


def test_a_new_article_where_one_was_is_not_the_one_that_moved(
    repo: Repository, tmp_path: Path
) -> None:
    repo.git("mv", "articles/setup/1-one", "articles/setup/7-one")
    repo.commit("Moved")
    repo.article(1, es=front("", "Otra cosa muy distinta, sin parecido alguno.\n"))
    repo.commit("A new one")
    assert subjects(repo.root, tmp_path, 7) == ["Moved"]
    assert subjects(repo.root, tmp_path, 1)[0] == "A new one"


def test_renames_in_a_circle_end(repo: Repository, tmp_path: Path) -> None:
    for old, new in (("1-one", "1-two"), ("1-two", "1-one"), ("1-one", "1-two")):
        repo.git("mv", f"articles/setup/{old}", f"articles/setup/{new}")
        repo.commit(f"To {new}")
    repo.git("rm", "-rq", "articles/setup/1-two")
    repo.commit("Gone")
    assert subjects(repo.root, tmp_path) == []


def test_only_new_commits_are_read_and_the_answer_is_the_same(
    repo: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(repo.root, tmp_path)
    spans: list[str] = []
    real = git_history._log
    monkeypatch.setattr(
        git_history, "_log", lambda folder, span: spans.append(span) or real(folder, span)
    )
    assert subjects(repo.root, tmp_path) == ["First words"]
    assert spans == []
    repo.spanish(front("", "Más.\n"))
    repo.commit("More")
    assert subjects(repo.root, tmp_path) == ["More", "First words"]
    assert [".." in span for span in spans] == [True]
    fresh = read_history(repo.root, tmp_path / "other")
    kept = read_history(repo.root, tmp_path / "cache")
    assert fresh
    assert kept
    assert fresh.digest == kept.digest


def test_a_history_written_anew_is_read_anew(repo: Repository, tmp_path: Path) -> None:
    repo.spanish(front("", "Más.\n"))
    repo.commit("More")
    assert subjects(repo.root, tmp_path) == ["More", "First words"]
    repo.git("reset", "-q", "--hard", "HEAD~1")
    repo.spanish(front("", "Otro.\n"))
    repo.commit("Instead")
    assert subjects(repo.root, tmp_path) == ["Instead", "First words"]


@pytest.mark.parametrize("damage", ["", "[]", "{}", '{"format": 1}', '{"format": 1, "commits": 3}'])
def test_a_damaged_cache_is_made_anew(repo: Repository, tmp_path: Path, damage: str) -> None:
    told(repo.root, tmp_path)
    (tmp_path / "cache" / "read.json").write_text(damage)
    assert subjects(repo.root, tmp_path) == ["First words"]


def test_processes_do_not_grow_with_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many = Repository(tmp_path / "many")
    for number in range(1, 31):
        many.article(number, f"a{number}")
    many.commit("Many")
    count = 0
    popen = subprocess.Popen

    class Counted(popen):  # type: ignore[misc, valid-type]
        def __init__(self, *args: object, **more: object) -> None:
            nonlocal count
            count += 1
            super().__init__(*args, **more)

    monkeypatch.setattr(git_files.subprocess, "Popen", Counted)
    assert subjects(many.root, tmp_path, 30) == ["Many"]
    assert count <= 4
    count = 0
    told(many.root, tmp_path)
    assert count == 1


def test_a_shallow_clone_knows_nothing_of_what_came_before_its_cut(
    repo: Repository, tmp_path: Path
) -> None:
    repo.article(2, "two")
    repo.commit("Second")
    repo.spanish(front("", "Más.\n"))
    repo.commit("Third")
    clone = repo.clone(tmp_path / "clone", "--depth", "2")
    found = told(clone, tmp_path)
    assert found.partial
    assert [change.subject for change in found.of("es", 1)] == ["Third"]
    assert found.of("es", 2) == ()
    subprocess.run(["git", "-C", str(clone), "fetch", "-q", "--unshallow"], check=True)
    whole = told(clone, tmp_path)
    assert not whole.partial
    assert [change.subject for change in whole.of("es", 1)] == ["Third", "First words"]


def test_a_site_in_a_subfolder_detached_or_of_a_worktree(tmp_path: Path) -> None:
    repo = Repository(tmp_path / "repo", at="support/site")
    repo.article(1)
    repo.commit("First words")
    (repo.top / "articles").mkdir()
    (repo.top / "articles" / "1-other").mkdir()
    (repo.top / "articles" / "1-other" / "es.md").write_text("x")
    repo.commit("Not ours")
    repo.git("checkout", "-q", "--detach")
    assert subjects(repo.root, tmp_path) == ["First words"]
    repo.git("worktree", "add", "-q", str(tmp_path / "tree"), "HEAD")
    assert subjects(tmp_path / "tree" / "support" / "site", tmp_path) == ["First words"]


@pytest.mark.parametrize("at", ["site", "site/articles"])
def test_a_site_or_its_articles_in_a_submodule(tmp_path: Path, at: str) -> None:
    inner = Repository(tmp_path / "inner", at="" if at == "site" else "unused")
    file = inner.top / ("articles/setup/1-one/es.md" if at == "site" else "setup/1-one/es.md")
    file.parent.mkdir(parents=True)
    file.write_text(front(""))
    inner.commit("Inside")
    outer = Repository(tmp_path / "outer", at="site" if "/" in at else "other")
    outer.commit("Outside")
    allow = ("-c", "protocol.file.allow=always")
    outer.git(*allow, "submodule", "--quiet", "add", inner.top.as_uri(), at)
    outer.commit("A submodule")
    assert subjects(outer.top / "site", tmp_path) == ["Inside"]


def test_files_that_are_in_no_commit_have_no_history(repo: Repository, tmp_path: Path) -> None:
    repo.article(2, "two")
    assert subjects(repo.root, tmp_path, 2) == []
    repo.spanish(front("", "Not committed.\n"))
    assert subjects(repo.root, tmp_path) == ["First words"]


def test_without_a_repository_a_commit_or_git_nothing_is_known(
    repo: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = Repository(tmp_path / "bare")
    bare.article(1)
    assert read_history(bare.root, tmp_path / "c1") is None
    plain = tmp_path / "plain"
    (plain / "articles").mkdir(parents=True)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    assert read_history(plain, tmp_path / "c2") is None
    monkeypatch.setenv("PATH", str(tmp_path))
    assert read_history(repo.root, tmp_path / "c3") is None


@pytest.mark.parametrize(
    ("text", "who"),
    [
        (front(""), Audience.PUBLIC),
        (front("audience: internal\n"), Audience.INTERNAL),
        (front('"audience": "int\\u0065rnal"\n'), Audience.INTERNAL),
        (front("{audience: internal}\n"), Audience.INTERNAL),
        (front("audience: customers\n"), Audience.CUSTOMERS),
        (front("audience: everybody-internal\n"), Audience.INTERNAL),
        (front("status: draft\n"), Audience.INTERNAL),
        (front("status: archived\n"), Audience.PUBLIC),
        (front("keywords: [draft]\n"), Audience.PUBLIC),
        (front("title: [\n"), Audience.PUBLIC),
        (front("audience: [internal\n"), Audience.INTERNAL),
        (front("").replace("\n", "\r\n"), Audience.PUBLIC),
        ("﻿" + front("audience: internal\n"), Audience.INTERNAL),
        ("no front matter\n", Audience.INTERNAL),
        ("---\ntitle: x\n", Audience.INTERNAL),
        ("---\naudience: internal\ntitle: \xff\n---\n", Audience.INTERNAL),
    ],
)
def test_who_could_read_each_revision(
    repo: Repository, tmp_path: Path, text: str, who: Audience
) -> None:
    raw = text.encode("latin-1") if "\xff" in text else text.encode()
    repo.write("articles/setup/1-one/es.md", raw)
    repo.commit("Secret")
    assert told(repo.root, tmp_path).of("es", 1)[0].audience is who


def test_no_address_of_an_author_is_kept(repo: Repository, tmp_path: Path) -> None:
    told(repo.root, tmp_path)
    for file in (tmp_path / "cache").iterdir():
        assert b"ana@example.com" not in file.read_bytes()
    assert json.loads((tmp_path / "cache" / "read.json").read_text())["commits"]
