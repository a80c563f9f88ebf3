"""“Your support ends in 30, 7, 1 days”: once each, in the customer's language, if wanted (R8)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from kb.actions.reminders import remind, set_reminders, wants_reminders
from kb.mail import Letters
from kb.rules.policy import Policy
from kb.store import Database, outbox
from tests.actions.people import NOW, customer, days_ago, own


def subjects(db: Database) -> list[str]:
    with db.read() as conn:
        return [mail.subject for mail in outbox.all_mail(conn)]


def test_each_reminder_is_sent_once(db: Database, policy: Policy, letters: Letters) -> None:
    ana = customer(db)
    own(db, policy, ana, sold_on=days_ago(365 - 31))  # its last day is in 31 days
    sent = []
    for day in range(34):
        for _ in range(3):
            count = remind(db, policy, letters, NOW + timedelta(days=day))
            sent += [day] * count
    assert sent == [1, 24, 30]
    told = subjects(db)
    assert [words.rpartition("termina ")[2] for words in told] == [
        "en 30 días",
        "en 7 días",
        "mañana",
    ]


def test_what_was_missed_is_made_up_for_once(
    db: Database, policy: Policy, letters: Letters
) -> None:
    own(db, policy, customer(db, lang="en"), sold_on=days_ago(365 - 5))
    assert remind(db, policy, letters, NOW) == 1
    assert remind(db, policy, letters, NOW + timedelta(days=1)) == 0
    assert subjects(db) == ["Your support for Norvault Backup Server 12 ends in 5 days"]


def test_they_can_be_switched_off_and_on(db: Database, policy: Policy, letters: Letters) -> None:
    ana = customer(db)
    own(db, policy, ana, sold_on=days_ago(365 - 7))
    set_reminders(db, ana, False, NOW)
    set_reminders(db, ana, False, NOW)
    assert not wants_reminders(db, ana)
    assert remind(db, policy, letters, NOW) == 0
    set_reminders(db, ana, True, NOW)
    assert remind(db, policy, letters, NOW) == 1


def test_workers_at_once_send_one(db: Database, policy: Policy, letters: Letters) -> None:
    own(db, policy, customer(db), sold_on=days_ago(365 - 7))
    with ThreadPoolExecutor(4) as pool:
        sent = list(pool.map(lambda _: remind(db, policy, letters, NOW), range(4)))
    assert sum(sent) == 1


@pytest.mark.parametrize("sold", [10, 366, 500])
def test_nobody_else_is_reminded(db: Database, policy: Policy, letters: Letters, sold: int) -> None:
    own(db, policy, customer(db), sold_on=days_ago(sold))
    assert remind(db, policy, letters, NOW) == 0
