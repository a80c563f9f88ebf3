"""Another address takes the word of both mailboxes, each once and within two days."""

import re
from datetime import timedelta

import pytest

from kb.actions import accounts, email_change
from kb.actions.accounts import Outcome
from kb.mail import Letters
from kb.rules.accounts import EMAIL_CHANGE_LIVES, MAIL_BY_ADDRESS
from kb.store import Database, outbox, users
from kb.store.outbox import Mail
from tests.actions.people import NOW, SECRET, customer

OLD, NEW, SOURCE = "ana@example.com", "ana.prieto@example.org", "192.0.2.7"


def ask(db: Database, letters: Letters, user_id: int, email: str = NEW) -> Outcome:
    return email_change.ask(db, letters, user_id, email, SOURCE, NOW)


def mail_to(db: Database, address: str) -> Mail:
    with db.read() as conn:
        return [mail for mail in outbox.all_mail(conn) if mail.recipient == address][-1]


def token_to(db: Database, address: str) -> str:
    found = re.search(r"/account/email/(\S+)", mail_to(db, address).text)
    assert found
    return found[1]


def address_of(db: Database, user_id: int) -> str:
    with db.read() as conn:
        user = users.by_id(conn, user_id)
    assert user
    return user.email


@pytest.mark.parametrize("order", [(OLD, NEW), (NEW, OLD)])
def test_both_mailboxes_agree_in_any_order(
    db: Database, letters: Letters, order: tuple[str, str]
) -> None:
    ana = customer(db)
    assert ask(db, letters, ana) is Outcome.DONE
    first, second = (token_to(db, address) for address in order)
    assert email_change.agree(db, letters, first, NOW) == (Outcome.DONE, False)
    assert address_of(db, ana) == OLD
    assert email_change.agree(db, letters, first, NOW) == (Outcome.USED_LINK, False)
    assert email_change.agree(db, letters, second, NOW) == (Outcome.DONE, True)
    assert address_of(db, ana) == NEW
    assert mail_to(db, OLD).kind == "email-changed"  # the old mailbox hears of it
    for used in (first, second):
        assert email_change.agree(db, letters, used, NOW) == (Outcome.USED_LINK, False)
    assert email_change.waiting(db, ana) is None


@pytest.mark.parametrize("which", [OLD, NEW])
def test_the_clock_either_side_of_the_links_end(db: Database, letters: Letters, which: str) -> None:
    ana = customer(db)
    ask(db, letters, ana)
    token, over = token_to(db, which), NOW + EMAIL_CHANGE_LIVES
    assert email_change.agree(db, letters, token, over)[0] is Outcome.EXPIRED_LINK
    last = over - timedelta(seconds=1)
    assert email_change.agree(db, letters, token, last) == (Outcome.DONE, False)


@pytest.mark.parametrize("token", ["", "x", "W10.x", "WzEsMV0.AAAA", "é" * 300])
def test_a_forged_link_agrees_to_nothing(db: Database, letters: Letters, token: str) -> None:
    ask(db, letters, customer(db))
    assert email_change.agree(db, letters, token, NOW) == (Outcome.BAD_LINK, False)


def test_one_mailbox_cannot_speak_for_the_other(db: Database, letters: Letters) -> None:
    ana = customer(db)
    ask(db, letters, ana)
    token = token_to(db, NEW)
    email_change.agree(db, letters, token, NOW)
    email_change.agree(db, letters, token, NOW)
    assert address_of(db, ana) == OLD


def test_asking_again_ends_the_first_links(db: Database, letters: Letters) -> None:
    ana = customer(db)
    ask(db, letters, ana)
    first = token_to(db, NEW)
    ask(db, letters, ana, "third@example.org")
    assert email_change.agree(db, letters, first, NOW)[0] is Outcome.USED_LINK
    email_change.withdraw(db, ana)
    third = token_to(db, "third@example.org")
    assert email_change.agree(db, letters, third, NOW)[0] is Outcome.USED_LINK


def test_a_known_address_gets_the_same_answer_and_another_mail(
    db: Database, letters: Letters
) -> None:
    ana = customer(db)
    eva = customer(db, "eva@example.com")
    assert ask(db, letters, ana, "EVA@example.com") is Outcome.DONE
    assert mail_to(db, "eva@example.com").kind == "account-known"
    email_change.agree(db, letters, token_to(db, OLD), NOW)
    assert address_of(db, ana) == OLD
    assert address_of(db, eva) == "eva@example.com"


def test_an_address_taken_in_the_meantime_stays_whose_it_is(db: Database, letters: Letters) -> None:
    ana = customer(db)
    ask(db, letters, ana)
    customer(db, NEW)
    email_change.agree(db, letters, token_to(db, OLD), NOW)
    assert email_change.agree(db, letters, token_to(db, NEW), NOW) == (Outcome.BAD_EMAIL, False)
    assert address_of(db, ana) == OLD


@pytest.mark.parametrize("email", ["", "ana@", OLD, OLD.upper(), "a@example.com\nBcc: b@c.de"])
def test_an_address_that_is_none_or_the_same_is_refused(
    db: Database, letters: Letters, email: str
) -> None:
    assert ask(db, letters, customer(db), email) is Outcome.BAD_EMAIL


def test_nobody_is_flooded_with_mails(db: Database, letters: Letters) -> None:
    ana = customer(db)
    for _ in range(MAIL_BY_ADDRESS.tries):
        assert ask(db, letters, ana) is Outcome.DONE
    assert ask(db, letters, ana) is Outcome.TOO_MANY


def test_links_of_the_old_address_for_a_password_end_with_it(
    db: Database, letters: Letters
) -> None:
    ana = customer(db)
    accounts.ask_reset(db, letters, OLD, SOURCE, NOW)
    found = re.search(r"/account/password/(\S+)", mail_to(db, OLD).text)
    assert found
    ask(db, letters, ana)
    for address in (OLD, NEW):
        email_change.agree(db, letters, token_to(db, address), NOW)
    assert accounts.check_reset(db, SECRET, found[1], NOW) is Outcome.USED_LINK
