"""What moves a result beside its words: the product named, votes; and the site's own synonyms."""

from pathlib import Path

import pytest

from kb.rules.vocabulary import Vocabulary
from kb.search.index import Index, Query, build
from kb.search.named import Names
from kb.search.priors import vote_factor
from tests.search.library import document

WORDS = Vocabulary(
    same=(("vault", "strongroom"), ("nvx", "network video exchange")),
    products={
        "server": ("Acme Backup Server", "Backup Server", "ABS"),
        "advanced": ("Acme Backup Server Advanced", "Backup Server Advanced"),
        "home": ("Acme Home", "Home"),
    },
    versions={"server": ("12", "11.5"), "advanced": ("11.5", "11"), "home": ("2027",)},
)


@pytest.mark.parametrize(
    ("query", "products"),
    [
        pytest.param("restore with backup server", ("server",), id="name without the brand"),
        pytest.param("Acme Backup Servers crash", ("server",), id="by stem, with the brand"),
        pytest.param("backup server advanced is slow", ("advanced",), id="the longest name wins"),
        pytest.param("ABS 12 does not start", ("server@12",), id="nickname and version"),
        pytest.param("backup server version 11.5", ("server@11.5",), id="the word version"),
        pytest.param("backup server v12", ("server@12",), id="v12"),
        pytest.param("backup server 9", ("server",), id="a version it never had"),
        pytest.param("home and abs", ("home", "server"), id="two products"),
        pytest.param("upgrade to 11.5", ("advanced@11.5", "server@11.5"), id="version alone"),
        pytest.param("error 12", (), id="a number is no version"),
        pytest.param("version 12 fails", ("server@12",), id="said to be a version"),
        pytest.param("my disk is full", (), id="none"),
    ],
)
def test_products_are_read_from_the_query(query: str, products: tuple[str, ...]) -> None:
    from kb.search import analysis

    tokens = analysis.tokens(query, "en")
    words = [query[token.start : token.end] for token in tokens]
    assert Names(WORDS, "en").read([token.terms[0] for token in tokens], words) == products


@pytest.fixture
def index(tmp_path: Path) -> Index:
    text = "restore a disk after a crash"
    documents = [
        document("1", title="Restore a disk", body=text, products=("home",)),
        document("2", title="Restore a disk", body=text, products=("server@11-12",)),
        document("3", title="Restore a disk", body=text, products=("server@10",)),
        document("4", title="The vault", body="keeps everything"),
        document("5", title="Something else", body="of no use"),
    ]
    build(tmp_path / "a", documents, words={"en": WORDS})
    return Index.open(tmp_path / "a")


def ids(index: Index, text: str) -> list[str]:
    return [hit.id for hit in index.search(Query(text, "en")).hits]


def test_the_product_named_comes_first(index: Index) -> None:
    assert ids(index, "restore disk") == ["1", "2", "3"]
    assert ids(index, "restore disk ABS 12")[:3] == ["2", "1", "3"]
    assert ids(index, "restore disk home")[0] == "1"


def test_the_sites_synonyms_find(index: Index, tmp_path: Path) -> None:
    assert ids(index, "strongroom") == ["4"]
    assert index.search(Query("strongroom", "en")).suggestion is None
    build(tmp_path / "b", [document("4", title="The vault")], tmp_path / "a")
    assert ids(Index.open(tmp_path / "b"), "strongroom") == []


def test_votes_decide_among_equals_and_no_more(index: Index) -> None:
    index.take_votes({"2": (40, 0), "1": (0, 40), "5": (1000, 0)})
    assert ids(index, "restore disk") == ["2", "3", "1"]
    assert ids(index, "vault") == ["4"]
    index.take_votes({})
    assert ids(index, "restore disk") == ["1", "2", "3"]


def test_votes_move_a_score_by_a_tenth_at_most() -> None:
    assert vote_factor(0, 0) == 1
    assert vote_factor(1, 0) == pytest.approx(1.009, abs=0.001)
    assert 0.9 < vote_factor(0, 10_000) < 0.91
    assert 1.09 < vote_factor(10_000, 0) < 1.1
