"""Everything the site knows about a person, for that person."""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from kb.rules.cases import MessageKind
from kb.store import (
    Database,
    assets,
    attachments,
    audit,
    cases,
    conversation,
    identities,
    organisations,
    users,
    voices,
)
from kb.store.assets import Asset
from kb.store.cases import Case
from kb.store.users import User

_FOR_CUSTOMERS = (MessageKind.REPLY, MessageKind.EVENT)
README = """profile.json      what you told about yourself, how you sign in, your organisation
products.json     your registered products with their support contracts
cases.json        the cases you opened, with every message and the names of files
feedback.json     what you told us as feedback
history.json      what was recorded of what you did, consents included

Times are in UTC. Licence keys and passwords are kept as hashes only, so they are not here.
"""


def export(db: Database, user_id: int, now: datetime) -> bytes:
    """Return a ZIP of JSON files: profile, products, cases, feedback, history."""
    with db.read() as conn:
        user = users.by_id(conn, user_id)
        if user is None:
            raise LookupError(f"no account {user_id}")
        parts: dict[str, Any] = {
            "profile.json": _profile(conn, user, now),
            "products.json": [_product(one) for one in assets.of_user(conn, user_id)],
            "cases.json": [
                _case(conn, one) for one in cases.of_user(conn, user_id) if one.user_id == user_id
            ],
            "feedback.json": [_plain(one) for one in voices.feedback_of(conn, user_id)],
            "history.json": [
                {"at": one.at, "what": one.what, "subject": one.subject, "data": one.data}
                for one in audit.of_actor(conn, user_id)
            ],
        }
    return _zip(parts, now)


def _profile(conn: Connection, user: User, now: datetime) -> dict[str, Any]:
    place = organisations.of_user(conn, user.id)
    return {
        "exported_at": now,
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "country": user.country,
        "language": user.lang,
        "time_zone": user.time_zone,
        "account_made_at": user.created_at,
        "address_confirmed_at": user.confirmed_at,
        "last_sign_in_at": user.signed_in_at,
        "second_factor_since": user.totp_since,
        "sign_in_providers": identities.providers_of(conn, user.id),
        "organisation": place
        and {"name": place.organisation, "role": place.role, "since": place.joined_at},
    }


def _product(asset: Asset) -> dict[str, Any]:
    told = _plain(asset)
    for inner in ("user_id", "licence_id", "organisation_id"):
        told.pop(inner)
    return {**told, "of_the_organisation": asset.organisation_id is not None}


def _case(conn: Connection, case: Case) -> dict[str, Any]:
    told = _plain(case)
    for inner in ("user_id", "submission_id", "assignee_id", "organisation_id", "asset_id"):
        told.pop(inner)
    walk = conversation.walk_of(conn, case.number)
    files = attachments.of_case(conn, case.number, _FOR_CUSTOMERS)
    return {
        **told,
        "messages": [
            {
                "at": one.at,
                "by": one.author_name or str(one.actor),
                "kind": one.kind,
                "text": one.body,
                "event": one.event,
            }
            for one in conversation.messages_of(conn, case.number, _FOR_CUSTOMERS)
        ],
        "files": [{"name": one.name, "size": one.size, "at": one.at} for one in files],
        "tried_before": list(walk.trail) if walk else [],
    }


def _plain(row: Any) -> dict[str, Any]:
    return asdict(row)


def _zip(parts: Mapping[str, Any], now: datetime) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"README.txt": README, **parts}.items():
            text = content if isinstance(content, str) else _json(content)
            info = zipfile.ZipInfo(name, now.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text)
    return made.getvalue()


def _json(content: Any) -> str:
    def written(value: Any) -> Any:
        return value.isoformat() if isinstance(value, datetime | date) else str(value)

    return json.dumps(content, ensure_ascii=False, indent=2, default=written)
