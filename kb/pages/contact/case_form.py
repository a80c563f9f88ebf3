"""The case form: its fields come from the policy's request (R42, R43)."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask_login import current_user
from wtforms import Field as FormField
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from kb.pages.attached import FilesField
from kb.pages.consent_fields import Asked, asked_in, with_consents
from kb.pages.fields import Address, CopiedForm, Form, OneOf, choices
from kb.pages.frame import lang, live
from kb.pages.names import country_names
from kb.pages.texts import gettext as _
from kb.pages.texts import lazy_gettext as _l
from kb.rules.case_fields import ABOUT_THE_PERSON, LONG, OWN_PLACE, PHONE, longest
from kb.rules.contact import Wish
from kb.rules.policy import Field, FieldKind, Request

_SHORT = {
    FieldKind.LINE,
    FieldKind.EMAIL,
    FieldKind.PHONE,
    FieldKind.COUNTRY,
    FieldKind.SERIAL,
    FieldKind.REASON,
}
Row = tuple[tuple[Field, FormField], ...]


@dataclass(frozen=True, slots=True)
class CaseForm:
    """A request's form with what its fields are for."""

    form: Form
    fields: tuple[tuple[Field, FormField], ...]
    consents: tuple[Asked, ...] = ()

    def of_kind(self, kind: FieldKind) -> str:
        """Return what was typed into the field of this kind, or nothing."""
        return next((_text(bound) for field, bound in self.fields if field.kind is kind), "")

    def value(self, field_id: str) -> str:
        """Return what was typed into the field with this id, or nothing."""
        return next((_text(bound) for field, bound in self.fields if field.id == field_id), "")

    @property
    def files(self) -> FilesField | None:
        """The field for files, if the policy asks for any."""
        return next((bound for _, bound in self.fields if isinstance(bound, FilesField)), None)

    def groups(self) -> list[tuple[str, list[Row]]]:
        """Return the fields as the page shows them: the problem first, then the person; short
        fields stand in pairs."""
        person = [pair for pair in self.fields if pair[0].id in ABOUT_THE_PERSON]
        problem = [pair for pair in self.fields if pair[0].id not in ABOUT_THE_PERSON]
        groups = [(_("The problem"), _rows(problem)), (_("Who we answer"), _rows(person))]
        return [(heading, rows) for heading, rows in groups if rows]

    def typed(self) -> dict[str, str]:
        """Return what was typed, by field, for a draft; files cannot be kept in one."""
        kept = ((field, bound) for field, bound in self.fields if field.kind is not FieldKind.FILES)
        return {field.id: _text(bound) for field, bound in kept}

    def details(self) -> dict[str, str]:
        """Return the fields that a case has no place of its own for."""
        others = ((field, _text(bound)) for field, bound in self.fields)
        return {
            field.id: text
            for field, text in others
            if text and field.kind not in OWN_PLACE and field.id not in ABOUT_THE_PERSON
        }


def case_form(request: Request, wish: Wish, suggested: Mapping[str, str]) -> CaseForm:
    """Make the form of a request, filled with what is known already."""

    known = {"submission": secrets.token_urlsafe(16), **_known(request.fields, wish), **suggested}
    form = _kind_of_form(live().site.revision, request.id, lang())(data=known)
    fields = tuple((field, form[field.id]) for field in request.fields)
    return CaseForm(form, fields, asked_in(form, request.id))


@lru_cache(maxsize=128)
def _kind_of_form(_revision: str, request_id: str, _code: str) -> type[Form]:
    """The class of a request's form, made once for each state of the site and language."""

    class Made(CopiedForm):
        submission = HiddenField()
        seen = HiddenField()

    request = live().site.policy.requests[request_id]
    for field in request.fields:
        setattr(Made, field.id, _field(field, request))
    return with_consents(Made, request_id)


def _rows(pairs: list[tuple[Field, FormField]]) -> list[Row]:
    rows: list[Row] = []
    for pair in pairs:
        short = pair[0].kind in _SHORT
        if rows and short and len(rows[-1]) == 1 and rows[-1][0][0].kind in _SHORT:
            rows[-1] = (*rows[-1], pair)
        else:
            rows.append((pair,))
    return rows


def _text(bound: FormField) -> str:
    return str(bound.data or "").strip()


def _known(fields: tuple[Field, ...], wish: Wish) -> dict[str, Any]:
    """What the account and the wish say already, by field."""
    by_kind = {
        FieldKind.TITLE: wish.title,
        FieldKind.SEVERITY: wish.severity,
        FieldKind.REASON: wish.topic,
    }
    known = {field.id: by_kind[field.kind] for field in fields if field.kind in by_kind}
    person = {name: getattr(current_user, name, "") for name in ABOUT_THE_PERSON}
    return {**known, **{name: value for name, value in person.items() if value}}


def _field(field: Field, request: Request) -> FormField:
    label = field.label.in_(lang())
    if field.kind is FieldKind.FILES:
        return FilesField(label, needed=_missing(field) if field.required else "")
    checks: list[Any] = [InputRequired(_missing(field))] if field.required else [Optional()]
    if field.kind is FieldKind.SEVERITY:
        return RadioField(label, validators=checks, choices=choices(_severities()))
    if field.kind is FieldKind.COUNTRY:
        countries = choices([("", _("Choose a country")), *country_names()])
        return OneOf(label, validators=checks, choices=countries)
    if field.kind is FieldKind.REASON:
        return OneOf(label, validators=checks, choices=choices(_reasons(request)))
    long = field.kind in LONG
    checks.append(Length(max=longest(field.kind), message=_l("Write at most %(max)d characters")))
    if field.kind is FieldKind.EMAIL:
        checks.append(Address())
    if field.kind is FieldKind.PHONE:
        checks.append(Regexp(PHONE, message=_l("Write a phone number")))
    kind = TextAreaField if long else StringField
    return kind(label, validators=checks, render_kw=_keyboard(field.kind))


def _missing(field: Field) -> str:
    """What is said when a required field is empty."""
    chosen = {FieldKind.SEVERITY, FieldKind.COUNTRY, FieldKind.REASON, FieldKind.FILES}
    if field.kind in chosen:
        return _("Choose: %(label)s", label=field.label.in_(lang()))
    return _("Write: %(label)s", label=field.label.in_(lang()))


def _keyboard(kind: FieldKind) -> dict[str, str]:
    """The keyboard a phone shows for a kind of field."""
    return {
        FieldKind.EMAIL: {"type": "email", "autocomplete": "email"},
        FieldKind.PHONE: {"type": "tel", "autocomplete": "tel"},
        FieldKind.DESCRIPTION: {"rows": "7"},
        FieldKind.TEXT: {"rows": "4"},
    }.get(kind, {})


def _severities() -> list[tuple[str, str]]:
    severities = live().site.policy.severities
    return [(str(s.severity), s.name.in_(lang())) for s in severities.values()]


def severity_hints() -> dict[str, str]:
    """Say what each severity means, with examples (R33–R36)."""
    severities = live().site.policy.severities
    return {str(s.severity): s.meaning.in_(lang()) for s in severities.values()}


def _reasons(request: Request) -> list[tuple[str, str]]:
    return [(t.id, t.name.in_(lang())) for t in request.topics if t.in_scope]
