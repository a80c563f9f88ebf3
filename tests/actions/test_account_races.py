"""One code, one link, one invitation, many hands at the same moment: exactly one has it."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import select

from kb.actions import accounts, email_change, organisations, passwords, second_factor, ways_in
from kb.actions.account_mail import send_confirmation, send_reset
from kb.actions.accounts import Outcome
from kb.actions.organisations import Answer
from kb.actions.second_factor import Begun, StepOutcome
from kb.actions.ways_in import PasswordChange, Unlinked
from kb.mail import Letters
from kb.rules import totp
from kb.store import Database, audit, identities, outbox, users
from kb.store.account_tables import membership
from kb.store.users import NO_PASSWORD
from tests.actions.people import NOW, SECRET, customer

HANDS = 8


def at_once(deed: Callable[[int], Any], hands: int = HANDS) -> list[Any]:
    """Do the same thing in many threads that start together; return what each was answered."""
    answers, gate = list[Any](), Barrier(hands)

    def do(number: int) -> None:
        gate.wait()
        try:
            answers.append(deed(number))
        except Exception as error:
            answers.append(error)

    threads = [Thread(target=do, args=(number,)) for number in range(hands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def token_to(db: Database, address: str) -> str:
    """The token in the newest mail to an address."""
    with db.read() as conn:
        mails = [mail for mail in outbox.all_mail(conn) if mail.recipient == address]
    found = [word for word in mails[-1].text.split() if word.startswith("https://")]
    return found[0].rpartition("/")[2]


def with_second_factor(db: Database, letters: Letters) -> tuple[int, bytes, tuple[str, ...]]:
    ana = customer(db)
    key = second_factor.prepare(db, SECRET, ana)
    assert key
    first = totp.code_of(key, totp.step_at(NOW) - 1)
    begun = second_factor.begin(db, letters, ana, first, NOW)
    assert isinstance(begun, Begun)
    return ana, key, begun.codes


def invited(db: Database, letters: Letters, owner: int) -> str:
    """Have the guest invited by mail; returns the token of the link."""
    guest = "guest@example.com"
    answer = organisations.invite(
        db, letters, owner, guest, sees_cases=True, lang="en", source="10.0.0.1", now=NOW
    )
    assert answer is Answer.DONE
    return token_to(db, guest)


def audited(db: Database, user_id: int, what: str) -> int:
    with db.read() as conn:
        return sum(one.what == what for one in audit.of_actor(conn, user_id))


def test_a_code_of_the_authenticator_opens_once(db: Database, letters: Letters) -> None:
    ana, key, _ = with_second_factor(db, letters)
    code = totp.code_of(key, totp.step_at(NOW))
    answers = at_once(lambda n: second_factor.check(db, letters, ana, code, f"10.0.0.{n}", NOW))
    assert sorted(answers) == sorted([StepOutcome.RIGHT] + [StepOutcome.WRONG] * (HANDS - 1))


def test_a_recovery_code_opens_once(db: Database, letters: Letters) -> None:
    ana, _, codes = with_second_factor(db, letters)
    code = codes[3]
    answers = at_once(lambda n: second_factor.check(db, letters, ana, code, f"10.0.0.{n}", NOW))
    assert answers.count(StepOutcome.RECOVERED) == 1
    assert answers.count(StepOutcome.WRONG) == HANDS - 1
    assert second_factor.codes_left(db, ana) == len(codes) - 1
    assert audited(db, ana, "second-factor.recovery") == 1


def test_setting_up_an_authenticator_happens_once(db: Database, letters: Letters) -> None:
    ana = customer(db)
    keys = at_once(lambda _: second_factor.prepare(db, SECRET, ana))
    assert len(set(keys)) == 1  # two windows show the same picture
    code = totp.code_of(keys[0], totp.step_at(NOW))
    answers = at_once(lambda _: second_factor.begin(db, letters, ana, code, NOW))
    begun = [one for one in answers if isinstance(one, Begun)]
    assert len(begun) == 1
    last = second_factor.check(db, letters, ana, begun[0].codes[0], "10.0.0.9", NOW)
    assert last is StepOutcome.RECOVERED  # the codes that were shown are those that work


def test_an_invitation_is_accepted_once(db: Database, letters: Letters) -> None:
    owner, guest = customer(db), customer(db, "guest@example.com")
    organisations.found(db, owner, "Lind & Co", bring=False, now=NOW)
    token = invited(db, letters, owner)
    answers = at_once(lambda _: organisations.accept(db, SECRET, guest, token, NOW).answer)
    assert answers.count(Answer.DONE) == 1, answers
    assert set(answers) <= {Answer.DONE, Answer.USED_LINK, Answer.ALREADY_IN_ONE}
    assert audited(db, guest, "organisation.join") == 1
    with db.read() as conn:
        rows = conn.execute(select(membership).where(membership.c.user_id == guest)).all()
    assert len(rows) == 1


def test_two_invitations_make_one_member(db: Database, letters: Letters) -> None:
    guest, tokens = customer(db, "guest@example.com"), list[str]()
    for number in range(2):
        owner = customer(db, f"owner{number}@example.com")
        organisations.found(db, owner, f"House {number}", bring=False, now=NOW)
        tokens.append(invited(db, letters, owner))
    answers = at_once(lambda n: organisations.accept(db, SECRET, guest, tokens[n % 2], NOW).answer)
    assert answers.count(Answer.DONE) == 1, answers
    assert audited(db, guest, "organisation.join") == 1


def test_a_confirmation_confirms_once(db: Database, letters: Letters) -> None:
    ana = customer(db, confirmed_at=None)
    with db.write() as conn:
        user = users.by_id(conn, ana)
        assert user
        send_confirmation(conn, letters, user, NOW)
    token = token_to(db, "ana@example.com")
    answers = at_once(lambda _: accounts.confirm(db, SECRET, token, NOW))
    assert answers.count(Outcome.DONE) == 1, answers
    assert answers.count(Outcome.USED_LINK) == HANDS - 1
    assert audited(db, ana, "account.confirm") == 1


def test_a_reset_sets_one_password(db: Database, letters: Letters) -> None:
    ana = customer(db)
    with db.write() as conn:
        user = users.by_id(conn, ana)
        assert user
        send_reset(conn, letters, user, NOW)
    token = token_to(db, "ana@example.com")
    new = [f"a new password {number}" for number in range(HANDS)]
    told = at_once(
        lambda n: (n, accounts.reset_password(db, letters, token, new[n], NOW)),
    )
    winners = [number for number, outcome in told if outcome is Outcome.DONE]
    assert len(winners) == 1, told
    assert {outcome for _, outcome in told} == {Outcome.DONE, Outcome.USED_LINK}
    with db.read() as conn:
        user = users.by_id(conn, ana)
    assert user
    assert passwords.is_right(user.password_hash, new[winners[0]])
    assert user.session_epoch == 2


@pytest.mark.parametrize("side", ["one", "both"])
def test_a_change_of_address_is_made_once(db: Database, letters: Letters, side: str) -> None:
    ana, new = customer(db), "new@example.org"
    assert email_change.ask(db, letters, ana, new, "10.0.0.1", NOW) is Outcome.DONE
    tokens = [token_to(db, "ana@example.com"), token_to(db, new)]
    if side == "one":
        email_change.agree(db, letters, tokens.pop(0), NOW)

    def of(number: int) -> str:
        return tokens[number % len(tokens)]  # which mailbox this hand has

    answers = at_once(lambda n: email_change.agree(db, letters, of(n), NOW))
    assert answers.count((Outcome.DONE, True)) == 1, answers
    assert answers.count((Outcome.DONE, False)) == len(tokens) - 1
    assert answers.count((Outcome.USED_LINK, False)) == HANDS - len(tokens)
    with db.read() as conn:
        user = users.by_id(conn, ana)
    assert user
    assert user.email == new
    assert audited(db, ana, "account.email") == 1


def test_of_two_accounts_that_want_one_address_one_has_it(db: Database, letters: Letters) -> None:
    tokens = []
    for name in ("ana", "eva"):
        who = customer(db, f"{name}@example.com")
        email_change.ask(db, letters, who, "new@example.org", "10.0.0.1", NOW)
        email_change.agree(db, letters, token_to(db, f"{name}@example.com"), NOW)
        tokens.append(token_to(db, "new@example.org"))
    answers = at_once(lambda n: email_change.agree(db, letters, tokens[n], NOW), hands=2)
    assert sorted(answers) == sorted([(Outcome.DONE, True), (Outcome.BAD_EMAIL, False)])


def test_one_current_password_is_changed_once(db: Database, letters: Letters) -> None:
    ana = customer(db, password_hash=passwords.hash_password("correct horse battery"))

    def change(number: int) -> PasswordChange:
        new = f"another horse {number}"
        return ways_in.change_password(db, letters, ana, "correct horse battery", new, NOW)

    answers = at_once(change, hands=4)
    assert answers.count(PasswordChange.DONE) == 1, answers
    assert answers.count(PasswordChange.WRONG) == 3
    with db.read() as conn:
        assert [mail.kind for mail in outbox.all_mail(conn)] == ["password-changed"]


def test_of_the_last_two_providers_one_stays(db: Database, letters: Letters) -> None:
    ana, running = customer(db, password_hash=NO_PASSWORD), {"acme": "Acme", "beta": "Beta"}
    with db.write() as conn:
        for name in running:
            identities.link(conn, ana, name, "17", NOW)
    names = list(running)
    answers = at_once(lambda n: ways_in.unlink(db, letters, ana, names[n % 2], running, NOW))
    assert answers.count(Unlinked.DONE) == 1, answers
    assert len(ways_in.ways_in(db, ana).providers) == 1
