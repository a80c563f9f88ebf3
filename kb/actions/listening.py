"""What agents do with the listening queue: read, mark as read, tag, sort, delete spam (R51)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from kb.rules.feedback import FeedbackKind, Ratio, Stretch, Trend, in_every, stretches, trends
from kb.rules.tags import tag_of
from kb.store import Database, audit, listening
from kb.store.listening import Reading, Wanted
from kb.store.voices import Feedback

__all__ = ["Heard", "HeardPage", "Trends", "Wanted"]

PAGE = 25
MOST_AT_ONCE = 100  # of one deed
BATCH = 500  # rows of a download that are held at once
STRETCHES = 12  # weeks or months of a trend
ARTICLES = 50  # in the list of those that failed most people
TAGS = 8  # the most frequent ones, drawn and listed


@dataclass(frozen=True, slots=True)
class Heard:
    """One voice with what agents know of it."""

    said: Feedback
    tags: tuple[str, ...]
    products: tuple[str, ...]
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class HeardPage:
    """A page of the queue; `newer` and `older` are the ids its neighbours begin behind, None
    where there is none. `total` counts to `most`."""

    rows: tuple[Heard, ...]
    total: int
    most: int
    newer: int | None
    older: int | None


@dataclass(frozen=True, slots=True)
class Trends:
    """What was said in each stretch of time, by kind and by tag, and how articles did."""

    starts: tuple[date, ...]
    kinds: tuple[Trend, ...]
    tags: tuple[Trend, ...]
    ratios: tuple[Ratio, ...]


def heard_page(
    db: Database, wanted: Wanted, *, before: int | None = None, after: int | None = None
) -> HeardPage:
    """Return a page of what was said, the newest first."""
    with db.read() as conn:
        total = listening.count(conn, wanted)
        few = total < listening.FOUND
        found = listening.page(conn, wanted, before=before, after=after, limit=PAGE + 1, few=few)
        more = len(found) > PAGE
        if after is not None:
            shown, newer, older = found[-PAGE:], more, True
        else:
            shown, newer, older = found[:PAGE], before is not None, more
        ids = [one.id for one in shown]
        tags, products = listening.tags_of(conn, ids), listening.products_of(conn, ids)
        readings = listening.readings_of(conn, ids)
    heard = tuple(
        Heard(one, tags.get(one.id, ()), products.get(one.id, ()), readings.get(one.id, ()))
        for one in shown
    )
    most = listening.FOUND if wanted.words.strip() else listening.COUNTED
    return HeardPage(
        heard, total, most, ids[0] if ids and newer else None, ids[-1] if ids and older else None
    )


def unread_count(db: Database) -> int:
    """Return how much nobody has read, counted to 1000."""
    with db.read() as conn:
        return listening.count(conn, Wanted(unread=True))


def tags_in_use(db: Database) -> tuple[str, ...]:
    """Return the tags to choose from."""
    with db.read() as conn:
        return listening.all_tags(conn)


def mark_read(db: Database, agent_id: int, ids: Sequence[int], now: datetime) -> int:
    """Note that an agent has read these; returns how many were new to them."""
    with db.write() as conn:
        return listening.mark_read(conn, ids[:MOST_AT_ONCE], agent_id, now)


def tag_feedback(
    db: Database, agent_id: int, ids: Sequence[int], typed: str, now: datetime, *, off: bool = False
) -> int | None:
    """Give these a tag or take it `off`; returns how many changed, None for what is no tag."""
    name = tag_of(typed)
    if name is None:
        return None
    deed = listening.untag if off else listening.tag
    with db.write() as conn:
        changed = deed(conn, ids[:MOST_AT_ONCE], name)
        if changed:
            what = "feedback.untagged" if off else "feedback.tagged"
            audit.record(conn, agent_id, what, f"feedback:{ids[0]}", now, tag=name, count=changed)
    return changed


def set_kind(
    db: Database, agent_id: int, ids: Sequence[int], kind: FeedbackKind, now: datetime
) -> int:
    """Say of what kind these are; returns how many were of another."""
    with db.write() as conn:
        changed = listening.set_kind(conn, ids[:MOST_AT_ONCE], str(kind))
        if changed:
            subject, to = f"feedback:{ids[0]}", str(kind)
            audit.record(conn, agent_id, "feedback.sorted", subject, now, kind=to, count=changed)
    return changed


def chosen(db: Database, ids: Sequence[int]) -> tuple[Feedback, ...]:
    """Return those of these that there are."""
    with db.read() as conn:
        return listening.by_ids(conn, ids[:MOST_AT_ONCE])


def delete_spam(db: Database, agent_id: int, ids: Sequence[int], now: datetime) -> int:
    """Delete these for good, with the votes they came with; returns how many there were. Who did
    it stays on record, without the words."""
    with db.write() as conn:
        found = listening.by_ids(conn, ids[:MOST_AT_ONCE])
        for one in found:
            listening.remove(conn, one)
            about = {"kind": one.kind, "article": one.article_id, "case": one.case_number}
            told = {name: value for name, value in about.items() if value is not None}
            audit.record(conn, agent_id, "feedback.deleted", f"feedback:{one.id}", now, **told)
    return len(found)


def note_download(db: Database, agent_id: int, now: datetime, selection: str) -> None:
    """Note who took the queue away as a file, and which part of it."""
    with db.write() as conn:
        audit.record(conn, agent_id, "feedback.downloaded", "feedback", now, selection=selection)


def all_heard(db: Database, wanted: Wanted) -> Iterator[Heard]:
    """Give everything a filter finds, the newest first, some hundreds at a time."""
    before = None
    while True:
        with db.read() as conn:
            found = listening.page(conn, wanted, before=before, limit=BATCH)
            ids = [one.id for one in found]
            tags, products = listening.tags_of(conn, ids), listening.products_of(conn, ids)
            readings = listening.readings_of(conn, ids)
        for one in found:
            yield Heard(
                one, tags.get(one.id, ()), products.get(one.id, ()), readings.get(one.id, ())
            )
        if len(found) < BATCH:
            return
        before = ids[-1]


def trends_of(db: Database, wanted: Wanted, by: Stretch, now: datetime) -> Trends:
    """Return the last STRETCHES weeks or months of what a filter finds, today's among them."""
    starts = stretches(now.astimezone(UTC).date(), by, STRETCHES)
    within = replace(wanted, since=starts[0], until=None)
    with db.read() as conn:
        kinds = trends(listening.kinds_by_day(conn, within), starts, by)
        tags = trends(listening.tags_by_day(conn, within), starts, by)
        since = datetime.combine(starts[0], time(), UTC)
        ratios = listening.ratios(conn, since, ARTICLES)
    every = in_every([str(kind) for kind in FeedbackKind], kinds, STRETCHES)
    return Trends(starts, every, tags[:TAGS], ratios)
