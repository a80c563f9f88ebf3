"""The outbox row by row: what is taken, by whom, and what is shown as trouble."""

from datetime import timedelta

from kb.store import Database, outbox
from kb.store.outbox import Mail, MailState, NewMail
from tests.conftest import NOW

MINUTE = timedelta(minutes=1)


def put(db: Database, *names: str) -> dict[str, int]:
    """Queue mails with these names, each a minute after the one before; return their ids."""
    made: dict[str, int] = {}
    with db.write() as conn:
        for place, name in enumerate(names):
            new = NewMail(f"<{name}@x>", "reply", f"{name}@example.com", name, "words", "en")
            added = outbox.add(conn, new, NOW + place * MINUTE)
            assert added is not None
            made[name] = added
    return made


def take(db: Database, minutes: int, limit: int = 10) -> dict[str, Mail]:
    """Lease for ten minutes what is due so many minutes after NOW."""
    with db.write() as conn:
        at = NOW + minutes * MINUTE
        return {one.subject: one for one in outbox.lease(conn, at, lasts=10 * MINUTE, limit=limit)}


def test_the_longest_due_are_taken_first_and_none_too_early(db: Database) -> None:
    put(db, "first", "second", "third")
    assert list(take(db, 1, limit=1)) == ["first"]
    assert list(take(db, 1)) == ["second"], "the third is due a minute later"
    assert list(take(db, 2)) == ["third"]
    assert not take(db, 9)


def test_a_mail_is_free_again_the_moment_its_lease_ends(db: Database) -> None:
    put(db, "one")
    assert list(take(db, 0)) == ["one"]
    assert not take(db, 9)
    again = take(db, 10)["one"]
    assert again.attempts == 2, "a mail that kills its worker uses up its tries"


def test_only_what_did_not_arrive_is_trouble_the_newest_first(db: Database) -> None:
    ids = put(db, "waits", "sent", "dead", "returned")
    taken = take(db, 5)
    with db.write() as conn:
        for name in ("sent", "returned"):
            assert outbox.sent(conn, taken[name], NOW)
        assert outbox.failed(conn, taken["waits"], "busy", NOW + MINUTE)
        assert outbox.failed(conn, taken["dead"], "no such box", None)
        outbox.came_back(conn, ids["returned"], "full", NOW)
    with db.read() as conn:
        found = outbox.troubled(conn, offset=0, limit=10)
        assert [one.subject for one in found] == ["returned", "dead"]
        assert [one.subject for one in outbox.troubled(conn, offset=1, limit=10)] == ["dead"]
        assert outbox.troubled_count(conn) == 2
        assert (found[1].state, found[1].error) == (MailState.DEAD, "no such box")


def test_only_what_did_not_arrive_is_sent_again(db: Database) -> None:
    ids = put(db, "sent", "dead")
    taken = take(db, 5)
    with db.write() as conn:
        outbox.sent(conn, taken["sent"], NOW)
        outbox.failed(conn, taken["dead"], "no such box", None)
        assert not outbox.send_again(conn, ids["sent"], NOW)
        assert outbox.send_again(conn, ids["dead"], NOW)
        assert not outbox.send_again(conn, ids["dead"], NOW), "it waits already"
    again = take(db, 6)
    assert list(again) == ["dead"]
    assert (again["dead"].message_id, again["dead"].attempts) == ("<dead@x>", 1)


def test_a_mail_is_late_five_minutes_after_it_was_due(db: Database) -> None:
    put(db, "one")
    with db.read() as conn:
        assert outbox.counts(conn, NOW + 5 * MINUTE)["late"] == 0
        assert outbox.counts(conn, NOW + 6 * MINUTE)["late"] == 1
