"""What visitors tell us: feedback, and votes on articles."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from kb.store import rows, voice_search
from kb.store.desk_tables import feedback_product, feedback_read
from kb.store.tables import vote
from kb.store.voice_tables import feedback


@dataclass(frozen=True, slots=True)
class Feedback:
    """One thing that somebody said (R51), about an article or a case where it says so; `read_at`
    is when the first agent read it."""

    id: int
    kind: str
    text: str
    rating: int | None
    email: str | None
    lang: str
    user_id: int | None
    at: datetime
    day: date
    origin: str | None
    article_id: int | None
    case_number: int | None
    helpful: bool | None
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Votes:
    """How many visitors an article helped and how many it did not."""

    helped: int
    not_helped: int


def feedback_of(conn: Connection, user_id: int) -> tuple[Feedback, ...]:
    """Return what one person told us while signed in, in order."""
    query = select(feedback).where(feedback.c.user_id == user_id).order_by(feedback.c.id)
    return rows.many(conn, Feedback, query)


def add_feedback(
    conn: Connection,
    *,
    kind: str,
    text: str,
    lang: str,
    now: datetime,
    rating: int | None = None,
    email: str | None = None,
    user_id: int | None = None,
    origin: str | None = None,
    article_id: int | None = None,
    case_number: int | None = None,
    helpful: bool | None = None,
    products: Iterable[str] = (),
) -> int:
    """Keep what somebody told us and return its id. What came from the same `origin` before is
    replaced, and is unread again where its words are new."""
    values = {
        "kind": kind,
        "text": text,
        "rating": rating,
        "email": email,
        "lang": lang,
        "user_id": user_id,
        "at": now,
        "day": now.astimezone(UTC).date(),
        "origin": origin,
        "article_id": article_id,
        "case_number": case_number,
        "helpful": helpful,
    }
    if before := _from(conn, origin):
        return _say_anew(conn, before, values)
    statement = insert(feedback).values(values).returning(feedback.c.id)
    id_ = int(conn.execute(statement).scalar_one())
    about = [{"product": one, "feedback_id": id_} for one in dict.fromkeys(products)]
    if about:
        conn.execute(insert(feedback_product), about)
    voice_search.keep(conn, id_, text)
    return id_


def _from(conn: Connection, origin: str | None) -> Feedback | None:
    if origin is None:
        return None
    return rows.one(conn, Feedback, select(feedback).where(feedback.c.origin == origin))


def _say_anew(conn: Connection, before: Feedback, values: Mapping[str, object]) -> int:
    """Put new words in the place of older ones; the day on which it was first said stays."""
    text = str(values["text"]).replace("\x00", "")
    changed = {name: values[name] for name in ("text", "rating", "helpful")}
    if text != before.text:
        changed |= {"at": values["at"], "read_at": None}
        conn.execute(delete(feedback_read).where(feedback_read.c.feedback_id == before.id))
        voice_search.keep(conn, before.id, text)
    conn.execute(update(feedback).where(feedback.c.id == before.id).values(changed))
    return before.id


def set_vote(
    conn: Connection,
    *,
    article_id: int,
    visitor: str,
    lang: str,
    helpful: bool,
    words: str,
    now: datetime,
    reason: str = "",
) -> int:
    """Keep one visitor's vote on an article and return its id; a later one replaces it, words
    given before stay, and so does the reason of a vote that says the same."""
    insert_ = sqlite.insert if conn.dialect.name == "sqlite" else postgresql.insert
    values: Mapping[str, object] = {
        "article_id": article_id,
        "visitor": visitor,
        "lang": lang,
        "helpful": helpful,
        "reason": reason,
        "words": words,
        "at": now,
    }
    changed = {"helpful": helpful, "lang": lang, "at": now, **({"words": words} if words else {})}
    if reason or helpful:
        changed["reason"] = reason
    statement = insert_(vote).values(**values)
    kept = statement.on_conflict_do_update(
        index_elements=[vote.c.article_id, vote.c.visitor], set_=changed
    ).returning(vote.c.id)
    return int(conn.execute(kept).scalar_one())


def vote_of(conn: Connection, article_id: int, visitor: str) -> bool | None:
    """Return whether the article helped this visitor; None where they have not said."""
    query = select(vote.c.helpful).where(vote.c.article_id == article_id, vote.c.visitor == visitor)
    found: bool | None = conn.execute(query).scalar_one_or_none()
    return found


def votes_by_article(conn: Connection, ids: Sequence[int] | None = None) -> dict[int, Votes]:
    """Count the votes on every article that has any, or on these of them."""
    query = select(
        vote.c.article_id,
        func.count().filter(vote.c.helpful),
        func.count().filter(~vote.c.helpful),
    ).group_by(vote.c.article_id)
    if ids is not None:
        query = query.where(vote.c.article_id.in_(ids))
    return {id_: Votes(helped, not_helped) for id_, helped, not_helped in conn.execute(query)}
