"""A new case that goes on from a finished one, without asking again what is known (R66)."""

from collections.abc import Sequence
from datetime import datetime

from kb.actions.cases import CaseForm, NotOpened, Opened, open_case
from kb.actions.entitlements import decide_for
from kb.mail import Letters
from kb.rules.contact import Wish
from kb.rules.entitlement import Allowed
from kb.rules.policy import Channel, Policy
from kb.store import Database
from kb.store.attachments import NewAttachment
from kb.store.cases import Case

_WRITTEN = (Channel.EMAIL, Channel.CHAT)


def follow(
    db: Database,
    policy: Policy,
    letters: Letters,
    user_id: int,
    case: Case,
    description: str,
    *,
    lang: str,
    submission_id: str,
    now: datetime,
    files: Sequence[NewAttachment] = (),
    agreed: Sequence[str] = (),
) -> Opened | NotOpened:
    """Open a case linked to one that the customer sees and that takes no more answers. Whether
    they are entitled to it is decided anew, and consent is given anew; NotOpened says why not."""
    wish = wish_again(case)
    outcome = decide_for(db, policy, user_id, wish, now)
    if not isinstance(outcome.decision, Allowed):
        return NotOpened(outcome)
    form = CaseForm(
        channel=_channel(outcome.decision, case.channel),
        severity=case.severity,
        title=case.title,
        description=description,
        lang=lang,
        first_name=case.contact.get("first_name", ""),
        last_name=case.contact.get("last_name", ""),
        email=case.contact.get("email", ""),
        phone=case.contact.get("phone", ""),
        country=case.contact.get("country", ""),
        details=case.details,
        files=files,
        follows=case.number,
        agreed=agreed,
    )
    return open_case(db, policy, letters, user_id, wish, form, submission_id=submission_id, now=now)


def wish_again(case: Case) -> Wish:
    """Return what a case was opened about, to be decided anew."""
    return Wish(
        request=case.request,
        topic=case.topic,
        edition=case.edition,
        asset=case.asset_id,
        product="" if case.asset_id else case.product or "",
    )


def _channel(decision: Allowed, before: str) -> str:
    """The same way as before, else one in writing, else whatever there is."""
    ways = [before, *_WRITTEN, *(one.channel for one in decision.channels)]
    return str(next(way for way in ways if decision.grant(way)))
