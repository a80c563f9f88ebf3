"""However a site came to be, its index is the one that would be built from nothing."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.index import open_dir

from kb.search import analysing, whoosh_store
from kb.search.collection import Collection
from kb.search.documents import Document, Kept
from kb.search.index import Index, Query, SearchIndexError, build
from tests.search.library import WORDS, document, index_of, libraries


def scores_by_key(folder: Path, word: str) -> dict[str, float]:
    """What each document scores for a word."""
    collection = Collection.open(folder / "en")
    keys = {row: key for key, (_, row) in collection.keys.items()}
    postings = collection.postings
    found = np.flatnonzero(postings.terms == word.encode())
    if not len(found):
        return {}
    part = slice(postings.starts[found[0]], postings.starts[found[0] + 1])
    scored = zip(postings.rows[part].tolist(), collection.scores.score[part], strict=True)
    return {keys[row]: float(score) for row, score in scored}


@settings(max_examples=25, deadline=None)
@given(st.lists(libraries(), min_size=2, max_size=4))
def test_incremental_equals_from_nothing(history: list[list[Document]]) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        previous = None
        for step, documents in enumerate(history):
            build(folder / str(step), documents, previous)
            previous = folder / str(step)
        assert previous is not None
        build(folder / "fresh", history[-1])
        grown, fresh = Collection.open(previous / "en"), Collection.open(folder / "fresh" / "en")
        assert grown.postings.terms.tolist() == fresh.postings.terms.tolist()
        assert set(grown.keys) == set(fresh.keys)
        for term in fresh.postings.terms.tolist():
            one, other = (scores_by_key(f, term.decode()) for f in (previous, folder / "fresh"))
            assert one == pytest.approx(other, rel=1e-5)
        assert sorted(grown.forms.form.tolist()) == sorted(fresh.forms.form.tolist())
        for query in ("backup error", '"vault space"', "scheduller 11.5", "e000101f4"):
            results = [
                Index.open(f).search(Query(query, "en")) for f in (previous, folder / "fresh")
            ]
            assert results[0].total == results[1].total
            assert results[0].suggestion == results[1].suggestion
            assert _shown(results[0]) == _shown(results[1])
        suggested = [Index.open(f).suggest("ba", "en", 50) for f in (previous, folder / "fresh")]
        assert {s.url for s in suggested[0]} == {s.url for s in suggested[1]}


def _shown(results: object) -> set[tuple[str, str, float]]:
    return {(h.id, h.snippet, round(h.score, 2)) for h in results.hits}  # type: ignore[attr-defined]


@settings(max_examples=10, deadline=None)
@given(libraries(least=4), st.data())
def test_arrays_hold_what_whoosh_holds_over_segments_and_deletions(
    documents: list[Document], data: st.DataObject
) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        build(folder / "0", documents)
        for step in range(1, 11):  # enough to make Whoosh merge segments
            changed = data.draw(st.sampled_from(range(len(documents))))
            title = " ".join(data.draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3)))
            documents[changed] = document(documents[changed].id, title=title, body=title * 2)
            build(folder / str(step), documents, folder / str(step - 1))
        collection = Collection.open(folder / "10" / "en")
        with open_dir(str(folder / "10" / "en" / "whoosh")).reader() as reader:
            assert reader.doc_count() == len(documents)
            for row, stored in whoosh_store.rows(folder / "10" / "en" / "whoosh"):
                assert collection.keys[stored["key"]][1] == row
                assert collection.rows.text_of(row) == stored["content"]
            postings = collection.postings
            for number, term in enumerate(postings.terms.tolist()):
                part = slice(postings.starts[number], postings.starts[number + 1])
                matcher = reader.postings("text", term.decode())
                held = {}
                while matcher.is_active():
                    held[matcher.id()] = matcher.weight()
                    matcher.next()
                assert held == dict(
                    zip(postings.rows[part].tolist(), postings.text[part].tolist(), strict=True)
                )


def test_unchanged_documents_are_not_analysed_again(tmp_path: Path) -> None:
    documents = [document(str(n), body=f"text {n}") for n in range(5)]
    build(tmp_path / "a", documents)
    changed = [*documents[1:4], document("4", body="another text"), document("9", body="new")]
    report = build(tmp_path / "b", changed, tmp_path / "a")
    assert (report.documents, report.analysed, report.kept, report.removed) == (5, 2, 3, 1)


def test_a_kept_document_needs_no_text(tmp_path: Path) -> None:
    first, second = document("1", body="alpha"), document("2", body="beta")
    build(tmp_path / "a", [first, second])
    kept = Kept("en", first.key, first.print)
    build(tmp_path / "b", [kept, document("2", body="gamma")], tmp_path / "a")
    index = Index.open(tmp_path / "b")
    assert [hit.id for hit in index.search(Query("alpha", "en")).hits] == ["1"]
    assert index.search(Query("beta", "en", verbatim=True)).total == 0


def test_a_kept_document_that_is_not_there_is_refused(tmp_path: Path) -> None:
    build(tmp_path / "a", [document("1")])
    with pytest.raises(SearchIndexError, match="give it in full"):
        build(tmp_path / "b", [Kept("en", "article:2:en", "x")], tmp_path / "a")


def test_drafts_are_never_indexed(tmp_path: Path) -> None:
    index = index_of(tmp_path / "a", document("1", body="secret", status="draft"), document("2"))
    assert index.search(Query("secret", "en")).total == 0


def test_a_document_given_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SearchIndexError, match="twice"):
        build(tmp_path / "a", [document("1"), document("1")])


def test_the_previous_index_may_be_deleted(tmp_path: Path) -> None:
    documents = [document(str(n), body=f"word{n} common") for n in range(4)]
    build(tmp_path / "a", documents)
    build(tmp_path / "b", documents[:3], tmp_path / "a")
    shutil.rmtree(tmp_path / "a")
    build(tmp_path / "c", documents[:2], tmp_path / "b")
    assert Index.open(tmp_path / "c").search(Query("common", "en")).total == 2


@pytest.mark.parametrize("damage", ["meta.json", "postings/rows.npy", "whoosh"])
def test_a_damaged_previous_index_is_not_built_upon(tmp_path: Path, damage: str) -> None:
    build(tmp_path / "a", [document("1", body="alpha"), document("2")])
    broken = tmp_path / "a" / "en" / damage
    shutil.rmtree(broken) if broken.is_dir() else broken.write_bytes(b"\x93NUMPY")
    report = build(tmp_path / "b", [document("1", body="alpha"), document("2")], tmp_path / "a")
    assert report.analysed == 2
    assert Index.open(tmp_path / "b").search(Query("alpha", "en")).total == 1


def test_an_index_that_is_not_whole_does_not_open(tmp_path: Path) -> None:
    build(tmp_path / "a", [document("1")])
    (tmp_path / "a" / "en" / "scores" / "score.npy").unlink()
    with pytest.raises(SearchIndexError, match="not whole"):
        Index.open(tmp_path / "a")
    with pytest.raises(SearchIndexError, match="no whole index"):
        Index.open(tmp_path / "nowhere")


def test_the_folder_is_its_owners_only(tmp_path: Path) -> None:
    build(tmp_path / "a", [document("1")])
    assert (tmp_path / "a").stat().st_mode & 0o077 == 0
    assert (tmp_path / "a" / "en" / "whoosh").stat().st_mode & 0o077 == 0


def test_an_empty_site_has_an_empty_index(tmp_path: Path) -> None:
    index = index_of(tmp_path / "a")
    assert index.search(Query("anything", "en")).total == 0
    assert index.languages == ()


def test_many_documents_are_analysed_in_processes_to_the_same_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = [
        document(str(n), title=f"{word} {n}", body=f"The {word} of {n} is full", keywords=(word,))
        for n, word in enumerate(WORDS)
    ]
    build(tmp_path / "here", documents)
    monkeypatch.setattr(analysing, "POOL_FROM", 2)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    build(tmp_path / "there", documents)
    for word in ("backup", "full", "0"):
        assert scores_by_key(tmp_path / "here", word) == scores_by_key(tmp_path / "there", word)
    keys = [Collection.open(tmp_path / name / "en").keys for name in ("here", "there")]
    assert keys[0] == keys[1]
