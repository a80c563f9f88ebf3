"""The form that makes a case of its own of a second problem."""

import secrets

from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length

from kb.pages.fields import Form, line
from kb.pages.texts import lazy_gettext as _l


class SplitForm(Form):
    """What the second problem is called, and the customer's words about it."""

    submission_id = HiddenField(
        default=lambda: secrets.token_urlsafe(16), validators=[Length(min=8, max=40)]
    )
    title = line(
        _l("Title of the second problem"), required=_l("Write what it is about"), limit=200
    )
    words = TextAreaField(
        _l("The customer's words about it"),
        validators=[
            DataRequired(_l("Copy what the customer wrote about it")),
            Length(max=20_000, message=_l("Write at most %(max)d characters")),
        ],
        render_kw={"rows": 4},
    )
