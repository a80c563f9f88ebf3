"""Opening cases over HTTP: four clients post the case form, on SQLite and on PostgreSQL.

The peer is django-helpdesk's public form, run the same way where KB_BENCH_HELPDESK names a Python
that has it (`python -m venv X && X/bin/pip install django-helpdesk "psycopg[binary]" gunicorn`);
without it, rates measured before on two cores are printed and said to be so.

Every case of ours is the whole transaction: entitlement decided anew, row, number, message, event,
promise, mail in the outbox, audit; confirmed when it is on disk. They are counted. A ratio is to
ours that promises the same: on SQLite there is one more pair, of which neither waits for the disk.
"""

import http.client
import os
import re
import secrets
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from bench.forms import CLIENTS, WORKERS, Sender, get, post, processor_seconds, rate
from bench.helpdesk import helpdesk, tuned
from bench.pages import ROOT, SITE, served, session_of
from tests.postgres import NoServer, running_server

ROUNDS = 3
PEOPLE = 40  # accounts the cases are spread over
MEASURED = {  # of the peer, before, on two quiet cores with one process
    "SQLite": {" as it comes": 64.0, " with WAL, IMMEDIATE": 156.0},
    "PostgreSQL": {"": 123.0},
}
WITHOUT_WAITING = "import kb.store.database\nkb.store.database._sync = lambda file: None\n"
FORM = "/en/contact/case?request=technical&edition=full&topic=backup&channel=email&asset={asset}"


# Waypost ------------------------------------------------------------------------------------------


