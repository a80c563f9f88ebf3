"""The form by which a customer, or an agent on the phone with one, gives a remote session (R68)."""

from kb.actions.case_steps import Answer, Who
from kb.actions.remote_sessions import LONGEST, give_session
from kb.pages.fields import Form, line, said
from kb.pages.frame import now, wiring
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


def keep_session(form: RemoteForm, who: Who, number: int) -> Answer:
    """Keep what a sound form says, sealed, for two hours."""
    return give_session(
        wiring().db,
        wiring().settings.secret_key,
        who,
        number,
        tool=said(form.tool),
        id_=said(form.session),
        password=said(form.password),
        now=now(),
    )
