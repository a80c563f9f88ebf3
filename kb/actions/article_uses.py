"""Counting the articles that agents send in their answers."""

import re
from datetime import datetime

from kb.store import Database, article_uses
from kb.store.article_uses import ArticleUse

PAGE = 50

_LINK = re.compile(r"/kb/([0-9]{1,9})(?:-|\b)")


def note_articles(db: Database, base_url: str, number: int, body: str, now: datetime) -> int:
    """Note the articles of this site that an answer links to; returns how many were new to the
    case."""
    here = [part for part in body.split() if part.strip("<>()[].,").startswith(base_url)]
    ids = dict.fromkeys(int(found[1]) for part in here for found in _LINK.finditer(part))
    if not ids:
        return 0
    with db.write() as conn:
        return sum(article_uses.note(conn, number, id_, now) for id_ in ids)


def uses_of_articles(
    db: Database, *, since: datetime | None = None, last_first: bool = False, page: int = 1
) -> tuple[tuple[ArticleUse, ...], bool]:
    """Return a page of the articles that answered cases since then, most used or last used first,
    and whether another page follows."""
    with db.read() as conn:
        found = article_uses.listed(
            conn, since=since, last_first=last_first, offset=(page - 1) * PAGE, limit=PAGE + 1
        )
    return found[:PAGE], len(found) > PAGE
