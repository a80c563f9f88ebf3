"""The ranking is Whoosh's own BM25F, computed beforehand."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import query, scoring
from whoosh.index import open_dir

from kb.search import analysis, ranking
from kb.search.collection import Collection
from kb.search.documents import Document
from kb.search.engine import Engine
from kb.search.index import Query, build
from tests.search.library import WORDS, document, index_of, libraries


def whoosh_scores(folder: Path, terms: list[str]) -> dict[int, float]:
    """What Whoosh's own searcher gives each document for these terms in both fields."""
    asked = query.Or(
        [query.Term("text", term) for term in terms]
        + [query.Term("title", term, boost=ranking.TITLE_BOOST) for term in terms]
    )
    weighting = scoring.BM25F(B=ranking.B, K1=ranking.K1)
    with open_dir(str(folder / "en" / "whoosh")).searcher(weighting=weighting) as searcher:
        return {hit.docnum: hit.score for hit in searcher.search(asked, limit=None)}


@settings(max_examples=40, deadline=None)
@given(libraries(), st.lists(st.sampled_from(WORDS), min_size=1, max_size=6, unique=True))
def test_scores_are_those_of_whoosh(documents: list[Document], words: list[str]) -> None:
    terms = list(dict.fromkeys(term for word in words for term in analysis.terms(word, "en")))
    with TemporaryDirectory() as name:
        folder = Path(name) / "index"
        build(folder, documents)
        collection = Collection.open(folder / "en")
        known = collection.postings.terms.tolist()
        numbers = [known.index(term.encode()) for term in terms if term.encode() in known]
        ours = Engine(collection).add_up(np.array(numbers, np.int64), np.ones(len(numbers)))
        theirs = whoosh_scores(folder, terms)
        assert {row: float(ours[row]) for row in np.flatnonzero(ours)} == pytest.approx(
            theirs, rel=1e-4
        )


def scores_by_key(folder: Path, terms: list[str]) -> dict[str, float]:
    """What our arrays give each document for these terms."""
    collection = Collection.open(folder / "en")
    known = collection.postings.terms.tolist()
    numbers = [known.index(term.encode()) for term in terms if term.encode() in known]
    ours = Engine(collection).add_up(np.array(numbers, np.int64), np.ones(len(numbers)))
    return {key: float(ours[row]) for key, (_, row) in collection.keys.items() if ours[row]}


@settings(max_examples=15, deadline=None)
@given(
    st.lists(libraries(), min_size=2, max_size=11),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=6, unique=True),
)
def test_scores_are_those_of_whoosh_after_every_recompile(
    history: list[list[Document]], words: list[str]
) -> None:
    """Over segments, deletions and merges the scores are those that Whoosh gives to the same
    documents indexed from nothing: its own count what was deleted until a merge."""
    terms = list(dict.fromkeys(term for word in words for term in analysis.terms(word, "en")))
    with TemporaryDirectory() as name:
        previous = None
        for step, documents in enumerate(history):
            grown, fresh = Path(name) / f"grown{step}", Path(name) / f"fresh{step}"
            build(grown, documents, previous)
            build(fresh, documents)
            rows = {row: key for key, (_, row) in Collection.open(fresh / "en").keys.items()}
            theirs = {rows[row]: score for row, score in whoosh_scores(fresh, terms).items()}
            assert scores_by_key(grown, terms) == pytest.approx(theirs, rel=1e-4)
            previous = grown


def test_full_rows_of_common_words_give_the_same_scores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = [document(str(n), body="common " + "word " * (n % 7)) for n in range(40)]
    build(tmp_path / "sparse", documents)
    monkeypatch.setattr(ranking, "DENSE_LEAST", 10)
    build(tmp_path / "dense", documents)
    sparse, dense = (Engine(Collection.open(tmp_path / n / "en")) for n in ("sparse", "dense"))
    assert (sparse.collection.scores.dense_of == -1).all()
    assert (dense.collection.scores.dense_of >= 0).any()
    terms = np.arange(len(sparse.collection.postings.terms))
    for weights in (np.ones(len(terms)), np.linspace(0.1, 2, len(terms))):
        assert dense.add_up(terms, weights) == pytest.approx(sparse.add_up(terms, weights))


@pytest.mark.parametrize(
    ("where", "better"),
    [
        pytest.param("title", "summary", id="title before summary"),
        pytest.param("summary", "body", id="summary before body"),
        pytest.param("error_codes", "body", id="error code before body"),
        pytest.param("keywords", "body", id="keyword before body"),
    ],
)
def test_fields_weigh(tmp_path: Path, where: str, better: str) -> None:
    def text(field: str) -> object:
        return ("quota",) if field in {"keywords", "error_codes"} else "quota and space"

    filler = "some words that fill the text of it"
    first = document("1", **{"body": filler, where: text(where)})
    second = document("2", **({"body": filler} | {better: f"{filler} {text(better)}"}))
    others = [document(str(n), body=filler) for n in range(3, 8)]
    index = index_of(tmp_path / "a", second, first, *others)
    assert [hit.id for hit in index.search(Query("quota", "en")).hits] == ["1", "2"]


def test_words_side_by_side_come_first(tmp_path: Path) -> None:
    apart = document("1", body="the agent of that other server is on the network, cannot connect")
    near = document("2", body="the network agent is on that other server, it cannot connect now")
    index = index_of(tmp_path / "a", apart, near, *(document(str(n)) for n in range(3, 9)))
    assert index.search(Query("network agent", "en")).hits[0].id == "2"


def test_archived_and_unsupported_come_later(tmp_path: Path) -> None:
    old = document("1", title="Vault quota", status="archived")
    outdated = document("2", title="Vault quota", supported=False)
    current = document("3", title="Vault quota")
    index = index_of(tmp_path / "a", old, outdated, current)
    assert [hit.id for hit in index.search(Query("vault quota", "en")).hits] == ["3", "2", "1"]
