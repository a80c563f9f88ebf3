"""The listening queue: what was said anywhere, who read it, what it is grouped by (R51)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, Select, delete, exists, func, select, update

from kb.rules.feedback import Ratio
from kb.store import rows, voice_search
from kb.store.database import insert_once
from kb.store.desk_tables import feedback_product, feedback_read, feedback_tag
from kb.store.tables import user, vote
from kb.store.voice_tables import feedback
from kb.store.voices import Feedback

COUNTED = 1000  # what is more is “more than”
FOUND = 200  # the same of a search, where each match must be looked at
READERS = 20  # of one voice, by name


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an agent wants to hear; empty means everything. `unread_by` is an agent who has not
    read it, `unread` what nobody has; the days count in full."""

    kind: str = ""
    tag: str = ""
    article_id: int | None = None
    lang: str = ""
    product: str = ""
    words: str = ""
    since: date | None = None
    until: date | None = None
    unread: bool = False
    unread_by: int | None = None

    def __post_init__(self) -> None:
        # These come from an address; PostgreSQL refuses the zero character even in a question.
        for name in ("kind", "tag", "lang", "product", "words"):
            object.__setattr__(self, name, getattr(self, name).replace("\x00", ""))


@dataclass(frozen=True, slots=True)
class Reading:
    """Who read it, and when."""

    feedback_id: int
    name: str
    at: datetime


def page(
    conn: Connection,
    wanted: Wanted,
    *,
    before: int | None = None,
    after: int | None = None,
    limit: int,
    few: bool = False,
) -> tuple[Feedback, ...]:
    """Return what was said, the newest first: at most `limit` that are older than the id
    `before`, or the nearest that are newer than `after`. `few` says that less than FOUND have the
    words: PostgreSQL cannot guess that; a sum hides the index that tempts it to read everything."""
    query = _chosen(conn, wanted)
    searches = voice_search.matches(conn, wanted.words) is not None
    id_ = voice_search.key(conn) if searches else feedback.c.id  # the side that is read in order
    if after is not None:
        query = query.where(id_ > after)
        found = rows.many(conn, Feedback, query.order_by(id_).limit(limit))
        return tuple(reversed(found))
    if before is not None:
        query = query.where(id_ < before)
    newest = (id_ + 0).desc() if searches and few else id_.desc()
    return rows.many(conn, Feedback, query.order_by(newest).limit(limit))


def count(conn: Connection, wanted: Wanted) -> int:
    """Return how many a filter finds, COUNTED at most; FOUND of a search."""
    most = FOUND if wanted.words.strip() else COUNTED
    found = _chosen(conn, wanted).with_only_columns(feedback.c.id).limit(most).subquery()
    return rows.number_of(conn, select(func.count()).select_from(found))


