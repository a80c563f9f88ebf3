"""Suggestions while a search is typed."""

from collections.abc import Callable

import pytest

from kb.search.index import Index

Suggest = Callable[[str], list[str]]


@pytest.fixture
def titles(index: Index) -> Suggest:
    return lambda text: [line.title for line in index.suggest(text, "en")]


def test_suggestions_go_on_as_typed(titles: Suggest) -> None:
    assert titles("ba")[0] == "Backup stops with “Not enough space”"
    assert "My backup fails" in titles("back")
    assert titles("spa vau") == ["Free space in a vault"]
    assert titles("E0001") == ["Backup stops with “Not enough space”"]
    assert titles("zzz") == titles("") == titles(" ?") == []


def test_suggestions_do_without_accents(index: Index) -> None:
    assert [line.title for line in index.suggest("cuantas lic", "es")] == [
        "Cuántas licencias necesito"
    ]
