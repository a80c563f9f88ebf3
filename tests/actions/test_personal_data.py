"""Every table there is, filled with what is a person's: all of it is told to them, and all of it
is forgotten with them, but for what is listed here with its reason. A new table or column that
nobody thought of fails here."""

import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    LargeBinary,
    String,
    Table,
    delete,
    insert,
    select,
)

from kb.actions import account_erase, account_export
from kb.actions.account_erase import Farewell
from kb.mail import Letters
from kb.rules.orders import OrderState
from kb.rules.policy import Policy
from kb.store import Database, claims, orders
from kb.store.columns import Id, UtcTime, Words
from kb.store.file_store import FileStore
from kb.store.tables import metadata, outbox
from tests.actions.people import NOW, SECRET, customer

ADDRESS = "ana@example.com"
WRITTEN = re.compile(r"<<([a-z_.0-9]+)>>")

VALUES: dict[str, Any] = {
    "article_draft.push": "pushed",
    "asset.proof": "sent",
    "case.channel": "email",
    "case.edition": "full",
    "case.request": "technical",
    "case.severity": "B",
    "case.state": "open",
    "case.submission_id": "f1",
    "case.topic": "backup",
    "case_message.actor": "customer",
    "case_message.kind": "reply",
    "case_message.submission_id": "f2",
    "chat.state": "waiting",
    "claim.kind": "proof",
    "claim.state": "new",
    "email_change.email_key": "<<email_change.email_key>>",
    "feedback.email": ADDRESS,
    "feedback.kind": "suggestion",
    "follower.email": ADDRESS,
    "follower.email_key": ADDRESS,
    "invitation.email": ADDRESS,
    "invitation.email_key": ADDRESS,
    "licence.product": "backup-server",
    "mail_bounce.address_key": ADDRESS,
    "mail_in.sender": "Ana@example.com",
    "mail_in.state": "joined",
    "membership.role": "contact",
    "order.kind": "incident",
    "order.net": "10.00",
    "order.pay_by": "invoice",
    "order.state": "new",
    "order.tax": "2.10",
    "order.total": "12.10",
    "outbox.recipient": ADDRESS,
    "outbox.state": "sent",
    "payment.amount": "12.10",
    "payment.state": "taken",
    "wizard_walk.trail": [["<<wizard_walk.trail>>", "b"]],
}
"""What a column must hold to be read again; every other text holds its own name in << >>."""

NOT_OURS = {"organisation_id", "follows", "merged_into"}  # left empty: no other case, no house

CONVERSATION = "the conversation of a case stays; the page says so"
NOBODYS = "leads to nobody"
SITES = "where the site tells events of cases, without words or names"

STAYS = {
    "article_change.words": "the site's own words",
    "article_draft.path": "the site's own words",
    "article_draft.said": "what the content's remote said",
    "attachment.name": CONVERSATION,
    "attachment.virus": "what the scanner found",
    "audit_event.data": "the book of what was done, which has no names",
    "case.details": "the form's own words, without the fields that say how to reach somebody",
    "case.entitlement": "what was granted, by rule",
    "case.rating_words": "what was said of the service, as feedback is",
    "case.title": CONVERSATION,
    "case_message.body": CONVERSATION,
    "case_message.event": CONVERSATION,
    "complaint.text": CONVERSATION,
    "consent_text.title": "the site's own words",
    "consent_text.words": "the site's own words",
    "feedback.text": "what was said of the service, without by whom",
    "licence.sealed_key": "the product's",
    "mail_in.message_id": "so that the same mail is not taken twice",
    "order.checkout_id": "bookkeeping: which payment it was",
    "order.given": "bookkeeping",
    "order.tax_name": "bookkeeping",
    "quote.lines": CONVERSATION,
    "quote.terms": CONVERSATION,
    "visit_step.query": NOBODYS,
    "time_entry.words": "the agents' own notes of their work",
    "vote.words": NOBODYS,
    "walk_step.answer": NOBODYS,
    "walk_step.node": NOBODYS,
    "walk_step.reached": NOBODYS,
    "walk_step.tree": NOBODYS,
    "walk_week.sums": NOBODYS,
    "webhook.events": SITES,
    "webhook.secret": SITES,
    "webhook.url": SITES,
    "webhook_delivery.data": SITES,
    "webhook_delivery.error": SITES,
    "wizard_walk.outcome": CONVERSATION,
    "wizard_walk.trail": CONVERSATION,
    "wizard_walk.tree": CONVERSATION,
}
"""What is left of a person's rows when the account is deleted, and why."""

