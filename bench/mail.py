"""Mail a second: in, stored and sorted into cases, and out to a real SMTP server, which runs in
this very process and takes its share. A busy machine is told by the CPU seconds."""

import os
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
from kb.actions.mail_queue import queue  # noqa: E402
from kb.actions.mail_room import Mailroom  # noqa: E402
from kb.actions.mail_sorting import sort_mail  # noqa: E402
from kb.actions.mail_taking import take_mails  # noqa: E402
from kb.bundled import TEMPLATES  # noqa: E402
from kb.content.policy_source import load_policy  # noqa: E402
from kb.mail import Letters  # noqa: E402
from kb.mail.incoming import read_mail  # noqa: E402
from kb.mail.post import SmtpServer  # noqa: E402
from kb.rules.contact import Wish  # noqa: E402
from kb.rules.texts import Text  # noqa: E402
from kb.store import Database, mail_in, migrate, outbox  # noqa: E402
from kb.store.file_store import FileStore  # noqa: E402
from kb.store.mail_in import MailInState  # noqa: E402
from tests.actions.people import SECRET, case_form, customer, own  # noqa: E402
from tests.mail.malformed import CORPUS  # noqa: E402
from tests.mail.smtp import Mailbox, smtp_server  # noqa: E402
from tests.mail.written import answer_to, mail  # noqa: E402
from tests.postgres import NoServer, running_server  # noqa: E402

NUMBER = 500
CUSTOMERS = 25


def now() -> datetime:
    """The clock."""
    return datetime.now(UTC)


def measured(work: Callable[[], object]) -> tuple[float, float]:
    """Mails a second by the clock, and a second of our own processor time."""
    began, used = time.perf_counter(), time.process_time()
    work()
    return NUMBER / (time.perf_counter() - began), NUMBER / (time.process_time() - used)


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
        for start in range(0, NUMBER, 50):  # the groups in which IMAP gives them
            take_mails(db, mails[start : start + 50], "imap", now())

    def sort() -> None:
        while sort_mail(db, room, now()):
            pass

    taken = measured(come_in)
    sorted_ = measured(sort)
    both, both_cpu = (1 / (1 / a + 1 / b) for a, b in zip(taken, sorted_, strict=True))
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
    print(f"{name:<11} stored {taken[0]:5.0f}/s, sorted {sorted_[0]:5.0f}/s")
    for what, wall, cpu in (("in", both, both_cpu), ("out", *sent)):
        verdict = "at least" if wall >= 100 else "UNDER"
        print(f"{'':<11} {what:<4}{wall:5.0f}/s ({verdict} 100/s); {cpu:5.0f} a CPU second")
    db.close()


def seconds(raw: bytes) -> float:
    """CPU seconds that reading a mail takes, the better of two."""
    taken = []
    for _ in range(2):
        began = time.process_time()
        read_mail(raw)
        taken.append(time.process_time() - began)
    return min(taken)


def main() -> None:
    """Measure SQLite and, where it is installed, PostgreSQL."""
    print(f"{NUMBER} mails of {CUSTOMERS} customers, half replies, half new cases; one process;")
    print(f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    slowest, worst = max((seconds(raw), name) for name, raw in CORPUS.items())
    print(f"reading the worst of {len(CORPUS)} malformed mails: {1000 * slowest:.0f} ms ({worst})")
    with tempfile.TemporaryDirectory() as name:
        run("SQLite", f"sqlite:///{name}/waypost.db", Path(name))
        try:
            with running_server() as address:
                run("PostgreSQL", f"{address}/postgres", Path(name) / "pg")
        except NoServer as missing:
            print(f"PostgreSQL: {missing}")


if __name__ == "__main__":
    main()
