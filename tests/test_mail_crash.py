"""Exactly once under crash: kill -9 at random moments while mails go in and out; 50 kills over
500 mails on SQLite, fewer on PostgreSQL.

Real Dovecot (IMAP), a real SMTP server, the worker as a process. What a dead worker had leased is
taken up since the next one's clock is ahead by more than a lease. Prints what it measured."""

import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from functools import partial
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import text

from kb.actions import deliver
from kb.actions.case_work import Who, reply
from kb.actions.cases import CaseForm, Opened, open_case
from kb.actions.live_site import LiveSite
from kb.mail import Letters, letters_for
from kb.rules.cases import Actor, MessageKind
from kb.rules.contact import Wish
from kb.rules.policy import Policy
from kb.settings import Settings
from kb.store import Database, conversation, mail_in, outbox
from kb.store.mail_in import MailInState
from kb.worker import run
from tests.actions.people import agent, case_form, customer, own
from tests.mail.crashing import clock
from tests.mail.dovecot import Dovecot, running_dovecot
from tests.mail.smtp import Mailbox, smtp_server
from tests.mail.written import answer_to, mail

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
CUSTOMERS = 25
EACH = 10  # mails that come in between two kills; half as many again are caused by an agent
KILLS = {"sqlite": 50, "postgresql": 20}
AHEAD = int(max(deliver.LEASE, mail_in.LEASE).total_seconds() / 60) + 1  # minutes


@pytest.fixture
def arrived() -> Mailbox:
    return Mailbox()


@pytest.fixture
def world(
    vendor_settings: Settings, database_url: str, arrived: Mailbox, tmp_path: Path
) -> Iterator[tuple[Settings, Dovecot]]:
    with smtp_server(arrived) as port, running_dovecot() as dovecot:
        pem = tmp_path / "ca.pem"
        dovecot.ca.cert_pem.write_to_path(pem)
        before = os.environ.get("SSL_CERT_FILE")
        os.environ["SSL_CERT_FILE"] = str(pem)
        yield (
            replace(
                vendor_settings,
                database_url=database_url,
                imap_url=dovecot.url(),
                smtp_url=f"smtp://127.0.0.1:{port}",
            ),
            dovecot,
        )
        if before is None:
            del os.environ["SSL_CERT_FILE"]
        else:
            os.environ["SSL_CERT_FILE"] = before


def environment(settings: Settings) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "KB_VAR": str(settings.var),
        "KB_DATABASE_URL": settings.database_url,
        "KB_SECRET_KEY": settings.secret_key,
        "KB_BASE_URL": settings.base_url,
        "KB_IMAP_URL": settings.imap_url or "",
        "KB_SMTP_URL": settings.smtp_url or "",
    }


class Story:
    """25 customers with a case each, an agent who answers them, mails that are still to come."""

    def __init__(self, db: Database, policy: Policy, letters: Letters) -> None:
        self.db, self.policy, self.letters = db, policy, letters
        self.agent = Who(Actor.AGENT, agent(db, "crash-agent@example.org"))
        self.cases: list[tuple[str, int]] = []
        for number in range(CUSTOMERS):
            email = f"c{number}@example.org"
            user = customer(db, email)
            asset = own(db, policy, user, f"NBS12-ABCDE-FGHJK-MNPQR-{number:05d}")
            form: CaseForm = case_form(email=email)
            wish = Wish("technical", "full", asset=asset, topic="backup")
            opened = open_case(
                db, policy, letters, user, wish, form, submission_id="s", now=datetime.now(UTC)
            )
            assert isinstance(opened, Opened)
            self.cases.append((email, opened.number))

    def incoming(self, mails: int) -> list[bytes]:
        """Half answers to cases, half new problems; every text is different."""
        found = []
        for number in range(mails):
            email, case = self.cases[number % CUSTOMERS]
            said = {"sender": email, "text": f"carta {number:03d}."}
            found.append(
                answer_to(self.letters, case, **said)
                if number % 2
                else mail(subject=f"Avería {number:03d}", **said)
            )
        return found

    def answer(self, number: int) -> None:
        """The agent writes to a customer, which queues a mail."""
        reply(
            self.db,
            self.policy,
            self.letters,
            self.agent,
            self.cases[number % CUSTOMERS][1],
            f"respuesta {number:03d}",
            submission_id=f"r{number}",
            now=datetime.now(UTC),
        )


