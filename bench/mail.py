"""Mail a second: in from a file, stored and sorted into cases; out to a real SMTP server.

Peer of the same run: the same bytes only stored, or only handed over, without a database."""

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from kb.actions.cases import Opened, open_case  # noqa: E402
from kb.actions.deliver import deliver  # noqa: E402
from kb.actions.mail_effects import Mailroom  # noqa: E402
from kb.actions.mail_queue import queue  # noqa: E402
from kb.actions.mail_sorting import sort_mail  # noqa: E402
from kb.actions.mail_taking import take_mail  # noqa: E402
from kb.bundled import TEMPLATES  # noqa: E402
from kb.content.policy_source import load_policy  # noqa: E402
from kb.mail import Letters  # noqa: E402
from kb.mail.post import SmtpServer  # noqa: E402
from kb.rules.contact import Wish  # noqa: E402
from kb.rules.texts import Text  # noqa: E402
from kb.store import Database, mail_in, migrate, outbox  # noqa: E402
from kb.store.file_store import FileStore  # noqa: E402
from kb.store.mail_in import MailInState  # noqa: E402
from tests.actions.people import SECRET, case_form, customer, own  # noqa: E402
from tests.mail.smtp import Mailbox, smtp_server  # noqa: E402
from tests.mail.written import answer_to, mail  # noqa: E402
from tests.postgres import NoServer, running_server  # noqa: E402

NUMBER = 500
CUSTOMERS = 25


def now() -> datetime:
    """The clock."""
    return datetime.now(UTC)


def measured(work: Callable[[], object]) -> float:
    """Mails a second."""
    began = time.perf_counter()
    work()
    return NUMBER / (time.perf_counter() - began)


def prepared(db: Database, room: Mailroom) -> list[bytes]:
    """Customers with a case each; half of the mails answer it, half are new."""
    mails = []
    for number in range(CUSTOMERS):
        email = f"c{number}@example.org"
        user = customer(db, email)
        asset = own(db, room.policy, user, f"NBS12-ABCDE-FGHJK-MNPQR-{number:05d}")
        wish = Wish("technical", "full", asset=asset, topic="backup")
        opened = open_case(
            db, room.policy, room.letters, user, wish, case_form(), submission_id="s", now=now()
        )
        assert isinstance(opened, Opened)
        for one in range(NUMBER // CUSTOMERS):
            said = {"sender": email, "text": f"Carta {number} {one}.\n\n> Hola\n" * 20}
            new = mail(subject=f"Avería {one}", **said)
            mails.append(answer_to(room.letters, opened.number, **said) if one % 2 else new)
    return mails


def run(name: str, url: str, folder: Path) -> None:
    """Measure one database."""
    migrate(url)
    db = Database(url)
    policy, problems = load_policy(ROOT, ("es", "en"))
    assert policy is not None, problems
    brand = Text({"es": "Norvault Soporte", "en": "Norvault Support"})
    letters = Letters((TEMPLATES / "mail",), "support@example.com", "https://x.y", SECRET, brand)
    room = Mailroom(policy, letters, FileStore(folder / "files"), ("es", "en"))
    mails = prepared(db, room)

    def come_in() -> None:
        for raw in mails:
            take_mail(db, raw, "lmtp", now())

    def sort() -> None:
        while sort_mail(db, room, now()):
            pass

    taken = measured(come_in)
    sorted_ = measured(sort)
    both = 1 / (1 / taken + 1 / sorted_)
    with db.read() as conn:
        counts = mail_in.counts(conn)
        waiting = outbox.counts(conn, now())["queued"]
    assert counts[MailInState.JOINED] + counts[MailInState.OPENED] == NUMBER, counts
    with db.write() as conn:
        for _ in range(NUMBER - waiting):
            queue(conn, letters.write("account-known", "es", "a@b.com", first_name="A"), now())
    mailbox = Mailbox()
    with smtp_server(mailbox) as port:
        server = SmtpServer(f"smtp://127.0.0.1:{port}")

        def go_out() -> None:
            while deliver(db, server, clock=now).taken:
                pass

        sent = measured(go_out)
    assert len(mailbox.taken) == NUMBER
    print(
        f"{name:<11} in: stored {taken:6.0f}/s, sorted {sorted_:6.0f}/s, both {both:6.0f}/s "
        f"({'at least' if both >= 100 else 'UNDER'} 100/s)   out: {sent:6.0f}/s "
        f"({'at least' if sent >= 100 else 'UNDER'} 100/s)"
    )
    db.close()


def main() -> None:
    """Measure SQLite and, where it is installed, PostgreSQL."""
    print(f"{NUMBER} mails of {CUSTOMERS} customers, half replies and half new cases; one process")
    with tempfile.TemporaryDirectory() as name:
        run("SQLite", f"sqlite:///{name}/waypost.db", Path(name))
        try:
            with running_server() as address:
                run("PostgreSQL", f"{address}/postgres", Path(name) / "pg")
        except NoServer as missing:
            print(f"PostgreSQL: {missing}")


if __name__ == "__main__":
    main()
