"""`find_with` and search-tests.yaml: what must be found is, or it is said what came instead."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from kb.actions.search_tests import Miss, check_search
from kb.cli import main
from kb.content.problems import Level
from kb.settings import Settings, read_settings
from tests.content.sites import SmallSite

ROOT = Path(__file__).parent.parent.parent


def text(title: str, find: str = "", body: str = "Texto.", keys: str = "") -> str:
    tests = f"find_with:\n  - {{q: {find}, within: 1}}\n" if find else ""
    return f"---\ntitle: {title}\n{tests}{keys}---\n\n{body}\n"


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    made = SmallSite(tmp_path / "site")
    made.article(1, "one", es=text("Bóveda llena", "bóveda llena"))
    made.article(2, "two", es=text("Otra cosa", "cuota de bóveda", "Habla de la bóveda y cuota."))
    made.article(3, "three", es=text("Cuota de la bóveda"))
    return made


@pytest.fixture
def settings(site: SmallSite) -> Settings:
    return read_settings({"KB_VAR": str(site.root.parent / "var")}, site.root)


def misses(settings: Settings) -> dict[str, Miss]:
    return {miss.wanted.q: miss for miss in check_search(settings).misses}


def test_a_miss_tells_where_it_is_and_what_came_instead(settings: Settings) -> None:
    tested = check_search(settings)
    assert tested.tests == 2
    (miss,) = tested.misses
    assert (miss.wanted.q, miss.place) == ("cuota de bóveda", 3)
    problem = miss.problem
    assert problem.level is Level.WARNING
    assert (problem.path, problem.line) == ("articles/setup/2-two/es.md", 4)
    assert "2 is number 3, not among the first 1; first came 3 “Cuota de la bóveda”" in str(problem)


def test_why_is_told_by_word_and_field(settings: Settings) -> None:
    first, wanted = misses(settings)["cuota de bóveda"].why
    assert first
    assert wanted
    assert {word.term for word in first.words} >= {"cuot", "boved"}
    assert all(word.fields.get("title", 0) > 0 for word in first.words if word.term == "cuot")
    assert all(set(word.fields) == {"body"} for word in wanted.words)
    for why in (first, wanted):
        points = sum(word.points for word in why.words)
        assert why.score == pytest.approx(points + why.neighbours, rel=1e-3)


def test_the_sites_own_file_of_tests(site: SmallSite, settings: Settings) -> None:
    site.write(
        "search-tests.yaml",
        "tests:\n  - {q: bóveda, lang: es, finds: 1}\n  - {q: zzz, lang: en, finds: 1}\n",
    )
    found = misses(settings)
    assert "bóveda" not in found
    assert str(found["zzz"].problem).startswith(
        "search-tests.yaml:3: searching “zzz”, 1 is not found, not among the first 3; first came "
        "nothing; add"
    )


@pytest.mark.parametrize(
    ("test", "told"),
    [
        pytest.param(
            "{q: a, lang: fr, finds: 1}",
            "search-tests.yaml:2: this site has no language “fr”; known: es, en",
            id="language",
        ),
        pytest.param(
            "{q: a, lang: es, finds: 9}",
            "search-tests.yaml:2: there is no article 9; write an article's number",
            id="article",
        ),
        pytest.param(
            "{q: a, lang: es, finds: 'tree:x'}",
            "search-tests.yaml:2: there is no tree “x”; there is none yet",
            id="tree",
        ),
        pytest.param("{q: a, lang: es}", "search-tests.yaml:2: “finds” is missing", id="missing"),
    ],
)
def test_mistakes_in_the_file_are_told_with_their_line(
    site: SmallSite, test: str, told: str
) -> None:
    site.write("search-tests.yaml", f"tests:\n  - {test}\n")
    assert any(problem.startswith(told) for problem in site.problems()), site.problems()


def test_internal_articles_are_sought_by_those_who_may_read_them(
    site: SmallSite, settings: Settings
) -> None:
    hidden = text("Criptonita", "criptonita", keys="audience: internal\n")
    site.article(4, "four", es=hidden, en=hidden)
    site.article(5, "five", es=text("Borrador", "borrador", keys="status: draft\n"))
    assert set(misses(settings)) == {"cuota de bóveda"}


def test_the_files_are_tested_as_they_are_compiled_or_not(
    site: SmallSite, settings: Settings
) -> None:
    from kb.actions.compile_site import compile_site

    compile_site(settings)
    assert set(misses(settings)) == {"cuota de bóveda"}
    site.article(2, "two", es=text("Cuota de bóveda", "cuota de bóveda"))
    assert misses(settings) == {}
    assert not list((settings.var / "cache").glob("search-tests-*"))


def run(settings: Settings, *arguments: str) -> tuple[int, str]:
    env = {"KB_VAR": str(settings.var)}
    result = CliRunner().invoke(main, ["--site", str(settings.site), *arguments], env=env)
    return result.exit_code, result.output


def test_the_command_prints_misses_and_says_so(settings: Settings) -> None:
    code, told = run(settings, "test-search", "--explain")
    assert code == 1
    assert "2-two/es.md:4: “cuota de bóveda” (es): 2 is number 3, not among the first 1" in told
    assert "cuot: title" in told
    assert "2 search tests, 1 missed" in told
    code, told = run(settings, "test-search", "--json")
    assert code == 1
    assert '"finds": "2"' in told


def test_kb_check_warns_and_passes(settings: Settings) -> None:
    code, told = run(settings, "check")
    assert code == 0
    assert "searching “cuota de bóveda”" in told
    assert "1 warning" in told


@pytest.mark.parametrize(
    "site_root", [ROOT, ROOT / "examples" / "starter"], ids=["vendor", "start"]
)
def test_shipped_sites_find_all_that_they_must(site_root: Path, tmp_path: Path) -> None:
    tested = check_search(read_settings({"KB_VAR": str(tmp_path / "var")}, site_root))
    assert [str(miss.problem) for miss in tested.misses] == []
