"""`kb check`: each rule finds its mistake, has its level, and is told in every format."""

import json
import os
import struct
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from kb.cli import main
from kb.content.check_rules import RULES
from tests.commands import kb
from tests.content.sites import PRODUCTS, SITE, SmallSite, front

KCS = "## Problema\n\na\n\n## Entorno\n\nb\n\n## Causa\n\nc\n\n## Resolución\n\nd\n"
DRAFT = "---\ntitle: {}\nstatus: draft\n---\n\nTexto.\n"


def found(site: SmallSite, *words: str) -> list[dict]:
    return json.loads(CliRunner().invoke(
        main, ["--site", str(site.root), "check", "--json", *words]
    ).stdout)  # fmt: skip


def rules(site: SmallSite) -> set[str]:
    return {row["rule"] for row in found(site)}


def git(site: SmallSite, *words: str) -> str:
    """Run git with a day of its own for each commit."""
    env = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        **{f"GIT_{who}_{what}": f"a{at}" for who in ("AUTHOR", "COMMITTER")
           for what, at in (("NAME", ""), ("EMAIL", "@example.com"))},
    }  # fmt: skip
    day = git.day = getattr(git, "day", 0) + 1  # type: ignore[attr-defined]
    env["GIT_COMMITTER_DATE"] = env["GIT_AUTHOR_DATE"] = f"{1_700_000_000 + day * 86_400} +0000"
    done = subprocess.run(
        ["git", "-C", str(site.root), *words], env=env, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def commit(site: SmallSite) -> str:
    if not (site.root / ".git").exists():
        git(site, "init", "-q")
    git(site, "add", "-A")
    git(site, "commit", "-qm", "change")
    return git(site, "rev-parse", "HEAD")


def png(width: int, height: int, more: int = 0) -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height) + b"\0" * more


def _two(site: SmallSite, text: str, other: str = "") -> None:
    site.spanish(text)
    site.article(2, "two", es=other or text, en="---\ntitle: Two\n---\n\nText.\n")


def _picture(data: bytes) -> object:
    def make(site: SmallSite) -> None:
        site.spanish(front("", "![Una foto](a.png)\n"))
        site.write("articles/setup/1-one/a.png", data)

    return make


def _spanish(keys: str, body: str = "Texto.\n") -> object:
    return lambda site: site.spanish(front(keys, body))


def _write(path: str, text: str | bytes = "x") -> object:
    return lambda site: site.write(path, text)


MISTAKES = {
    "form": _spanish("sumary: x\n"),
    "site-file": _write("site.yaml", SITE + "common_problems: [77]\n"),
    "policy": _write("policy/products.yaml", PRODUCTS + "- {id: cloud, name: Two}\n"),
    "tree": _write("troubleshooter/x.yaml", "title: X\n"),
    "search-file": _write("search-tests.yaml", "tests:\n- {q: a, lang: es, finds: 77}\n"),
    "duplicate-id": lambda site: site.article(1, "again"),
    "case-clash": lambda site: [site.write(f"articles/setup/1-one/{n}.png", png(1, 1))
                                for n in ("a", "A")],
    "file-kind": lambda site: [site.spanish(front("", "[x](a.exe)\n")),
                               site.write("articles/setup/1-one/a.exe", "x")],
    "unknown-product": _spanish("products: [servr]\n"),
    "unknown-version": _spanish("products: [server@13]\n"),
    "unknown-category": _write("site.yaml", SITE + "categories: {other: {es: O, en: O}}\n"),
    "unknown-tree": _spanish("troubleshooter: nope\n"),
    "dead-link": _spanish("", "[[77]]\n"),
    "dead-anchor": _spanish("", "[[1#nope]]\n"),
    "hidden-link": lambda site: [site.spanish(front("", "[[2]]\n")),
                                 site.article(2, es=DRAFT.format("a"), en=DRAFT.format("b"))],
    "missing-file": _spanish("", "![Una foto](a.png)\n"),
    "foreign-image": _spanish("", "![Una foto](https://example.com/a.png)\n"),
    "alternative-text": lambda site: [site.spanish(front("", "![](a.png)\n")),
                                      site.write("articles/setup/1-one/a.png", png(1, 1))],
    "heading-order": _spanish("", "## A\n\n#### B\n"),
    "problem-parts": _spanish("type: problem\n", "## Problema\n\nx\n"),
    "moved-from": lambda site: [site.article(2), site.spanish(front("moved_from: ['2']\n"))],
    "missing-translation": lambda site: (site.root / "articles/setup/1-one/en.md").unlink(),
    "unclosed-block": _spanish("", "```shell\nx\n"),
    "huge-image": _picture(png(30_000, 30_000)),
    "unclosed-markup": _spanish("", "Pulse **Guardar y cierre.\n"),
    "unknown-language": _spanish("", "```klingon\nx\n```\n"),
    "list-indent": _spanish("", "- a\n  - b\n"),
    "empty-article": _spanish("", ""),
    "duplicate-title": lambda site: _two(site, front("")),
    "duplicate-code": lambda site: _two(
        site, front("type: problem\nerror_codes: [E1]\n", KCS),
        front("type: problem\nerror_codes: [e1]\n", KCS).replace("Uno", "Dos")),
    "unsupported-only": _spanish("products: [server@10]\n"),
    "orphan-file": _write("articles/setup/1-one/lost.png", png(1, 1)),
    "large-image": _picture(png(5_000, 10)),
    "review-passed": _spanish("review_by: 2020-01-01\n"),
    "missing-download": _spanish("", "[Descargue](/files/server.exe)\n"),
    "search-test": _spanish("find_with: [{q: zebra, within: 1}]\n"),
}  # fmt: skip


