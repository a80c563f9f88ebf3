"""What a new case is made of: the form, the decision, the walk before it (R42, R43, R49)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from kb.actions.entitlements import Outcome
from kb.rules.cases import Actor, MessageKind
from kb.rules.contact import Wish, severity_carried
from kb.rules.entitlement import ChannelGrant
from kb.rules.facts import Facts
from kb.rules.policy import Policy, Severity
from kb.store import attachments, conversation
from kb.store.attachments import NewAttachment
from kb.store.cases import NewCase

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


def severity_of(policy: Policy, wish: Wish, given: str) -> Severity:
    """The severity chosen, else the topic's, else the request's, else the mildest (R33–R36)."""
    return severity_carried(policy, wish, given) or Severity.D


def new_case(
    user_id: int,
    submission_id: str,
    wish: Wish,
    form: CaseForm,
    severity: Severity,
    outcome: Outcome,
    grant: ChannelGrant,
) -> NewCase:
    """Put the row of a case together; whose it is and what it follows is added by the caller."""
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
        "grant": {**_flat(grant), "channel": str(grant.channel)},
        "facts": _flat(outcome.facts),
        "policy_revision": outcome.policy_revision,
    }


def _flat(of_words: ChannelGrant | Facts) -> dict[str, Any]:
    """The fields of what holds nothing deeper; `asdict` would copy each."""
    return {one.name: getattr(of_words, one.name) for one in fields(of_words)}


def tell_story(
    conn: Connection,
    number: int,
    user_id: int,
    form: CaseForm,
    walk: Walked | None,
    grant: ChannelGrant,
    now: datetime,
) -> None:
    """Write the first message with its files, that it was opened, and the walk before it."""
    customer = Actor.CUSTOMER
    first = conversation.say(
        conn,
        number,
        MessageKind.REPLY,
        customer,
        user_id,
        form.description.strip(),
        now,
        is_first=True,
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
