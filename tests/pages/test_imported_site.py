"""A knowledge base that was just brought in, without trees, requests or a word about its home."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from kb.actions.compile_site import compile_site
from kb.app import create_app
from kb.settings import Settings
from tests.conftest import NOW
from tests.content.foreign import Foreign, head
from tests.visitor import Visitor


@pytest.fixture
def site(tmp_path: Path) -> Path:
    foreign = Foreign(tmp_path)
    for lang, words in (("en", "Printing stops"), ("es", "La impresora se para")):
        keys = head(title=words, summary=f"{words} now.", product="Printer")
        foreign.write(f"{lang}/1000.md", f"{keys}\n# {words}\n\n{words} *now*.\n\nTurn it off.\n")
    foreign.run()
    return foreign.out


@pytest.fixture
def app(site: Path, settings: Settings, tmp_path: Path) -> Iterator[Flask]:
    own = replace(settings, site=site, var=tmp_path / "own")
    compile_site(own)
    made = create_app(own)
    made.config["NOW"] = NOW
    yield made
    made.extensions["waypost"].db.close()


def test_its_home_shows_what_there_is(visitor: Visitor) -> None:
    """R62: no list without a line, no way that leads nowhere; the categories lead to articles."""
    page = visitor.get("/en/")
    assert page.link("Printer") == "/en/kb/category/printer"
    assert "Common problems" not in page.text
    assert "Talk to us" not in page.text
    assert "/en/troubleshoot/" not in page.html
    assert "All articles" in page.text


def test_its_name_is_not_said_twice(visitor: Visitor) -> None:
    brand = visitor.get("/es/").html.split('class="brand"')[1].split("</a>")[0]
    assert "Soporte" in brand
    assert "Support" not in brand


def test_its_contact_page_is_no_dead_end(visitor: Visitor) -> None:
    """R37: without requests nothing is asked; what is left is named."""
    page = visitor.get("/en/contact/")
    assert "Questions are not taken here" in page.text
    assert page.link("Knowledge base") == "/en/kb/"
    assert "Continue" not in page.text


def test_its_contact_page_names_the_mailbox(site: Path, app: Flask, settings: Settings) -> None:
    with (site / "site.yaml").open("a") as file:
        file.write("support_email: help@example.com\nforum_url: https://forum.example.com/\n")
    compile_site(replace(settings, site=site, var=site.parent / "own"))
    page = Visitor(app).get("/es/contact/")
    assert "mailto:help@example.com" in page.html
    assert "https://forum.example.com/" in page.html
    assert "no se atienden" not in page.text


def test_the_summary_stands_once(visitor: Visitor) -> None:
    assert visitor.get("/en/kb/1000-printing-stops").text.count("Printing stops now.") == 1