def tags_of(conn: Connection, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Return the tags of each, in their alphabet."""
    return _values(conn, feedback_tag.c.tag, feedback_tag.c.feedback_id, ids)


def products_of(conn: Connection, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Return the products that each is about."""
    return _values(conn, feedback_product.c.product, feedback_product.c.feedback_id, ids)


def readings_of(conn: Connection, ids: Sequence[int]) -> dict[int, tuple[Reading, ...]]:
    """Return who read each of these and when, the first reader first."""
    name = func.trim(user.c.first_name + " " + user.c.last_name)
    query = (
        select(feedback_read.c.feedback_id, name.label("name"), feedback_read.c.at)
        .join(user, user.c.id == feedback_read.c.user_id)
        .where(feedback_read.c.feedback_id.in_(ids))
        .order_by(feedback_read.c.at, feedback_read.c.user_id)
    )
    found: dict[int, tuple[Reading, ...]] = {}
    for one in rows.many(conn, Reading, query):
        known = found.get(one.feedback_id, ())
        if len(known) < READERS:
            found[one.feedback_id] = (*known, one)
    return found


def mark_read(conn: Connection, ids: Sequence[int], user_id: int, now: datetime) -> int:
    """Note that an agent read these now; returns how many were new to them."""
    there = conn.execute(select(feedback.c.id).where(feedback.c.id.in_(ids))).scalars().all()
    new = 0
    for id_ in sorted(there):
        values = {"feedback_id": id_, "user_id": user_id, "at": now}
        new += insert_once(conn, feedback_read, values) is not None
    first = feedback.c.id.in_(there) & feedback.c.read_at.is_(None)
    conn.execute(update(feedback).where(first).values(read_at=now))
    return new


def tag(conn: Connection, ids: Sequence[int], name: str) -> int:
    """Give these a tag; returns how many had none such."""
    there = conn.execute(select(feedback.c.id).where(feedback.c.id.in_(ids))).scalars().all()
    made = [insert_once(conn, feedback_tag, {"tag": name, "feedback_id": id_}) for id_ in there]
    return sum(one is not None for one in made)


def untag(conn: Connection, ids: Sequence[int], name: str) -> int:
    """Take a tag off these; returns how many had it."""
    here = (feedback_tag.c.tag == name) & feedback_tag.c.feedback_id.in_(ids)
    return conn.execute(delete(feedback_tag).where(here)).rowcount


def all_tags(conn: Connection, limit: int = 100) -> tuple[str, ...]:
    """Return the tags in use, in their alphabet."""
    query = select(feedback_tag.c.tag).distinct().order_by(feedback_tag.c.tag).limit(limit)
    return tuple(conn.execute(query).scalars())


def set_kind(conn: Connection, ids: Sequence[int], kind: str) -> int:
    """Say of what kind these are; returns how many were of another."""
    here = feedback.c.id.in_(ids) & (feedback.c.kind != kind)
    return conn.execute(update(feedback).where(here).values(kind=kind)).rowcount


def by_ids(conn: Connection, ids: Sequence[int]) -> tuple[Feedback, ...]:
    """Return those of these that there are, the newest first."""
    query = select(feedback).where(feedback.c.id.in_(ids)).order_by(feedback.c.id.desc())
    return rows.many(conn, Feedback, query)


def remove(conn: Connection, one: Feedback) -> None:
    """Delete what was said, and the vote it came with."""
    for table in (feedback_tag, feedback_product, feedback_read):
        conn.execute(delete(table).where(table.c.feedback_id == one.id))
    voice_search.drop(conn, one.id)
    conn.execute(delete(feedback).where(feedback.c.id == one.id))
    what, _, number = (one.origin or "").partition(":")
    if what == "vote":
        conn.execute(delete(vote).where(vote.c.id == int(number)))


def kinds_by_day(conn: Connection, wanted: Wanted) -> tuple[tuple[date, str, int], ...]:
    """Count by day and kind."""
    return _by_day(conn, wanted, feedback.c.kind, _chosen(conn, wanted))


def tags_by_day(conn: Connection, wanted: Wanted) -> tuple[tuple[date, str, int], ...]:
    """Count by day and tag."""
    tagged = _chosen(conn, wanted).join(feedback_tag, feedback_tag.c.feedback_id == feedback.c.id)
    return _by_day(conn, wanted, feedback_tag.c.tag, tagged)


def ratios(conn: Connection, since: datetime, limit: int) -> tuple[Ratio, ...]:
    """Return whom articles helped and whom not since then, those that failed most people first."""
    helped = func.count().filter(vote.c.helpful)
    failed = func.count().filter(~vote.c.helpful)
    query = (
        select(vote.c.article_id, helped.label("helped"), failed.label("not_helped"))
        .where(vote.c.at >= since)
        .group_by(vote.c.article_id)
        .order_by(failed.desc(), helped, vote.c.article_id)
        .limit(limit)
    )
    return rows.many(conn, Ratio, query)


def _by_day(
    conn: Connection, wanted: Wanted, name: ColumnElement[str], query: Select[tuple[int]]
) -> tuple[tuple[date, str, int], ...]:
    counted = query.with_only_columns(feedback.c.day, name, func.count()).group_by(
        feedback.c.day, name
    )
    return tuple((day, what, number) for day, what, number in conn.execute(counted))


def _values(
    conn: Connection, value: ColumnElement[str], of: ColumnElement[int], ids: Sequence[int]
) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for id_, one in conn.execute(select(of, value).where(of.in_(ids)).order_by(of, value)):
        found[id_] = (*found.get(id_, ()), one)
    return found


def _chosen(conn: Connection, wanted: Wanted) -> Select[tuple[int]]:
    """What a filter chooses; a search begins at the words."""
    query = select(feedback).where(*_conditions(wanted))
    said = voice_search.matches(conn, wanted.words)
    if said is not None:
        words = voice_search.key(conn)
        query = query.select_from(words.table.join(feedback, feedback.c.id == words)).where(said)
    elif wanted.words.strip():
        query = query.where(feedback.c.id < 0)  # words of signs only are in nothing
    return query


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for name in ("kind", "lang"):
        if chosen := getattr(wanted, name):
            found.append(feedback.c[name] == chosen)
    if wanted.article_id is not None:
        found.append(feedback.c.article_id == wanted.article_id)
    if wanted.since is not None:
        found.append(feedback.c.day >= wanted.since)
    if wanted.until is not None:
        found.append(feedback.c.day <= wanted.until)
    if wanted.unread:
        found.append(feedback.c.read_at.is_(None))
    if wanted.unread_by is not None:
        mine = feedback_read.c.user_id == wanted.unread_by
        found.append(~exists().where(feedback_read.c.feedback_id == feedback.c.id, mine))
    if wanted.tag:
        tagged = select(feedback_tag.c.feedback_id).where(feedback_tag.c.tag == wanted.tag)
        found.append(feedback.c.id.in_(tagged))
    if wanted.product:
        about = select(feedback_product.c.feedback_id).where(
            feedback_product.c.product == wanted.product
        )
        found.append(feedback.c.id.in_(about))
    return found
