"""The time of each way into an account for a known and for an unknown address.

Usage: python bench/accounts.py [ROUNDS]

The two take turns in the same run, on a SQLite database of its own; their ratio of medians should
be near 1: who measures answers learns nothing about who has an account. `apart` is the difference
of the medians in standard deviations of one answer: below 1 a single answer tells nothing."""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from kb.actions import accounts, passwords  # noqa: E402
from kb.actions.accounts import SignUp  # noqa: E402
from kb.bundled import TEMPLATES  # noqa: E402
from kb.mail import Letters  # noqa: E402
from kb.rules.texts import Text  # noqa: E402
from kb.store import Database, migrate, users  # noqa: E402
from kb.store.users import NewUser  # noqa: E402

START = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
PASSWORD = "seven quiet owls"  # noqa: S105
Way = Callable[[str, datetime], object]


def people(db: Database, count: int) -> None:
    """Confirmed accounts known1@…, all with one password."""
    hashed = passwords.hash_password(PASSWORD)
    with db.write() as conn:
        for number in range(count):
            email = f"known{number}@example.com"
            new = NewUser(email, email, "Eva", "Lind", "SE", "en", hashed, confirmed_at=START)
            users.add(conn, new, START)


def ways(db: Database, letters: Letters) -> dict[str, Way]:
    """Each way in, given an address and a moment."""
    source = "192.0.2.7"
    return {
        "sign in": lambda email, now: accounts.sign_in(
            db, letters, email, "not it at all", source, now
        ),
        "new password": lambda email, now: accounts.ask_reset(db, letters, email, source, now),
        "sign up": lambda email, now: accounts.sign_up(
            db, letters, SignUp("Eva", "Lind", email, "SE", PASSWORD, "en"), source, now
        ),
    }


def measure(way: Way, rounds: int) -> tuple[list[float], list[float]]:
    """Milliseconds for known and for unknown addresses; who goes first changes each round."""
    taken: dict[str, list[float]] = {"known": [], "unknown": []}
    for number in range(rounds):
        kinds = ("known", "unknown") if number % 2 else ("unknown", "known")
        for kind in kinds:
            now = START + timedelta(hours=2 * number)  # outside every limit's window
            began = time.perf_counter()
            way(f"{kind}{number}@example.com", now)
            taken[kind].append((time.perf_counter() - began) * 1000)
    return taken["known"], taken["unknown"]


def main() -> None:
    """Measure and print a row for each way."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    print(f"{'':14}{'known ms':>10}{'unknown ms':>12}{'ratio':>8}{'apart':>8}")
    for name in ("sign in", "new password", "sign up"):
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{folder}/accounts.db"
            migrate(url)
            db = Database(url)
            brand = Text({"en": "Norvault Support"})
            mailbox = "support@example.com"
            letters = Letters(
                (TEMPLATES / "mail",), mailbox, "https://help.example.com", "s" * 40, brand
            )
            people(db, rounds)
            way = ways(db, letters)[name]
            way("warm@example.com", START)
            known, unknown = measure(way, rounds)
            db.close()
        one, other = statistics.median(known), statistics.median(unknown)
        spread = statistics.pstdev([*known, *unknown])
        print(
            f"{name:14}{one:10.1f}{other:12.1f}{one / other:8.3f}{abs(one - other) / spread:8.2f}"
        )


if __name__ == "__main__":
    main()
