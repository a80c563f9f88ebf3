"""What a search test looks for, as the index knows it."""

import pytest

from kb.rules.search_tests import Wanted


@pytest.mark.parametrize(
    ("finds", "key"), [("1042", "article:1042:es"), ("tree:backup-fails", "tree:backup-fails:es")]
)
def test_an_article_or_a_tree_by_its_key(finds: str, key: str) -> None:
    assert Wanted("copia", "es", finds, 3, "articles/x/es.md", 9).key == key
