"""Form fields and checks that several features share."""

from collections.abc import Iterable
from functools import cache
from gettext import NullTranslations, translation
from operator import attrgetter
from typing import Any

from flask_wtf import FlaskForm
from wtforms import EmailField, Field, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than stubs
from wtforms.i18n import messages_path
from wtforms.validators import DataRequired, Email, EqualTo, InputRequired, Length

from kb.pages.frame import spoken
from kb.pages.texts import lazy_gettext as _l

PASSWORD_MIN = 10
PASSWORD_MAX = 128


class Form(FlaskForm):  # type: ignore[misc]  # flask_wtf is untyped
    """A form whose texts lose the white space around them."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            """Add the strip filter to every field of text but passwords."""
            if issubclass(unbound_field.field_class, StringField) and not issubclass(
                unbound_field.field_class, PasswordField
            ):
                filters = list(unbound_field.kwargs.get("filters", ()))
                options["filters"] = [*filters, strip]
                unbound_field.kwargs.pop("filters", None)
            bound: Field = unbound_field.bind(form=form, **options)
            return bound

        def get_translations(self, form: Any) -> Any:
            """The library's own messages; read once for a language, not for each request."""
            return _library_texts(spoken())


@cache
def _library_texts(code: str) -> NullTranslations:
    return translation("wtforms", messages_path(), [code], fallback=True)


_VALUE = attrgetter("value")
_CONTROL = {code: None for code in range(32) if chr(code) not in "\n\t"}


class OneOf(SelectField):
    """A choice from a list, of which only the one that came is looked up."""

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not in the list; the library makes every choice anew to find out."""
        if self.data not in map(_VALUE, self.choices or ()):
            super().pre_validate(form)


def strip(value: str | None) -> str | None:
    """Drop white space around a text and control characters within it."""
    if value is None:
        return None
    return value.translate(_CONTROL).strip()


def line(label: Any, *, required: Any = None, limit: int = 100, **options: Any) -> StringField:
    """A line of text; `required` is the sentence shown when it is empty."""
    checks: list[Any] = [DataRequired(required)] if required else []  # spaces are no words
    checks.append(Length(max=limit, message=_l("Write at most %(max)d characters")))
    return StringField(label, validators=checks, **options)


def email(label: Any, **options: Any) -> EmailField:
    """An e-mail address."""
    return EmailField(
        label,
        validators=[
            InputRequired(_l("Write your e-mail address")),
            Length(max=254, message=_l("Write at most %(max)d characters")),
            Email(_l("Write an address like name@example.com")),
        ],
        render_kw={"autocomplete": "email", "inputmode": "email"},
        **options,
    )


def new_password(label: Any) -> PasswordField:
    """A password to be set; long enough is all that is asked."""
    return PasswordField(
        label,
        validators=[
            InputRequired(_l("Choose a password")),
            Length(
                min=PASSWORD_MIN,
                max=PASSWORD_MAX,
                message=_l("Choose a password of %(min)d to %(max)d characters"),
            ),
        ],
        render_kw={"autocomplete": "new-password"},
    )


def password_again(label: Any, other: str) -> PasswordField:
    """The same password once more (R1)."""
    return PasswordField(
        label,
        validators=[
            InputRequired(_l("Write the password again")),
            EqualTo(other, _l("The two passwords are not the same")),
        ],
        render_kw={"autocomplete": "new-password"},
    )


def said(field: Field) -> str:
    """Return what was typed into a field, or nothing."""
    return str(field.data or "")


def choices(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """Return (value, label) pairs as the choices of a select or radio field."""
    return [SelectChoice(str(value), label) for value, label in pairs]
