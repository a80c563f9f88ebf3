"""The agents' queue at 10,000 and at 100,000 cases, on SQLite and on PostgreSQL.

Time is that of the application: the whole WSGI call of a signed-in agent, HTML and database
included; the lower quartile of the rounds, since other work on the machine only adds. Growth is the
median of the rounds' ratios, both sizes being asked one after the other in each. A tenth of
the cases is alive; every case has three messages, its words in the index, promises and tags. Aims:
under 50 ms, and from 10,000 to 100,000 at most 1.3×. django-helpdesk's ticket list at 100,000
tickets took 1.1 s on SQLite and 1.6 s on PostgreSQL on the machine where it was measured."""

import os
import random
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, insert, text

from bench.pages import ROOT
from bench.rounds import Row, at_most, show
from kb.rules.case_search import words_of
from kb.store import Database, migrate
from kb.store.case_tables import case_milestone
from kb.store.cases import NO_TIME
from kb.store.desk_tables import case_tag
from kb.store.tables import case, case_message, user
from tests.postgres import NoServer, running_server

SIZES = (10_000, 100_000)
ROUNDS = 25
CHANCE = random.Random()  # noqa: S311 # the same cases each time, no secrets
WARM = 3
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
FIRST = 1_000_000
STATES = ("new", "open", "open", "pending_customer", "on_hold")
REQUESTS = ("technical", "technical", "technical", "licence", "pre-sales")
PRODUCTS = ("backup-server", "backup-workstation", "backup-home", "backup-cloud")
WORDS = [
    "copia",
    "servidor",
    "disco",
    "detiene",
    "arranque",
    "licencia",
    "clave",
    "equipo",
    "nube",
    "error",
    "correo",
    "programa",
    "tarea",
    "nocturna",
    "restaurar",
    "imagen",
    "volumen",
    "sector",
    "agente",
    "consola",
    "informe",
    "almacenamiento",
    "red",
    "puerto",
]
QUERIES = {
    "all open": "",
    "one's own": "view=mine",
    "nobody's": "view=unassigned",
    "severity and product": "severity=A&product=backup-home",
    "late": "due=late",
    "request, by change": "kind=licence&sort=updated",
    "a tag": "tag=wave-1",
    "finished": "view=resolved&sort=newest",
    "search: number": f"q={FIRST + 77}",
    "search: rare word": "q=word123",
    "search: common words": "q=copia+servidor",
    "search: in a view": "view=unassigned&q=copia",
    "page 30": "page=30",
}


