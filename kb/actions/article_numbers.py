"""Ids for new articles that are written here."""

from datetime import datetime

from kb.content.article_numbers import next_number
from kb.content.git_commits import Repository
from kb.settings import Settings
from kb.store import Database, article_drafts


def new_article_number(db: Database, settings: Settings, repo: Repository, now: datetime) -> int:
    """Give out the id of a new article; two who ask at once get two. Raises CommitTrouble."""
    free = next_number(repo, settings.site)
    with db.write() as conn:
        return article_drafts.give_number(conn, free, now)
