"""Mail at the desk: what is held and why, what did not arrive, and what to do about it."""

from typing import Any

from flask import Response as FlaskResponse
from flask import abort, flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import DataRequired, Regexp

from kb.actions import mail_desk as actions
from kb.actions.mail_desk import Done, MailView
from kb.actions.mail_room import Mailroom, mailroom
from kb.pages.attached import file_store
from kb.pages.desk.mail_words import state_words, why_words
from kb.pages.desk.routes import blueprint
from kb.pages.desk.views import groups
from kb.pages.desk_lists import page_number
from kb.pages.fields import Form
from kb.pages.formats import show_recent, show_size
from kb.pages.frame import lang, live, now, render, wiring
from kb.pages.texts import gettext as _
from kb.pages.texts import lazy_gettext as _l
from kb.pages.visitors import agent_required
from kb.store.mail_in import MailInState

_BOXES = {"held": (MailInState.HELD,), "all": tuple(MailInState)}
_ID = "<int(max=9999999999):mail_id>"


class AttachForm(Form):
    """Which case a mail belongs to."""

    number = StringField(
        _l("Case number"),
        validators=[
            DataRequired(_l("Write the number of the case")),
            Regexp(r"#?[0-9]{1,18}$", message=_l("A case number has only digits")),
        ],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )


@blueprint.get("/mail")
@agent_required
def mail() -> str:
    """Show the mails that are held, those that did not arrive, or all that came in."""
    box = request.args.get("box", "held")
    number = page_number()
    if box == "out":
        return _out(number)
    box = box if box in _BOXES else "held"
    found = actions.mails_in(wiring().db, _BOXES[box], number)
    rows = [
        {
            "url": url_for("desk.mail_in", mail_id=one.id),
            "subject": one.subject or _("No subject"),
            "sender": one.sender or _("Unknown sender"),
            "state": state_words(one.state),
            "why": why_words(one.why),
            "at": show_recent(one.received_at, now()),
        }
        for one in found.rows
    ]
    return _render("desk/mail.html", box=box, rows=rows, total=found.total, page=found.page)


def _out(page: int) -> str:
    rows, total, bounces = actions.mails_out(wiring().db, page)
    return _render(
        "desk/mail_out.html",
        box="out",
        rows=[(one, show_recent(one.bounced_at or one.due_at, now())) for one in rows],
        total=total,
        page=page,
        bounces=[(one, show_recent(one.bounced_at, now())) for one in bounces],
    )


@blueprint.get(f"/mail/{_ID}")
@agent_required
def mail_in(mail_id: int) -> str:
    """Show one mail as text, with everything that can be done about it."""
    return _page(_found(mail_id), AttachForm(formdata=None))


@blueprint.get(f"/mail/{_ID}/source")
@agent_required
def mail_source(mail_id: int) -> Response:
    """Hand out the raw source, to be saved and never shown."""
    raw = actions.read_source(wiring().db, current_user.id, mail_id, now())
    if raw is None:
        abort(404)
    answer = FlaskResponse(raw, mimetype="application/octet-stream")
    answer.headers["Content-Disposition"] = f"attachment; filename=mail-{mail_id}.eml"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.post(f"/mail/{_ID}/attach")
@agent_required
def attach_mail(mail_id: int) -> str | Response:
    """Put the mail into a case."""
    view = _found(mail_id)
    form = AttachForm()
    if not form.validate():
        return _page(view, form)
    number = int((form.number.data or "").lstrip("#"))
    done = actions.attach(wiring().db, _room(), current_user.id, mail_id, number, now())
    if done in {Done.NO_CASE, Done.CASE_OVER}:
        texts = {
            Done.NO_CASE: _("No case has this number"),
            Done.CASE_OVER: _("This case takes no more mail; make a case of it instead"),
        }
        form.number.errors = [texts[done]]
        return _page(view, form)
    if done is Done.GONE:
        flash(_("Somebody else has dealt with this mail."), "warning")
        return redirect(url_for("desk.mail"))
    flash(
        _("The mail is in the case as an internal note, since its sender is not on the case.")
        if done is Done.NOTED
        else _("The mail is in the case as the customer's reply.")
    )
    return redirect(url_for("desk.case", number=number))


@blueprint.post(f"/mail/{_ID}/case")
@agent_required
def case_of_mail(mail_id: int) -> Response:
    """Open a case from the mail, for its sender."""
    _found(mail_id)
    choice = request.form.get("choice", "")
    number = actions.make_case(wiring().db, _room(), current_user.id, mail_id, choice, now())
    if number is None:
        flash(_("No case was made: the policy does not grant it, or the mail is done."), "warning")
        return redirect(url_for("desk.mail_in", mail_id=mail_id))
    flash(_("The mail is case %(number)s now; its sender has the number.", number=number))
    return redirect(url_for("desk.case", number=number))


@blueprint.post(f"/mail/{_ID}/discard")
@agent_required
def discard_mail(mail_id: int) -> Response:
    """Put a held mail away."""
    _found(mail_id)
    if actions.discard(wiring().db, current_user.id, mail_id, now()):
        flash(_("The mail is discarded; it stays among all mail for ninety days."))
    else:
        flash(_("Somebody else has dealt with this mail."), "warning")
    return redirect(url_for("desk.mail"))


@blueprint.post("/mail/out/<int(max=9999999999):outbox_id>/again")
@agent_required
def send_mail_again(outbox_id: int) -> Response:
    """Try a mail again that did not arrive."""
    if not actions.send_again(wiring().db, current_user.id, outbox_id, now()):
        abort(404)
    flash(_("The mail is on its way again."))
    return redirect(url_for("desk.mail", box="out"))


def _found(mail_id: int) -> MailView:
    view = actions.view_mail(wiring().db, live().site.policy, mail_id, now())
    if view is None:
        abort(404)
    return view


def _room() -> Mailroom:
    site = live().site
    return mailroom(wiring().settings, site.site, site.policy, file_store())


def _page(view: MailView, form: AttachForm) -> str:
    policy = live().site.policy
    choices = [
        (
            one.id,
            " · ".join(
                part
                for part in (
                    policy.requests[one.wish.request].name.in_(lang()),
                    f"{one.product} {one.version}".strip(),
                )
                if part
            ),
        )
        for one in view.possible
    ]
    mail = view.mail
    return _render(
        "desk/mail_in.html",
        box="held" if mail.state is MailInState.HELD else "all",
        view=view,
        mail=mail,
        form=form,
        choices=choices,
        files=[(name, show_size(size)) for name, size in view.files],
        state=state_words(mail.state),
        why=why_words(mail.why),
        at=show_recent(mail.received_at, now()),
        can_act=mail.state in actions.OPEN_STATES,
        is_held=mail.state is MailInState.HELD,
    )


def _render(template: str, **said: Any) -> str:
    return render(template, section="desk", groups=groups(f"mail-{said['box']}"), **said)