@pytest.mark.parametrize("rule", MISTAKES)
def test_each_rule_finds_its_mistake_at_its_level(site: SmallSite, rule: str) -> None:
    assert rules(site) == set()
    MISTAKES[rule](site)  # type: ignore[operator]
    told = [row for row in found(site) if row["rule"] == rule]
    assert told, found(site)
    assert {row["level"] for row in told} == {str(RULES[rule].level)}
    assert all(row["mend"] for row in told)


def test_every_rule_is_tried() -> None:
    elsewhere = {"stale-translation", "external-link"}
    assert set(MISTAKES) | elsewhere == set(RULES)


@pytest.mark.parametrize("rule", [name for name in MISTAKES if not RULES[name].fixed])
@pytest.mark.parametrize("level", ["error", "warning", "off"])
def test_site_yaml_sets_the_level_of_a_rule(site: SmallSite, rule: str, level: str) -> None:
    MISTAKES[rule](site)  # type: ignore[operator]
    path = site.root / "site.yaml"
    path.write_text(f"{path.read_text()}checks: {{{rule}: {level}}}\n")
    levels = {row["level"] for row in found(site) if row["rule"] == rule}
    assert levels == ({level} if level != "off" else set())
    expected = 1 if any(row["level"] == "error" for row in found(site)) else 0
    assert kb(site, "check").exit_code == expected
    if expected == 0 and not RULES[rule].late:
        assert kb(site, "index").exit_code == 0  # what is no error can be compiled


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("checks: {stale-translations: off}", "did you mean “stale-translation”?"),
        ("checks: {dead-link: warn}", "the level of “dead-link” cannot be “warn”; did you mean"),
        ("checks: {duplicate-id: off}", "the rule “duplicate-id” cannot have another level"),
    ],
)
def test_a_wrong_level_is_told_with_its_line(site: SmallSite, line: str, told: str) -> None:
    site.write("site.yaml", f"{SITE}{line}\n")
    result = kb(site, "check")
    assert result.exit_code == 1
    assert "site.yaml:4: " in result.output
    assert told in result.output


def test_kb_check_lists_its_rules(site: SmallSite) -> None:
    listed = kb(site, "check", "--rules").output
    assert all(f"\n{name} " in f"\n{listed}" for name in RULES)


# --- by git ---------------------------------------------------------------------------------


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
    assert "1 mistakes in files that did not change" in result.output


