"""The form that makes a case of its own of a second problem."""

from kb.pages.fields import Form, line
from kb.pages.message_forms import drawn_once, words_field
from kb.pages.texts import lazy_gettext as _l


class SplitForm(Form):
    """What the second problem is called, and the customer's words about it."""

    submission_id = drawn_once(least=8, most=40)
    title = line(
        _l("Title of the second problem"), required=_l("Write what it is about"), limit=200
    )
    words = words_field(
        _l("The customer's words about it"),
        _l("Copy what the customer wrote about it"),
        render_kw={"rows": 4},
    )
