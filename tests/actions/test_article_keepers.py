"""R12, R51: owner and reviewers of an article are mailed what readers find wrong with it."""

from dataclasses import replace
from pathlib import Path

import pytest

from kb.actions.article_keepers import keepers
from kb.rules.articles import Article
from kb.rules.site import Site
from kb.rules.texts import Text
from kb.settings import Settings
from kb.store import Database
from tests.actions.people import agent
from tests.content.sites import SITE, front
from tests.pages.test_history import Shop

ARTICLE = Article(1, "es", "a", "articles/a/1-a/es.md", "a", "A")
PLACE = Site(
    name=Text({"es": "Ayuda"}),
    brand="Acme",
    languages=("es", "en"),
    people={"storage-team": "storage@example.com", "Ana Ruiz": "Ana@example.com"},
)
AGENTS = {
    "irene@example.com": ("Irene@example.com", "en"),
    "ana@example.com": ("Ana@example.com", "en"),
    "joao@example.com": ("joao@example.com", "pt"),
}


@pytest.mark.parametrize(
    ("owner", "reviewers", "told"),
    [
        ("", (), {}),
        ("storage-team", (), {"storage@example.com": "es"}),
        ("storage@example.com", (), {"storage@example.com": "es"}),
        ("Irene@Example.com", ("storage-team",), {
            "Irene@example.com": "en", "storage@example.com": "es"}),
        ("Ana Ruiz", ("ana@example.com",), {"Ana@example.com": "en"}),
        ("joao@example.com", (), {"joao@example.com": "es"}),
        ("nobody", ("stranger@example.com",), {}),
    ],
)  # fmt: skip
def test_whose_addresses_they_are(
    owner: str, reviewers: tuple[str, ...], told: dict[str, str]
) -> None:
    assert keepers(PLACE, replace(ARTICLE, owner=owner, reviewers=reviewers), AGENTS) == told


def test_a_report_is_mailed_to_owner_and_reviewers(tmp_path: Path) -> None:
    shop = Shop(tmp_path, SITE + "people: {storage-team: storage@example.com}\n")
    keys = "owner: storage-team\nreviewers: [irene@example.com, nobody]\n"
    shop.repo.spanish(front(keys))
    shop.repo.commit("First")
    visitor = shop.open()
    db: Database = visitor.app.extensions["waypost"].db
    settings: Settings = shop.settings
    assert settings.site
    agent(db, "irene@example.com")
    visitor.get("/es/kb/1/report")
    visitor.post("/es/kb/1/report", fault="wrong", words="El paso 2 <b>no</b> funciona.")
    with db.read() as conn:
        rows = conn.exec_driver_sql("SELECT recipient, subject, text, kind FROM outbox").all()
    assert {row[0] for row in rows} == {"storage@example.com", "irene@example.com"}
    for _, subject, text, kind in rows:
        assert kind == "article-report"
        assert subject == "Un problema con el artículo 1: Uno"
        assert "El paso 2 <b>no</b> funciona." in text
        assert "articles/setup/1-one/es.md" in text
    shop.close()
