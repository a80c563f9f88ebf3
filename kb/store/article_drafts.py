"""Which case was made an article of, where its draft is, and the ids that drafts were given."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from kb.store import rows
from kb.store.database import insert_once
from kb.store.draft_tables import article_draft, article_number


class Pushed(StrEnum):
    """How far a draft's commit has gone. NOWHERE: the repository has no remote."""

    NOT_YET = "not-yet"
    NOWHERE = "nowhere"
    PUSHED = "pushed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ArticleDraft:
    """The article made of a case; `commit` is '' until there is one, `said` is what the remote
    said when it refused."""

    case_number: int
    article_id: int
    user_id: int
    lang: str
    path: str
    branch: str
    commit: str
    push: Pushed
    said: str
    at: datetime
    published_at: datetime | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "push", Pushed(self.push))

    @property
    def slug(self) -> str:
        """The words of its folder behind the id."""
        return self.path.split("/")[-2].partition("-")[2]


def give_number(conn: Connection, free: int, now: datetime) -> int:
    """Give out an article's id, `free` or the next that nobody has; never the same twice."""
    last = conn.execute(select(func.max(article_number.c.id))).scalar_one_or_none() or 0
    number = max(free, last + 1)
    while insert_once(conn, article_number, {"id": number, "at": now}) is None:
        number += 1  # somebody else was as quick
    return number


def add(conn: Connection, draft: ArticleDraft) -> bool:
    """Note a draft that is about to be committed; False when the case has one."""
    values: dict[str, Any] = {
        "case_number": draft.case_number,
        "article_id": draft.article_id,
        "user_id": draft.user_id,
        "lang": draft.lang,
        "path": draft.path,
        "branch": draft.branch,
        "commit": draft.commit,
        "push": str(draft.push),
        "said": draft.said,
        "at": draft.at,
    }
    return insert_once(conn, article_draft, values) is not None


def of_case(conn: Connection, number: int) -> ArticleDraft | None:
    """Return the draft of a case, one that is not committed yet too."""
    return rows.one(
        conn, ArticleDraft, select(article_draft).where(article_draft.c.case_number == number)
    )


def committed(conn: Connection, number: int, commit: str) -> bool:
    """Note the commit; False when it is known, or the draft was forgotten."""
    mine = (article_draft.c.case_number == number) & (article_draft.c.commit == "")
    return conn.execute(update(article_draft).where(mine).values(commit=commit)).rowcount == 1


def pushed(conn: Connection, number: int, how: Pushed, said: str = "") -> None:
    """Note how far the commit went."""
    mine = article_draft.c.case_number == number
    conn.execute(update(article_draft).where(mine).values(push=str(how), said=said))


def unpublished(conn: Connection) -> tuple[ArticleDraft, ...]:
    """Return the committed drafts that nobody has seen published, in the order of their cases."""
    waits = article_draft.c.published_at.is_(None) & (article_draft.c.commit != "")
    query = select(article_draft).where(waits).order_by(article_draft.c.case_number)
    return rows.many(conn, ArticleDraft, query)


def publish(conn: Connection, number: int, now: datetime) -> bool:
    """Note that the article is published; False when that is known."""
    mine = (article_draft.c.case_number == number) & article_draft.c.published_at.is_(None)
    return conn.execute(update(article_draft).where(mine).values(published_at=now)).rowcount == 1


def forget(conn: Connection, number: int) -> bool:
    """Forget the draft of a case that is not published, so that another can be made; its id is
    not given again."""
    mine = (article_draft.c.case_number == number) & article_draft.c.published_at.is_(None)
    return conn.execute(delete(article_draft).where(mine)).rowcount == 1