@contextmanager
def waypost(
    folder: Path, url: str, source: str = SITE
) -> Iterator[tuple[int, list[Sender], Callable[[], int]]]:
    """Serve the vendor site on a database, with people who are signed in."""
    var = folder / f"var-{secrets.token_hex(3)}"
    env = {
        **os.environ,
        "KB_SITE": str(ROOT),
        "KB_VAR": str(var),
        "KB_SECRET_KEY": "bench " * 8,
        "KB_DATABASE_URL": url or f"sqlite:///{var}/waypost.db",
    }
    kb = [sys.executable, "-m", "kb", "--site", str(ROOT)]
    subprocess.run([*kb, "index"], env=env, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    people, count = _people(env)
    with served(source, folder, f"cases_{secrets.token_hex(3)}", env, WORKERS) as port:
        yield port, [_sender(port, cookie, asset) for cookie, asset in people], count


def _people(env: dict[str, str]) -> tuple[list[tuple[str, int]], Callable[[], int]]:
    """Make accounts with a product under the premier plan; return (cookie, asset) of each."""
    from sqlalchemy import text

    from kb.actions.live_site import LiveSite
    from kb.app import create_app
    from kb.settings import read_settings
    from kb.store import Database, migrate
    from tests.actions.people import customer, own

    settings = read_settings(env)
    migrate(settings.database_url)
    db = Database(settings.database_url)
    policy = LiveSite(settings.var).current().site.policy
    app = create_app(settings)
    made = []
    for index in range(PEOPLE):
        user = customer(db, f"bench{index}@example.com")
        key = f"NBS12-BENCH-{index:05d}-MNPQR-STVWX"
        asset = own(db, policy, user, key, plan="premier", sold_on=datetime.now(UTC).date())
        made.append((session_of(app, user), asset))

    def count() -> int:
        with db.read() as conn:
            cases = conn.execute(text('SELECT count(*) FROM "case"')).scalar_one()
            mails = conn.execute(text("SELECT count(*) FROM outbox")).scalar_one()
        assert cases == mails, (cases, mails)
        return int(cases)

    return made, count


def _sender(port: int, cookie: str, asset: int) -> Sender:
    path = FORM.format(asset=asset)
    page, more = get(port, path, cookie)
    fields = dict(re.findall(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', page))
    areas = re.findall(r'<textarea[^>]* name="([^"]+)"', page)
    fields |= dict.fromkeys(areas, "The nightly copy stops at 02:10.\nIt says E000101F4.")
    fields |= {
        "reason": "backup",
        "severity": "A",
        "phone": "+34 600 000 000",
        "country": "ES",
        "seen": "yes",
    }
    return Sender(path, more or cookie, fields, ("title", "submission"))


# Both ---------------------------------------------------------------------------------------------

Served = tuple[int, list[Sender], Callable[[], int]]


@dataclass
class Measured:
    """What one server did in the rounds: cases a second, milliseconds of processor a case."""

    name: str
    served: Served
    exact: bool  # whether every good answer must be a case, and every answer good
    beside: "Measured | None" = None  # ours that promises the same
    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    errors: int = 0

    def warm_up(self) -> None:
        """Send a form from each client, so that every process has begun."""
        port, senders, _ = self.served
        for sender in senders[: 2 * CLIENTS]:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            status = post(line, sender)
            assert status == 302, (self.name, status)
            line.close()

    def round(self) -> None:
        """Send forms for some seconds."""
        port, senders, count = self.served
        before, used = count() if self.exact else 0, processor_seconds(port)
        speed, made, errors = rate(port, senders)
        self.costs.append((processor_seconds(port) - used) * 1000 / max(made, 1))
        self.rates.append(speed)
        self.errors += errors
        if self.exact:
            assert errors == 0, f"{errors} forms were not taken"
            assert count() - before == made, (count() - before, made)


def compare(title: str, all_of_them: list[Measured]) -> None:
    """Load the servers in turn, round by round, and print their medians."""
    for one in all_of_them:
        one.warm_up()
    for _ in range(ROUNDS):
        for one in all_of_them:
            one.round()
    print(
        f"{title}: cases a second, {CLIENTS} clients, {WORKERS} processes each, "
        f"medians of {ROUNDS} rounds in turn; load of the machine {os.getloadavg()[0]:.1f}"
    )
    ours = statistics.median(all_of_them[0].rates)
    for one in all_of_them:
        speed, cost = statistics.median(one.rates), statistics.median(one.costs)
        said = f"  {one.name:<42}{speed:>5.0f}/s  {cost:>5.1f} ms of processor a case"
        errors = f", {one.errors} errors" if one.errors else ""
        ratio = statistics.median(one.beside.rates) / speed if one.beside else 0
        print(said + errors + (f"  ratio {ratio:4.1f} (aim 2)" if ratio else ""))
    if len(all_of_them) == 1:
        for how, speed in MEASURED[title].items():
            print(
                f"  django-helpdesk{how}: {speed:.0f}/s, measured before; ratio {ours / speed:.1f}"
            )


def main() -> None:
    """Print cases a second on each database beside the peer's."""
    python = os.environ.get("KB_BENCH_HELPDESK", "")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        _on_sqlite(python, folder)
        try:
            with running_server(durable=True) as address:
                _on_postgres(python, folder, address)
        except NoServer as missing:
            print(f"PostgreSQL: not measured, {missing}")


def _on_sqlite(python: str, folder: Path) -> None:
    with ExitStack() as stack:
        safe = Measured("Waypost", stack.enter_context(waypost(folder, "")), exact=True)
        rows = [safe]

        def peer(name: str, beside: Measured, **options: object) -> None:
            file = str(folder / f"helpdesk-{len(rows)}.db")
            database = {"ENGINE": "django.db.backends.sqlite3", "NAME": file, **options}
            theirs = stack.enter_context(helpdesk(python, folder, database))
            rows.append(Measured(f"django-helpdesk, {name}", theirs, exact=False, beside=beside))

        if python:
            peer("as it comes", safe)
            peer("WAL, IMMEDIATE, FULL", safe, OPTIONS=tuned("FULL"))
            site = stack.enter_context(waypost(folder, "", WITHOUT_WAITING + SITE))
            hasty = Measured("Waypost, not waiting for the disk", site, exact=True)
            rows.append(hasty)
            peer("WAL, IMMEDIATE, NORMAL", hasty, OPTIONS=tuned("NORMAL"))
        compare("SQLite", rows)


def _on_postgres(python: str, folder: Path, address: str) -> None:
    import psycopg

    plain = address.replace("postgresql+psycopg", "postgresql")
    for name in ("waypost_bench", "helpdesk_bench"):
        with psycopg.connect(f"{plain}/postgres", autocommit=True) as conn:
            conn.execute(f"CREATE DATABASE {name}".encode())
    where = urlsplit(plain)
    database = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "helpdesk_bench",
        "USER": where.username,
        "HOST": where.hostname,
        "PORT": where.port,
    }
    with ExitStack() as stack:
        ours = stack.enter_context(waypost(folder, f"{address}/waypost_bench"))
        rows = [Measured("Waypost", ours, exact=True)]
        if python:
            theirs = stack.enter_context(helpdesk(python, folder, database))
            rows.append(Measured("django-helpdesk", theirs, exact=False, beside=rows[0]))
        compare("PostgreSQL", rows)


if __name__ == "__main__":
    main()
