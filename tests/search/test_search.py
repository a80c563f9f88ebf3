"""What a search answers: results, filters, counts, corrections, and what it never tells."""

from pathlib import Path

import pytest

from kb.search.index import Index, Query
from tests.search.library import document, ids, index_of

EVERYONE = frozenset({"public"})

CUSTOMER = frozenset({"public", "customers"})

AGENT = frozenset({"public", "customers", "internal"})


@pytest.mark.parametrize(
    ("text", "first"),
    [
        pytest.param("E000101F4", "1", id="error code"),
        pytest.param("e 000101f4", "1", id="error code with space"),
        pytest.param("E-000101F4", "1", id="error code with hyphen"),
        pytest.param("000101f4", "1", id="error code without letter"),
        pytest.param("my backups stop, not enough space left", "1", id="sentence"),
        pytest.param('"retention rule"', "2", id="phrase"),
        pytest.param("vault -quota", "2", id="without a word"),
        pytest.param("licences", "3", id="one word"),
        pytest.param("How many", "3", id="words of titles"),
    ],
)
def test_the_right_article_comes_first(index: Index, text: str, first: str) -> None:
    assert ids(index, text)[0] == first


@pytest.mark.parametrize("text", ["instalacion", "instalación", "instalacio\u0301n", "version"])
def test_accents_do_not_matter(index: Index, text: str) -> None:
    assert ids(index, text, "es") == ["1"]


def test_a_lost_accent_that_changes_the_stem_is_found_too(index: Index) -> None:
    assert ids(index, "categoria", "es") == ["1"]
    assert index.search(Query("categoria", "es")).suggestion is None


def test_an_excluded_word_is_in_no_result(index: Index) -> None:
    assert "1" in ids(index, "vault")
    assert ids(index, "vault -quota") == ["2"]
    assert ids(index, "-vault") == ids(index, "vault")  # nothing else was asked


def test_a_phrase_keeps_its_order(index: Index) -> None:
    assert ids(index, '"rule retention" vault') != []  # stands nowhere: its words count
    assert ids(index, '"shadow snapshots"') == ["6"]


def test_a_phrase_may_be_longer_than_a_document(index: Index) -> None:
    assert "3" in ids(index, f'"licence {"machine licence " * 20}"')


def test_a_typing_error_is_corrected_and_said(index: Index) -> None:
    results = index.search(Query("retenton of bakcups", "en"))
    assert results.corrected
    assert results.suggestion == "retention of backups"
    assert results.hits[0].id == "2"
    plain = index.search(Query("retenton", "en", verbatim=True))
    assert (plain.total, plain.suggestion) == (0, None)


def test_only_the_first_words_of_something_pasted_are_corrected(index: Index) -> None:
    text = "retenton bakcup vualt schedluer spcae qouta licencse machien"
    suggestion = index.search(Query(text, "en")).suggestion
    assert suggestion == "retention backup vault scheduler space quota licencse machien"


def test_a_known_word_and_a_code_are_never_corrected(index: Index) -> None:
    assert index.search(Query("backup", "en")).suggestion is None
    assert index.search(Query("E000101F5", "en")).suggestion is None


@pytest.mark.parametrize(
    ("products", "found"),
    [
        pytest.param(("server",), {"1", "2", "6", "3"}, id="line"),
        pytest.param(("server@10",), {"2", "6", "3"}, id="version outside the range"),
        pytest.param(("server@11.5",), {"1", "2", "6", "3"}, id="version inside the range"),
        pytest.param(("workstation@11",), {"6", "3"}, id="other line's version"),
        pytest.param(("server@10", "server@12"), {"1", "2", "6", "3"}, id="any of them"),
        pytest.param(("unknown",), {"6", "3"}, id="unknown line: what is for all"),
        pytest.param(("server@x",), {"6", "3"}, id="no version"),
    ],
)
def test_product_filter(index: Index, products: tuple[str, ...], found: set[str]) -> None:
    assert set(ids(index, "backup vault scheduler licence", products=products)) == found


