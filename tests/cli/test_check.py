"""`kb check`: each rule finds its mistake, has its level, and is told in every format."""

from pathlib import Path

import pytest

from kb.content.check_rules import RULES
from tests.cli.checks import found, png
from tests.commands import kb
from tests.content.sites import PRODUCTS, SITE, SmallSite, front

KCS = "## Problema\n\na\n\n## Entorno\n\nb\n\n## Causa\n\nc\n\n## Resolución\n\nd\n"

DRAFT = "---\ntitle: {}\nstatus: draft\n---\n\nTexto.\n"


def rules(site: SmallSite) -> set[str]:
    return {row["rule"] for row in found(site)}


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
    "broken-image": _picture(b"<html>Sign in</html>"),
    "cut-text": _spanish("summary: El error #12\n"),
    "unclosed-markup": _spanish("", "Pulse **Guardar y cierre.\n"),
    "unknown-language": _spanish("", "```klingon\nx\n```\n"),
    "list-indent": _spanish("", "- a\n - b\n"),
    "empty-article": _spanish("", ""),
    "not-written": _spanish("", "## Pasos\n\n1. Escriba el primer paso.\n"),
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
