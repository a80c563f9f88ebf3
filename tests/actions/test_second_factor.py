"""The second factor: its codes work once, its recovery codes too, and guessing has an end (R2)."""

from datetime import timedelta

from kb.actions import second_factor
from kb.actions.second_factor import Begun, StepOutcome
from kb.mail import Letters
from kb.rules import totp
from kb.rules.accounts import RECOVERY_CODES, SECOND_STEP_BY_ACCOUNT, SIGN_IN_BY_SOURCE
from kb.store import Database, outbox, users
from tests.actions.people import NOW, SECRET, customer

SOURCE = "192.0.2.7"
STEP = timedelta(seconds=totp.STEP_SECONDS)


def code(key: bytes, steps: int = 0) -> str:
    return totp.code_of(key, totp.step_at(NOW) + steps)


def turned_on(db: Database, letters: Letters, user_id: int) -> tuple[bytes, tuple[str, ...]]:
    key = second_factor.prepare(db, SECRET, user_id)
    assert key is not None
    begun = second_factor.begin(db, letters, user_id, code(key, -1), NOW)
    assert isinstance(begun, Begun)
    return key, begun.codes


def check(
    db: Database, letters: Letters, user_id: int, typed: str, steps: int = 0, source: str = SOURCE
) -> StepOutcome:
    return second_factor.check(db, letters, user_id, typed, source, NOW + steps * STEP)


def test_it_is_on_once_its_first_code_was_right(db: Database, letters: Letters) -> None:
    ana = customer(db)
    key = second_factor.prepare(db, SECRET, ana)
    assert key is not None
    assert second_factor.prepare(db, SECRET, ana) == key  # the page may be looked at twice
    assert second_factor.begin(db, letters, ana, "000000x", NOW) is StepOutcome.WRONG
    with db.read() as conn:
        before = users.by_id(conn, ana)
    assert before is not None
    assert not before.has_second_factor
    begun = second_factor.begin(db, letters, ana, code(key), NOW)
    assert isinstance(begun, Begun)
    assert len(set(begun.codes)) == RECOVERY_CODES == second_factor.codes_left(db, ana)
    with db.read() as conn:
        after = users.by_id(conn, ana)
        mails = outbox.all_mail(conn)
    assert after is not None
    assert after.has_second_factor
    assert after.session_epoch == before.session_epoch + 1  # other sessions end
    assert mails[-1].kind == "second-factor-on"
    assert second_factor.prepare(db, SECRET, ana) is None  # one in use is never shown again


def test_the_key_is_not_kept_in_the_clear(db: Database, letters: Letters) -> None:
    ana = customer(db)
    key, codes = turned_on(db, letters, ana)
    with db.read() as conn:
        row = users.by_id(conn, ana)
    assert row is not None
    assert row.totp_key is not None
    assert key not in row.totp_key.encode()
    assert totp.key_text(key).replace(" ", "") not in row.totp_key
    assert not any(one in str(row) for one in codes)


def test_no_code_works_twice(db: Database, letters: Letters) -> None:
    ana = customer(db)
    key, _ = turned_on(db, letters, ana)
    assert check(db, letters, ana, code(key, -1)) is StepOutcome.WRONG  # it turned the factor on
    assert check(db, letters, ana, code(key)) is StepOutcome.RIGHT
    assert check(db, letters, ana, code(key)) is StepOutcome.WRONG
    assert check(db, letters, ana, code(key, -1)) is StepOutcome.WRONG  # nor an earlier one
    assert check(db, letters, ana, code(key, 1)) is StepOutcome.RIGHT


def test_a_clock_one_step_off_is_forgiven_and_two_are_not(db: Database, letters: Letters) -> None:
    ana = customer(db)
    key, _ = turned_on(db, letters, ana)
    assert check(db, letters, ana, code(key, 5), steps=7) is StepOutcome.WRONG
    assert check(db, letters, ana, code(key, 6), steps=7) is StepOutcome.RIGHT
    assert check(db, letters, ana, code(key, 9), steps=7) is StepOutcome.WRONG
    assert check(db, letters, ana, code(key, 8), steps=7) is StepOutcome.RIGHT


