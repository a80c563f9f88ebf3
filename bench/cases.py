"""Opening cases over HTTP: four clients post the case form, on SQLite and on PostgreSQL.

The peer is django-helpdesk's public form, run the same way where KB_BENCH_HELPDESK names a Python
that has it (`python -m venv X && X/bin/pip install django-helpdesk "psycopg[binary]" gunicorn`);
without it, rates measured before on two cores are printed and said to be so.

Every case of ours is the whole transaction: entitlement decided anew, row, number, message, event,
promise, mail in the outbox, audit; on SQLite with synchronous = FULL. They are counted."""

import http.client
import os
import re
import secrets
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from bench.forms import CLIENTS, Sender, get, post, rate
from bench.helpdesk import WAL, helpdesk
from bench.pages import ROOT, SITE, served
from tests.postgres import NoServer, running_server

ROUNDS = 3
PEOPLE = 40  # accounts the cases are spread over
MEASURED = {
    "sqlite": (64.0, 156.0),
    "postgresql": (123.0, 123.0),
}  # as it comes; with WAL, IMMEDIATE
FORM = "/en/contact/case?request=technical&edition=full&topic=backup&channel=email&asset={asset}"


# Waypost ------------------------------------------------------------------------------------------


@contextmanager
def waypost(folder: Path, url: str) -> Iterator[tuple[int, list[Sender], Callable[[], int]]]:
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
    with served(SITE, folder, f"cases_{secrets.token_hex(3)}", env) as port:
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
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    made = []
    for index in range(PEOPLE):
        user = customer(db, f"bench{index}@example.com")
        key = f"NBS12-BENCH-{index:05d}-MNPQR-STVWX"
        asset = own(db, policy, user, key, plan="premier", sold_on=datetime.now(UTC).date())
        signed = signer.dumps({"_user_id": f"{user}:1", "_fresh": True})
        made.append((f"{app.config['SESSION_COOKIE_NAME']}={signed}", asset))

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


def measure(served_site: Served) -> float:
    """Return the median rate of the rounds; every answer was good and every case is there."""
    port, senders, count = served_site
    for sender in senders[:CLIENTS]:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        assert post(line, sender) == 302
        line.close()
    before, rounds = count(), [rate(port, senders) for _ in range(ROUNDS)]
    made, errors = sum(one[1] for one in rounds), sum(one[2] for one in rounds)
    assert errors == 0, f"{errors} forms were not taken"
    assert count() - before == made, (count() - before, made)
    return statistics.median(one[0] for one in rounds)


def main() -> None:
    """Print cases a second on each database beside the peer's."""
    python = os.environ.get("KB_BENCH_HELPDESK", "")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        with waypost(folder, "") as ours:
            report("SQLite", measure(ours), _on_sqlite(python, folder))
        try:
            with running_server(durable=True) as address:
                _on_postgres(python, folder, address)
        except NoServer as missing:
            print(f"PostgreSQL: not measured, {missing}")


def _on_sqlite(python: str, folder: Path) -> list[tuple[str, float, bool]]:
    if not python:
        plain, tuned = MEASURED["sqlite"]
        return [("as it comes", plain, False), ("WAL, IMMEDIATE", tuned, False)]
    found = []
    for name, options in (("as it comes", {}), ("WAL, IMMEDIATE", {"OPTIONS": WAL})):
        database = {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(folder / f"helpdesk-{len(found)}.db"),
            **options,
        }
        with helpdesk(python, folder, database) as theirs:
            found.append((name, _peer_rate(theirs), True))
    return found


def _peer_rate(theirs: Served) -> float:
    """A peer's locked database is no reason to stop: its good answers count."""
    port, senders, _ = theirs
    return statistics.median(rate(port, senders)[0] for _ in range(ROUNDS))


def _on_postgres(python: str, folder: Path, address: str) -> None:
    import psycopg

    plain = address.replace("postgresql+psycopg", "postgresql")
    for name in ("waypost_bench", "helpdesk_bench"):
        with psycopg.connect(f"{plain}/postgres", autocommit=True) as conn:
            conn.execute(f"CREATE DATABASE {name}".encode())
    with waypost(folder, f"{address}/waypost_bench") as ours:
        mine = measure(ours)
    if not python:
        report("PostgreSQL", mine, [("", MEASURED["postgresql"][0], False)])
        return
    where = urlsplit(plain)
    database = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "helpdesk_bench",
        "USER": where.username,
        "HOST": where.hostname,
        "PORT": where.port,
    }
    with helpdesk(python, folder, database) as theirs:
        report("PostgreSQL", mine, [("", _peer_rate(theirs), True)])


def report(name: str, ours: float, peers: list[tuple[str, float, bool]]) -> None:
    """Print one database: our rate, the peer's, the ratio."""
    print(
        f"{name}: {ours:.0f} cases/s with {CLIENTS} clients, no error, each counted in the database"
    )
    for how, theirs, now in peers:
        when = "in this run" if now else "measured before, not in this run"
        said = f"django-helpdesk{', ' + how if how else ''}"
        print(f"  {said:<34}{theirs:>6.0f}/s   ratio {ours / theirs:4.1f}   ({when}; aim 2)")


if __name__ == "__main__":
    main()
