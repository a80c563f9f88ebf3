"""The form by which a customer, or an agent on the phone with one, gives a remote session (R68)."""

from kb.actions.remote_sessions import LONGEST
from kb.pages.fields import Form, line
from kb.pages.texts import lazy_gettext as _l


class RemoteForm(Form):
    """What the remote assistance tool shows; it goes into no mail."""

    tool = line(_l("Tool"), required=_l("Write which tool is started"), limit=LONGEST)
    session = line(
        _l("Its ID"),
        required=_l("Write the number that the tool shows"),
        limit=LONGEST,
        render_kw={"autocomplete": "off"},
    )
    password = line(_l("Its password"), limit=LONGEST, render_kw={"autocomplete": "off"})