def test_a_recovery_code_works_once_however_it_is_written(db: Database, letters: Letters) -> None:
    ana = customer(db)
    _, codes = turned_on(db, letters, ana)
    written = f" {codes[3].upper().replace('-', ' ')} "
    assert check(db, letters, ana, written) is StepOutcome.RECOVERED
    assert check(db, letters, ana, codes[3]) is StepOutcome.WRONG
    assert second_factor.codes_left(db, ana) == RECOVERY_CODES - 1
    with db.read() as conn:
        assert outbox.all_mail(conn)[-1].kind == "recovery-code-used"


def test_somebody_else_s_codes_are_wrong(db: Database, letters: Letters) -> None:
    ana, eva = customer(db), customer(db, "eva@example.com")
    key, codes = turned_on(db, letters, ana)
    turned_on(db, letters, eva)
    assert check(db, letters, eva, code(key)) is StepOutcome.WRONG
    assert check(db, letters, eva, codes[0]) is StepOutcome.WRONG
    assert second_factor.codes_left(db, ana) == RECOVERY_CODES


def test_new_recovery_codes_end_the_old_ones(db: Database, letters: Letters) -> None:
    ana = customer(db)
    assert second_factor.renew_codes(db, SECRET, ana, NOW) == ()
    _, old = turned_on(db, letters, ana)
    new = second_factor.renew_codes(db, SECRET, ana, NOW)
    assert check(db, letters, ana, old[0]) is StepOutcome.WRONG
    assert check(db, letters, ana, new[0]) is StepOutcome.RECOVERED


def test_guessing_codes_has_an_end_for_the_account(db: Database, letters: Letters) -> None:
    ana = customer(db)
    key, codes = turned_on(db, letters, ana)
    for number in range(SECOND_STEP_BY_ACCOUNT.tries):
        assert check(db, letters, ana, "000000x", source=f"192.0.2.{number}") is StepOutcome.WRONG
    assert check(db, letters, ana, code(key), source="192.0.2.99") is StepOutcome.TOO_MANY
    assert check(db, letters, ana, codes[0], source="192.0.2.99") is StepOutcome.TOO_MANY
    window = SECOND_STEP_BY_ACCOUNT.window // STEP
    assert check(db, letters, ana, code(key, window - 1), window - 1) is StepOutcome.TOO_MANY
    assert check(db, letters, ana, code(key, window), window) is StepOutcome.RIGHT


def test_guessing_codes_has_an_end_for_the_client(db: Database, letters: Letters) -> None:
    people = [customer(db, f"p{number}@example.com") for number in range(7)]
    key, _ = turned_on(db, letters, people[-1])
    for number in range(SIGN_IN_BY_SOURCE.tries):
        check(db, letters, people[number % 6], "000000x")
    assert check(db, letters, people[-1], code(key)) is StepOutcome.TOO_MANY


def test_a_right_code_starts_the_count_again(db: Database, letters: Letters) -> None:
    ana = customer(db)
    key, _ = turned_on(db, letters, ana)
    for _ in range(SECOND_STEP_BY_ACCOUNT.tries - 1):
        check(db, letters, ana, "000000x")
    assert check(db, letters, ana, code(key)) is StepOutcome.RIGHT
    assert check(db, letters, ana, "000000x") is StepOutcome.WRONG


def test_off_it_asks_for_nothing_and_forgets_all(db: Database, letters: Letters) -> None:
    ana = customer(db)
    key, codes = turned_on(db, letters, ana)
    second_factor.end(db, letters, ana, NOW)
    assert check(db, letters, ana, code(key)) is StepOutcome.WRONG
    assert check(db, letters, ana, codes[0]) is StepOutcome.WRONG
    assert second_factor.codes_left(db, ana) == 0
    assert second_factor.prepare(db, SECRET, ana) != key
    with db.read() as conn:
        assert outbox.all_mail(conn)[-1].kind == "second-factor-off"


def test_under_another_secret_a_key_is_not_read(db: Database, letters: Letters) -> None:
    ana = customer(db)
    key = second_factor.prepare(db, SECRET, ana)
    assert second_factor.prepare(db, "another secret", ana) != key
