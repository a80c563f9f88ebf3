"""What changed on the site, and what its readers had seen before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from kb.rules.following import Change, News, Standing
from kb.store import rows
from kb.store.database import insert_once
from kb.store.follow_tables import article_change, article_seen, news_survey

_NAME = "site"
Key = tuple[int, str]
"""An article's number and language."""


@dataclass(frozen=True, slots=True)
class Survey:
    """The site that was looked at last; "" before the first time."""

    revision: str
    day: date | None


def begin(conn: Connection) -> Survey:
    """Return what was looked at last, and keep all others from looking until this transaction is
    over: so changes are numbered in the order in which they can be read."""
    insert_once(conn, news_survey, {"name": _NAME, "revision": "", "day": None})
    c = news_survey.c
    query = select(c.revision, c.day).where(c.name == _NAME).with_for_update()
    found = rows.one(conn, Survey, query)
    assert found is not None  # noqa: S101 # inserted above
    return found


def finish(conn: Connection, revision: str, day: date) -> None:
    """Write down what has been looked at."""
    conn.execute(update(news_survey).values(revision=revision, day=day))


def seen(conn: Connection) -> dict[Key, Standing]:
    """Return what readers have seen of each article."""
    c = article_seen.c
    query = select(c.article_id, c.lang, c.mark, c.alert)
    return {(id_, lang): Standing(mark, alert) for id_, lang, mark, alert in conn.execute(query)}


def keep(conn: Connection, new: Mapping[Key, Standing], changed: Mapping[Key, Standing]) -> None:
    """Write down what readers see now."""
    if new:
        values = [
            {"article_id": id_, "lang": lang, "mark": now.mark, "alert": now.alert}
            for (id_, lang), now in new.items()
        ]
        conn.execute(insert(article_seen), values)
    for (id_, lang), now in changed.items():
        one = (article_seen.c.article_id == id_) & (article_seen.c.lang == lang)
        conn.execute(update(article_seen).where(one).values(mark=now.mark, alert=now.alert))


def add(conn: Connection, found: Iterable[tuple[Key, News, str]], now: datetime) -> None:
    """Note changes to tell, in this order."""
    for (id_, lang), kind, words in found:
        values = {"article_id": id_, "lang": lang, "kind": str(kind), "words": words, "at": now}
        conn.execute(insert(article_change).values(values))


def newest(conn: Connection) -> int:
    """Return the number of the last change; 0 when there was none."""
    return rows.number_of(conn, select(func.coalesce(func.max(article_change.c.id), 0)))


def between(conn: Connection, after: int, last: int) -> tuple[Change, ...]:
    """Return the changes after one, up to another, as they happened."""
    c = article_change.c
    query = select(article_change).where(c.id > after, c.id <= last).order_by(c.id)
    return rows.many(conn, Change, query)


def purge(conn: Connection, before: datetime) -> int:
    """Forget old changes; the last one stays, since numbers count on from it."""
    old = (article_change.c.at < before) & (article_change.c.id < newest(conn))
    return conn.execute(delete(article_change).where(old)).rowcount
