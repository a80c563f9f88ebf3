"""Did this article help: one vote for each visitor."""

import hashlib
import hmac
from datetime import datetime

from kb.store import Database, voices
from kb.store.voices import Votes

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


def votes_on(db: Database, article_id: int) -> Votes:
    """Count how many visitors an article helped and how many it did not."""
    with db.read() as conn:
        return voices.votes_on(conn, article_id)