def test_type_filter_and_counts_agree(index: Index) -> None:
    for audiences in (EVERYONE, CUSTOMER, AGENT):
        query = Query("backup vault scheduler licence", "en", audiences=audiences)
        facets = index.search(query).facets
        assert facets.types
        for type_, count in facets.types.items():
            chosen = Query(query.text, "en", types=(type_,), audiences=audiences)
            assert index.search(chosen).total == count
        for line, count in facets.products.items():
            chosen = Query(query.text, "en", products=(line,), audiences=audiences)
            assert index.search(chosen).total == count


def test_versions_are_counted_when_asked(index: Index) -> None:
    query = Query("vault", "en", products=("server",), versions=("server@12", "server@10"))
    assert index.search(query).facets.versions == {"server@12": 2, "server@10": 1}


def test_languages_are_counted(index: Index) -> None:
    assert index.search(Query("E000101F4 licencias", "es")).facets.languages["en"] == 1


def test_trees_stand_beside_the_results(index: Index) -> None:
    results = index.search(Query("my backup fails", "en"))
    assert [tree.id for tree in results.trees] == ["backup-fails"]
    assert "backup-fails" not in [hit.id for hit in results.hits]
    assert ids(index, "my backup fails", types=("tree",)) == ["backup-fails"]
    assert index.search(Query("my backup fails", "en", offset=10)).trees == ()


def test_pages_are_the_whole_in_order(index: Index) -> None:
    whole = ids(index, "backup vault scheduler licence", limit=50)
    pages = [ids(index, "backup vault scheduler licence", offset=n, limit=1) for n in range(6)]
    assert [id_ for page in pages for id_ in page] == whole
    assert index.search(Query("backup vault scheduler licence", "en")).total == len(whole)
    assert ids(index, "backup", offset=1000) == []


@pytest.mark.parametrize(
    ("word", "audience", "sees"),
    [
        pytest.param("kryptonite", EVERYONE, False, id="stranger, internal"),
        pytest.param("kryptonite", CUSTOMER, False, id="customer, internal"),
        pytest.param("kryptonite", AGENT, True, id="agent, internal"),
        pytest.param("palladium", EVERYONE, False, id="stranger, customers"),
        pytest.param("palladium", CUSTOMER, True, id="customer, customers"),
        pytest.param("palladium", AGENT, True, id="agent, customers"),
    ],
)
def test_audience(index: Index, word: str, audience: frozenset[str], sees: bool) -> None:
    misspelt = word[:3] + word[4:]
    for text in (word, misspelt, f"backup {word}", f'"{word} backup"'):
        results = index.search(Query(text, "en", audiences=audience))
        shown = " ".join(hit.title + hit.snippet for hit in results.hits)
        assert (word in shown) is sees
        assert (word in (results.suggestion or "")) is (sees and text == misspelt)
    everything = index.search(Query(f"{word} backup", "en", audiences=audience))
    counted = [n for type_, n in everything.facets.types.items() if type_ != "tree"]
    assert sum(counted) == everything.total
    suggested = index.suggest(word[:4], "en", audiences=audience)
    assert bool(suggested) is sees


def test_nothing_internal_changes_a_score(tmp_path: Path) -> None:
    public = [document(str(n), body=f"vault quota {n} " * n) for n in range(1, 6)]
    internal = document("9", title="Vault", body="vault " * 50, audience="internal")
    without = index_of(tmp_path / "a", *public).search(Query("vault quota", "en"))
    beside = index_of(tmp_path / "b", *public, internal).search(Query("vault quota", "en"))
    assert [(h.id, h.score) for h in without.hits] == [(h.id, h.score) for h in beside.hits]


@pytest.mark.parametrize(
    ("lang", "typed"),
    [
        pytest.param("en", "backup at night", id="night is not might"),
        pytest.param("en", "my father has a backup", id="father is not rather"),
        pytest.param("en", "whats a backup", id="a stop word"),
        pytest.param("en", "backup for my nead", id="a filler: need"),
        pytest.param("es", "copia de cobre", id="cobre is not sobre"),
    ],
)
def test_a_word_is_not_mended_into_one_that_says_nothing(
    tmp_path: Path, lang: str, typed: str
) -> None:
    """“Showing results for my rather has a backup” helps nobody."""
    said = "The backup might rather need what it has" if lang == "en" else "La copia es sobre todo"
    index = index_of(tmp_path / "index", document(lang=lang, title=said))
    assert index.search(Query(typed, lang)).suggestion is None
    assert ids(index, typed, lang) == ["1"]
