"""Form fields and checks that several features share."""

from collections.abc import Iterable
from functools import cache, cached_property, lru_cache
from gettext import NullTranslations, translation
from typing import Any, ClassVar

from email_validator import EmailNotValidError, validate_email
from flask import request
from flask_wtf import FlaskForm
from wtforms import EmailField, Field, PasswordField, SelectField, StringField, ValidationError
from wtforms.csrf.core import CSRFTokenField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than stubs
from wtforms.i18n import messages_path
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length

from kb.pages.frame import spoken
from kb.pages.texts import lazy_gettext as _l

PASSWORD_MIN = 10
PASSWORD_MAX = 128
ADDRESS_MAX = 254


class _LateToken(CSRFTokenField):
    """The token of a form, made when it is shown: most forms that are sent lead elsewhere."""

    def process(self, *args: Any, **kwargs: Any) -> None:
        """Take what was sent; the library makes a new token here."""
        super(CSRFTokenField, self).process(*args, **kwargs)

    @property
    def current_token(self) -> Any:  # type: ignore[override]  # never written to
        """The token to be shown, the same one all through a request."""
        return self.csrf_impl.generate_csrf_token(self)


class _LateCSRF(FlaskForm.Meta.csrf_class):  # type: ignore[misc]  # flask_wtf is untyped
    field_class = _LateToken


class Form(FlaskForm):  # type: ignore[misc]  # flask_wtf is untyped
    """A form whose texts lose the white space around them."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        csrf_class = _LateCSRF

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

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Read what a form sends, never JSON: the library takes any depth and any type of
            it, and fields are made for texts."""
            return None if request.is_json else super().wrap_formdata(form, formdata)

        def get_translations(self, form: Any) -> Any:
            """The library's own messages; read once for a language, not for each request."""
            return _library_texts(spoken())


class CopiedForm(Form):
    """A form whose class is made for one state of the site and one language: its fields are bound
    once and copied for every request, in a third of the time."""

    _bound: ClassVar[dict[str, Field]] = {}

    def __init_subclass__(cls) -> None:
        cls._bound = {}

    class Meta(Form.Meta):
        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            """Copy the field of this name; the first time, and the token, bind it."""
            name = options["name"]
            if name == self.csrf_field_name:
                return super().bind_field(form, unbound_field, options)
            if name not in form._bound:
                first = super().bind_field(form, unbound_field, options)
                vars(first).update(_form=None, meta=None)  # what is kept is of nobody's request
                form._bound[name] = first
            first = form._bound[name]
            bound: Field = object.__new__(type(first))
            vars(bound).update(vars(first), _form=form, meta=self)
            return bound


@cache
def _library_texts(code: str) -> NullTranslations:
    return translation("wtforms", messages_path(), [code], fallback=True)


_CONTROL = {code: None for code in range(32) if chr(code) not in "\n\t"}


class Choices(list[SelectChoice]):
    """The choices of a field; they are not changed any more."""

    @cached_property
    def values(self) -> frozenset[str]:
        """All values that may come."""
        return frozenset(one.value for one in self)


class OneOf(SelectField):
    """A choice from a list, which is neither copied nor looked through for each request."""

    def __init__(
        self, label: Any = None, validators: Any = None, choices: Any = None, **options: Any
    ) -> None:
        super().__init__(label, validators, **options)
        self.choices = choices

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not in the list; the library makes every choice anew to find out."""
        known = self.choices.values if isinstance(self.choices, Choices) else ()
        if self.data not in known:
            super().pre_validate(form)


def strip(value: str | None) -> str | None:
    """Drop white space around a text and control characters within it."""
    if value is None:
        return None
    return value.translate(_CONTROL).strip()


class Address:
    """The check of an e-mail address; one that came a moment ago is not taken apart again, which
    takes as long as the rest of a form."""

    def __call__(self, _form: Any, field: Field) -> None:
        """Refuse what no mail can be sent to."""
        text = field.data or ""
        if len(text) > ADDRESS_MAX or not _is_address(text):
            raise ValidationError(_l("Write an address like name@example.com"))


@lru_cache(maxsize=1000)
def _is_address(text: str) -> bool:
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True


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
            Length(max=ADDRESS_MAX, message=_l("Write at most %(max)d characters")),
            Address(),
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


def choices(pairs: Iterable[tuple[Any, Any]]) -> Choices:
    """Return (value, label) pairs as the choices of a select or radio field."""
    return Choices(SelectChoice(str(value), label) for value, label in pairs)
