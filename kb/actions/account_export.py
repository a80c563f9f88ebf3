"""Everything the site knows about a person, for that person."""

import json
import shutil
import tempfile
import zipfile
from dataclasses import asdict
from datetime import date, datetime
from typing import IO, Any

from sqlalchemy import Connection

from kb.actions.limits import count_within, subject
from kb.rules.accounts import EXPORTS_BY_ACCOUNT
from kb.rules.cases import MessageKind, concerns_customer
from kb.store import (
    Database,
    assets,
    attachments,
    audit,
    cases,
    conversation,
    drafts,
    identities,
    orders,
    organisations,
    personal,
    users,
    voices,
)
from kb.store.assets import Asset
from kb.store.attachments import Attachment
from kb.store.cases import Case
from kb.store.drafts import Draft
from kb.store.file_store import FileStore
from kb.store.orders import Order
from kb.store.users import User

_FOR_CUSTOMERS = (MessageKind.REPLY, MessageKind.EVENT)
_IN_MEMORY = 8 * 1024 * 1024  # bytes; larger archives are written to disk
README = """profile.json      what you told about yourself, how you sign in, your organisation
products.json     your registered products with their support contracts
cases.json        the cases you opened, with every message and the names of files
files/            the files of those cases, by case number
drafts.json       cases you began and have not sent
orders.json       what you ordered
documents/        proofs of purchase and other files you sent about your products
more.json         complaints, claims about products, paid incidents, payments, quotes, time
                  worked on your cases, what you agreed to, waiting keys and addresses,
                  invitations, mails to you and from you
feedback.json     what you told us as feedback
history.json      what was recorded of what you did, consents included

Times are in UTC. Licence keys and passwords are kept as hashes only, so they are not here.
"""


def export(
    db: Database, files: FileStore, secret: str, user_id: int, now: datetime
) -> IO[bytes] | None:
    """Return a ZIP of JSON files and attached files; None when it was asked for too often."""
    name = subject(secret, "export", str(user_id))
    with db.write() as conn:
        if not count_within(conn, name, EXPORTS_BY_ACCOUNT, now):
            return None
    with db.read() as conn:
        user = users.by_id(conn, user_id)
        if user is None:
            raise LookupError(f"no account {user_id}")
        mine = [one for one in cases.of_user(conn, user_id) if one.user_id == user_id]
        attached = [
            (place, file.sha256)
            for one in mine
            for file in _files(conn, one)
            if (place := _place(file))
        ]
        sent = personal.documents(conn, user_id)
        attached += [
            (f"documents/{one.id}-{one.name}", one.sha256) for one in sent if one.virus is None
        ]
        parts: dict[str, Any] = {
            "profile.json": _profile(conn, user, now),
            "products.json": [_product(one) for one in assets.of_user(conn, user_id)],
            "cases.json": [_case(conn, one) for one in mine],
            "drafts.json": [_draft(one) for one in drafts.of_user(conn, user_id)],
            "more.json": personal.told(conn, user_id, user.email),
            "orders.json": [_order(one) for one in orders.of_user(conn, user_id)],
            "feedback.json": [_plain(one) for one in voices.feedback_of(conn, user_id)],
            "history.json": [
                {"at": one.at, "what": one.what, "subject": one.subject, "data": one.data}
                for one in audit.of_actor(conn, user_id)
            ],
        }
    return _zip(parts, attached, files, now)


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
    told = _without(asset, "user_id", "licence_id", "organisation_id")
    return {**told, "of_the_organisation": asset.organisation_id is not None}


def _order(order: Order) -> dict[str, Any]:
    inner = ("user_id", "asset_id", "licence_id", "submission_id", "checkout_id", "checkout_url")
    return _without(order, "id", *inner)


def _draft(draft: Draft) -> dict[str, Any]:
    return _without(draft, "id", "user_id")


def _files(conn: Connection, case: Case) -> tuple[Attachment, ...]:
    return attachments.of_case(conn, case.number, _FOR_CUSTOMERS)


def _case(conn: Connection, case: Case) -> dict[str, Any]:
    inner = ("user_id", "submission_id", "assignee_id", "organisation_id", "asset_id")
    told = _without(case, *inner)
    walk = conversation.walk_of(conn, case.number)
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
            if concerns_customer(one.event or {})
        ],
        "files": [
            {"name": one.name, "size": one.size, "at": one.at, "file": _place(one)}
            for one in _files(conn, case)
        ],
        "tried_before": list(walk.trail) if walk else [],
    }


def _plain(row: Any) -> dict[str, Any]:
    return asdict(row)


def _without(row: Any, *inner: str) -> dict[str, Any]:
    """A row as it is told to its owner: without numbers that mean something only here."""
    return {name: value for name, value in asdict(row).items() if name not in inner}


def _place(file: Attachment) -> str | None:
    """Where a file lies in the archive; the number keeps two of one name apart."""
    return None if file.virus else f"files/{file.case_number}/{file.id}-{file.name}"


def _zip(
    parts: dict[str, Any], attached: list[tuple[str, str]], files: FileStore, now: datetime
) -> IO[bytes]:
    made = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 # closed by who sends it
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"README.txt": README, **parts}.items():
            text = content if isinstance(content, str) else _json(content)
            archive.writestr(_entry(name, now), text)
        for place, sha256 in attached:
            path = files.path(sha256)
            if path.is_file():
                with path.open("rb") as source, archive.open(_entry(place, now), "w") as target:
                    shutil.copyfileobj(source, target)
    made.seek(0)
    return made


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, at.timetuple()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _json(content: Any) -> str:
    def written(value: Any) -> Any:
        return value.isoformat() if isinstance(value, datetime | date) else str(value)

    return json.dumps(content, ensure_ascii=False, indent=2, default=written)
