"""Counts over some days, for the knowledge work list."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from kb.store.desk_tables import article_use
from kb.store.tables import case, vote

WORDS = 20  # what was said about one article, the newest


@dataclass(frozen=True, slots=True)
class VoteRow:
    """Votes on an article in one language, and the words of those it did not help."""

    helped: int = 0
    not_helped: int = 0
    words: tuple[str, ...] = ()


def votes(conn: Connection, since: datetime) -> Mapping[tuple[int, str], VoteRow]:
    """Count the votes on each article in each language since a moment."""
    counts = (
        select(
            vote.c.article_id,
            vote.c.lang,
            func.count().filter(vote.c.helpful),
            func.count().filter(~vote.c.helpful),
        )
        .where(vote.c.at >= since)
        .group_by(vote.c.article_id, vote.c.lang)
    )
    said = select(vote.c.article_id, vote.c.lang, vote.c.words).where(
        vote.c.at >= since, ~vote.c.helpful, vote.c.words != ""
    )
    words: dict[tuple[int, str], list[str]] = {}
    for id_, lang, text in conn.execute(said.order_by(vote.c.at.desc())):
        kept = words.setdefault((id_, lang), [])
        if len(kept) < WORDS:
            kept.append(text)
    return {
        (id_, lang): VoteRow(helped, not_helped, tuple(words.get((id_, lang), ())))
        for id_, lang, helped, not_helped in conn.execute(counts)
    }


def articles_sent(conn: Connection, since: datetime) -> Mapping[int, int]:
    """Count the cases that each article answered since a moment."""
    query = select(article_use.c.article_id, func.count()).where(article_use.c.at >= since)
    found = conn.execute(query.group_by(article_use.c.article_id))
    return {int(id_): int(count) for id_, count in found}


def cases_by_product(conn: Connection, since: datetime) -> Mapping[str, int]:
    """Count the cases opened since a moment by product; '' for those about none."""
    query = select(func.coalesce(case.c.product, ""), func.count()).where(case.c.opened_at >= since)
    return {str(name): int(count) for name, count in conn.execute(query.group_by(case.c.product))}
