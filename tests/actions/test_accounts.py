"""R1–R5: sign up, confirm, sign in, new password; strangers learn nothing."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from kb.actions import accounts, links
from kb.actions.accounts import Outcome, SignInOutcome, SignUp
from kb.mail import Letters
from kb.rules.accounts import MAIL_BY_ADDRESS, SIGN_IN_BY_ADDRESS, SIGN_IN_BY_SOURCE
from kb.store import Database, attempts, outbox, users
from kb.store.outbox import Mail
from tests.actions.people import NOW, SECRET, customer
from tests.work import calls

FORM = SignUp("Ana", "Prieto", "Ana.Prieto@Example.com", "es", "copias cada noche", "es")
SOURCE = "192.0.2.7"


def sign_up(db: Database, letters: Letters, **changes: str) -> Outcome:
    return accounts.sign_up(db, letters, replace(FORM, **changes), SOURCE, NOW)


def sign_in(
    db: Database,
    letters: Letters,
    email: str = FORM.email,
    password: str = FORM.password,
    source: str = SOURCE,
) -> SignInOutcome:
    return accounts.sign_in(db, letters, email, password, source, NOW).outcome


def mails(db: Database) -> tuple[Mail, ...]:
    with db.read() as conn:
        return outbox.all_mail(conn)


def token_in(mail: Mail) -> str:
    found = re.search(r"/account/(?:confirm|password)/(\S+)", mail.text)
    assert found
    return found[1]


def confirmed(db: Database, letters: Letters) -> None:
    assert sign_up(db, letters) is Outcome.DONE
    assert accounts.confirm(db, SECRET, token_in(mails(db)[-1]), NOW) is Outcome.DONE


def test_r1_r2_an_account_begins_with_a_mailed_link(db: Database, letters: Letters) -> None:
    assert sign_up(db, letters) is Outcome.DONE
    (mail,) = mails(db)
    assert mail.recipient == "Ana.Prieto@example.com"
    assert mail.subject == "Confirme su cuenta de Norvault Soporte"
    assert "https://help.example.com/es/account/confirm/" in mail.text
    assert sign_in(db, letters) is SignInOutcome.UNCONFIRMED
    assert accounts.confirm(db, SECRET, token_in(mail), NOW) is Outcome.DONE
    signed = accounts.sign_in(db, letters, " ANA.PRIETO@example.com ", FORM.password, SOURCE, NOW)
    assert signed.outcome is SignInOutcome.WELCOME
    assert signed.user is not None
    assert (signed.user.name, signed.user.country) == ("Ana Prieto", "ES")
    assert FORM.password not in signed.user.password_hash


def test_r2_the_link_works_once_and_for_three_days(db: Database, letters: Letters) -> None:
    sign_up(db, letters)
    token = token_in(mails(db)[0])
    late = NOW + timedelta(days=3)
    assert accounts.confirm(db, SECRET, token, late) is Outcome.EXPIRED_LINK
    last = late - timedelta(seconds=1)
    assert accounts.confirm(db, SECRET, token, last) is Outcome.DONE
    assert accounts.confirm(db, SECRET, token, NOW) is Outcome.USED_LINK


@pytest.mark.parametrize("token", ["", "x", "W10.x", "WzEsMSwieCJd.AAAA", "é" * 300])
def test_a_forged_link_opens_nothing(db: Database, letters: Letters, token: str) -> None:
    confirmed(db, letters)
    assert accounts.confirm(db, SECRET, token, NOW) is Outcome.BAD_LINK
    assert accounts.check_reset(db, SECRET, token, NOW) is Outcome.BAD_LINK
    assert accounts.reset_password(db, letters, token, "x" * 12, NOW) is Outcome.BAD_LINK


def test_a_link_for_one_purpose_is_no_link_for_another(db: Database, letters: Letters) -> None:
    sign_up(db, letters)
    token = token_in(mails(db)[0])
    assert accounts.check_reset(db, SECRET, token, NOW) is Outcome.BAD_LINK


def test_a_known_address_gets_the_same_answer_and_another_mail(
    db: Database, letters: Letters
) -> None:
    confirmed(db, letters)
    assert sign_up(db, letters, password="another secret", first_name="Eve") is Outcome.DONE
    assert mails(db)[-1].kind == "account-known"
    assert mails(db)[-1].text.startswith("Hola, Ana:")
    assert sign_in(db, letters) is SignInOutcome.WELCOME
    assert sign_in(db, letters, password="another secret") is SignInOutcome.WRONG


def test_signing_up_again_before_confirming_replaces_the_first(
    db: Database, letters: Letters
) -> None:
    sign_up(db, letters)
    sign_up(db, letters, password="a later password", first_name="Anita")
    first, second = mails(db)
    assert accounts.confirm(db, SECRET, token_in(first), NOW) is Outcome.BAD_LINK
    assert accounts.confirm(db, SECRET, token_in(second), NOW) is Outcome.DONE
    assert sign_in(db, letters, password="a later password") is SignInOutcome.WELCOME


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"email": "no address"}, Outcome.BAD_EMAIL),
        ({"email": "ana@example.com\nBcc: all@example.com"}, Outcome.BAD_EMAIL),
        ({"password": "short"}, Outcome.BAD_PASSWORD),
        ({"password": "ana.prieto1"}, Outcome.BAD_PASSWORD),
    ],
)
def test_bad_input_makes_nothing(
    db: Database, letters: Letters, changes: dict[str, str], outcome: Outcome
) -> None:
    assert sign_up(db, letters, **changes) is outcome
    assert mails(db) == ()


def test_a_wrong_password_and_an_unknown_address_are_told_the_same(
    db: Database, letters: Letters
) -> None:
    confirmed(db, letters)
    assert sign_in(db, letters, password="not this one") is SignInOutcome.WRONG
    assert sign_in(db, letters, email="nobody@example.com") is SignInOutcome.WRONG
    assert sign_in(db, letters, email="not an address") is SignInOutcome.WRONG


def test_an_unknown_address_takes_as_long_as_a_known_one(db: Database, letters: Letters) -> None:
    """Both verify one hash; without that the unknown one would be a hundred times faster.
    bench/accounts.py tells how near to each other the times are."""
    confirmed(db, letters)

    def hashes(email: str) -> int:
        said: list[SignInOutcome] = []
        done = calls(
            lambda: said.append(sign_in(db, letters, email=email, password="not this one"))
        )
        assert said == [SignInOutcome.WRONG]
        return done["PasswordHasher.verify"]

    hashes("warm@example.com")
    assert hashes(FORM.email) == hashes("nobody@example.com") == 1


def test_an_unconfirmed_account_is_told_only_after_the_right_password(
    db: Database, letters: Letters
) -> None:
    sign_up(db, letters)
    assert sign_in(db, letters, password="not this one") is SignInOutcome.WRONG
    assert len(mails(db)) == 1
    assert sign_in(db, letters) is SignInOutcome.UNCONFIRMED
    assert [mail.kind for mail in mails(db)] == ["account-confirm"] * 2


def test_guessing_one_address_ends(db: Database, letters: Letters) -> None:
    confirmed(db, letters)
    _tried(db, SIGN_IN_BY_ADDRESS.tries - 1)
    assert sign_in(db, letters, password="not this one") is SignInOutcome.WRONG
    assert sign_in(db, letters, source="198.51.100.1") is SignInOutcome.TOO_MANY
    later = NOW + SIGN_IN_BY_ADDRESS.window
    signed = accounts.sign_in(db, letters, FORM.email, FORM.password, SOURCE, later)
    assert signed.outcome is SignInOutcome.WELCOME


def test_guessing_from_one_source_ends(db: Database, letters: Letters) -> None:
    name = accounts.limits.subject(SECRET, "sign-in-source", SOURCE)
    with db.write() as conn:
        for _ in range(SIGN_IN_BY_SOURCE.tries):
            attempts.count_one(conn, name, SIGN_IN_BY_SOURCE.window, NOW)
    assert sign_in(db, letters, email="new@example.com") is SignInOutcome.TOO_MANY
    assert (
        sign_in(db, letters, email="new@example.com", source="198.51.100.2") is SignInOutcome.WRONG
    )


def test_a_right_password_forgets_the_wrong_ones(db: Database, letters: Letters) -> None:
    confirmed(db, letters)
    for _ in range(2):
        _tried(db, SIGN_IN_BY_ADDRESS.tries - 1)
        assert sign_in(db, letters) is SignInOutcome.WELCOME


def test_a_new_password_ends_sessions_and_the_link(db: Database, letters: Letters) -> None:
    confirmed(db, letters)
    epoch = _user(db).session_epoch
    assert accounts.ask_reset(db, letters, FORM.email, SOURCE, NOW) is Outcome.DONE
    token = token_in(mails(db)[-1])
    assert accounts.check_reset(db, SECRET, token, NOW) is Outcome.DONE
    late = NOW + timedelta(hours=2)
    assert (
        accounts.reset_password(db, letters, token, "una nueva clave", late) is Outcome.EXPIRED_LINK
    )
    assert accounts.reset_password(db, letters, token, "corta", NOW) is Outcome.BAD_PASSWORD
    assert accounts.check_reset(db, SECRET, token, late) is Outcome.EXPIRED_LINK
    last = late - timedelta(seconds=1)
    assert accounts.reset_password(db, letters, token, "una nueva clave", last) is Outcome.DONE
    assert accounts.reset_password(db, letters, token, "otra clave más", NOW) is Outcome.USED_LINK
    assert accounts.check_reset(db, SECRET, token, NOW) is Outcome.USED_LINK
    assert _user(db).session_epoch == epoch + 1
    assert mails(db)[-1].kind == "password-changed"
    assert sign_in(db, letters, password="una nueva clave") is SignInOutcome.WELCOME
    assert sign_in(db, letters) is SignInOutcome.WRONG


def test_asking_for_an_unknown_address_says_the_same_and_mails_nobody(
    db: Database, letters: Letters
) -> None:
    assert accounts.ask_reset(db, letters, "nobody@example.com", SOURCE, NOW) is Outcome.DONE
    assert accounts.resend_confirmation(db, letters, "x@example.com", SOURCE, NOW) is Outcome.DONE
    assert mails(db) == ()


def test_nobody_can_fill_another_mailbox(db: Database, letters: Letters) -> None:
    confirmed(db, letters)
    for number in range(3 * MAIL_BY_ADDRESS.tries):
        source = f"192.0.2.{number}"
        assert accounts.ask_reset(db, letters, FORM.email, source, NOW) is Outcome.DONE
    assert len(mails(db)) == MAIL_BY_ADDRESS.tries


def test_a_reset_link_of_a_confirmed_address_confirms(db: Database, letters: Letters) -> None:
    sign_up(db, letters)
    accounts.ask_reset(db, letters, FORM.email, SOURCE, NOW)
    token = token_in(mails(db)[-1])
    assert accounts.reset_password(db, letters, token, "una nueva clave", NOW) is Outcome.DONE
    assert sign_in(db, letters, password="una nueva clave") is SignInOutcome.WELCOME


def test_language_and_profile_are_kept(db: Database) -> None:
    user_id = customer(db)
    accounts.set_profile(
        db, user_id, first_name=" Ana María ", last_name="Prieto", country="mx", lang="en"
    )
    with db.read() as conn:
        user = users.by_id(conn, user_id)
    assert user
    assert (user.first_name, user.country, user.lang) == ("Ana María", "MX", "en")


def test_no_address_is_kept_where_tries_are_counted(db: Database, letters: Letters) -> None:
    sign_in(db, letters)
    assert "ana" not in links.make(SECRET, "x", _made(db), timedelta(1), NOW)
    name = accounts.limits.subject(SECRET, "sign-in-address", "ana.prieto@example.com")
    assert re.fullmatch(r"sign-in-address:[0-9a-f]{40}", name)
    with db.read() as conn:
        assert attempts.count_of(conn, name, timedelta(hours=1), NOW) == 1


def _made(db: Database) -> users.User:
    user_id = customer(db)
    with db.read() as conn:
        user = users.by_id(conn, user_id)
    assert user
    return user


def _user(db: Database) -> users.User:
    with db.read() as conn:
        user = users.by_email(conn, FORM.email.lower())
    assert user
    return user


def _tried(db: Database, times: int) -> None:
    """As after so many wrong passwords for Ana's address."""
    name = accounts.limits.subject(SECRET, "sign-in-address", FORM.email.lower())
    with db.write() as conn:
        for _ in range(times):
            attempts.count_one(conn, name, SIGN_IN_BY_ADDRESS.window, NOW)
