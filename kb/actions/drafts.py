"""Drafts of the case form: kept while a customer writes, gone when the case is open."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from kb.rules.contact import Wish
from kb.store import Database, cases, drafts
from kb.store.drafts import Draft

_MOST = 20  # drafts of one person
_LARGEST = 100_000  # characters of one


def subject_of(wish: Wish) -> str:
    """Name what a draft is about: request, version, product and topic, so that two problems or two
    machines have a draft each (R45)."""
    product = f"asset-{wish.asset}" if wish.asset is not None else wish.product
    # The zero character, in what no page of ours sends, is nothing that PostgreSQL compares with.
    return "|".join((wish.request, wish.edition, product, wish.topic)).replace("\x00", "")


def save_draft(
    db: Database,
    user_id: int,
    wish: Wish,
    channel: str,
    typed: Mapping[str, str],
    *,
    submission_id: str,
    now: datetime,
) -> bool:
    """Keep what was typed so far; False when it is too long or its case has been opened already.

    The form saves by itself while it is sent, so a late copy must not come back as a draft."""
    kept = {name: text for name, text in typed.items() if text}
    if sum(map(len, kept.values())) > _LARGEST:
        return False
    subject = subject_of(wish)
    try:
        with db.write() as conn:
            if cases.number_of_submission(conn, user_id, submission_id) is not None:
                return False
            query = {name: value for name, value in wish.query().items() if name != "severity"}
            drafts.put(conn, user_id, subject, {**query, "channel": channel}, kept, now)
            drafts.keep_newest(conn, user_id, _MOST)
    except IntegrityError:  # two windows saved the first copy at the same moment; the other's stays
        return True
    return True


def draft_of(db: Database, user_id: int, wish: Wish) -> Draft | None:
    """Return the draft for this very wish, if there is one."""
    with db.read() as conn:
        return drafts.one(conn, user_id, subject_of(wish))


def drafts_of(db: Database, user_id: int) -> tuple[Draft, ...]:
    """Return all drafts of a person, the last touched first."""
    with db.read() as conn:
        return drafts.of_user(conn, user_id)


def drop_draft(db: Database, user_id: int, wish: Wish) -> bool:
    """Throw a draft away; False when there was none, which is found out without writing."""
    with db.read() as conn:
        if drafts.one(conn, user_id, subject_of(wish)) is None:
            return False
    with db.write() as conn:
        return drafts.remove(conn, user_id, subject_of(wish))
