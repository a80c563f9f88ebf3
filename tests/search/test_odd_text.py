"""Odd text in the search box gives a sensible answer."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kb.search.index import Index, Query
from tests.search.library import document, ids, index_of

ODD = [
    "",
    " ",
    "x" * 10_000,
    "backup " * 2_000,
    "the of and",
    "?!.,;:-_*~^()[]{}",
    "\0\x01\x1f\u200b",
    "مرحبا بالعالم النسخ",
    "🔥💾 backup 🔥",
    '"unbalanced',
    '""""',
    "“„«»",
    "backup AND (vault OR NOT",
    "title:backup^2 [a TO z]",
    "backup*",
    "backup~2",
    "- -- -a --- -backup",
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "\ud800 half a letter",
    "ﬁle ß İstanbul ǅ",
    "0x",
    "1" * 400,
]


@pytest.mark.parametrize("lang", ["en", "es", "fr", "xx", ""])
@pytest.mark.parametrize("text", ODD)
def test_odd_text_gives_a_sensible_answer(index: Index, text: str, lang: str) -> None:
    results = index.search(Query(text, lang))
    assert results.total >= len(results.hits)
    assert "<script" not in "".join(hit.snippet for hit in results.hits)
    assert isinstance(index.suggest(text, lang), tuple)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(st.sampled_from([*ODD[4:12], "backup", "vault", '"', "-"])).map(" ".join),
    ),
    st.integers(0, 30),
    st.integers(0, 30),
)
@example('"a"', 0, 10)
def test_no_text_is_an_error(index: Index, text: str, offset: int, limit: int) -> None:
    results = index.search(Query(text, "en", offset=offset, limit=limit))
    assert len(results.hits) <= limit
    assert results.total >= 0
    index.suggest(text, "en", limit)


def test_stop_words_alone_find_titles(tmp_path: Path) -> None:
    index = index_of(tmp_path / "a", document("1", title="What can you do for me"), document("2"))
    assert ids(index, "what can you do") == ["1"]


def test_an_article_of_stop_words_alone_breaks_nothing(tmp_path: Path) -> None:
    index = index_of(tmp_path / "a", document("1", title="the of"))
    assert ids(index, "vault quota") == []
    assert ids(index, "the of") == ["1"]


def test_an_unknown_language_finds_nothing(index: Index) -> None:
    assert index.search(Query("backup", "de")).total == 0


def test_threads_share_an_index(index: Index) -> None:
    from concurrent.futures import ThreadPoolExecutor

    texts = ["backup space", "vault quota", "E000101F4", "licences", "snapshots agent"] * 40
    alone = [ids(index, text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda text: ids(index, text), texts)) == alone
