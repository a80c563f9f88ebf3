"""Words of another language than the one searched: not mended into this one's, and said."""

from pathlib import Path

import pytest

from kb.search.index import Index, Query
from tests.search.library import document, index_of

AGENT = frozenset({"public", "customers", "internal"})


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """Two languages that have some words nearly in common: finishes, finished; factory, factura."""
    return index_of(
        tmp_path_factory.mktemp("both") / "index",
        document("1", title="The backup never finishes", body="It runs all night, an invoice"),
        document("2", title="The factory settings of the program"),
        document("3", title="Kryptonite harmless", audience="internal"),
        document("1", lang="es", title="La copia no termina nunca", body="backup newer finisher"),
        document("2", lang="es", title="La factura de la copia", body="instalación, error"),
    )


@pytest.mark.parametrize(
    ("lang", "typed", "spoken", "mended"),
    [
        pytest.param("es", "the backup never finishes", "en", None, id="a sentence"),
        pytest.param("en", "factura", "es", "factory", id="one word may be a mistake as well"),
        pytest.param("es", "installation erorr", None, "instalación error", id="nobody's words"),
        pytest.param("en", "the backup nevr finishes", None, "the backup never finishes", id="own"),
        pytest.param("es", "backup", None, None, id="known here"),
        pytest.param("es", "E000101F4 12", None, None, id="a code is of no language"),
        pytest.param("es", "", None, None, id="nothing"),
    ],
)
def test_words_of_another_language(
    both: Index, lang: str, typed: str, spoken: str | None, mended: str | None
) -> None:
    found = both.search(Query(typed, lang))
    assert (found.spoken, found.suggestion) == (spoken, mended)


def test_the_other_language_is_named_where_nothing_is_found_here(both: Index) -> None:
    found = both.search(Query("factory settings program", "es"))
    assert (found.total, found.spoken) == (0, "en")
    assert found.facets.languages == {"en": 1}


def test_no_language_is_named_for_words_that_only_agents_may_read(both: Index) -> None:
    assert both.search(Query("kryptonite harmless", "es")).spoken is None
    assert both.search(Query("kryptonite harmless", "es", audiences=AGENT)).spoken == "en"


def test_a_site_in_one_language_has_no_other(tmp_path: Path) -> None:
    alone = index_of(tmp_path / "index", document("1", title="The backup never finishes"))
    assert alone.search(Query("la copia no termina", "en")).spoken is None
