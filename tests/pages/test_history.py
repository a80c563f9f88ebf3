"""R12: the history of an article on the site: revisions, differences, permalinks, old addresses."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from kb.actions.compile_site import compile_site
from kb.app import create_app
from kb.settings import Settings, read_settings
from kb.store import Database, migrate
from tests.actions.people import agent, customer
from tests.content.sites import SITE, front
from tests.repositories import Repository
from tests.visitor import Visitor

SHOWN = SITE + (
    "history: {show: all, edit_url: 'https://git.example.com/edit/main/{path}'}\n"
    "people: {storage-team: storage@example.com}\n"
)


class Shop:
    """A repository, the application over it, and people who read it."""

    def __init__(self, folder: Path, site: str = SHOWN) -> None:
        self.repo = Repository(folder / "repo", site)
        env = {"KB_VAR": str(folder / "var"), "KB_BASE_URL": "http://localhost"}
        self.settings: Settings = read_settings(env, self.repo.root)
        migrate(self.settings.database_url)
        self.apps: list[Flask] = []

    def open(self) -> Visitor:
        """Compile what there is and let a stranger in."""
        compile_site(self.settings)
        self.apps.append(create_app(self.settings))
        return Visitor(self.apps[-1])

    def signed_in(self, *, as_agent: bool) -> Visitor:
        visitor = self.open()
        db: Database = visitor.app.extensions["waypost"].db
        user_id = agent(db) if as_agent else customer(db)
        with visitor.client.session_transaction() as session:
            session["_user_id"] = f"{user_id}:1"
        return visitor

    def close(self) -> None:
        for app in self.apps:
            app.extensions["waypost"].db.close()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    made.repo.spanish(front("summary: Corto\n", "Pulse el botón rojo. Espere.\n"))
    made.first = made.repo.commit("First words")
    made.repo.spanish(front("summary: Corto\n", "Pulse el botón verde. Espere <b>.\n"))
    made.second = made.repo.commit("Green <i>is</i> right", author="Luis & Eva")
    yield made
    made.close()


def test_an_article_tells_when_and_by_whom_it_was_changed(shop: Shop) -> None:
    page = shop.open().get("/es/kb/1-one")
    assert "Último cambio el 23 de septiembre de 2026" in page.text
    assert "Escrito por Ana Ruiz, Luis & Eva" in page.text
    assert page.link("Editar esta página").endswith("/edit/main/articles/setup/1-one/es.md")
    assert page.link("Avisar de un problema con este artículo") == "/es/kb/1/report"
    assert page.link("Qué ha cambiado") == "/es/kb/1/history"


def test_the_history_lists_revisions_and_no_address(shop: Shop) -> None:
    visitor = shop.open()
    page = visitor.get("/en/kb/1/history")
    assert "First words" in page.text
    assert "Green" not in page.text
    page = visitor.get("/es/kb/1/history")
    assert "Green <i>is</i> right" in page.text
    assert page.text.index("Green") < page.text.index("First words")
    assert "example.com" not in page.html.replace("git.example.com", "")
    assert page.response.headers["X-Robots-Tag"] == "noindex"


def test_a_difference_shows_words_removed_and_added_escaped(shop: Shop) -> None:
    visitor = shop.open()
    visitor.get("/es/kb/1/history")
    page = visitor.follow("Qué ha cambiado el")
    assert "<del>rojo</del><ins>verde</ins>" in page.html
    assert "<b>." not in page.html
    assert "&lt;b&gt;" in page.html
    both = visitor.get(f"/es/kb/1/history?old={shop.second[:9]}&new={shop.first[:9]}")
    assert "<del>rojo</del><ins>verde</ins>" in both.html  # the older is before, whatever was asked
    whole = visitor.get(f"/es/kb/1/history?new={shop.first}")
    assert "<ins>Uno" in whole.html
    same = visitor.get(f"/es/kb/1/history?old={shop.first}&new={shop.first}")
    assert "Las palabras del artículo son las mismas" in same.text


def test_a_permalink_shows_the_article_as_it_was(shop: Shop) -> None:
    visitor = shop.open()
    page = visitor.get(f"/es/kb/1/at/{shop.first}")
    assert "Pulse el botón rojo" in page.text
    assert "Este es el artículo como estaba el 22 sept 2026" in page.text
    assert 'name="robots" content="noindex"' in page.html
    assert 'rel="canonical" href="http://localhost/es/kb/1-one"' in page.html
    short = visitor.get(f"/es/kb/1/at/{shop.first[:8]}", follow=False, expect=302)
    assert short.response.location == f"/es/kb/1/at/{shop.first}"
    newest = visitor.get(f"/es/kb/1/at/{shop.second}")
    assert "que es la más reciente" in newest.text
    assert len(list((shop.settings.var / "cache" / "old").glob("*.json"))) == 2


def test_a_commit_that_left_the_article_alone_leads_to_what_it_holds(shop: Shop) -> None:
    shop.repo.article(2, "two")
    other = shop.repo.commit("Another article")
    visitor = shop.open()
    page = visitor.get(f"/es/kb/1/at/{other}", follow=False, expect=302)
    assert page.response.location.endswith(shop.second)
    visitor.get(f"/es/kb/2/at/{shop.first}", expect=404)


NOWHERE = (
    "1/at/" + "0" * 40,
    "1/at/HEAD",
    "1/at/--help",
    "1/at/" + "f" * 7,
    "1/history?new=" + "0" * 40,
    "1/history?old=HEAD&new=HEAD",
    "1/history?page=2",
    "1/history?page=0",
    "77/history",
    "77/at/" + "0" * 40,
    "nothing-like-this",
)


def test_what_is_not_there_is_404(shop: Shop) -> None:
    visitor = shop.open()
    for address in NOWHERE:
        visitor.get(f"/es/kb/{address}", expect=404)


def test_revisions_that_were_internal_are_for_agents_alone(shop: Shop) -> None:
    shop.repo.spanish(front("audience: internal\n", "La contraseña es Secreto-Uno.\n"))
    secret = shop.repo.commit("The secret")
    shop.repo.spanish(front("", "Ya no hay secreto.\n"))
    public = shop.repo.commit("Public again")
    visitor = shop.open()
    page = visitor.get("/es/kb/1/history")
    assert "The secret" not in page.text
    assert "Public again" in page.text
    visitor.get(f"/es/kb/1/at/{secret}", expect=404)
    visitor.get(f"/es/kb/1/history?old={secret}&new={public}", expect=404)
    assert "Secreto-Uno" not in visitor.get(f"/es/kb/1/history?new={public}").html
    irene = shop.signed_in(as_agent=True)
    assert "The secret" in irene.get("/es/kb/1/history").text
    assert "Secreto-Uno" in irene.get(f"/es/kb/1/at/{secret}").text


@pytest.mark.parametrize(
    "keys", ["audience: internal\n", "status: draft\n", "audience: customers\n"]
)
def test_the_history_of_an_article_one_may_not_read_does_not_exist(shop: Shop, keys: str) -> None:
    shop.repo.spanish(front(keys, "Oculto.\n"))
    hidden = shop.repo.commit("Hidden")
    visitor = shop.open()
    for address in ("history", f"at/{shop.first}", f"at/{hidden}", f"history?new={shop.second}"):
        visitor.get(f"/es/kb/1/{address}", expect=404)


@pytest.mark.parametrize(("show", "stranger", "agent_"), [
    ("off", 404, 404), ("agents", 404, 200), ("all", 200, 200),
])  # fmt: skip
def test_a_site_says_who_sees_the_history(
    tmp_path: Path, show: str, stranger: int, agent_: int
) -> None:
    shop = Shop(tmp_path, SITE + f"history: {{show: {show}}}\n")
    shop.repo.spanish(front("owner: storage-team\nreviewers: [eva]\n"))
    shop.repo.commit("First words")
    visitor = shop.open()
    article = visitor.get("/es/kb/1-one")
    assert "Último cambio" in article.text
    assert ("Ana Ruiz" in article.text) == (stranger == 200)
    assert "Editar" not in article.text
    assert "storage-team" not in article.text
    visitor.get("/es/kb/1/history", expect=stranger)
    irene = shop.signed_in(as_agent=True)
    article = irene.get("/es/kb/1-one")
    assert "Responsable: storage-team · Revisores: eva" in article.text
    assert ("Ana Ruiz" in article.text) == (agent_ == 200)
    irene.get("/es/kb/1/history", expect=agent_)
    shop.close()


def test_old_addresses_lead_on_in_one_step(shop: Shop) -> None:
    shop.repo.git("mv", "articles/setup/1-one", "articles/setup/1-uno")
    shop.repo.commit("A better slug")
    shop.repo.git("mv", "articles/setup/1-uno", "articles/setup/5-uno")
    shop.repo.commit("Another id")
    shop.repo.git("mv", "articles/setup/5-uno", "articles/setup/9-uno")
    shop.repo.commit("And another")
    shop.repo.article(20, "merged", es=front("moved_from: [KB2041, '13', '14-old-name']\n"))
    shop.repo.commit("Merged")
    visitor = shop.open()
    for old in ("1-one", "1", "1-uno", "5-uno", "5", "9", "9-other"):
        page = visitor.client.get(f"/es/kb/{old}?version=12")
        assert (page.status_code, page.location) == (301, "/es/kb/9-uno?version=12"), old
    for old in ("KB2041", "13", "13-any", "14-old-name"):
        page = visitor.client.get(f"/es/kb/{old}")
        assert (page.status_code, page.location) == (301, "/es/kb/20-merged"), old


@pytest.mark.parametrize("keys", ["audience: internal\n", "status: draft\n"])
def test_an_old_address_tells_no_stranger_of_a_hidden_article(shop: Shop, keys: str) -> None:
    shop.repo.article(20, "secret-name", es=front(f"{keys}moved_from: [KB2041, '13']\n"))
    shop.repo.commit("Hidden")
    visitor = shop.open()
    for old in ("KB2041", "13", "13-x"):
        visitor.get(f"/es/kb/{old}", expect=404)


def test_a_circle_of_old_names_is_refused(shop: Shop) -> None:
    shop.repo.article(2, "two", es=front("moved_from: ['1']\n"))
    shop.repo.spanish(front("moved_from: [2-two, '1', one-old]\n"))
    assert [told for told in shop.repo.problems() if "title" not in told] == [
        "articles/setup/1-one/es.md:3: articles 1 and 2 lead to each other in a circle; "
        "remove moved_from from the one that is to stay",
        "articles/setup/1-one/es.md:3: “1” is this very article: the address would lead in a "
        "circle; remove it",
        "articles/setup/2-two/es.md:3: articles 2 and 1 lead to each other in a circle; "
        "remove moved_from from the one that is to stay",
    ]
    shop.repo.article(2, "two", es=front("moved_from: [one-old]\n"))
    shop.repo.spanish(front("moved_from: [one-old, 1-uno]\n"))
    assert [told for told in shop.repo.problems() if "title" not in told] == [
        "articles/setup/2-two/es.md:3: “one-old” leads to article 1 already; "
        "keep it in one of the two articles"
    ]