NOT_TOLD = {
    "article_change.words": "the site's own words",
    "article_draft.path": "the site's own words; the public article is there to read",
    "article_draft.said": "what the content's remote said",
    "attachment.virus": "such a file is given to nobody",
    "claim_file.virus": "such a file is given to nobody",
    "consent_text.words": "the site's own words, by title and version",
    "email_change.email_key": "the address in lower case",
    "key_wait.sealed_key": "a key is shown to nobody; its end is told",
    "licence.sealed_key": "a key is shown to nobody",
    "mail_in.message_id": "of use to machines only",
    "mail_in.note": "the agents'",
    "mail_rest.rest": "repeats mails that are told",
    "mail_source.source": "the mail they have sent; its subject and time are told",
    "order.checkout_id": "of use to the payment provider only",
    "order.checkout_url": "over when it is paid",
    "remote_session.sealed": "for a short while, and shown on the case",
    "time_entry.words": "the agents' own notes of their work",
    "outbox.error": "of use to the operator only",
    "outbox.headers": "of use to machines only",
    "outbox.html": "the text of the mail once more",
    "visit_step.query": NOBODYS,
    "vote.words": NOBODYS,
    "walk_step.answer": NOBODYS,
    "walk_step.node": NOBODYS,
    "walk_step.reached": NOBODYS,
    "walk_step.tree": NOBODYS,
    "walk_week.sums": NOBODYS,
    "webhook.events": SITES,
    "webhook.secret": SITES,
    "webhook.url": SITES,
    "webhook_delivery.data": SITES,
    "webhook_delivery.error": SITES,
    "wizard_walk.outcome": "told by the answers",
    "wizard_walk.tree": "told by the answers",
}
"""What an export lacks, and why."""

POINTS = {
    "article_draft.user_id",
    "audit_event.actor_id",
    "case.assignee_id",
    "case.user_id",
    "case_message.author_id",
    "case_presence.user_id",
    "chat.agent_id",
    "chat_agent.user_id",
    "claim.decided_by",
    "claim.user_id",
    "complaint.user_id",
    "consent.user_id",
    "feedback_read.user_id",
    "incident_credit.user_id",
    "mail_in.decided_by",
    "order.user_id",
    "payment.actor_id",
    "quote.answered_by",
    "quote.user_id",
    "time_entry.user_id",
    "webhook.user_id",
}
"""Columns that go on naming the account, whose row says nothing any more; those of agents too."""


def table_value(column: Column[Any], ids: dict[str, Any]) -> Any:
    """Something that fits a column: the row it points to, its own name, or the value it needs."""
    name = f"{column.table.name}.{column.name}"
    if column.foreign_keys:
        target = next(iter(column.foreign_keys)).column.table.name
        return None if column.name in NOT_OURS and column.nullable else ids[target]
    if name in VALUES:
        return VALUES[name]
    kind = column.type
    if isinstance(kind, Words):
        return f"<<{name}>>"
    by_kind = (
        (JSON, {"said": f"<<{name}>>"}),
        (LargeBinary, f"<<{name}>>".encode()),
        (String, "x"),
        (Boolean, True),
        (UtcTime, NOW),
        (Date, date(2026, 11, 23)),
    )
    return next((value for type_, value in by_kind if isinstance(kind, type_)), 1)


