"""Which version of which text a customer agreed to for a case, and when (R64)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from kb.store import rows
from kb.store.consent_tables import consent, consent_text
from kb.store.database import insert_once


@dataclass(frozen=True, slots=True)
class Agreed:
    """A text as the customer read it, in `lang`, and when they agreed to it; in UTC."""

    name: str
    version: int
    day: date
    seal: str
    lang: str
    title: str
    words: Sequence[str]
    at: datetime


def add(conn: Connection, case_number: int, user_id: int, agreed: Agreed) -> None:
    """Keep that this user agreed; the words are kept once for all who read the same."""
    text = {
        "name": agreed.name,
        "version": agreed.version,
        "day": agreed.day,
        "seal": agreed.seal,
        "lang": agreed.lang,
        "title": agreed.title,
        "words": list(agreed.words),
    }
    text_id = insert_once(conn, consent_text, text)
    if text_id is None:
        query = select(consent_text.c.id).where(
            consent_text.c.name == agreed.name,
            consent_text.c.seal == agreed.seal,
            consent_text.c.lang == agreed.lang,
        )
        text_id = conn.execute(query).scalar_one()
    values = {"case_number": case_number, "text_id": text_id, "user_id": user_id, "at": agreed.at}
    insert_once(conn, consent, values)


def of_case(conn: Connection, case_number: int) -> tuple[Agreed, ...]:
    """Return what was agreed to for a case, in the order of the form."""
    shown = (consent_text.c[name] for name in Agreed.__dataclass_fields__ if name != "at")
    query = (
        select(*shown, consent.c.at)
        .join(consent_text, consent_text.c.id == consent.c.text_id)
        .where(consent.c.case_number == case_number)
        .order_by(consent.c.id)
    )
    return rows.many(conn, Agreed, query)