def fill(db: Database, size: int) -> None:
    """Insert agents, customers and cases as fast as the database takes rows."""
    CHANCE.seed(size)
    people = [person(id_) for id_ in range(1, 2 + max(50, size // 20))]
    with db.write() as conn:
        conn.execute(insert(user), people)
        for start in range(0, size, 5_000):
            _cases(conn, range(FIRST + start, FIRST + start + 5_000), len(people), size)
    if db.is_sqlite:
        with db.write() as conn:
            conn.execute(text("ANALYZE"))
        return
    with psycopg.connect(
        db.url.render_as_string(False).replace("+psycopg", ""), autocommit=True
    ) as c:
        c.execute("VACUUM ANALYZE")  # what autovacuum does a little later


def person(id_: int) -> dict[str, Any]:
    """A person as a row: the first ten are agents."""
    return {
        "id": id_,
        "email": f"p{id_}@example.com",
        "email_key": f"p{id_}@example.com",
        "first_name": f"Name{id_}",
        "last_name": "Prieto",
        "country": "ES",
        "lang": "es",
        "role": "agent" if id_ <= 10 else "customer",
        "password_hash": "none",
        "session_epoch": 1,
        "created_at": NOW,
        "confirmed_at": NOW,
        "mail_answers": False,
    }


def _cases(conn: Connection, numbers: range, people: int, size: int) -> None:
    made = [_case(number, people) for number in numbers]
    conn.execute(insert(case), made)
    conn.execute(insert(case_message), [one for row in made for one in _messages(row)])
    owed = [_promise(row) for row in made if row["owed_at"] != NO_TIME]
    conn.execute(insert(case_milestone), owed)
    waves = 25 * size // 10_000  # as many cases with a tag at either size
    tagged = [{"tag": f"wave-{n // 10 % waves}", "case_number": n} for n in numbers if n % 2 == 0]
    conn.execute(insert(case_tag), tagged)
    said = {row["number"]: _said(row, size) for row in made}
    if conn.dialect.name == "sqlite":
        words = [{"n": n, "w": " ".join(words_of(s))} for n, s in said.items()]
        conn.execute(text("INSERT INTO case_search (rowid, words) VALUES (:n, :w)"), words)
    else:
        rows = [{"n": n, "w": list(words_of(s))} for n, s in said.items()]
        statement = "INSERT INTO case_search (number, words) VALUES (:n, array_to_tsvector(:w))"
        conn.execute(text(statement), rows)


def _case(number: int, people: int) -> dict[str, Any]:
    alive = number % 10 == 0
    opened = NOW - timedelta(minutes=CHANCE.randrange(400_000))
    owes = alive and CHANCE.random() < 0.6
    return {
        "number": number,
        "user_id": CHANCE.randrange(11, people),
        "submission_id": str(number),
        "request": CHANCE.choice(REQUESTS),
        "topic": "backup",
        "edition": "full",
        "product": CHANCE.choice(PRODUCTS),
        "version": "12",
        "plan": "standard",
        "severity": CHANCE.choice("ABCD"),
        "channel": "email",
        "title": " ".join(CHANCE.choices(WORDS, k=6)).capitalize(),
        "lang": CHANCE.choice(("es", "en")),
        "contact": {},
        "details": {},
        "entitlement": {},
        "policy_revision": "bench",
        "state": CHANCE.choice(STATES) if alive else "closed",
        "alive": alive,
        "owed_at": NOW + timedelta(minutes=CHANCE.randrange(-600, 6000)) if owes else NO_TIME,
        "turn": -CHANCE.randrange(3),
        "assignee_id": None if CHANCE.random() < 0.4 else CHANCE.randrange(1, 11),
        "customer_spoke_last": bool(number % 2),
        "opened_at": opened,
        "updated_at": opened + timedelta(hours=2),
    }


def _messages(row: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "case_number": row["number"],
            "kind": "reply",
            "actor": "customer" if part % 2 == 0 else "agent",
            "author_id": row["user_id"],
            "body": " ".join(CHANCE.choices(WORDS, k=20)),
            "at": row["opened_at"] + timedelta(minutes=part),
        }
        for part in range(3)
    ]


def _promise(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "case_number": row["number"],
        "kind": "first_response",
        "calendar": "office",
        "started_at": row["opened_at"],
        "target_seconds": 3600,
        "due_at": row["owed_at"],
    }


def _said(row: dict[str, Any], size: int) -> str:
    rare = f"word{row['number'] % (size // 25)}"  # as many cases with it at either size
    more = CHANCE.choices(WORDS, k=12)
    return " ".join([str(row["number"]), row["title"], rare, f"name{row['user_id']}", *more])


def measure(clients: dict[int, Any]) -> dict[int, dict[str, list[float]]]:
    """Return by size the milliseconds of every query in each round; the sizes in turn, so that a
    busy moment of the machine hits both."""
    taken: dict[int, dict[str, list[float]]] = {
        size: {name: [] for name in QUERIES} for size in clients
    }
    for round_ in range(ROUNDS + WARM):
        for name, query in QUERIES.items():
            for size, client in clients.items():
                start = time.perf_counter()
                answer = client.get(f"/es/desk/?{query}")
                spent = (time.perf_counter() - start) * 1000
                assert answer.status_code == 200, (name, answer.status)
                if round_ >= WARM:
                    taken[size][name].append(spent)
    return taken


def client(folder: Path, url: str) -> Any:
    """The application on a database, as the first agent sees it."""
    from kb.app import create_app
    from kb.settings import read_settings

    env = {
        "KB_SITE": str(ROOT),
        "KB_VAR": str(folder),
        "KB_SECRET_KEY": "bench " * 8,
        "KB_DATABASE_URL": url,
    }
    app = create_app(read_settings(env))
    app.config["NOW"] = NOW
    browser = app.test_client()
    with browser.session_transaction() as session:
        session.update({"_user_id": "1:1", "_fresh": True})
    return browser


def run(name: str, folder: Path, urls: dict[int, str]) -> list[Row]:
    """Fill, measure and compare both sizes on one database."""
    for size, url in urls.items():
        migrate(url)
        db = Database(url)
        start = time.perf_counter()
        fill(db, size)
        db.close()
        print(f"{name}: {size:,} cases in {time.perf_counter() - start:.0f} s", flush=True)
    clients = {size: client(folder, url) for size, url in urls.items()}
    found = measure(clients)
    for one in clients.values():
        one.application.extensions["waypost"].db.close()
    small, large = (found[size] for size in SIZES)
    rows = []
    for query in QUERIES:
        spent = statistics.quantiles(large[query], n=4)[0]
        pairs = zip(large[query], small[query], strict=True)
        growth = statistics.median(more / less for more, less in pairs)
        rows.append(at_most(f"{name}, {query}", spent, 50, "ms"))
        rows.append(at_most("  growth", growth, 1.3, "×"))
    return rows


def main() -> None:
    """Print app times of the queue beside their aims."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        compile_vendor(folder)
        lite = {size: f"sqlite:///{folder}/q{size}.db" for size in SIZES}
        show("The queue on SQLite", run("SQLite", folder, lite))
        try:
            with running_server() as address:
                rows = run("PostgreSQL", folder, databases(address))
                show("The queue on PostgreSQL", rows)
        except NoServer as missing:
            print(f"PostgreSQL: not measured, {missing}")


def compile_vendor(folder: Path) -> None:
    """Compile the vendor site."""
    from kb.actions.compile_site import compile_site
    from kb.settings import read_settings

    compile_site(read_settings({"KB_SITE": str(ROOT), "KB_VAR": str(folder)}, ROOT))


def databases(address: str) -> dict[int, str]:
    """Make an empty database for each size."""
    plain = address.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(f"{plain}/postgres", autocommit=True) as conn:
        for size in SIZES:
            conn.execute(f"CREATE DATABASE queue_{size}".encode())
    return {size: f"{address}/queue_{size}" for size in SIZES}


if __name__ == "__main__":
    os.environ.pop("KB_DATABASE_URL", None)
    sys.exit(main())
