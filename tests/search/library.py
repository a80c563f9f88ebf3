"""Documents to search in tests: builders with full defaults, and hypothesis strategies."""

from pathlib import Path

from hypothesis import strategies as st

from kb.search.documents import Document
from kb.search.index import Index, Query, build

TEXT = """
    backup vault space quota disk restore boot licence key agent server network slow error
    update scheduler task password mail report email E000101F4 0x8007000E 11.5 snapshots
"""
WORDS = TEXT.split()


def document(id: str = "1", **fields: object) -> Document:
    """A public article; name only what matters to the test."""
    given: dict[str, object] = {"lang": "en", "title": f"Article {id}", "url": f"/en/kb/{id}"}
    return Document(id=id, **(given | fields))  # type: ignore[arg-type]


def index_of(folder: Path, *documents: Document) -> Index:
    """Build and open an index of these documents."""
    build(folder, documents)
    return Index.open(folder)


def texts(most: int = 30) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(WORDS), min_size=1, max_size=most).map(" ".join)


@st.composite
def libraries(draw: st.DrawFn, least: int = 1) -> list[Document]:
    """A handful of documents about few words, so that they compete."""
    ids = draw(st.lists(st.integers(1, 15), min_size=least, max_size=12, unique=True))
    return [
        document(
            str(id_),
            title=draw(texts(6)),
            summary=draw(texts(8)),
            body=draw(texts(40)),
            keywords=tuple(draw(st.lists(st.sampled_from(WORDS), max_size=2))),
            error_codes=tuple(draw(st.lists(st.just("E000101F4"), max_size=1))),
        )
        for id_ in ids
    ]


def ids(index: Index, text: str, lang: str = "en", **fields: object) -> list[str]:
    query = Query(text, lang, **fields)  # type: ignore[arg-type]
    return [hit.id for hit in index.search(query).hits]
