"""Registering 1,000 keys at once; cases that fight for paid incidents: none is ever used twice.

On SQLite and on PostgreSQL. The peer of the registration is a bare insert of the same rows, each in
a statement of its own, in one transaction."""

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select, text

from kb.actions.assets import KeyOutcome, register_keys
from kb.actions.cases import CaseForm, Opened, open_case
from kb.actions.licence_import import import_licences
from kb.bundled import TEMPLATES
from kb.content.policy_source import load_policy
from kb.mail import Letters
from kb.rules.contact import Wish
from kb.rules.policy import Policy
from kb.rules.texts import Text
from kb.store import Database, licences, migrate, users
from kb.store.tables import incident_credit
from kb.store.users import NewUser
from tests.postgres import NoServer, running_server

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
SECRET = "secret of the benchmark"  # noqa: S105 # of no site
KEYS = 1000
CREDITS, TRIES, THREADS = 50, 400, 8


def policy() -> Policy:
    """Return the vendor site's policy."""
    found, problems = load_policy(ROOT, ("es", "en"))
    if found is None:
        sys.exit("\n".join(map(str, problems)))
    return found


@contextmanager
def databases() -> Iterator[list[tuple[str, Database]]]:
    """Two new databases; PostgreSQL only where it is installed."""
    folder = Path(tempfile.mkdtemp())
    found = [("sqlite", f"sqlite:///{folder / 'bench.db'}")]
    try:
        with running_server() as address:
            found.append(("postgresql", f"{address}/postgres"))
            yield [(name, _opened(url)) for name, url in found]
    except NoServer as missing:
        print(missing)
        yield [(name, _opened(url)) for name, url in found]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _opened(url: str) -> Database:
    migrate(url)
    return Database(url)


def customer(db: Database, name: str) -> int:
    """Make a confirmed account."""
    new = NewUser(f"{name}@example.com", f"{name}@example.com", "Ana", "Prieto", "ES", "es", "none")
    with db.write() as conn:
        made = users.add(conn, new, NOW)
    assert made is not None
    return made


def register(db: Database, vendor: Policy) -> tuple[float, float]:
    """Return the seconds of registering KEYS keys in one paste, and of bare inserts."""
    keys = [f"NBS12{number:020d}" for number in range(KEYS)]
    rows = [f"{key},backup-server,12,2026-11-20\n" for key in keys]
    import_licences(db, vendor, SECRET, ["key,product,version,sold_on\n", *rows])
    user = customer(db, "keys")
    start = time.perf_counter()
    answers = register_keys(db, vendor, user, "\n".join(keys), NOW, secret=SECRET)
    mine = time.perf_counter() - start
    assert [one.outcome for one in answers] == [KeyOutcome.REGISTERED] * KEYS
    with db.write() as conn:
        conn.execute(text("create table bare (id integer primary key, a text unique, b text)"))
        start = time.perf_counter()
        for number in range(KEYS):
            conn.execute(
                text("insert into bare values (:n, :a, 'b')"), {"n": number, "a": str(number)}
            )
    return mine, time.perf_counter() - start


def fight(db: Database, vendor: Policy) -> tuple[float, int, int]:
    """Let TRIES cases fight for CREDITS paid incidents; returns seconds, cases and doubles."""
    user = customer(db, "fight")
    key = "NBS11" + "9" * 20
    row = f"{key},backup-server,11,2020-01-01\n"
    import_licences(db, vendor, SECRET, ["key,product,version,sold_on\n", row])
    (answer,) = register_keys(db, vendor, user, key, NOW, secret=SECRET)
    with db.write() as conn:
        for _ in range(CREDITS):
            licences.add_credit(conn, user, answer.asset_id, NOW)
    brand = Text({"es": "Norvault", "en": "Norvault"})
    letters = Letters((TEMPLATES / "mail",), "a@example.com", "https://example.com", SECRET, brand)
    wish = Wish(request="technical", topic="backup", edition="full", asset=answer.asset_id)
    form = CaseForm("phone", "B", "t", "d", "es", "Ana", "Prieto", "a@example.com")

    def one(number: int) -> bool:
        done = open_case(
            db, vendor, letters, user, wish, form, submission_id=f"form {number}", now=NOW
        )
        return isinstance(done, Opened)

    start = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        opened = sum(pool.map(one, range(TRIES)))
    seconds = time.perf_counter() - start
    with db.read() as conn:
        used = select(func.count()).where(incident_credit.c.case_number.is_not(None))
        spent = int(conn.execute(used).scalar_one())
    return seconds, opened, opened - spent + abs(spent - CREDITS)


def main() -> None:
    """Print the figures for each database."""
    vendor = policy()
    with databases() as found:
        for name, db in found:
            mine, bare = register(db, vendor)
            told = f"{KEYS:,} keys {mine:.2f} s = {KEYS / mine:,.0f}/s, bare inserts {bare:.2f} s"
            print(f"{name:<12}{told}, ratio {mine / bare:.1f}")
            seconds, opened, doubles = fight(db, vendor)
            told = f"{TRIES} cases for {CREDITS} paid incidents on {THREADS} threads: "
            print(f"{name:<12}{told}{opened} opened, {doubles} doubles, {seconds:.1f} s")
            db.close()


if __name__ == "__main__":
    main()