def test_nothing_is_lost_and_nothing_doubled(
    world: tuple[Settings, Dovecot], arrived: Mailbox, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, dovecot = world
    db = Database(settings.database_url)
    site = LiveSite(settings.var).current().site
    with db.read() as conn:
        cases_before = conn.execute(text('SELECT count(*) FROM "case"')).scalar_one() + CUSTOMERS
    story = Story(db, site.policy, letters_for(settings, site.site))
    kills_planned = KILLS[settings.database_url.partition(":")[0].partition("+")[0]]
    mails = kills_planned * EACH
    incoming = story.incoming(mails)
    chance = random.Random(50)  # noqa: S311 # the same moments each time, as far as a machine can
    kills: Counter[str] = Counter()
    command = [sys.executable, str(ROOT / "tests/mail/crashing.py"), str(ROOT)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment(settings), text=True
    ) as launcher:
        assert launcher.stdin
        assert launcher.stdout
        for kill in range(kills_planned):
            dovecot.put(*incoming[kill * EACH : (kill + 1) * EACH])
            for number in range(kill * 5, kill * 5 + 5):
                story.answer(number)
            what = chance.choice(("stored", "sorted", "sent"))
            launcher.stdin.write(f"go {what} {chance.randint(0, 300)} {kill * AHEAD}\n")
            launcher.stdin.flush()
            kills[f"{launcher.stdout.readline().strip()} {what}"] += 1
        launcher.stdin.close()
    with db.read() as conn:
        counts = mail_in.counts(conn)
        on_the_way = outbox.counts(conn, datetime.now(UTC))
    midway = (sum(counts.values()), counts[MailInState.NEW], on_the_way["sent"])
    last = partial(clock, timedelta(minutes=kills_planned * AHEAD))
    while True:
        run(settings, Event(), once=True, clock=last)
        with db.read() as conn:
            if not mail_in.counts(conn)[MailInState.NEW]:
                break
    run(settings, Event(), once=True, clock=last)
    with db.read() as conn:
        counts = mail_in.counts(conn)
        sent = list(outbox.all_mail(conn))
        said = Counter(
            one.body
            for (number,) in conn.execute(text('SELECT number FROM "case"')).all()
            for one in conversation.messages_of(conn, number, (MessageKind.REPLY,))
        )
        cases_now = conn.execute(text('SELECT count(*) FROM "case"')).scalar_one()
    letters_out = Counter(
        str(message_from_bytes(raw)["Message-ID"]).strip() for raw in arrived.taken
    )
    twice = sum(number - 1 for number in letters_out.values())
    with capsys.disabled():
        print(  # noqa: T201 # the figures are what this test is for
            f"\n{db.url.get_backend_name()}: {kills_planned} kills "
            f"{dict(kills)}; before the last run {midway[0]} "
            f"of {mails} mails were stored, {midway[1]} of them not yet sorted, {midway[2]} sent.\n"
            f"In: {sum(counts.values())} stored once, {counts[MailInState.JOINED]} joined, "
            f"{counts[MailInState.OPENED]} opened, {counts[MailInState.HELD]} held.\n"
            f"Out: {len(sent)} queued, {len(letters_out)} arrived, {twice} of them twice with the "
            f"same Message-ID, {len(sent) - len(letters_out)} lost."
        )
    assert dovecot.count("INBOX") == 0
    assert counts[MailInState.JOINED] == counts[MailInState.OPENED] == mails // 2
    assert sum(counts.values()) == mails
    assert cases_now == cases_before + mails // 2
    for number in range(mails):
        assert said[f"carta {number:03d}."] == 1, number
    assert {one.state for one in sent} == {"sent"}
    assert len(sent) >= mails
    assert set(letters_out) == {one.message_id for one in sent}
    assert max(letters_out.values()) <= 2
    assert twice <= kills_planned
    db.close()
