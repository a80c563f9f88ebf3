"""Suggestions, complaints, ratings, compliments, problems with articles: all recorded (R51)."""

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from kb.actions import limits
from kb.actions.accounts import normal_email
from kb.rules.accounts import VOICES_BY_SOURCE
from kb.rules.feedback import ArticleFault, FeedbackKind
from kb.store import Database, listening, voices

__all__ = ["LONGEST", "FeedbackAnswer", "FeedbackKind", "give_feedback", "report_article"]

LONGEST = 5000  # characters
RATINGS = range(1, 6)


class FeedbackAnswer(StrEnum):
    """DONE: it is recorded; the others say what to mend."""

    DONE = "done"
    EMPTY = "empty"
    TOO_LONG = "too-long"
    NO_RATING = "no-rating"
    BAD_EMAIL = "bad-email"
    TOO_MANY = "too-many"


def give_feedback(
    db: Database,
    *,
    kind: FeedbackKind,
    text: str,
    lang: str,
    secret: str,
    source: str,
    now: datetime,
    rating: int | None = None,
    email: str = "",
    user_id: int | None = None,
) -> FeedbackAnswer:
    """Record what somebody tells us; a rating (1 to 5) needs no words, anything else does.

    No individual reply is promised (R51), so the address is optional."""
    flaw = _flaw(kind, text, rating, email)
    if flaw:
        return flaw
    with db.write() as conn:
        name = limits.subject(secret, "feedback", source)
        if not limits.count_within(conn, name, VOICES_BY_SOURCE, now):
            return FeedbackAnswer.TOO_MANY
        voices.add_feedback(
            conn,
            kind=str(kind),
            text=text.strip(),
            rating=rating,
            email=normal_email(email) if email.strip() else None,
            lang=lang,
            user_id=user_id,
            now=now,
        )
    return FeedbackAnswer.DONE


def report_article(
    db: Database,
    *,
    article_id: int,
    products: Iterable[str],
    fault: ArticleFault,
    text: str,
    lang: str,
    secret: str,
    source: str,
    now: datetime,
    user_id: int | None = None,
    tell: Callable[[Connection], object] | None = None,
) -> FeedbackAnswer:
    """Record what is wrong with an article, under a tag that says of which sort it is; it is no
    vote on whether the article helped. `tell` mails those who keep it, in the same transaction."""
    if flaw := _flaw(FeedbackKind.CONTENT, text, None, ""):
        return flaw
    with db.write() as conn:
        name = limits.subject(secret, "feedback", source)
        if not limits.count_within(conn, name, VOICES_BY_SOURCE, now):
            return FeedbackAnswer.TOO_MANY
        id_ = voices.add_feedback(
            conn,
            kind=str(FeedbackKind.CONTENT),
            text=text.strip(),
            lang=lang,
            user_id=user_id,
            article_id=article_id,
            products=products,
            now=now,
        )
        if fault is not ArticleFault.OTHER:
            listening.tag(conn, [id_], str(fault))
        if tell is not None:
            tell(conn)
    return FeedbackAnswer.DONE


def _flaw(kind: FeedbackKind, text: str, rating: int | None, email: str) -> FeedbackAnswer | None:
    if kind is FeedbackKind.RATING and rating not in RATINGS:
        return FeedbackAnswer.NO_RATING
    if kind is not FeedbackKind.RATING and not text.strip():
        return FeedbackAnswer.EMPTY
    if len(text) > LONGEST:
        return FeedbackAnswer.TOO_LONG
    if email.strip() and normal_email(email) is None:
        return FeedbackAnswer.BAD_EMAIL
    return None
