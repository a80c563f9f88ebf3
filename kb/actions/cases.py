"""Opening a case (R42–R50); working on cases and reading them are the two files beside this."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from kb.actions.case_form import CaseForm, Walked, new_case, severity_of, tell_story
from kb.actions.case_promise import acknowledge, first_due, promised
from kb.actions.case_steps import Answer, Who, form_id, note_change
from kb.actions.case_views import (
    CaseView,
    QueuePage,
    attachment_for,
    attachment_for_agent,
    case_for,
    case_for_agent,
    cases_of,
    queue_counts,
    queue_page,
    similar_cases,
)
from kb.actions.case_work import add_note, assign, reply, reply_in, set_state
from kb.actions.consents import keep_consents
from kb.actions.drafts import subject_of
from kb.actions.entitlements import Outcome, decide_in
from kb.mail import Letters
from kb.rules.cases import Actor, Deed, may
from kb.rules.consent import Consent, lacking
from kb.rules.contact import Wish
from kb.rules.entitlement import Allowed, ChannelGrant
from kb.rules.milestones import Promise, turn_of
from kb.rules.policy import Policy
from kb.store import (
    Database,
    assets,
    audit,
    cases,
    drafts,
    licences,
    milestones,
    organisations,
    users,
)
from kb.store.cases import NewCase
from kb.store.queue import QueueFilter

__all__ = [
    "Answer",
    "CaseForm",
    "CaseView",
    "NotOpened",
    "Opened",
    "QueueFilter",
    "QueuePage",
    "Walked",
    "Who",
    "add_note",
    "assign",
    "attachment_for",
    "attachment_for_agent",
    "case_for",
    "case_for_agent",
    "cases_of",
    "open_case",
    "open_in",
    "queue_counts",
    "queue_page",
    "reply",
    "reply_in",
    "set_state",
    "similar_cases",
]


@dataclass(frozen=True, slots=True)
class Opened:
    """The case is there; `again` says that this very form had made it before."""

    number: int
    again: bool = False


@dataclass(frozen=True, slots=True)
class NotOpened:
    """Nothing was stored: not, or no longer, entitled to this channel, or `lacking` consents."""

    outcome: Outcome
    lacking: tuple[Consent, ...] = ()


class CreditGone(Exception):
    """Another case took the paid incident since the decision; decide again without it."""


@dataclass(frozen=True, slots=True)
class Ready:
    """What a case will be: decided and put together, nothing written yet."""

    new: NewCase
    form: CaseForm
    outcome: Outcome
    grant: ChannelGrant
    promises: tuple[Promise, ...]


def open_case(
    db: Database,
    policy: Policy,
    letters: Letters,
    user_id: int,
    wish: Wish,
    form: CaseForm,
    *,
    submission_id: str,
    now: datetime,
    walk: Walked | None = None,
) -> Opened | NotOpened:
    """Open a case in one transaction: row, number, decision, walk, used credit, first message
    with its files, promise, mail and audit event, or nothing at all (R44, R49).

    The page's decision is not trusted but made again here, before the transaction: who waits to
    write waits for writing alone, and a credit that was spent meanwhile is found by using it. The
    same `submission_id` of a user gives the same case, also when two requests carry it at the same
    moment."""
    submission_id = form_id(submission_id) or ""
    for _ in range(2):
        with db.read() as conn:
            ready = prepare_in(conn, policy, user_id, wish, form, submission_id, now)
            if isinstance(ready, NotOpened):
                return _opened_before(conn, user_id, submission_id) or ready
        try:
            with db.write() as conn:
                opened = place_in(conn, policy, letters, ready, walk, now)
                if isinstance(opened, Opened):
                    drafts.remove(conn, user_id, subject_of(wish))
                return opened
        except CreditGone:
            continue
    with db.read() as conn:
        return NotOpened(decide_in(conn, policy, user_id, wish, now))


def open_in(
    conn: Connection,
    policy: Policy,
    letters: Letters,
    user_id: int,
    wish: Wish,
    form: CaseForm,
    walk: Walked | None,
    submission_id: str,
    now: datetime,
) -> Opened | NotOpened:
    """The same inside a transaction, as when the case came by mail; raises CreditGone."""
    ready = prepare_in(conn, policy, user_id, wish, form, submission_id, now)
    if isinstance(ready, NotOpened):
        return _opened_before(conn, user_id, submission_id) or ready
    return place_in(conn, policy, letters, ready, walk, now)


def prepare_in(
    conn: Connection,
    policy: Policy,
    user_id: int,
    wish: Wish,
    form: CaseForm,
    submission_id: str,
    now: datetime,
) -> Ready | NotOpened:
    """Decide, and put together what will be written; this only reads.

    Not entitled may also be who sent this very form before, when it took the last credit."""
    outcome = decide_in(conn, policy, user_id, wish, now)
    grant = _grant(outcome, form.channel)
    if grant is None or not _may_name(conn, user_id, wish, outcome):
        return NotOpened(outcome)
    if without := lacking(policy.consents, wish.request, form.agreed):
        return NotOpened(outcome, without)  # R64: by no way, a page's, a mail's or a program's
    severity = severity_of(policy, wish, form.severity)
    new = replace(
        new_case(user_id, submission_id, wish, form, severity, outcome, grant),
        organisation_id=_organisation(conn, user_id, outcome),
        follows=_followed(conn, user_id, form.follows),
    )
    return Ready(new, form, outcome, grant, promised(policy, severity, grant, now))


def place_in(
    conn: Connection,
    policy: Policy,
    letters: Letters,
    ready: Ready,
    walk: Walked | None,
    now: datetime,
) -> Opened | NotOpened:
    """Write a case that is ready, with all that belongs to it; raises CreditGone."""
    new, form, grant = ready.new, ready.form, ready.grant
    person = users.lock(conn, new.user_id)
    if person is None or person.deleted_at:  # an account deleted just now gets no new case
        return NotOpened(ready.outcome)
    number = cases.add(
        conn,
        new,
        now,
        person=(person.first_name, person.last_name, person.email),
        said=form.description.strip(),
        owed_at=first_due(ready.promises),
        turn=turn_of(policy.plans.get(new.plan or "")),
    )
    if number is None:  # the same form, sent before or by another transaction just now
        before = _opened_before(conn, new.user_id, new.submission_id)
        return before or NotOpened(ready.outcome)
    if grant.uses_credit and not licences.use_credit(conn, new.user_id, new.asset_id, number, now):
        raise CreditGone
    keep_consents(conn, policy, number, new.request, new.user_id, form.lang, now)
    tell_story(conn, number, new.user_id, form, walk, grant, now)
    if new.follows is not None:
        who = Who(Actor.CUSTOMER, new.user_id)
        note_change(conn, new.follows, who, "followed", "", str(number), now)
    milestones.begin(conn, number, grant.calendar, ready.promises)
    acknowledge(conn, policy, letters, number, person, new, bool(ready.promises), now)
    audit.record(conn, new.user_id, "case.open", f"case:{number}", now, rule=grant.rule)
    return Opened(number)


def _opened_before(conn: Connection, user_id: int, submission_id: str) -> Opened | None:
    number = cases.number_of_submission(conn, user_id, submission_id)
    return Opened(number, again=True) if number is not None else None


def _may_name(conn: Connection, user_id: int, wish: Wish, outcome: Outcome) -> bool:
    """Whether the registered product of a wish, if it names one, is this person's to name."""
    if wish.asset is None or outcome.asset is not None:
        return True
    return assets.by_id(conn, wish.asset, user_id) is not None


def _organisation(conn: Connection, user_id: int, outcome: Outcome) -> int | None:
    """Whose case it is: that of the product's owner; without a product, the requester's."""
    if outcome.asset:
        return outcome.asset.organisation_id
    place = organisations.of_user(conn, user_id)
    return place.organisation_id if place else None


def _followed(conn: Connection, user_id: int, number: int | None) -> int | None:
    case = cases.of_owner(conn, number, user_id) if number is not None else None
    return number if case and may(Deed.FOLLOW, case.state, Actor.CUSTOMER) else None


def _grant(outcome: Outcome, channel: str) -> ChannelGrant | None:
    return outcome.decision.grant(channel) if isinstance(outcome.decision, Allowed) else None
