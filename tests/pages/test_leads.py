"""Nobody ends at nothing: what a search without results and a missing page offer."""

import pytest
from flask import Flask

from tests.visitor import Visitor


@pytest.mark.parametrize(
    ("path", "tree"),
    [
        pytest.param("/en/search?q=E000101F9", "backup-fails", id="a tree that asks for codes"),
        pytest.param("/en/search?q=E000101F9&product=clone", "backup-fails", id="unknown product"),
        pytest.param("/en/search?q=bakcup&exact=1", "backup-fails", id="insisted typing error"),
        pytest.param("/es/search?q=E000101F4&type=alert", "backup-fails", id="filtered away"),
        pytest.param("/en/search?q=xqzw&product=calder-diskstart", "clone-disk", id="by product"),
    ],
)  # fmt: skip
def test_an_empty_search_leads_to_the_tree_that_fits(
    visitor: Visitor, path: str, tree: str
) -> None:
    page = visitor.get(path)
    assert "No articles for" in page.text or "No hay artículos" in page.text
    guide = page.html.split('<section class="guide">')[1].split("</section>")[0]
    assert f"/troubleshoot/{tree}/" in guide


@pytest.mark.parametrize(
    ("lang", "starts"),
    [("en", "I cannot get my data back"), ("es", "No puedo recuperar mis datos")],
)
def test_where_no_tree_fits_the_first_question_is_asked(
    visitor: Visitor, lang: str, starts: str
) -> None:
    page = visitor.get(f"/{lang}/search", q="xqzw")
    assert 'class="guide"' not in page.html
    assert visitor.get(page.link(starts)).url.endswith("/restore-fails/")


@pytest.mark.parametrize(
    ("typed", "code", "title"),
    [
        pytest.param("E000101F5", "E000101F4", "Not enough space", id="one wrong"),
        pytest.param("E00101F4", "E000101F4", "Not enough space", id="one missing"),
    ],
)
def test_a_code_that_nobody_knows_leads_to_those_a_slip_away(
    visitor: Visitor, typed: str, code: str, title: str
) -> None:
    page = visitor.get("/en/search", q=typed)
    assert "Check how the code is written" in page.text
    found = visitor.get(page.link(f"Is it {code}?"))
    assert title in found.text


@pytest.mark.parametrize(
    ("lang", "typed", "words"),
    [("en", "bakcup", "Did you mean"), ("es", "espasio", "¿Quiso decir")],
)
def test_insisting_on_a_typing_error_still_offers_the_right_word(
    visitor: Visitor, lang: str, typed: str, words: str
) -> None:
    page = visitor.get(f"/{lang}/search", q=typed, exact="1")
    assert words in page.text
    meant = next(href for text, href in page.links if text in {"backup", "espacio"})
    assert "exact" not in meant
    assert 'class="result"' in visitor.get(meant).html


def test_a_typing_error_of_the_other_language_is_mended_there(visitor: Visitor) -> None:
    page = visitor.get("/en/search", q="arrendamientto")
    assert "/es/kb/" in visitor.get(page.link("Español: arrendamiento")).html


def test_filtered_searches_are_not_said_to_be_noted(visitor: Visitor) -> None:
    assert "has been noted" in visitor.get("/en/search", q="xqzw").text
    assert "has been noted" not in visitor.get("/en/search", q="xqzw", product="home").text


@pytest.mark.parametrize(
    ("path", "article", "tree"),
    [
        pytest.param("/es/backup-stops-not-enough-space.html", "/es/kb/1042-", "backup-fails",
                     id="an address of another system, in English, on a Spanish page"),
        pytest.param("/en/kb/99999-backup-stops-not-enough-space", "/en/kb/1042-", "backup-fails",
                     id="a wrong number"),
        pytest.param("/en/help/E000101F4", "/en/kb/1042-", "backup-fails", id="a code"),
        pytest.param("/es/troubleshoot/mi-copia-falla/", "/es/kb/", "backup-fails", id="a tree"),
    ],
)  # fmt: skip
def test_a_missing_page_offers_what_the_words_of_its_address_find(
    visitor: Visitor, path: str, article: str, tree: str
) -> None:
    page = visitor.get(path, expect=404)
    listed = page.html.split('id="perhaps"')[1].split("</section>")[0]
    assert f'href="{article}' in listed
    assert f"/troubleshoot/{tree}/" in page.html.split('class="guide"')[1].split("</section>")[0]
    page.link("Contact" if path.startswith("/en") else "Contactar")


@pytest.mark.parametrize("path", ["/en/xqzw", "/es/zzz/9/", "/en/kb/99999", "/en/%F0%9F%94%A5"])
def test_a_missing_page_without_words_asks_the_first_question(visitor: Visitor, path: str) -> None:
    page = visitor.get(path, expect=404)
    assert 'id="perhaps"' not in page.html
    assert "/troubleshoot/backup-fails/" in page.html


def test_other_peoples_cases_do_not_become_words(app: Flask, visitor: Visitor) -> None:
    """A number in an address that the site knows is no search."""
    visitor.as_customer("premier")
    page = visitor.get("/en/my/cases/12345678", expect=404)
    assert 'id="perhaps"' not in page.html


def test_somebody_elses_page_says_which_account_one_is_in(visitor: Visitor) -> None:
    """A mail's link opened in the wrong account is no dead end, and tells nothing of the case."""
    visitor.as_customer("standard")
    missing = visitor.get("/en/my/cases/99999999", expect=404)
    assert "You are signed in as standard@example.com" in missing.text
    assert visitor.get(missing.link("My cases")).url.endswith("/en/my/cases")
    assert "You are signed in as" not in visitor.get("/en/nowhere", expect=404).text