@pytest.mark.parametrize("revision", ["nope", "--output=x", ""])
def test_since_an_unknown_revision_is_told(site: SmallSite, revision: str) -> None:
    commit(site)
    result = kb(site, "check", f"--since={revision}")
    assert result.exit_code == 1
    assert "there is no revision or folder" in result.output


def test_dead_pages_of_other_sites_are_told_on_request(
    site: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    site.spanish(front("", "Vea [esto](http://127.0.0.1:9/x).\n"))
    assert found(site) == []
    (row,) = found(site, "--external")
    assert (row["rule"], row["level"], row["line"]) == ("external-link", "warning", 5)
    assert "http://127.0.0.1:9/x is dead" in row["what"]
    site.write("site.yaml", f"{SITE}forum_url: http://127.0.0.1:9/forum\n")
    site.write(
        "policy/products.yaml",
        f"{PRODUCTS}- {{id: z, name: Z, market: home,\n"
        "   summary: {es: 'http://127.0.0.1:9/p', en: b}}\n",
    )
    rows = found(site, "--external")
    assert {(row["path"], row["rule"]) for row in rows} == {
        ("articles/setup/1-one/es.md", "external-link"),
        ("policy/products.yaml", "external-link"),
        ("site.yaml", "external-link"),
    }
    site.write("site.yaml", f"{SITE}checks: {{external-link: off}}\n")
    assert found(site, "--external") == []


# --- formats --------------------------------------------------------------------------------


@pytest.fixture
def broken(site: SmallSite) -> SmallSite:
    """An error and a warning in a site below the top of its repository, in a file with an odd
    name of its own."""
    site.spanish(front("keywords: ['100%: a,b']\n", "[[9]] **x\n"))
    site.write("articles/setup/1-one/foto ñ.png", png(1, 1))
    subprocess.run(["git", "init", "-q", str(site.root.parent)], check=True)
    return site


def test_github_annotations_name_files_from_the_top(broken: SmallSite) -> None:
    lines = kb(broken, "check", "--format", "github").stdout.strip().split("\n")
    assert (
        "::error file=site/articles/setup/1-one/es.md,line=6,title=dead-link::"
        "there is no article 9 to link to; known: 1"
    ) in lines
    assert any(
        line.startswith("::warning file=site/articles/setup/1-one/foto ñ.png") for line in lines
    )


def test_sarif_names_files_from_the_top(broken: SmallSite) -> None:
    """The rest of its form: test_sarif.py."""
    log = json.loads(kb(broken, "check", "--format", "sarif").stdout)
    assert len(log["runs"][0]["results"]) == 3
    for result in log["runs"][0]["results"]:
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"].startswith("site/articles/")


def test_junit_is_well_formed_and_counts(broken: SmallSite) -> None:
    root = ElementTree.fromstring(kb(broken, "check", "--format", "junit").stdout)  # noqa: S314
    (suite,) = root
    assert (suite.get("tests"), suite.get("failures")) == ("3", "1")
    assert [
        case.find("failure").get("type") for case in suite if case.find("failure") is not None
    ] == ["dead-link"]  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["json", "sarif", "junit", "github"])
def test_each_format_tells_a_sound_site_and_one_without_site_yaml_keys(
    site: SmallSite, name: str
) -> None:
    assert kb(site, "check", "--format", name).exit_code == 0
    site.write("site.yaml", "languages: [es]\n")
    result = kb(site, "check", "--format", name)
    assert result.exit_code == 1
    assert "“name” is missing" in result.stdout


# --- warm -----------------------------------------------------------------------------------


def test_search_tests_of_the_same_site_are_not_run_again(site: SmallSite, tmp_path: Path) -> None:
    site.spanish(front("find_with: [{q: zebra, within: 1}]\n"))
    assert rules(site) == {"search-test"}
    told = tmp_path / "var/cache/search-tests/told.json"
    before = told.stat().st_mtime_ns
    assert rules(site) == {"search-test"}
    assert told.stat().st_mtime_ns == before
    site.spanish(front("find_with: [{q: zebra, within: 1}]\n", "Una zebra.\n"))
    assert rules(site) == set()
    told.write_text("{")
    assert rules(site) == set()
