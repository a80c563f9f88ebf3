"""Deleting an account: the person goes, what the site must keep stays without them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from kb.actions.account_mail import send_notice
from kb.actions.case_promise import settle
from kb.actions.case_steps import Who, pass_through
from kb.actions.organisations import Answer, leave_in
from kb.mail import Letters
from kb.rules.cases import Actor, CaseState
from kb.rules.policy import FieldKind, Policy
from kb.store import Database, audit, cases, erase, personal, users

_PERSONAL = {FieldKind.EMAIL, FieldKind.PHONE, FieldKind.COUNTRY, FieldKind.SERIAL}
_NAMES = {"first_name", "last_name"}


class Farewell(StrEnum):
    """How it ended."""

    DONE = "done"
    LAST_OWNER = "last-owner"  # of an organisation with others in it
    AGENT = "agent"  # an agent's work is the operator's to hand over
    NOT_FOUND = "not-found"


def delete_account(
    db: Database, policy: Policy, letters: Letters, user_id: int, now: datetime
) -> Farewell:
    """Delete a customer's account in one transaction.

    Cases stay with their messages, without names, address, phone and country; living ones are
    closed. Products are released, so their keys can be registered again; those of an
    organisation stay with it, and so do its cases. Orders that are not paid are cancelled."""
    try:
        with db.write() as conn:
            return _delete(conn, policy, letters, user_id, now)
    except _LastOwner:
        return Farewell.LAST_OWNER


class _LastOwner(Exception):
    """Others are in the organisation, and nobody would be left to look after it."""


def _delete(
    conn: Connection, policy: Policy, letters: Letters, user_id: int, now: datetime
) -> Farewell:
    cases.lock_of_user(conn, user_id)  # before the account: a mail has its case before its sender
    user = users.lock(conn, user_id)
    if user is None or user.deleted_at:
        return Farewell.NOT_FOUND
    if user.is_agent:
        return Farewell.AGENT
    emptied = _empty_cases(conn, policy, user_id, now)
    cancelled = personal.cancel_orders(conn, user_id, now)
    personal.mails_about_cases(conn, user_id)
    if leave_in(conn, user_id, now, by=user_id) is Answer.LAST_OWNER:
        raise _LastOwner
    released = erase.release_products(conn, user_id)
    erase.voices(conn, user_id)
    erase.file_names(conn, user_id)
    personal.forget(conn, user_id, user.email, now)
    erase.mails(conn, user.email)
    erase.mails_in(conn, user.email)
    erase.account(conn, user_id, now)
    send_notice(conn, letters, "account-deleted", "account/sign-up", user, now)
    counts = {"cases": emptied, "products": released, "orders": cancelled}
    audit.record(conn, user_id, "account.delete", f"user:{user_id}", now, **counts)
    return Farewell.DONE


def _empty_cases(conn: Connection, policy: Policy, user_id: int, now: datetime) -> int:
    erase.contact_data(conn, user_id)
    fields = (field for request in policy.requests.values() for field in request.fields)
    personal = {field.id for field in fields if field.kind in _PERSONAL}
    erase.detail_fields(conn, user_id, frozenset(personal | _NAMES))
    mine = [case for case in cases.of_user(conn, user_id) if case.user_id == user_id]
    for case in mine:
        if case.is_alive and case.organisation_id is None:
            pass_through(conn, case, (CaseState.CLOSED,), Who(Actor.CUSTOMER, user_id), now)
            settle(conn, policy, case.number, now)  # nobody is owed an answer any more
    return len(mine)
