"""What counting an answer costs: the answer's redirect with and without it, and the figures.

    python -m bench.walks [--walks N]

The peer is the same redirect of the same application with counting switched off, asked in turn.
Then 13 months of walks are written and added up: without sums of the weeks before (the first look
ever), by the worker that keeps those sums, and then as a server and `kb tree stats` do. A walk has
seven answers; `--walks 142858` is a million of them in one tree."""

import argparse
import random
import re
import statistics
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask.testing import FlaskClient

from kb.actions.compile_site import compile_site
from kb.actions.walk_weeks import sum_weeks
from kb.actions.walks import WalkFigures
from kb.app import create_app
from kb.rules.tree_figures import Ending, Trace
from kb.settings import read_settings
from kb.store import Database, migrate, walks

ROOT = Path(__file__).parent.parent
TREE = "/en/troubleshoot/backup-fails/"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
ROUNDS = 400


def answer_of(client: FlaskClient) -> str:
    """Return the address of the first answer to the tree's first question."""
    page = client.get(TREE, follow_redirects=True).get_data(as_text=True)
    found = re.search(r'type="radio" name="([^"]+)" value="([^"]+)"', page)
    assert found
    return f"{TREE}?{found[1]}={found[2]}&_asked={found[1]}"


def timed(client: FlaskClient, url: str) -> float:
    """Return the milliseconds of one answer."""
    begun = time.perf_counter()
    assert client.get(url).status_code == 302
    return (time.perf_counter() - begun) * 1000


def a_year(number: int, now: datetime) -> list[Trace]:
    """Make up walks of seven answers, spread over 13 months."""
    made = []
    for walk in range(number):
        at = now - timedelta(days=random.random() * 395)  # noqa: S311 # no secret
        for step in range(7):
            ending = Ending.SOLVED if step == 6 and walk % 3 else Ending.NONE
            told = ("backup-fails", "r", "en", f"w{walk}", f"n{step}", "x", f"n{step + 1}", ending)
            made.append(Trace(*told, at + timedelta(seconds=40 * step)))
    return made


def looks(db: Database, now: datetime, kept: str) -> None:
    """Print the time of the first look in a process, and of the next; processor time too."""
    for days in (28, 396):
        figures = WalkFigures(db)
        for look in ("first look", "again"):
            begun, used = time.perf_counter(), time.process_time()
            sums = figures.of("backup-fails", now, days=days)
            took, used = time.perf_counter() - begun, time.process_time() - used
            print(
                f"figures of {days} days, {sums.walks} walks, {kept}, {look}: "
                f"{1000 * took:.0f} ms, {1000 * used:.0f} ms of processor time"
            )


def main() -> None:
    """Measure both, and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--walks", type=int, default=20_000)
    number = parser.parse_args().walks
    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings({"KB_VAR": folder, "KB_SECRET_KEY": "bench " * 8}, ROOT)
        compile_site(settings)
        migrate(settings.database_url)
        apps = [create_app(replace(settings, count_walks=count)) for count in (True, False)]
        clients = [app.test_client() for app in apps]
        for client in clients:
            client.environ_base["HTTP_USER_AGENT"] = BROWSER
        url = answer_of(clients[0])
        times: tuple[list[float], list[float]] = ([], [])
        for _ in range(ROUNDS):
            for client, found in zip(clients, times, strict=True):
                found.append(timed(client, url))
        apps[0].extensions["waypost-walks"].flush()
        for name, found in zip(("counted", "not counted"), times, strict=True):
            high = sorted(found)[int(len(found) * 0.95)]
            print(f"{name:12} p50 {statistics.median(found):.2f} ms   p95 {high:.2f} ms")
        print(f"ratio        {statistics.median(times[0]) / statistics.median(times[1]):.2f}")
        db, now = Database(settings.database_url), datetime.now(UTC)
        with db.write() as conn:
            walks.add(conn, a_year(number, now))
        looks(db, now, "without sums")
        begun = time.perf_counter()
        weeks = sum_weeks(db, now)
        print(f"the worker's sums of {weeks} weeks: {1000 * (time.perf_counter() - begun):.0f} ms")
        looks(db, now, "with sums")
        db.close()


if __name__ == "__main__":
    main()
