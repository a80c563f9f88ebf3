"""The forms of a technician's help: time, its extension, a quote, a remote session."""

from datetime import timedelta

from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Regexp

from kb.actions.quotes import LONGEST_TERMS, VALID_DAYS
from kb.actions.technician_time import LONGEST_WORDS
from kb.pages.fields import Form, line
from kb.pages.message_forms import drawn_once
from kb.pages.number_field import NumberField
from kb.pages.texts import lazy_gettext as _l
from kb.rules.technician_time import LONGEST_ENTRY, LONGEST_EXTENSION


class _OnceForm(Form):
    submission_id = drawn_once(least=8)


def _minutes(most: timedelta) -> NumberField:
    limit = int(most.total_seconds() // 60)
    return NumberField(
        _l("Minutes"),
        validators=[
            InputRequired(_l("Write a number of minutes")),
            NumberRange(min=1, max=limit, message=_l("Write %(min)s to %(max)s minutes")),
        ],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )


class TimeForm(_OnceForm):
    """Minutes that were worked, and on what."""

    minutes = _minutes(LONGEST_ENTRY)
    what = line(_l("What was done"), required=_l("Write what was done"), limit=LONGEST_WORDS)


class ExtendForm(_OnceForm):
    """Minutes given beyond the credit, and why (R65)."""

    more = _minutes(LONGEST_EXTENSION)
    why = line(_l("Reason"), required=_l("Write why; the customer reads it"), limit=LONGEST_WORDS)


class QuoteForm(_OnceForm):
    """What sales offer (R71): each line ends with its price."""

    lines = TextAreaField(
        _l("What is offered"),
        validators=[InputRequired(_l("Write at least one line with its price"))],
        render_kw={"rows": 3},
    )
    currency = line(
        _l("Currency"),
        required=_l("Write the currency with three letters, such as EUR"),
        limit=3,
    )
    terms = TextAreaField(
        _l("Delivery, installation and warranty"),
        validators=[
            DataRequired(_l("Say how it is delivered and installed, and what the warranty is")),
            Length(max=LONGEST_TERMS, message=_l("Write at most %(max)d characters")),
        ],
        render_kw={"rows": 3},
    )
    days = NumberField(
        _l("Valid for days"),
        default=15,
        validators=[
            InputRequired(_l("Write a number of days from 1 to 90")),
            NumberRange(
                min=VALID_DAYS.start,
                max=VALID_DAYS.stop - 1,
                message=_l("Write a number of days from 1 to 90"),
            ),
        ],
        render_kw={"inputmode": "numeric"},
    )

    def validate_currency(self, field: StringField) -> None:
        """Three capitals, as ISO 4217 has them."""
        message = _l("Write the currency with three letters, such as EUR")
        field.data = (field.data or "").upper()
        Regexp(r"^[A-Z]{3}$", message=message)(self, field)