def row_of(table: Table, ids: dict[str, Any]) -> dict[str, Any]:
    own = {
        c.name for c in table.primary_key if not c.foreign_keys and isinstance(c.type, Id)
    }  # the database counts these
    return {c.name: table_value(c, ids) for c in table.columns if c.name not in own}


def fill(conn: Connection, ana: int) -> dict[str, Any]:
    """A row of Ana's in every table; returns their ids."""
    ids: dict[str, Any] = {"user": ana}
    for table in metadata.sorted_tables:
        if table.name == "user":
            continue
        key = next(iter(table.primary_key.columns))
        made = conn.execute(insert(table).values(row_of(table, ids)).returning(key))
        ids[table.name] = made.scalar_one()
    return ids


def words_in(text: str) -> set[str]:
    return set(WRITTEN.findall(text))


def everything(db: Database) -> dict[str, str]:
    """Every row of every table, as a text for each table."""
    with db.read() as conn:
        return {
            table.name: "\n".join(str(row) for row in conn.execute(select(table)))
            for table in metadata.sorted_tables
        }


@pytest.fixture
def ana(db: Database) -> int:
    made = customer(db, first_name="<<user.first_name>>", last_name="<<user.last_name>>")
    with db.write() as conn:
        fill(conn, made)
    return made


def exported(db: Database, files: Path, user_id: int) -> str:
    """All that an export says, as one text."""
    packed = account_export.export(db, FileStore(files), SECRET, user_id, NOW)
    assert packed
    with packed, zipfile.ZipFile(packed) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())


def test_all_that_is_known_of_a_person_is_told_to_them(
    db: Database, ana: int, tmp_path: Path
) -> None:
    known = words_in("".join(everything(db).values()))
    told = exported(db, tmp_path, ana)
    assert known - words_in(told) == NOT_TOLD.keys()
    assert "<<user.first_name>>" in told


def test_nothing_of_it_is_told_to_anybody_else(db: Database, ana: int, tmp_path: Path) -> None:
    bo = customer(db, "bo@example.com", first_name="Bo")
    assert words_in(exported(db, tmp_path, bo)) == set()
    assert ana != bo


def test_all_that_is_known_of_a_person_is_forgotten_with_them(
    db: Database, policy: Policy, letters: Letters, ana: int
) -> None:
    assert account_erase.delete_account(db, policy, letters, ana, NOW) is Farewell.DONE
    with db.write() as conn:  # the farewell goes to the address, and is tidied away once sent
        conn.execute(delete(outbox).where(outbox.c.recipient == ADDRESS))
    left = everything(db)
    assert words_in("".join(left.values())) == STAYS.keys()
    assert [name for name, rows in left.items() if "ana@" in rows.lower()] == []


def test_the_rows_that_stay_name_an_empty_account(
    db: Database, policy: Policy, letters: Letters, ana: int
) -> None:
    account_erase.delete_account(db, policy, letters, ana, NOW)
    with db.read() as conn:
        naming = {
            str(column)
            for table in metadata.sorted_tables
            for column in table.columns
            if any(key.column.table.name == "user" for key in column.foreign_keys)
            and conn.execute(select(table).where(column == ana)).first()
        }
    assert naming == POINTS


def test_a_deleted_person_owes_nothing(
    db: Database, policy: Policy, letters: Letters, ana: int
) -> None:
    account_erase.delete_account(db, policy, letters, ana, NOW)
    with db.read() as conn:
        (order,) = orders.of_user(conn, ana)
    assert (order.state, order.ended_at) == (OrderState.CANCELLED, NOW)
    assert order.checkout_url is None


def test_a_claim_of_a_deleted_person_waits_for_nobody(
    db: Database, policy: Policy, letters: Letters, ana: int
) -> None:
    account_erase.delete_account(db, policy, letters, ana, NOW)
    with db.read() as conn:
        assert claims.listed(conn, waiting=True, offset=0, limit=9) == ()
