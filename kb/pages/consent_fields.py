"""The boxes of the consents that come before a case (R64), for every form that opens one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from wtforms import BooleanField, ValidationError

from kb.pages.fields import Form
from kb.pages.frame import lang, live
from kb.pages.texts import gettext as _
from kb.rules.consent import Consent, asked_for

_PREFIX = "agree-"


class ConsentField(BooleanField):
    """A box whose value is the seal of the words beside it: ticked for older words, it is empty
    again and says why."""

    def __init__(self, label: str, consent: Consent, **options: Any) -> None:
        super().__init__(label, render_kw={"value": consent.seal}, **options)
        self.flags.required = True
        self.seal = consent.seal
        self.outdated = False

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the box as ticked only with today's seal."""
        self.data = self.seal in valuelist
        self.outdated = bool(valuelist) and not self.data

    def pre_validate(self, form: Any) -> None:
        """Refuse the form while the box is empty."""
        if self.outdated:
            raise ValidationError(_("These conditions have changed. Read them again"))
        if not self.data:
            raise ValidationError(_("Accept the conditions; without them no case can be opened"))


@dataclass(frozen=True, slots=True)
class Asked:
    """A consent as a form shows it."""

    consent: Consent
    box: ConsentField


def with_consents(kind: type[Form], request: str) -> type[Form]:
    """Return the form with a box for each consent that a case of this request asks for."""
    boxes = {
        f"{_PREFIX}{one.id}": ConsentField(_label(one), one)
        for one in asked_for(live().site.policy.consents, request)
    }
    return type(kind.__name__, (kind,), boxes) if boxes else kind


def asked_in(form: Form, request: str) -> tuple[Asked, ...]:
    """Return the consents of a form, in the order of the site's file."""
    consents = asked_for(live().site.policy.consents, request)
    return tuple(Asked(one, form[f"{_PREFIX}{one.id}"]) for one in consents)


def seals(asked: Iterable[Asked]) -> tuple[str, ...]:
    """Return the seals of those that were agreed to."""
    return tuple(one.consent.seal for one in asked if one.box.data)


def _label(consent: Consent) -> str:
    return consent.agree.in_(lang()) or _("I have read these conditions and accept them")
