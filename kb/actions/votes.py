"""Did this article help: one vote for each visitor."""

import hashlib
import hmac
import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from kb.actions import limits
from kb.actions.vote_counts import VOTES, read_votes
from kb.content.packs import write_file
from kb.rules.accounts import VOICES_BY_SOURCE
from kb.rules.feedback import FeedbackKind
from kb.store import Database, voices
from kb.store.voices import Votes

__all__ = ["VOTES", "read_votes", "visitor_mark", "vote", "votes_on", "write_votes"]

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
    words: str = "",
    products: Iterable[str] = (),
) -> bool:
    """Keep a visitor's vote; voting again changes it, and words may come with a second step: they
    are heard with all other feedback (R51). False when so much has come from this `source` that
    only the vote was kept, not the words."""
    said = words.strip()[:LONGEST]
    with db.write() as conn:
        name = limits.subject(secret, "feedback", source)
        too_many = bool(said) and not limits.count_within(conn, name, VOICES_BY_SOURCE, now)
        id_ = voices.set_vote(
            conn,
            article_id=article_id,
            visitor=visitor,
            lang=lang,
            helpful=helpful,
            words="" if too_many else said,
            now=now,
        )
        if said and not too_many:
            voices.add_feedback(
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
    return not too_many


def write_votes(db: Database, var: Path) -> None:
    """Write the counts of all votes where running servers look for them (`live_site.py`)."""
    with db.read() as conn:
        counts = voices.votes_by_article(conn)
    told = {str(id_): [votes.helped, votes.not_helped] for id_, votes in sorted(counts.items())}
    write_file(var / VOTES, json.dumps(told).encode())


def votes_on(db: Database, article_id: int) -> Votes:
    """Count how many visitors an article helped and how many it did not."""
    with db.read() as conn:
        return voices.votes_on(conn, article_id)
