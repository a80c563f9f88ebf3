"""The part of an article's page that is kept for all readers of an audience: nobody sees what is
another's, whoever came first."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from flask import Flask

from kb.actions.compile_site import compile_site
from kb.app import create_app
from kb.pages.kept_parts import kept_part, shared
from kb.settings import Settings
from tests.conftest import NOW
from tests.hidden_articles import make
from tests.visitor import Visitor

PUBLIC = "/en/kb/1042-backup-stops-not-enough-space"
READERS = ("agent", "premier", "")
"""Who may read everything, what is for customers, and what is for everybody."""


@pytest.fixture(scope="module")
def site(vendor_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    root = make(tmp_path_factory.mktemp("site"), ("customers", "internal"))
    made = replace(vendor_settings, site=root, var=tmp_path_factory.mktemp("var"))
    compile_site(made)
    return made


@pytest.fixture
def app(site: Settings, settings: Settings) -> Iterator[Flask]:
    made = create_app(replace(site, database_url=settings.database_url))
    made.config["NOW"] = NOW
    yield made
    made.extensions["waypost"].db.close()


@pytest.fixture
def readers(app: Flask) -> dict[str, Visitor]:
    return {name: Visitor(app).as_customer(name) if name else Visitor(app) for name in READERS}


def parts(app: Flask) -> Any:
    return app.extensions.get("waypost-parts")


def forget(app: Flask) -> None:
    """Throw away what is kept, as a new process has nothing."""
    app.extensions.pop("waypost-parts", None)
    app.extensions["waypost-pages"].__init__()


def read(visitor: Visitor, path: str) -> tuple[int, str]:
    answer = visitor.client.get(path)
    return answer.status_code, answer.get_data(as_text=True)


def paths(app: Flask) -> list[str]:
    """The hidden articles, and those of their categories, which name them as neighbours."""
    shelf = app.extensions["waypost"].live_site.current().site.articles["en"].values()
    about = {one.category for one in shelf if one.audience != "public"}
    near = [f"/en/kb/{one.id}-{one.slug}" for one in shelf if one.category in about]
    return [*near, PUBLIC][-24:]


def test_each_reader_gets_the_page_of_a_fresh_start_whoever_came_before(
    app: Flask, readers: dict[str, Visitor]
) -> None:
    asked = paths(app)
    alone = {}
    for name, reader in readers.items():
        forget(app)
        alone[name] = [read(reader, path) for path in asked]
    assert {status for status, _ in alone["agent"]} == {200}
    assert 404 in {status for status, _ in alone["premier"]}
    assert alone["premier"] != alone[""]
    for order in permutations(READERS):
        forget(app)
        for name in order:
            assert [read(readers[name], path) for path in asked] == alone[name], (name, order)


def test_of_two_customers_none_sees_the_others_name_vote_or_message(
    app: Flask, readers: dict[str, Visitor]
) -> None:
    other = Visitor(app).as_customer("standard")
    before = other.get(PUBLIC).html
    mine = readers["premier"]
    mine.get(PUBLIC)
    told = mine.post("/en/kb/1042/vote", helped="yes")
    assert "flash" in told.html
    assert other.get(PUBLIC).html == before
    assert mine.get(PUBLIC).html == before  # said once, and the frame tells no names either


def test_nothing_kept_holds_a_token_or_a_form_of_one_visitor(
    app: Flask, readers: dict[str, Visitor]
) -> None:
    for reader in readers.values():
        for path in paths(app):
            read(reader, path)
    kept = parts(app)._pages.values()
    assert len(kept) > 20
    for one in kept:
        assert not re.search(r"csrf|token|(premier|agent)@|My account|flash|hidden\"", one["body"])


def test_a_part_that_asks_for_its_visitor_shows_nothing_of_them(app: Flask) -> None:
    with app.test_request_context("/en/"):
        app.preprocess_request()
        template = app.jinja_env.from_string(
            "[{{ user.email }}{{ current_user.email }}{{ session.secret }}{{ request.path }}]"
        )
        assert str(shared(template)) == "[]"
        with pytest.raises(TypeError):
            shared(app.jinja_env.from_string("{{ csrf_token() }}"))
        with pytest.raises(TypeError):
            shared(app.jinja_env.from_string("{{ get_flashed_messages() }}"))


def test_what_is_kept_ends_with_the_day_and_is_of_one_language(app: Flask) -> None:
    made = iter(range(9))

    def at(path: str) -> int:
        with app.test_request_context(path):
            app.preprocess_request()
            return kept_part(("test",), lambda: next(made))

    assert [at("/en/"), at("/en/"), at("/es/"), at("/en/")] == [0, 0, 1, 0]
    app.config["NOW"] = NOW + timedelta(days=1)
    assert [at("/en/"), at("/es/")] == [2, 3]


def test_made_up_versions_are_not_kept(app: Flask, readers: dict[str, Visitor]) -> None:
    newest = read(readers["premier"], PUBLIC)[1]
    before = len(parts(app)._pages)
    for number in range(5):
        status, html = read(readers["premier"], f"{PUBLIC}?version=made-up-{number}")
        assert status == 200
        assert main(html) == main(newest)
    assert len(parts(app)._pages) == before


def main(html: str) -> str:
    return html[html.index('<div class="reading">') : html.index("</main>")]
