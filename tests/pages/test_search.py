"""The search page: found, corrected, filtered, and never a dead end."""

import re

import pytest

from tests.visitor import Visitor


def test_an_error_code_finds_its_article(visitor: Visitor) -> None:
    page = visitor.get("/en/search", q="E000101F4")
    assert page.title.startswith("E000101F4")
    assert visitor.follow("Not enough space").status == 200


@pytest.mark.parametrize(
    ("lang", "typed", "mended"),
    [
        pytest.param("en", "bakcup stops", "backup stops", id="English"),
        pytest.param(
            "es", "copia detenida sin espasio", "copia detenida sin espacio", id="Spanish"
        ),
    ],
)
def test_a_typing_error_is_mended_and_can_be_insisted_on(
    visitor: Visitor, lang: str, typed: str, mended: str
) -> None:
    page = visitor.get(f"/{lang}/search", q=typed)
    assert mended in page.text
    exact = visitor.get(page.link(typed))
    assert 'class="dym"' not in exact.html


@pytest.mark.parametrize(
    ("lang", "typed", "said"),
    [
        pytest.param(
            "es", "backup never finishes", "Estas palabras parecen estar en inglés", id="es"
        ),
        pytest.param("en", "fichero bloqueado", "These words seem to be in Spanish", id="en"),
    ],
)
def test_words_of_the_other_language_are_led_there(
    visitor: Visitor, lang: str, typed: str, said: str
) -> None:
    """They are not mended into words of this one, such as “never” into “newer”."""
    page = visitor.get(f"/{lang}/search", q=typed)
    assert said in page.text
    assert "tal como está escrito" not in page.text
    there = visitor.get(page.link("en inglés" if lang == "es" else "in Spanish"))
    assert there.html.count("<mark>") > 3
    assert said not in there.text


def test_a_tree_that_fits_stands_first(visitor: Visitor) -> None:
    page = visitor.get("/en/search", q="my backup fails")
    assert "/en/troubleshoot/backup-fails/" in page.html
    assert page.html.index("/en/troubleshoot/backup-fails/") < page.html.index('class="results"')


def test_filters_narrow_and_can_be_removed(visitor: Visitor) -> None:
    whole = count(visitor.get("/en/search", q="backup"))
    page = visitor.get("/en/search", q="backup", product="deploy", type="problem")
    assert 0 < count(page) < whole
    checked = [f for form in page.forms for f in form["fields"] if "checked" in f]
    assert {f["value"] for f in checked} == {"deploy", "problem", "en"}
    without = visitor.get(page.link("Deploy"))
    assert count(page) <= count(without) < whole


def test_facets_promise_what_they_keep(visitor: Visitor) -> None:
    page = visitor.get("/en/search", q="licence")
    for line in ("backup-server", "home"):
        filtered = visitor.get("/en/search", q="licence", product=line)
        assert f'value="{line}" checked' in filtered.html
        promised = page.html.split(f'value="{line}"')[1].split('class="num">')[1].split("<")[0]
        assert count(filtered) == int(promised)


def test_versions_of_the_one_product_can_be_chosen(visitor: Visitor) -> None:
    page = visitor.get("/en/search", q="backup", product="backup-server")
    assert "12 (current)" in page.text
    assert "11 and 11.5" in page.text
    old = visitor.get("/en/search", q="backup", product="backup-server", version="10")
    assert 0 < count(old) <= count(page)
    assert "Version 10" in old.text


def test_another_language_is_searched_on_the_same_page(visitor: Visitor) -> None:
    page = visitor.get("/en/search", q="E000101F4", lang="es")
    assert '<article class="result" lang="es">' in page.html
    assert "/es/kb/1042-" in page.html


def test_the_chosen_language_of_articles_stays_and_the_page_keeps_its_own(visitor: Visitor) -> None:
    page = visitor.get("/en/search", q="copia", lang="es")
    following = visitor.get(page.link("Next 10"))
    assert following.url.startswith("/en/search?")
    assert "/es/kb/" in found(following)[0]
    assert visitor.get(page.link("Español")).url == "/es/search?q=copia"


def test_pages_follow_each_other(visitor: Visitor) -> None:
    first = visitor.get("/en/search", q="backup")
    assert "1–10 of" in first.text
    second = visitor.follow("Next 10")
    assert "11–" in second.text
    assert len(found(first)) == 10
    assert not set(found(first)) & set(found(second))
    assert visitor.follow("Previous 10").text == first.text


@pytest.mark.parametrize("number", ["99", "0", "-1", "x", "1e9", "9" * 40])
def test_a_page_that_is_not_there_is_said(visitor: Visitor, number: str) -> None:
    shown = visitor.get("/en/search", q="backup", page=number)
    assert "The results end before this page" in shown.text
    assert "results" in visitor.follow("Go to the first page").text


def test_an_unknown_filter_is_said_and_left_out(visitor: Visitor) -> None:
    page = visitor.get("/en/search", q="backup", product="nonsense", type="rubbish")
    assert "There is no filter “nonsense”" in page.text
    assert "There is no filter “rubbish”" in page.text
    assert count(page) == count(visitor.get("/en/search", q="backup"))


@pytest.mark.parametrize(
    ("lang", "ways"),
    [
        pytest.param("en", ("Answer a few questions", "Contact support"), id="English"),
        pytest.param("es", ("Responder unas preguntas", "Contactar con soporte"), id="Spanish"),
    ],
)
def test_nothing_found_has_ways_on(visitor: Visitor, lang: str, ways: tuple[str, ...]) -> None:
    page = visitor.get(f"/{lang}/search", q="E0001ZZ99")
    for way in ways:
        page.link(way)


def test_nothing_here_but_something_in_the_other_language(visitor: Visitor) -> None:
    page = visitor.get("/en/search", q="arrendamiento bóveda")
    found = visitor.get(page.link("Español"))
    assert "/es/kb/" in found.html


def test_filters_that_leave_nothing_can_be_dropped(visitor: Visitor) -> None:
    visitor.get("/en/search", q="E000101F4", type="alert")
    assert "Not enough space" in visitor.follow("Search without filters").text


def test_without_words_the_page_says_how_to_begin(visitor: Visitor) -> None:
    assert "What are you looking for?" in visitor.get("/en/search").text
    assert "¿Qué busca?" in visitor.get("/es/search", q="   ").text


@pytest.mark.parametrize(
    "text",
    [
        "x" * 10_000,
        "\0\x01",
        "<script>alert(1)</script>",
        '"',
        "مرحبا",
        "🔥",
        "the of",
        "***",
        "%s %(n)s",
    ],
)
def test_odd_words_are_a_page(visitor: Visitor, text: str) -> None:
    page = visitor.get("/en/search", q=text)
    assert "<script>alert" not in page.html


def test_the_box_suggests_only_with_script(visitor: Visitor) -> None:
    page = visitor.get("/en/search", q="backup")
    assert 'data-suggest="/api/suggest?lang=en"' in page.html
    assert "suggest.js" in page.html


def found(page: object) -> list[str]:
    """The addresses of the results."""
    html: str = page.html  # type: ignore[attr-defined]
    return re.findall(r'<article class="result"[^>]*><h2><a href="([^"]+)"', html)


def count(page: object) -> int:
    """The number in the heading “31 results”."""
    text: str = page.text  # type: ignore[attr-defined]
    return int(text.split(" result")[0].rsplit(" ", 1)[-1])
