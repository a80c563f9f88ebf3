"""What the worker does about articles of cases: one that is published is told of, once."""

import logging
from datetime import datetime

from sqlalchemy import Connection

from kb.actions.case_articles import live_article
from kb.actions.case_steps import SYSTEM, note_change
from kb.actions.mail_queue import queue
from kb.actions.site_duty import SiteDuty
from kb.content.assemble import article_address
from kb.content.compiled import CompiledSite
from kb.mail import Letters
from kb.rules.articles import Article, Status, sendable
from kb.store import Database, article_drafts, cases, users
from kb.store.article_drafts import ArticleDraft

log = logging.getLogger("kb.worker")


class ArticleDuty(SiteDuty):
    """Looks which drafts have been published."""

    def do(self, site: CompiledSite, letters: Letters, now: datetime) -> None:
        """Tell the customers of each."""
        if told := note_published(self._db, site, letters, now):
            log.info("articles of cases: %d published", told)


def note_published(db: Database, site: CompiledSite, letters: Letters, now: datetime) -> int:
    """Note with its case each draft that is a published article now, and mail the customer once
    where they may read it; return how many. Several workers may do so at once."""
    with db.read() as conn:
        waiting = article_drafts.unpublished(conn)
    count = 0
    for draft in waiting:
        article = live_article(site, draft, draft.lang)
        if article is not None and article.status is Status.PUBLISHED:
            with db.write() as conn:
                count += _note(conn, letters, draft, article, now)
    return count


def _note(
    conn: Connection, letters: Letters, draft: ArticleDraft, article: Article, now: datetime
) -> bool:
    number = cases.survivor_of(conn, draft.case_number)
    case = cases.lock(conn, number)
    if not article_drafts.publish(conn, draft.case_number, now) or case is None:
        return False
    what = "article-published" if sendable(article) else "article-internal"
    at = {"url": article_address(article), "title": article.title}
    note_change(conn, number, SYSTEM, what, "", str(article.id), now, **at)
    person = users.by_id(conn, case.user_id)
    if sendable(article) and person is not None and not person.deleted_at:
        letter = letters.write(
            "case-article",
            article.lang,
            person.email,
            case_number=number,
            path=article_address(article).removeprefix(f"/{article.lang}/"),
            first_name=person.first_name,
            title=case.title,
            article=article.title,
        )
        queue(conn, letter, now)
    return True
