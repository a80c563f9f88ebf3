"""What one may not read changes nothing that one is shown."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from kb.search.documents import Document, Kind
from kb.search.forms import AUDIENCES
from kb.search.index import Index, Query, Results, build
from tests.search.library import WORDS, document, index_of, libraries

SECRET = ("kryptonite", "palladium", "zzyzx")
"""Words of documents that are not public alone."""
MISSPELT = ("kryptonte", "paladium", "bakcup", "vualt")


@st.composite
def shelves(draw: st.DrawFn) -> list[Document]:
    """Documents of every audience, kind and state; those that are not public have secrets too."""
    made = []
    for plain in draw(libraries(least=2)):
        audience = draw(st.sampled_from(AUDIENCES))
        secret = "" if audience == "public" else f" {draw(st.sampled_from(SECRET))}"
        made.append(
            replace(
                plain,
                audience=audience,
                title=plain.title + secret,
                body=plain.body + secret * 3,
                kind=draw(st.sampled_from([Kind.ARTICLE, Kind.ARTICLE, Kind.TREE])),
                type=draw(st.sampled_from(["faq", "how-to"])),
                products=draw(st.sampled_from([(), ("server@11-12",), ("home",)])),
                status=draw(st.sampled_from(["published", "archived"])),
            )
        )
    return made


def shown(results: Results) -> tuple[object, ...]:
    """Everything a search tells."""
    hits, trees = results.hits, results.trees
    return results.total, hits, trees, results.suggestion, results.corrected, results.facets


@settings(max_examples=60, deadline=None)
@given(
    shelves(),
    st.sampled_from([AUDIENCES[:1], AUDIENCES[:2]]),
    st.lists(st.sampled_from([*WORDS, *SECRET, *MISSPELT, '"backup vault"']), max_size=5),
)
def test_a_site_looks_as_if_what_one_may_not_read_were_not_there(
    documents: list[Document], may: tuple[str, ...], words: list[str]
) -> None:
    audiences = frozenset(may)
    query = Query(" ".join(words), "en", audiences=audiences, versions=("server@12",))
    with TemporaryDirectory() as name:
        build(Path(name) / "all", documents)
        build(Path(name) / "some", [d for d in documents if d.audience in audiences])
        whole, part = Index.open(Path(name) / "all"), Index.open(Path(name) / "some")
        if len(part.languages) == 0:
            assert whole.search(query).total == 0
            assert whole.suggest("ba", "en", 20, audiences) == ()
            return
        for asked in (query, replace(query, verbatim=True), replace(query, types=("tree",))):
            assert shown(whole.search(asked)) == shown(part.search(asked))
        for start in ("ba", "kry", "e0", query.text):
            suggested = whole.suggest(start, "en", 20, audiences)
            assert suggested == part.suggest(start, "en", 20, audiences)


def test_without_any_public_document_statistics_are_the_customers(tmp_path: Path) -> None:
    own = [document(str(n), body="vault quota " * n, audience="customers") for n in range(1, 5)]
    internal = document("9", title="Vault", body="vault " * 50, audience="internal")
    query = Query("vault quota", "en", audiences=frozenset({"public", "customers"}))
    without = index_of(tmp_path / "a", *own).search(query)
    beside = index_of(tmp_path / "b", *own, internal).search(query)
    assert shown(without) == shown(beside)
