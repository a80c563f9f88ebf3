"""Keeping what a customer agreed to with the case it was asked for (R64)."""

from datetime import datetime

from sqlalchemy import Connection

from kb.rules.consent import asked_for
from kb.rules.policy import Policy
from kb.store import consents
from kb.store.consents import Agreed


def keep_consents(
    conn: Connection,
    policy: Policy,
    number: int,
    request: str,
    user_id: int,
    lang: str,
    now: datetime,
) -> None:
    """Store every text that a case of this request asks for, as it was read in `lang`."""
    for one in asked_for(policy.consents, request):
        agreed = Agreed(
            name=one.id,
            version=one.version,
            day=one.day,
            seal=one.seal,
            lang=lang,
            title=one.title.in_(lang),
            words=one.words(lang),
            at=now,
        )
        consents.add(conn, number, user_id, agreed)
