"""The words of the overlay of `kb serve --dev` are those of the page's language."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from kb.app import create_app
from kb.settings import Settings
from tests.visitor import Visitor


@pytest.fixture
def dev(settings: Settings) -> Iterator[Flask]:
    made = create_app(replace(settings, dev=True))
    yield made
    made.extensions["waypost"].db.close()


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("es", {"one": "1 error", "many": "{} errores", "close": "Cerrar"}),
        ("en", {"one": "1 mistake", "many": "{} mistakes", "close": "Close"}),
    ],
)
def test_the_overlay_speaks_the_language_of_the_page(
    dev: Flask, lang: str, words: dict[str, str]
) -> None:
    html = Visitor(dev).get(f"/{lang}/contact/").html
    tag = html.split("dev.js", 1)[1].split(">", 1)[0]
    for name, text in words.items():
        assert f'data-{name}="{text}"' in tag
    assert 'data-note="' in tag


@pytest.mark.parametrize("path", ["", "kb/", "search?q=backup", "products/", "troubleshoot/"])
def test_pages_that_strangers_share_are_an_authors_own(dev: Flask, path: str) -> None:
    """Kept and compressed for strangers; a browser of an author gets them as they are now."""
    for _ in range(2):
        answer = dev.test_client().get(f"/en/{path}", headers={"Accept-Encoding": "gzip, br"})
        assert answer.status_code == 200
        assert "Content-Encoding" not in answer.headers
        assert "dev.js" in answer.get_data(as_text=True)


def test_without_dev_there_is_nothing_of_it(visitor: Visitor) -> None:
    assert "dev.js" not in visitor.get("/en/contact/").html
