"""What tables beside the account and its cases know of a person: told to them, and forgotten.

`tests/actions/test_personal_data.py` fills every table there is and fails over a column that is
neither forgotten here or in `erase.py` nor said to stay, and neither told nor said to be ours."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Select, delete, func, select, update

from kb.rules.claims import ClaimState
from kb.rules.orders import Mover, OrderState, states_before
from kb.store import audit, followers
from kb.store.account_tables import email_change, invitation, organisation
from kb.store.case_tables import complaint
from kb.store.claims import ClaimFile
from kb.store.consent_tables import consent, consent_text
from kb.store.desk_tables import quote, remote_session, time_clock, time_entry
from kb.store.follow_tables import follower, following
from kb.store.integration_tables import api_token
from kb.store.mail_tables import mail_bounce, mail_in
from kb.store.order_tables import order, payment
from kb.store.outbox import MailState
from kb.store.product_tables import claim, claim_file, key_wait, no_reminder
from kb.store.rows import many
from kb.store.tables import case, incident_credit, outbox
from kb.store.visit_tables import case_lookup


def told(conn: Connection, user_id: int, address: str) -> dict[str, list[dict[str, Any]]]:
    """Return what is known of a person by kind, as rows of plain values, in order; the account,
    products, cases and orders themselves are not among them."""
    mine = address.lower()
    return {
        "complaints": _rows(
            conn, _of(user_id, complaint.c.user_id), complaint, "case_number text at"
        ),
        "claims": _rows(
            conn, _of(user_id, claim.c.user_id), claim, "id kind state words details made_at answer"
        ),
        "documents": [
            {"claim": one.claim_id, "name": one.name, "size": one.size}
            for one in documents(conn, user_id)
        ],
        "paid_incidents": _rows(
            conn,
            _of(user_id, incident_credit.c.user_id),
            incident_credit,
            "bought_at case_number used_at void_at",
        ),
        "payments": _rows(
            conn,
            select(payment).join(order).where(order.c.user_id == user_id),
            payment,
            "provider reference amount currency state at",
        ),
        "quotes": _rows(
            conn,
            select(quote).where(quote.c.case_number.in_(_cases(user_id))),
            quote,
            "case_number lines amount currency terms state at valid_until answered_at",
        ),
        "technician_time": _rows(
            conn,
            select(time_entry).where(time_entry.c.case_number.in_(_cases(user_id))),
            time_entry,
            "case_number minutes is_charged at",
        ),
        "searched_before": _rows(
            conn,
            select(case_lookup).where(case_lookup.c.case_number.in_(_cases(user_id))),
            case_lookup,
            "case_number query lang results at",
        ),
        "consents": _consents(conn, user_id),
        "waiting_keys": _rows(
            conn, _of(user_id, key_wait.c.user_id), key_wait, "key_last4 asked_at"
        ),
        "waiting_address": _rows(
            conn, _of(user_id, email_change.c.user_id), email_change, "email asked_at"
        ),
        "api_tokens": _rows(
            conn,
            _of(user_id, api_token.c.user_id),
            api_token,
            "name scopes created_at expires_at last_used_at revoked_at",
        ),
        "reminders_off": _rows(conn, _of(user_id, no_reminder.c.user_id), no_reminder, "since"),
        "invitations": [
            dict(row)
            for row in conn.execute(
                select(organisation.c.name, invitation.c.email, invitation.c.invited_at)
                .join(organisation)
                .where(invitation.c.email_key == mine)
            ).mappings()
        ],
        "mails_from_us": _rows(
            conn,
            select(outbox).where(outbox.c.recipient == address),
            outbox,
            "subject text sent_at",
        ),
        "unreachable_addresses": _rows(
            conn,
            select(mail_bounce).where(mail_bounce.c.address_key == mine),
            mail_bounce,
            "address_key said times bounced_at",
        ),
        "follows": [
            dict(row)
            for row in conn.execute(
                select(
                    follower.c.email,
                    follower.c.pace,
                    following.c.subject,
                    following.c.target,
                    following.c.since,
                )
                .join(following)
                .where(follower.c.email_key == mine)
                .order_by(following.c.id)
            ).mappings()
        ],
        "mails_to_us": _rows(
            conn,
            select(mail_in).where(func.lower(mail_in.c.sender) == mine),
            mail_in,
            "sender subject case_number received_at",
        ),
    }


def documents(conn: Connection, user_id: int) -> tuple[ClaimFile, ...]:
    """Return the proofs of purchase and other documents that a person sent with claims."""
    query = select(claim_file).join(claim).where(claim.c.user_id == user_id)
    return many(conn, ClaimFile, query.order_by(claim_file.c.id))


def forget(conn: Connection, user_id: int, address: str, now: datetime) -> None:
    """Empty claims and drop their documents, keys that wait, wishes about reminders, running
    clocks, ways to see the screen, what was searched for before cases, and invitations to the
    address; what a claim decided about a product stays, and one that waits is over."""
    mine = select(claim.c.id).where(claim.c.user_id == user_id)
    conn.execute(delete(claim_file).where(claim_file.c.claim_id.in_(mine)))
    empty = {"words": "", "details": {}, "answer": ""}
    conn.execute(update(claim).where(claim.c.user_id == user_id).values(empty))
    waits = (claim.c.user_id == user_id) & (claim.c.state == str(ClaimState.NEW))
    conn.execute(update(claim).where(waits).values(state=str(ClaimState.REFUSED), decided_at=now))
    for table in (key_wait, no_reminder, time_clock):
        conn.execute(delete(table).where(table.c.user_id == user_id))
    screens = remote_session.c.case_number.in_(_cases(user_id))
    conn.execute(delete(remote_session).where(screens))
    conn.execute(delete(case_lookup).where(case_lookup.c.case_number.in_(_cases(user_id))))
    conn.execute(delete(invitation).where(invitation.c.email_key == address.lower()))
    followers.forget_address(conn, address)


def mails_about_cases(conn: Connection, user_id: int) -> None:
    """Empty what was sent to others, agents first of all, about a person's cases: such a mail
    names them. One that still waits is sent."""
    sent = (outbox.c.state != str(MailState.QUEUED)) & outbox.c.case_number.in_(_cases(user_id))
    empty: dict[str, Any] = {"subject": "", "text": "", "html": None, "headers": {}}
    conn.execute(update(outbox).where(sent).values(empty))


def cancel_orders(conn: Connection, user_id: int, now: datetime) -> int:
    """Cancel what a person ordered and has not paid; returns how many. Money that comes for one
    later counts as a surplus, which agents give back."""
    unpaid = states_before(OrderState.CANCELLED, Mover.CUSTOMER)
    theirs = (order.c.user_id == user_id) & order.c.state.in_([str(state) for state in unpaid])
    found = list(conn.execute(select(order.c.reference).where(theirs)).scalars())
    values = {"state": str(OrderState.CANCELLED), "ended_at": now}
    conn.execute(update(order).where(theirs).values(values))
    pages = update(order).where(order.c.user_id == user_id)
    conn.execute(pages.values(checkout_url=None))  # where it was paid leads to who paid
    for reference in found:
        reason = {"reason": "account deleted"}
        audit.record(conn, user_id, "order.cancelled", f"order:{reference}", now, **reason)
    return len(found)


def _consents(conn: Connection, user_id: int) -> list[dict[str, Any]]:
    columns: tuple[Column[Any], ...] = (
        consent.c.case_number,
        consent_text.c.title,
        consent_text.c.version,
        consent_text.c.lang,
        consent.c.at,
    )
    query = select(*columns).join(consent_text).where(consent.c.user_id == user_id)
    return [dict(row) for row in conn.execute(query.order_by(consent.c.id)).mappings()]


def _cases(user_id: int) -> Select[tuple[int]]:
    """The numbers of the cases that a person opened."""
    return select(case.c.number).where(case.c.user_id == user_id)


def _of(user_id: int, column: Column[Any]) -> Select[Any]:
    return select(column.table).where(column == user_id)


def _rows(conn: Connection, query: Select[Any], table: Any, names: str) -> list[dict[str, Any]]:
    columns = [table.c[name] for name in names.split()]
    found = query.with_only_columns(*columns).order_by(*table.primary_key.columns)
    return [dict(row) for row in conn.execute(found).mappings()]
