"""Opening a case (R42–R50); working on cases and reading them are the two files beside this."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from kb.actions.case_promise import acknowledge, promise_response
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
from kb.actions.entitlements import Outcome, decide_in
from kb.mail import Letters
from kb.rules.cases import Actor, Deed, MessageKind, may
from kb.rules.consent import Consent, lacking
from kb.rules.contact import Wish
from kb.rules.entitlement import Allowed, ChannelGrant
from kb.rules.policy import Policy, Severity
from kb.store import Database, attachments, audit, cases, conversation, licences, organisations
from kb.store.attachments import NewAttachment
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

_CONTACT = ("first_name", "last_name", "email", "phone", "country")
_TITLE = 200  # characters of a title that are kept


@dataclass(frozen=True, slots=True)
class CaseForm:
    """The checked form (R42, R43); `details` are the policy's own fields by id, `files` come from
    `attachments.receive`; `follows` is a finished case of theirs that goes on in this one; `agreed`
    are seals of consents (R64)."""

    channel: str
    severity: str
    title: str
    description: str
    lang: str
    first_name: str
    last_name: str
    email: str
    phone: str = ""
    country: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    files: Sequence[NewAttachment] = ()
    follows: int | None = None
    agreed: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Walked:
    """The walk that led here, in the words the customer read: (question, answer) pairs; `id` is
    its number in the figures, where it was counted; `revision` the state of the tree whose
    words these are."""

    tree: str
    outcome: str
    trail: tuple[tuple[str, str], ...]
    id: str = ""
    revision: str = ""


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

    The page's decision is not trusted but made again here. The same `submission_id` of a user
    gives the same case, also when two requests carry it at the same moment."""
    submission_id = form_id(submission_id) or ""
    for _ in range(2):
        try:
            with db.write() as conn:
                return open_in(conn, policy, letters, user_id, wish, form, walk, submission_id, now)
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
    before = _opened_before(conn, user_id, submission_id)
    if before is not None:
        return before
    outcome = decide_in(conn, policy, user_id, wish, now)
    grant = _grant(outcome, form.channel)
    severity = _severity(policy, wish, form.severity)
    if grant is None:  # or the same form, just committed, spent the credit it was decided on
        return _opened_before(conn, user_id, submission_id) or NotOpened(outcome)
    if without := lacking(policy.consents, wish.request, form.agreed):
        return NotOpened(outcome, without)  # R64: by no way, a page's, a mail's or a program's
    new = _new_case(user_id, submission_id, wish, form, severity, outcome, grant)
    new = replace(
        new,
        organisation_id=_organisation(conn, user_id, outcome),
        follows=_followed(conn, user_id, form.follows),
    )
    number = cases.add(conn, new, now)
    if number is None:  # the same form in another transaction, which has just committed
        return _opened_before(conn, user_id, submission_id) or NotOpened(outcome)
    if grant.uses_credit and not licences.use_credit(conn, user_id, new.asset_id, number, now):
        raise CreditGone
    keep_consents(conn, policy, number, wish.request, user_id, form.lang, now)
    _tell_story(conn, number, user_id, form, walk, grant, now)
    if new.follows is not None:
        who = Who(Actor.CUSTOMER, user_id)
        note_change(conn, new.follows, who, "followed", "", str(number), now)
    promised = promise_response(conn, policy, number, severity, grant, now)
    acknowledge(conn, policy, letters, number, user_id, new, promised, now)
    audit.record(conn, user_id, "case.open", f"case:{number}", now, rule=grant.rule)
    return Opened(number)


def _opened_before(conn: Connection, user_id: int, submission_id: str) -> Opened | None:
    number = cases.number_of_submission(conn, user_id, submission_id)
    return Opened(number, again=True) if number is not None else None


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


def _severity(policy: Policy, wish: Wish, given: str) -> Severity:
    """The severity chosen, else the topic's, else the request's, else the mildest (R33–R36)."""
    if given in {str(one) for one in policy.severities}:
        return Severity(given)
    request = policy.requests.get(wish.request)
    topic = request.topic(wish.topic) if request else None
    return (topic and topic.severity) or (request and request.severity) or Severity.D


def _new_case(
    user_id: int,
    submission_id: str,
    wish: Wish,
    form: CaseForm,
    severity: Severity,
    outcome: Outcome,
    grant: ChannelGrant,
) -> NewCase:
    contact = {name: getattr(form, name) for name in _CONTACT}
    return NewCase(
        user_id=user_id,
        submission_id=submission_id,
        request=wish.request,
        topic=outcome.facts.topic,
        edition=outcome.facts.edition,
        asset_id=outcome.asset.id if outcome.asset else None,
        product=outcome.product,
        version=outcome.version,
        plan=grant.plan,
        severity=str(severity),
        channel=str(grant.channel),
        title=" ".join(form.title.split())[:_TITLE],
        lang=form.lang,
        contact=contact,
        details=dict(form.details),
        entitlement=_snapshot(outcome, grant),
        policy_revision=outcome.policy_revision,
    )


def _snapshot(outcome: Outcome, grant: ChannelGrant) -> dict[str, Any]:
    """The decision as it was, for whoever asks later why this case was taken."""
    decision = outcome.decision
    return {
        "rule": grant.rule,
        "why": list(decision.why),
        "grant": {**asdict(grant), "channel": str(grant.channel)},
        "facts": asdict(outcome.facts),
        "policy_revision": outcome.policy_revision,
    }


def _tell_story(
    conn: Connection,
    number: int,
    user_id: int,
    form: CaseForm,
    walk: Walked | None,
    grant: ChannelGrant,
    now: datetime,
) -> None:
    customer = Actor.CUSTOMER
    first = conversation.say(
        conn, number, MessageKind.REPLY, customer, user_id, form.description.strip(), now
    )
    if first is not None:
        attachments.add(conn, number, first, user_id, form.files, now)
    steps = len(walk.trail) if walk else 0
    event = {"what": "opened", "channel": str(grant.channel), "rule": grant.rule, "steps": steps}
    conversation.record(conn, number, customer, user_id, event, now)
    if walk:
        conversation.add_walk(
            conn,
            tree=walk.tree,
            lang=form.lang,
            outcome=walk.outcome,
            trail=[{"question": question, "answer": answer} for question, answer in walk.trail],
            now=now,
            case_number=number,
            walk=walk.id or None,
            revision=walk.revision or None,
        )
