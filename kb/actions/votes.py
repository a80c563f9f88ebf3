"""Did this article help: one vote for each visitor."""

import hashlib
import hmac
import json
from datetime import datetime
from pathlib import Path

from kb.actions.vote_counts import VOTES, read_votes
from kb.content.packs import write_file
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
    words: str = "",
) -> None:
    """Keep a visitor's vote; voting again changes it, and words may come with a second step."""
    with db.write() as conn:
        voices.set_vote(
            conn,
            article_id=article_id,
            visitor=visitor,
            lang=lang,
            helpful=helpful,
            words=words.strip()[:LONGEST],
            now=now,
        )


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
