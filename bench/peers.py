"""The engines we measure ourselves against, each tuned fairly: stemming, title boost, OR."""

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

Finder = Callable[[str], list[str]]
_WORD = re.compile(r"\w+")
_LANGUAGES = {"en": "english", "es": "spanish"}


def finders(
    texts: list[dict],
    lang: str,
    scratch: Path,
    only: tuple[str, ...] = ("fts5", "whoosh", "tantivy"),
) -> dict[str, Finder]:
    """Index the texts with every engine that is installed."""
    found: dict[str, Finder] = {}
    if "fts5" in only:
        found["fts5"] = fts5(texts, lang)
    if "whoosh" in only:
        found["whoosh"] = whoosh(texts, lang, scratch / f"whoosh-{lang}")
    if "tantivy" in only:
        try:
            found["tantivy"] = Tantivy(texts, lang)
        except ImportError:
            print("tantivy is not installed (requirements/bench.txt): left out")
    return found


def fts5(texts: list[dict], lang: str) -> Finder:
    """SQLite's FTS5 with bm25, title four times; its Porter stemmer is English only."""
    stem = "porter " if lang == "en" else ""
    db = sqlite3.connect(":memory:")
    db.execute(
        "CREATE VIRTUAL TABLE doc USING fts5(id UNINDEXED, title, body, "
        f"tokenize='{stem}unicode61 remove_diacritics 2')"
    )
    db.executemany("INSERT INTO doc VALUES (:id, :title, :body)", texts)

    def find(text: str) -> list[str]:
        words = " OR ".join(f'"{word}"' for word in _WORD.findall(text))
        if not words:
            return []
        rows = db.execute(
            "SELECT id FROM doc WHERE doc MATCH ? ORDER BY bm25(doc, 0, 4, 1) LIMIT 10", (words,)
        )
        return [id_ for (id_,) in rows]

    return find


def whoosh(texts: list[dict], lang: str, folder: Path) -> Finder:
    """Whoosh's own analysis, postings and searcher, title twice."""
    from whoosh import fields, index, query
    from whoosh.analysis import LanguageAnalyzer

    analyzer = LanguageAnalyzer(lang)
    schema = fields.Schema(
        id=fields.ID(stored=True),
        title=fields.TEXT(analyzer, phrase=False),
        body=fields.TEXT(analyzer, phrase=False),
    )
    folder.mkdir(parents=True)
    made = index.create_in(str(folder), schema)
    writer = made.writer(limitmb=512)
    for text in texts:
        writer.add_document(id=text["id"], title=text["title"], body=text["body"])
    writer.commit()
    searcher = made.searcher()

    def find(text: str) -> list[str]:
        words = list(dict.fromkeys(token.text for token in analyzer(text)))
        asked = query.Or(
            [query.Term("title", word, boost=2.0) for word in words]
            + [query.Term("body", word) for word in words]
        )
        return [hit["id"] for hit in searcher.search(asked, limit=10)]

    return find


class Tantivy:
    """Tantivy (Rust) with its stemmer, title twice; calling it finds. The body is stored only where
    snippets are wanted, as reading it costs time."""

    def __init__(self, texts: list[dict], lang: str, *, body: bool = False) -> None:
        import tantivy

        self.engine = tantivy
        stemmer = f"{lang}_stem"
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw")
        builder.add_text_field("title", stored=True, tokenizer_name=stemmer)
        builder.add_text_field("body", stored=body, tokenizer_name=stemmer)
        self.schema = builder.build()
        self.index = tantivy.Index(self.schema)
        analyzer = (
            tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
            .filter(tantivy.Filter.remove_long(40))
            .filter(tantivy.Filter.lowercase())
            .filter(tantivy.Filter.stemmer(_LANGUAGES[lang]))
            .build()
        )
        self.index.register_tokenizer(stemmer, analyzer)
        writer = self.index.writer(256_000_000)
        for text in texts:
            document = tantivy.Document()
            for field in ("id", "title", "body"):
                document.add_text(field, text[field])
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()
        self.searcher = self.index.searcher()

    def asked(self, text: str) -> object:
        words = " ".join(_WORD.findall(text)).lower()
        return self.index.parse_query_lenient(
            words, ["title", "body"], field_boosts={"title": 2.0}
        )[0]

    def __call__(self, text: str) -> list[str]:
        hits = self.searcher.search(self.asked(text), 10).hits
        return [self.searcher.doc(address)["id"][0] for _, address in hits]


def tantivy_snippets(engine: Tantivy) -> Finder:
    """The same with its snippets of the body."""

    def find(text: str) -> list[str]:
        asked = engine.asked(text)
        maker = engine.engine.SnippetGenerator.create(engine.searcher, asked, engine.schema, "body")
        hits = engine.searcher.search(asked, 10).hits
        found = [engine.searcher.doc(address) for _, address in hits]
        return [maker.snippet_from_doc(document).to_html() for document in found]

    return find
