"""Following by mail: agreed to by the mailbox, one answer for all, ended by one press (R62)."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from kb.actions import following
from kb.actions.following import Ask, FollowOutcome, agree, ask, end, mine, read_link, token_of
from kb.mail import Letters
from kb.rules.following import FOLLOW_BY_ADDRESS, FOLLOW_BY_SOURCE, MOST_FOLLOWED, Pace, Subject
from kb.store import Database, mail_bounces, outbox
from kb.store.follow_tables import follower
from tests.actions.people import NOW, SECRET

WISH = Ask("Ana@example.com", Subject.ARTICLE, "1042", "es", Pace.DAILY, "La copia se detiene")


def letters_of(db: Database) -> list[outbox.Mail]:
    with db.read() as conn:
        return list(outbox.all_mail(conn))


def followers_in(db: Database) -> int:
    with db.read() as conn:
        return int(conn.execute(select(func.count()).select_from(follower)).scalar_one())


def link_in(mail: outbox.Mail) -> str:
    return mail.text.split("/follow/agree/")[1].split()[0]


def followed(db: Database, wish: Ask = WISH) -> str:
    outcome, token = agree(db, SECRET, wish, NOW)
    assert outcome is FollowOutcome.DONE
    return token


def test_nothing_is_kept_before_the_mailbox_agrees(db: Database, letters: Letters) -> None:
    assert ask(db, letters, WISH, "192.0.2.1", NOW) is FollowOutcome.DONE
    assert followers_in(db) == 0
    (mail,) = letters_of(db)
    assert mail.recipient == "Ana@example.com"
    assert mail.subject == "Confirme que desea seguir «La copia se detiene»"
    wish = read_link(SECRET, link_in(mail), NOW)
    assert wish == Ask("Ana@example.com", Subject.ARTICLE, "1042", "es", Pace.DAILY)
    assert wish
    token = followed(db, wish)
    found = mine(db, SECRET, token)
    assert found
    assert [(one.subject, one.target) for one in found.wanted] == [(Subject.ARTICLE, "1042")]
    assert followed(db, wish) == token  # pressed twice
    assert followers_in(db) == 1


def test_a_link_is_signed_hides_the_address_and_ends(db: Database, letters: Letters) -> None:
    ask(db, letters, WISH, "192.0.2.1", NOW)
    token = link_in(letters_of(db)[0])
    assert "ana" not in token.lower()
    assert read_link(SECRET, token, NOW + timedelta(days=2)) is None
    assert read_link("another secret", token, NOW) is None
    for wrong in (token[:-6], "", "x" * 200, "ñ"):
        assert read_link(SECRET, wrong, NOW) is None
    assert mine(db, SECRET, token) is None  # made for another purpose
    assert not end(db, SECRET, token)


def test_the_answer_is_the_same_for_who_follows_already(db: Database, letters: Letters) -> None:
    followed(db)
    assert ask(db, letters, WISH, "192.0.2.1", NOW) is FollowOutcome.DONE
    other = Ask("bo@example.com", Subject.ARTICLE, "1042", "es", Pace.DAILY, WISH.title)
    assert ask(db, letters, other, "192.0.2.1", NOW) is FollowOutcome.DONE
    one, two = letters_of(db)
    assert (one.subject, one.kind) == (two.subject, two.kind)


def test_nobody_is_bombed_with_letters_and_nobody_told_of_the_limit(
    db: Database, letters: Letters
) -> None:
    for number in range(FOLLOW_BY_ADDRESS.tries + 5):
        source = f"192.0.2.{number}"
        assert ask(db, letters, WISH, source, NOW) is FollowOutcome.DONE
    assert len(letters_of(db)) == FOLLOW_BY_ADDRESS.tries


def test_one_source_asks_only_so_often(db: Database, letters: Letters) -> None:
    asked = [
        ask(db, letters, Ask(f"a{number}@example.com", WISH.subject, "1", "es", Pace.DAILY),
            "192.0.2.1", NOW)
        for number in range(FOLLOW_BY_SOURCE.tries + 1)
    ]  # fmt: skip
    assert asked[-1] is FollowOutcome.TOO_MANY
    assert set(asked[:-1]) == {FollowOutcome.DONE}
    assert len(letters_of(db)) == FOLLOW_BY_SOURCE.tries


def test_what_is_no_address_is_refused(db: Database, letters: Letters) -> None:
    bad = Ask("ana@", WISH.subject, "1", "es", Pace.DAILY)
    assert ask(db, letters, bad, "192.0.2.1", NOW) is FollowOutcome.BAD_EMAIL
    assert letters_of(db) == []


def test_one_press_forgets_and_again_is_right_too(db: Database) -> None:
    token = followed(db)
    assert end(db, SECRET, token)
    assert followers_in(db) == 0
    assert mine(db, SECRET, token) is None
    assert end(db, SECRET, token)
    assert not end(db, SECRET, "made-up")
    newer, _ = agree(db, SECRET, WISH, NOW + timedelta(hours=1)), None
    assert mine(db, SECRET, token) is None, "an old letter's link opens what was followed anew"
    assert mine(db, SECRET, newer[1])


def test_one_thing_of_many_is_ended_and_the_last_forgets(db: Database) -> None:
    token = followed(db)
    product = Ask(WISH.email.lower(), Subject.PRODUCT, "backup-server", "en", Pace.AT_ONCE)
    assert followed(db, product) == token
    found = mine(db, SECRET, token)
    assert found
    assert (len(found.wanted), found.follower.pace, found.follower.lang) == (2, "at-once", "en")
    assert following.set_pace(db, SECRET, token, Pace.DAILY)
    assert following.drop(db, SECRET, token, Subject.ARTICLE, "1042")
    found = mine(db, SECRET, token)
    assert found
    assert [one.target for one in found.wanted] == ["backup-server"]
    assert found.follower.pace is Pace.DAILY
    following.drop(db, SECRET, token, Subject.PRODUCT, "backup-server")
    assert followers_in(db) == 0
    assert not following.drop(db, SECRET, token, Subject.PRODUCT, "backup-server")
    assert not following.set_pace(db, SECRET, token, Pace.DAILY)


def test_nobody_follows_everything(db: Database) -> None:
    for number in range(MOST_FOLLOWED):
        followed(db, Ask(WISH.email, Subject.ARTICLE, str(number), "es", Pace.DAILY))
    more = Ask(WISH.email, Subject.ARTICLE, "9999", "es", Pace.DAILY)
    assert agree(db, SECRET, more, NOW)[0] is FollowOutcome.TOO_MANY


def test_an_address_that_agrees_can_be_reached(db: Database) -> None:
    with db.write() as conn:
        mail_bounces.mark(conn, WISH.email, "550 no such user", NOW)
    found = mine(db, SECRET, followed(db))
    with db.read() as conn:
        assert mail_bounces.of_address(conn, WISH.email) is None
    assert found
    assert token_of("other", found.follower) != token_of(SECRET, found.follower)


@pytest.mark.parametrize("token", ["WzFd.x", "é", "a.b.c", "WyJhIiwiYiJd.AAAA"])
def test_a_made_up_token_is_nobodys(db: Database, token: str) -> None:
    assert mine(db, SECRET, token) is None
