"""Rows a second of `kb licences import`, as a ratio to bare inserts of the same rows."""

import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path

from kb.actions.licence_import import import_licences
from kb.content.policy_source import load_policy
from kb.store import Database, migrate

ROOT = Path(__file__).parent.parent
ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
ROUNDS = 3


def lines() -> list[str]:
    """Return a list of sold licences as CSV lines."""
    body = (f"NBS12{n:020d},backup-server,12,premier,2026-01-02\n" for n in range(ROWS))
    return ["key,product,version,plan,sold_on\n", *body]


def bare(folder: Path, rows: list[str]) -> float:
    """Return the seconds of nothing but inserts into a table with a unique column."""
    path = folder / f"bare-{time.monotonic_ns()}.db"
    with sqlite3.connect(path) as conn:
        conn.execute("create table l (key text unique, product text, version text, plan text, d)")
        start = time.perf_counter()
        values = (tuple(row.strip().split(",")) for row in rows[1:])
        conn.executemany("insert into l values (?, ?, ?, ?, ?)", values)
        conn.commit()
        return time.perf_counter() - start


def ours(folder: Path, rows: list[str]) -> float:
    """Return the seconds of the checked import into a new database."""
    policy, _ = load_policy(ROOT, ("es", "en"))
    assert policy is not None
    url = f"sqlite:///{folder / f'ours-{time.monotonic_ns()}.db'}"
    migrate(url)
    db = Database(url)
    start = time.perf_counter()
    done = import_licences(db, policy, "secret", rows)
    seconds = time.perf_counter() - start
    assert done.added == ROWS
    db.close()
    return seconds


def main() -> None:
    """Print seconds and ratio, medians of a few rounds in turn."""
    rows = lines()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        pairs = [(ours(folder, rows), bare(folder, rows)) for _ in range(ROUNDS)]
    mine, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"{'licences import':<18}{'seconds':>9}{'rows/s':>10}{'bare':>9}{'ratio':>8}")
    print(f"{ROWS:<18,}{mine:>9.1f}{ROWS / mine:>10,.0f}{theirs:>9.2f}{mine / theirs:>8.1f}")


if __name__ == "__main__":
    main()
