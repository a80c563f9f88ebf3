"""How alike articles are by their words, and that it tells nobody of what they may not read."""

import math
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings

from kb.search.documents import Document, Kind
from kb.search.index import Index, build
from tests.search.library import document, index_of, libraries

CUSTOMER = frozenset({"public", "customers"})
VAULT = "The vault is full and the backup stops until the quota of the vault is raised"
BOOT = "The machine does not boot after a restore to other hardware"
LICENCE = "A licence key moves with the customer to another server"


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return index_of(
        tmp_path / "index",
        document("1", title="Vault full", body=VAULT, error_codes=("E000101F4",)),
        document("2", title="Raise the quota of a vault", body=VAULT.replace("full", "too small")),
        document("3", title="No boot", body=BOOT),
        document("4", title="Vault full, for customers", body=VAULT, audience="customers"),
        document("5", title="Vault full, for agents", body=VAULT, audience="internal"),
        document("6", title="Vault full, long ago", body=VAULT, status="archived"),
        document("7", title="Vault full", body=VAULT, kind=Kind.TREE),
        document("8", title="Move a licence", body=LICENCE),
    )


def ids(index: Index, id_: int, **how: object) -> list[str]:
    return [one.id for one in index.alike(id_, "en", **how)]  # type: ignore[arg-type]


def test_the_nearest_come_first_without_itself_trees_and_archived_ones(index: Index) -> None:
    assert ids(index, 1)[0] == "2"
    assert not {"1", "6", "7"} & set(ids(index, 1))
    assert ids(index, 1, least=0.3) == ["2"]
    assert ids(index, 1, limit=0) == []


def test_only_what_the_reader_may_read_is_near(index: Index) -> None:
    everyone = frozenset({*CUSTOMER, "internal"})
    assert {"4", "5"}.isdisjoint(ids(index, 1))
    assert "4" in ids(index, 1, audiences=CUSTOMER)
    assert "5" not in ids(index, 1, audiences=CUSTOMER)
    assert {"4", "5"} <= set(ids(index, 1, audiences=everyone))


def test_an_unknown_article_or_language_is_like_nothing(index: Index) -> None:
    assert index.alike(99, "en") == ()
    assert index.alike(1, "fr") == ()
    assert list(index.pairs_alike("fr", 0.1)) == []


def test_doubles_are_found_over_all_audiences_each_pair_once(index: Index) -> None:
    pairs = {(one, other) for one, other, _ in index.pairs_alike("en", 0.4)}
    assert ("1", "4") in pairs or ("4", "1") in pairs
    assert all((other, one) not in pairs for one, other in pairs)
    strangers = {id_ for pair in index.pairs_alike("en", 0.2, CUSTOMER) for id_ in pair[:2]}
    assert "5" not in strangers


def _all(index: Index, documents: list[Document]) -> dict[tuple[str, str], float]:
    return {
        (one.id, near.id): near.likeness
        for one in documents
        for near in index.alike(int(one.id), "en", least=0)
    }


@settings(max_examples=25, deadline=None)
@given(libraries(least=3))
def test_looking_at_the_heaviest_words_first_loses_no_pair(documents: list[Document]) -> None:
    with TemporaryDirectory() as folder:
        index = index_of(Path(folder) / "index", *documents)
        alike = _all(index, documents)
        for least in (0.1, 0.4, 0.85):
            found = {(a, b): worth for a, b, worth in index.pairs_alike("en", least)}
            assert all(math.isclose(alike[pair], w, abs_tol=1e-3) for pair, w in found.items())
            sure = {frozenset(pair) for pair, worth in alike.items() if worth >= least + 1e-3}
            assert sure <= {frozenset(pair) for pair in found}


@settings(max_examples=25, deadline=None)
@given(libraries(least=3))
def test_likeness_is_mutual_bounded_and_one_for_the_same_words(documents: list[Document]) -> None:
    first = documents[0]
    documents = [*documents, replace(first, id="99", url="/en/kb/99")]
    with TemporaryDirectory() as folder:
        index = index_of(Path(folder) / "index", *documents)
        found = _all(index, documents)
    for (one, other), likeness in found.items():
        assert 0 < likeness <= 1.0001
        assert math.isclose(likeness, found[other, one], abs_tol=1e-3)
    assert found[first.id, "99"] > 0.999


@settings(max_examples=25, deadline=None)
@given(libraries(least=3))
def test_an_edit_gives_the_same_likeness_as_an_index_from_nothing(
    documents: list[Document],
) -> None:
    changed = [replace(documents[0], body="vault quota"), *documents[1:]]
    with TemporaryDirectory() as folder:
        before, after, fresh = (Path(folder) / name for name in ("before", "after", "fresh"))
        build(before, documents)
        build(after, changed, before)
        build(fresh, changed)
        assert _all(Index.open(after), changed) == pytest.approx(_all(Index.open(fresh), changed))
