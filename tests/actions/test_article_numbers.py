"""The id of a new article is given once, whoever asks when."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from kb.actions.article_numbers import new_article_number
from kb.content.git_commits import open_repository
from kb.settings import Settings
from kb.store import Database
from tests.actions.people import NOW
from tests.repositories import Repository


def test_those_who_ask_at_once_get_different_ids(
    db: Database, tmp_path: Path, vendor_settings: Settings
) -> None:
    made = Repository(tmp_path / "content")
    made.article(1041)
    made.commit("first")
    repo, settings = open_repository(made.root), replace(vendor_settings, site=made.root)

    def ask(_: int) -> int:
        return new_article_number(db, settings, repo, NOW)

    with ThreadPoolExecutor(4) as pool:
        given = list(pool.map(ask, range(8)))
    assert sorted(given) == list(range(1042, 1050))
    made.article(1060)
    assert [ask(0), ask(0)] == [1061, 1062]
