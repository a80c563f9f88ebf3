"""The engines we measure ourselves against, each tuned fairly: stemming, title boost, OR."""

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

Finder = Callable[[str], list[str]]
_WORD = re.compile(r"\w+")
_LANGUAGES = {"en": "english", "es": "spanish"}


def finders(texts: list[dict], lang: str, scratch: Path) -> dict[str, Finder]:
    """Index the texts with every engine that is installed."""
    found = {"fts5": fts5(texts, lang), "whoosh": whoosh(texts, lang, scratch / f"whoosh-{lang}")}
    try:
        found["tantivy"] = tantivy(texts, lang)
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


def tantivy(texts: list[dict], lang: str) -> Finder:
    """Tantivy (Rust) with its stemmer, title twice."""
    import tantivy as engine

    stemmer = f"{lang}_stem"
    builder = engine.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    for field in ("title", "body"):
        builder.add_text_field(field, tokenizer_name=stemmer)
    made = engine.Index(builder.build())
    analyzer = (
        engine.TextAnalyzerBuilder(engine.Tokenizer.simple())
        .filter(engine.Filter.remove_long(40))
        .filter(engine.Filter.lowercase())
        .filter(engine.Filter.stemmer(_LANGUAGES[lang]))
        .build()
    )
    made.register_tokenizer(stemmer, analyzer)
    writer = made.writer(256_000_000)
    for text in texts:
        document = engine.Document()
        for field in ("id", "title", "body"):
            document.add_text(field, text[field])
        writer.add_document(document)
    writer.commit()
    made.reload()
    searcher = made.searcher()

    def find(text: str) -> list[str]:
        words = " ".join(_WORD.findall(text)).lower()
        asked, _ = made.parse_query_lenient(words, ["title", "body"], field_boosts={"title": 2.0})
        hits = searcher.search(asked, 10).hits
        return [searcher.doc(address)["id"][0] for _, address in hits]

    return find
