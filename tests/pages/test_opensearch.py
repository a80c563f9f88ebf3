"""OpenSearch: browsers find the description on every page, and suggestions behind it."""

from xml.etree import ElementTree

import pytest
from flask import Flask

from tests.visitor import Visitor

SPACE = "{http://a9.com/-/spec/opensearch/1.1/}"


def described(visitor: Visitor, lang: str) -> ElementTree.Element:
    response = visitor.client.get(f"/{lang}/opensearch.xml")
    assert response.content_type == "application/opensearchdescription+xml; charset=utf-8"
    return ElementTree.fromstring(response.get_data())  # noqa: S314 # our own answer


def address(root: ElementTree.Element, rel: str, words: str) -> str:
    """A browser's address for these words, on this site."""
    template = next(u.get("template") for u in root.iter(f"{SPACE}Url") if u.get("rel") == rel)
    assert template
    assert template.startswith("http://localhost/")
    return template.removeprefix("http://localhost").replace("{searchTerms}", words)


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("path", ["/", "/kb/", "/search?q=x", "/contact/", "/troubleshoot/"])
def test_every_page_names_the_description(visitor: Visitor, lang: str, path: str) -> None:
    html = visitor.get(f"/{lang}{path}").html
    link = html.split('<link rel="search"')[1].split(">")[0]
    assert 'type="application/opensearchdescription+xml"' in link
    assert f'href="/{lang}/opensearch.xml"' in link
    assert 'title="Norvault ' in link
    visitor.get(f"/{lang}/nowhere", expect=404)


@pytest.mark.parametrize(("lang", "name"), [("es", "Norvault Soporte"), ("en", "Norvault Support")])
def test_the_description_leads_to_results_in_its_language(
    visitor: Visitor, lang: str, name: str
) -> None:
    root = described(visitor, lang)
    short = root.findtext(f"{SPACE}ShortName")
    assert short == name
    assert len(short) <= 16
    assert root.findtext(f"{SPACE}Language") == lang
    assert "E000101F4" in visitor.get(address(root, "results", "E000101F4")).title
    picture = (root.findtext(f"{SPACE}Image") or "").removeprefix("http://localhost")
    with visitor.client.get(picture) as response:
        assert response.status_code == 200
    assert address(root, "self", "") == f"/{lang}/opensearch.xml"


@pytest.mark.parametrize(
    ("lang", "typed", "title", "what"),
    [
        ("en", "E0001", "The backup stops with “Not enough space”", "Problem, E000101F4"),
        ("es", "E-000101F4", "La copia se detiene con «No hay espacio suficiente»",
         "Problema, E000101F4"),
        ("en", "my ba", "My backup fails", "Guided troubleshooter"),
        ("es", "mi co", "Mi copia falla", "Diagnóstico guiado"),
    ],
)  # fmt: skip
def test_suggestions_have_the_form_browsers_read(
    visitor: Visitor, lang: str, typed: str, title: str, what: str
) -> None:
    response = visitor.client.get(address(described(visitor, lang), "suggestions", typed))
    assert response.content_type == "application/x-suggestions+json"
    words, titles, kinds, urls = response.get_json(force=True)
    assert words == typed
    assert len(titles) == len(kinds) == len(urls) <= 8
    at = titles.index(title)
    assert kinds[at] == what
    assert visitor.get(urls[at].removeprefix("http://localhost")).status == 200


def test_nothing_typed_suggests_nothing(visitor: Visitor) -> None:
    response = visitor.client.get("/en/opensearch-suggestions")
    assert response.get_json(force=True) == ["", [], [], []]


def test_a_long_name_of_a_site_is_not_cut_in_the_middle(app: Flask, visitor: Visitor) -> None:
    from dataclasses import replace

    from kb.rules.texts import Text

    live = app.extensions["waypost"].live_site.current()
    name = Text({"es": "Norvault Centro de Soporte", "en": "Norvault Customer Support Centre"})
    site = live.site.site
    object.__setattr__(live.site, "site", replace(site, name=name))
    try:
        assert described(visitor, "en").findtext(f"{SPACE}ShortName") == "Norvault"
    finally:
        object.__setattr__(live.site, "site", site)
