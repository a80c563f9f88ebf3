"""Product lines with their current version and what helps; downloads (R12, R27, R62)."""

import pytest

from tests.visitor import Visitor


def test_products_stand_by_market(visitor: Visitor) -> None:
    page = visitor.get("/en/products/")
    for words in ("For business", "For the home", "Norvault Backup Server", "Current version: 12"):
        assert words in page.text, words


def test_a_product_names_its_current_version_and_those_supported(visitor: Visitor) -> None:  # R27
    visitor.get("/en/products/")
    page = visitor.follow("Norvault Backup Server")
    assert "12 Current 11.5, 11 Supported 10 No longer supported" in page.text
    assert "My backup fails" in page.text
    assert "The backup stops with" in page.text
    assert "User guide 12" in page.text


def test_an_online_service_has_no_versions(visitor: Visitor) -> None:  # R26
    assert "always current" in visitor.get("/en/products/cloud").text


def test_guides_are_for_everyone_and_installers_with_the_product(visitor: Visitor) -> None:  # R12
    page = visitor.get("/es/downloads")
    assert "Guía del usuario 12" in page.text
    assert page.link("Mis productos y descargas") == "/es/my/products"


@pytest.mark.parametrize("line", ["nothing", "Backup-Server", "12"])
def test_an_unknown_line_does_not_exist(visitor: Visitor, line: str) -> None:
    assert 'name="q"' in visitor.get(f"/en/products/{line}", expect=404).html
