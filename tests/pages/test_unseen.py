"""R12: an author (`--dev`) sees drafts and internal articles in lists and results, labelled."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kb.actions.compile_site import compile_site
from kb.app import create_app
from kb.rules.articles import Audience
from kb.settings import Settings, read_settings
from kb.store import migrate
from tests.content.sites import SmallSite, front
from tests.visitor import Visitor


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    site = SmallSite(tmp_path / "site")
    site.article(1)
    site.article(2, "two", es=front("status: draft\n", "Zanahoria en borrador.\n"))
    site.article(3, "three", es=front("audience: internal\n", "Zanahoria interna.\n"))
    made = read_settings({"KB_VAR": str(tmp_path / "var")}, site.root)
    migrate(made.database_url)
    return made


def opened(settings: Settings) -> Iterator[Visitor]:
    app = create_app(settings)
    yield Visitor(app)
    app.extensions["waypost"].db.close()


@pytest.fixture
def author(settings: Settings) -> Iterator[Visitor]:
    compile_site(settings, drafts=Audience.INTERNAL)
    yield from opened(replace(settings, dev=True))


@pytest.fixture
def stranger(settings: Settings) -> Iterator[Visitor]:
    compile_site(settings, drafts=Audience.INTERNAL)  # even of what was compiled for an author
    yield from opened(settings)


@pytest.mark.parametrize("address", ["/es/kb/", "/es/kb/category/setup", "/es/search?q=zanahoria"])
def test_authors_see_what_customers_do_not_with_a_label(author: Visitor, address: str) -> None:
    page = author.get(address)
    assert "Borrador" in page.text
    assert "Interno" in page.text
    assert {"/es/kb/2-two", "/es/kb/3-three"} <= {href for _, href in page.links}


@pytest.mark.parametrize("address", ["/es/kb/", "/es/kb/category/setup", "/es/search?q=zanahoria"])
def test_nobody_else_does(stranger: Visitor, address: str) -> None:
    page = stranger.get(address)
    assert "Borrador" not in page.text
    assert not {"/es/kb/2-two", "/es/kb/3-three"} & {href for _, href in page.links}


def test_compiling_for_authors_or_for_all_is_not_the_same_revision(settings: Settings) -> None:
    with_drafts = compile_site(settings, drafts=Audience.INTERNAL)
    without = compile_site(settings)
    assert without.changed
    assert with_drafts.revision != without.revision
    assert compile_site(settings, drafts=Audience.INTERNAL).revision == with_drafts.revision
