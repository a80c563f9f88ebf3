"""R51 and the quieter voices: feedback, votes on articles, searches and walks of nobody."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kb.actions import votes
from kb.actions.feedback import LONGEST, FeedbackAnswer, FeedbackKind, give_feedback
from kb.actions.housekeeping import tidy
from kb.actions.limits import count_within, subject
from kb.actions.vote_counts import read_votes
from kb.rules.accounts import VOICES_BY_SOURCE, VOTES_BY_SOURCE
from kb.rules.visits import Step, StepKind
from kb.rules.votes import VoteAnswer, VoteReason
from kb.store import Database, attempts, listening, visits
from kb.store.file_store import FileStore
from kb.store.voices import Votes
from tests import kept_voices
from tests.actions.people import NOW, SECRET, customer

MAIL = {"email": "a@example.com"}
SUGGESTION, COMPLAINT, RATING, COMPLIMENT, CONTENT = FeedbackKind


def give(
    db: Database, kind: FeedbackKind = SUGGESTION, text: str = "Más vídeos", **more: Any
) -> FeedbackAnswer:
    more = {"lang": "es", "source": "192.0.2.1", **more}
    return give_feedback(db, kind=kind, text=text, secret=SECRET, now=NOW, **more)


@pytest.mark.parametrize(
    ("kind", "text", "more", "answer"),
    [
        pytest.param(SUGGESTION, "Más vídeos", {}, FeedbackAnswer.DONE, id="R51 suggestion"),
        pytest.param(COMPLAINT, "Tardan", MAIL, FeedbackAnswer.DONE, id="R51 complaint"),
        pytest.param(RATING, "", {"rating": 5}, FeedbackAnswer.DONE, id="R51 rating"),
        pytest.param(COMPLIMENT, "Gracias", {}, FeedbackAnswer.DONE, id="R51 compliment"),
        pytest.param(COMPLAINT, " \n", {}, FeedbackAnswer.EMPTY, id="nothing said"),
        pytest.param(RATING, "", {}, FeedbackAnswer.NO_RATING, id="a rating without one"),
        pytest.param(RATING, "", {"rating": 6}, FeedbackAnswer.NO_RATING, id="six of five"),
        pytest.param(SUGGESTION, "x", {"email": "a@b@c"}, FeedbackAnswer.BAD_EMAIL, id="address"),
        pytest.param(SUGGESTION, "x" * (LONGEST + 1), {}, FeedbackAnswer.TOO_LONG, id="a book"),
    ],
)  # fmt: skip
def test_r51_everything_said_is_recorded(
    db: Database, kind: FeedbackKind, text: str, more: dict[str, Any], answer: FeedbackAnswer
) -> None:
    assert give(db, kind, text, **more) is answer
    with db.read() as conn:
        kept = [
            (one.kind, one.text, one.rating, one.email) for one in kept_voices.all_feedback(conn)
        ]
    said = (str(kind), text.strip(), more.get("rating"), more.get("email"))
    assert kept == ([said] if answer is FeedbackAnswer.DONE else [])


def test_nobody_can_bury_us_in_feedback(db: Database) -> None:
    name = subject(SECRET, "feedback", "192.0.2.1")
    with db.write() as conn:
        for _ in range(VOICES_BY_SOURCE.tries):
            count_within(conn, name, VOICES_BY_SOURCE, NOW)
    assert give(db) is FeedbackAnswer.TOO_MANY
    assert give(db, source="192.0.2.2", user_id=customer(db)) is FeedbackAnswer.DONE


def cast(
    db: Database, visitor: str, helpful: bool, words: str = "", source: str = ""
) -> VoteAnswer:
    return votes.vote(
        db, article_id=1042, lang="es", visitor=visitor, helpful=helpful, now=NOW, words=words,
        secret=SECRET, source=source or visitor,
    )  # fmt: skip


def test_a_visitor_has_one_vote_and_may_change_it(db: Database) -> None:
    cast(db, "v1", True)
    cast(db, "v2", False)
    cast(db, "v2", False, "Falta la versión 12 ")
    cast(db, "v2", False)
    assert votes.votes_on_all(db, [1042, 1043]) == {1042: Votes(helped=1, not_helped=1)}
    with db.read() as conn:
        assert kept_voices.words_on(conn, 1042) == ("Falta la versión 12",)
    cast(db, "v2", True)
    assert votes.votes_on_all(db, [1042, 1043]) == {1042: Votes(helped=2, not_helped=0)}


def test_a_vote_keeps_its_reason_until_it_is_changed(db: Database) -> None:
    same = {"article_id": 1042, "lang": "es", "visitor": "v", "secret": SECRET, "source": "a"}
    first = votes.vote(db, helpful=False, now=NOW, **same)  # type: ignore[arg-type]
    assert first is VoteAnswer.NEW
    why = VoteReason.UNCLEAR
    again = votes.vote(db, helpful=False, reason=why, words="Paso 3", now=NOW, **same)  # type: ignore[arg-type]
    assert again is VoteAnswer.SAME
    assert votes.vote(db, helpful=False, now=NOW, **same) is VoteAnswer.SAME  # type: ignore[arg-type]
    with db.read() as conn:
        assert kept_voices.reasons_on(conn, 1042) == {"unclear": 1}
        heard = kept_voices.all_feedback(conn)
        assert listening.tags_of(conn, [one.id for one in heard]) == {heard[0].id: ("unclear",)}
    assert votes.vote(db, helpful=True, now=NOW, **same) is VoteAnswer.CHANGED  # type: ignore[arg-type]
    assert votes.vote_of(db, 1042, "v") is True
    with db.read() as conn:
        assert kept_voices.reasons_on(conn, 1042) == {}


def test_one_address_cannot_fill_the_ballot(db: Database) -> None:
    for number in range(VOTES_BY_SOURCE.tries):
        cast(db, f"v{number}", True, source="office")
    assert cast(db, "one more", False, source="office") is VoteAnswer.TOO_MANY
    assert votes.votes_on_all(db, [1042])[1042].not_helped == 0
    assert cast(db, "elsewhere", False) is VoteAnswer.NEW


def test_a_visitors_mark_says_nothing_about_the_visitor() -> None:
    mark = votes.visitor_mark(SECRET, "192.0.2.1", "Browser")
    assert mark == votes.visitor_mark(SECRET, "192.0.2.1", "Browser")
    others = {
        votes.visitor_mark("other", "192.0.2.1", "Browser"),
        votes.visitor_mark(SECRET, "192.0.2.1Browser"),
        votes.visitor_mark(SECRET, "192.0.2.2", "Browser"),
    }
    assert mark not in others
    assert len(others) == 3


def test_what_is_no_longer_needed_is_dropped(db: Database, tmp_path: Path) -> None:
    old, new = NOW - timedelta(days=397), NOW - timedelta(days=395)
    with db.write() as conn:
        visits.add(conn, [Step("v", StepKind.SEARCHED, at, "es", "x") for at in (old, new)])
        attempts.count_one(conn, "old", timedelta(hours=1), NOW - timedelta(days=3))
        attempts.count_one(conn, "new", timedelta(hours=1), NOW)
    tidy(db, FileStore(tmp_path), NOW)
    with db.read() as conn:
        assert [one.at for one in visits.of_visit(conn, "v", old)] == [new]
        assert attempts.count_of(conn, "old", timedelta(days=9), NOW) == 0
        assert attempts.count_of(conn, "new", timedelta(days=9), NOW) == 1


def test_counted_votes_reach_the_search_through_a_file(db: Database, tmp_path: Path) -> None:
    assert read_votes(tmp_path) == {}
    for visitor in ("one", "two", "three"):
        cast(db, visitor, helpful=visitor != "two")
    votes.write_votes(db, tmp_path)
    assert list(read_votes(tmp_path).values()) == [(2, 1)]
    (tmp_path / votes.VOTES).write_text("[half")
    assert read_votes(tmp_path) == {}
