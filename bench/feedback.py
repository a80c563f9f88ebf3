"""The listening queue at 10,000 and 100,000 messages, on SQLite and on PostgreSQL (R51).

Time is that of the application, as in `desk_queue.py`: the whole call of a signed-in agent. Each
message has words, one of three languages and five kinds, half of them an article, a third a tag;
all but the newest thousand are read by somebody, most by this agent. Aim: 50 ms at 100,000."""

import os
import random
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import insert, text

from bench import desk_queue
from bench.desk_queue import NOW, SIZES, WORDS
from bench.rounds import Row, at_most, show
from kb.rules.case_search import words_of
from kb.rules.feedback import FeedbackKind
from kb.store import Database, migrate
from kb.store.desk_tables import feedback_product, feedback_read, feedback_tag
from kb.store.tables import user, vote
from kb.store.voice_tables import feedback
from tests.postgres import NoServer, running_server

ROUNDS = 15
CHANCE = random.Random()  # noqa: S311 # the same messages each time, no secrets
KINDS = [str(kind) for kind in FeedbackKind]
PAGES = {
    "all": "",
    "nobody has read it": "?read=nobody",
    "this agent has not": "?read=me",
    "a kind": "?kind=complaint",
    "a tag": "?tag=tag-3",
    "an article": "?article=1042",
    "a language and product": "?spoken=es&product=backup-home",
    "a month, years back": "?since=2025-01-01&until=2025-01-31",
    "a rare word": "?q=word123",
    "common words": "?q=copia+servidor",
    "far back": "?before=900",
    "trends, twelve weeks": "/trends",
    "trends, twelve months": "/trends?by=month",
}


def fill(db: Database, size: int) -> None:
    """Insert agents and messages as fast as the database takes rows."""
    CHANCE.seed(size)
    with db.write() as conn:
        conn.execute(insert(user), [desk_queue.person(id_) for id_ in range(1, 12)])
        said = [_said(id_, size) for id_ in range(1, size + 1)]
        conn.execute(insert(feedback), said)
        marked = [one for one in said if one["id"] <= size - 1000]
        conn.execute(
            insert(feedback_read),
            [
                {"feedback_id": one["id"], "user_id": by, "at": NOW}
                for one in marked
                for by in ((1, 2) if one["id"] % 50 else (2,))
            ],
        )
        tagged = [
            {"feedback_id": one["id"], "tag": f"tag-{one['id'] % 30}"}
            for one in said
            if one["id"] % 3 == 0
        ]
        conn.execute(insert(feedback_tag), tagged)
        about = [
            {"feedback_id": one["id"], "product": CHANCE.choice(desk_queue.PRODUCTS)}
            for one in said
            if one["article_id"]
        ]
        conn.execute(insert(feedback_product), about)
        votes = [
            {"article_id": 1000 + id_ % 500, "lang": "es", "helpful": bool(id_ % 3), "words": "",
             "reason": "",
             "visitor": str(id_), "at": NOW - timedelta(minutes=id_ * 8)}
            for id_ in range(1, size + 1)
        ]  # fmt: skip
        conn.execute(insert(vote), votes)
        _words(conn, said, is_sqlite=db.is_sqlite)
        if db.is_sqlite:
            conn.execute(text("ANALYZE"))
    if not db.is_sqlite:
        url = db.url.render_as_string(False).replace("+psycopg", "")
        with psycopg.connect(url, autocommit=True) as raw:
            raw.execute("VACUUM ANALYZE")


def _words(conn: Any, said: list[dict[str, Any]], *, is_sqlite: bool) -> None:
    words = [{"n": one["id"], "w": list(words_of(one["text"]))} for one in said]
    if is_sqlite:
        statement = "INSERT INTO feedback_search (rowid, words) VALUES (:n, :w)"
        words = [{"n": one["n"], "w": " ".join(one["w"])} for one in words]
    else:
        statement = "INSERT INTO feedback_search (id, words) VALUES (:n, array_to_tsvector(:w))"
    conn.execute(text(statement), words)


def _said(id_: int, size: int) -> dict[str, Any]:
    at = NOW - timedelta(minutes=(size - id_) * 8)
    words = [*CHANCE.choices(WORDS, k=25), f"word{id_ % (size // 25)}"]
    return {
        "id": id_,
        "kind": CHANCE.choice(KINDS),
        "text": " ".join(words),
        "lang": CHANCE.choice(("es", "en", "fr")),
        "at": at,
        "day": at.date(),
        "article_id": 1000 + CHANCE.randrange(500) if id_ % 2 else None,
        "read_at": NOW if id_ <= size - 1000 else None,
    }


def measure(clients: dict[int, Any]) -> dict[int, dict[str, float]]:
    """Return by size the lower quartile of the milliseconds of every page."""
    taken: dict[int, dict[str, list[float]]] = {size: {n: [] for n in PAGES} for size in clients}
    for _ in range(ROUNDS):
        for name, query in PAGES.items():
            for size, client in clients.items():
                start = time.perf_counter()
                answer = client.get(f"/es/desk/feedback{query}")
                taken[size][name].append((time.perf_counter() - start) * 1000)
                assert answer.status_code == 200, (name, answer.status)
    return {
        size: {name: statistics.quantiles(times, n=4)[0] for name, times in of.items()}
        for size, of in taken.items()
    }


def run(name: str, folder: Path, urls: dict[int, str]) -> list[Row]:
    """Fill and measure both sizes on one database; the whole download last."""
    for size, url in urls.items():
        migrate(url)
        db = Database(url)
        fill(db, size)
        db.close()
    clients = {size: desk_queue.client(folder, url) for size, url in urls.items()}
    found = measure(clients)
    start = time.perf_counter()
    lines = clients[SIZES[1]].get("/es/desk/feedback/feedback.csv").get_data().count(b"\r\n")
    spent = time.perf_counter() - start
    for one in clients.values():
        one.application.extensions["waypost"].db.close()
    small, large = (found[size] for size in SIZES)
    rows = [
        at_most(
            f"{name}, {page}",
            large[page],
            50 if "trends" not in page else 200,  # they add up everything of their time
            "ms",
            f" (10,000: {small[page]:.3g})",
        )
        for page in PAGES
    ]
    return [*rows, Row(f"{name}, download of {lines - 1:,}", f"{spent:.1f} s")]


def main() -> None:
    """Print app times of the listening queue beside their aims."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        desk_queue.compile_vendor(folder)
        lite = {size: f"sqlite:///{folder}/f{size}.db" for size in SIZES}
        show("The listening queue on SQLite", run("SQLite", folder, lite))
        try:
            with running_server() as address:
                urls = desk_queue.databases(address)
                show("The listening queue on PostgreSQL", run("PostgreSQL", folder, urls))
        except NoServer as missing:
            print(f"PostgreSQL: not measured, {missing}")


if __name__ == "__main__":
    os.environ.pop("KB_DATABASE_URL", None)
    sys.exit(main())
