"""Did this article help: one vote for each visitor."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from kb.actions import limits
from kb.actions.vote_counts import VOTES
from kb.content.packs import write_file
from kb.rules.accounts import VOICES_BY_SOURCE, VOTES_BY_SOURCE, Limit
from kb.rules.feedback import FeedbackKind
from kb.rules.votes import VoteAnswer, VoteReason, answer
from kb.store import Database, listening, voices
from kb.store.voices import Votes

__all__ = [
    "VOTES",
    "visitor_mark",
    "vote",
    "vote_of",
    "votes_on_all",
    "write_votes",
]

LONGEST = 1000  # characters of a comment that are kept


def visitor_mark(secret: str, *parts: str) -> str:
    """Return a keyed hash of what tells visitors apart (account id, or address and browser),
    from which nobody can get back to the visitor."""
    told = "\x1f".join(parts).encode()
    return hmac.new(secret.encode(), b"visitor:" + told, hashlib.sha256).hexdigest()[:32]


def vote(
    db: Database,
    *,
    article_id: int,
    lang: str,
    visitor: str,
    helpful: bool,
    now: datetime,
    secret: str,
    source: str,
    reason: VoteReason | None = None,
    words: str = "",
    products: Iterable[str] = (),
) -> VoteAnswer:
    """Keep a visitor's vote; voting again changes it. A reason and words may come with a second
    step; words are heard with all other feedback, under the reason as a tag (R51). One `source` has
    a limit of votes, and one of words."""
    said = words.strip()[:LONGEST]
    with db.write() as conn:
        before = voices.vote_of(conn, article_id, visitor)
        if not _within(conn, secret, "vote", source, VOTES_BY_SOURCE, now):
            return VoteAnswer.TOO_MANY
        heard = not said or _within(conn, secret, "feedback", source, VOICES_BY_SOURCE, now)
        id_ = voices.set_vote(
            conn,
            article_id=article_id,
            visitor=visitor,
            lang=lang,
            helpful=helpful,
            reason="" if helpful or reason is None else str(reason),
            words=said if heard else "",
            now=now,
        )
        if said and heard:
            told = voices.add_feedback(
                conn,
                kind=str(FeedbackKind.COMPLIMENT if helpful else FeedbackKind.CONTENT),
                text=said,
                lang=lang,
                origin=f"vote:{id_}",
                article_id=article_id,
                helpful=helpful,
                products=products,
                now=now,
            )
            if reason is not None and not helpful:
                listening.tag(conn, [told], str(reason))
    return answer(before, helpful) if heard else VoteAnswer.NO_WORDS


def vote_of(db: Database, article_id: int, visitor: str) -> bool | None:
    """Return whether the article helped this visitor; None where they have not said."""
    with db.read() as conn:
        return voices.vote_of(conn, article_id, visitor)


def _within(
    conn: Connection, secret: str, kind: str, source: str, limit: Limit, now: datetime
) -> bool:
    return limits.count_within(conn, limits.subject(secret, kind, source), limit, now)


def write_votes(db: Database, var: Path) -> None:
    """Write the counts of all votes where running servers look for them (`live_site.py`)."""
    with db.read() as conn:
        counts = voices.votes_by_article(conn)
    told = {str(id_): [votes.helped, votes.not_helped] for id_, votes in sorted(counts.items())}
    write_file(var / VOTES, json.dumps(told).encode())


def votes_on_all(db: Database, ids: Sequence[int]) -> dict[int, Votes]:
    """Count the votes on each of these articles that has any."""
    with db.read() as conn:
        return voices.votes_by_article(conn, ids)
