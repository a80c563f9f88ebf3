"""Who is an agent or an admin: for admins, who give and withdraw the role and end sessions."""

from typing import Any

from flask import abort, flash, redirect, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, Length

from kb.actions import staff as actions
from kb.actions.staff import Colleague, Given, Withdrawn
from kb.pages.desk_lists import Group
from kb.pages.fields import Form, choices, said
from kb.pages.formats import show_datetime, show_day, show_recent
from kb.pages.frame import feature, letters, live, now, render, wiring
from kb.pages.names import language_name
from kb.pages.texts import gettext as _
from kb.pages.texts import lazy_gettext as _l
from kb.pages.visitors import admin_required
from kb.store.audit import AuditEvent
from kb.store.users import User

blueprint = feature("people_desk", __name__, "/desk/people")

_ID = "<int(max=9999999999):id_>"
_LONG = Length(max=80, message=_l("Write at most %(max)d characters"))
_EVENTS = {
    "account.end-sessions": _l("Sessions ended"),
    "account.sign-out-everywhere": _l("Sessions ended"),
    "second-factor.begin": _l("Second factor set up"),
    "second-factor.end": _l("Second factor taken off"),
}
_ROLES = {
    "admin": _l("Made an administrator"),
    "agent": _l("Made an agent"),
    "customer": _l("Role withdrawn"),
}


class AgentForm(Form):
    """Who becomes an agent."""

    email = StringField(
        _l("E-mail"),
        validators=[DataRequired(_l("Write the address")), Length(max=254)],
        render_kw={"type": "email", "autocomplete": "off"},
    )
    first_name = StringField(
        _l("First name"), validators=[_LONG], render_kw={"autocomplete": "off"}
    )
    last_name = StringField(_l("Last name"), validators=[_LONG], render_kw={"autocomplete": "off"})
    language = SelectField(_l("Language"))


@blueprint.route("", methods=["GET", "POST"])
@admin_required
def people() -> str | Response:
    """List agents and admins; make somebody an agent."""
    form = AgentForm()
    languages = live().site.site.languages
    form.language.choices = choices((one, language_name(one)) for one in languages)
    if form.validate_on_submit():
        given = actions.give_agent_role(
            wiring().db,
            letters(),
            current_user.id,
            said(form.email),
            first_name=said(form.first_name),
            last_name=said(form.last_name),
            lang=said(form.language),
            now=now(),
        )
        if given is Given.MADE:
            flash(_("Agent added. A link to set a password is mailed."))
            return redirect(url_for("people_desk.people"))
        if given is Given.DONE:
            flash(_("This account is an agent's now. Its open sessions have ended."))
            return redirect(url_for("people_desk.people"))
        form.email.errors = [_why(given)]
    return render(
        "people_desk/people.html",
        section="desk",
        groups=groups(None),
        form=form,
        rows=[_row(one) for one in actions.staff(wiring().db)],
    )


@blueprint.get(f"/{_ID}")
@admin_required
def person(id_: int) -> str:
    """Show one agent or admin: sessions, tokens, what happened to their rights."""
    found = _found(id_)
    return render(
        "people_desk/person.html",
        section="desk",
        groups=groups(found.user),
        person=_row(found.user),
        cases=found.cases,
        tokens=[
            {
                "id": one.id,
                "name": one.name,
                "scopes": " · ".join(one.scopes),
                "until": show_day(one.expires_at),
                "used": _seen(one.last_used_at),
            }
            for one in found.tokens
        ],
        events=[_event(one) for one in found.events if _is_of_rights(one)],
    )


@blueprint.post(f"/{_ID}/withdraw")
@admin_required
def withdraw(id_: int) -> Response:
    """Take the agent role from somebody; an admin's is the operator's to withdraw."""
    done = actions.withdraw_agent_role(wiring().db, current_user.id, id_, now())
    if done is Withdrawn.NOT_FOUND:
        abort(404)
    if done is Withdrawn.ADMIN:
        flash(_("Only the operator withdraws the role of an administrator."), "warning")
        return redirect(url_for("people_desk.person", id_=id_))
    flash(_("Role withdrawn. Sessions and tokens have ended, cases are back in the queue."))
    return redirect(url_for("people_desk.people"))


@blueprint.post(f"/{_ID}/sessions")
@admin_required
def end_sessions(id_: int) -> Response:
    """Sign somebody out everywhere."""
    if not actions.end_sessions_of(wiring().db, current_user.id, id_, now()):
        abort(404)
    if id_ == current_user.id:
        return redirect(url_for("account.sign_in"))
    flash(_("Sessions ended. Whoever it is has to sign in again, on every device."))
    return redirect(url_for("people_desk.person", id_=id_))


@blueprint.post(f"/{_ID}/tokens/<int(max=9999999999):token_id>/end")
@admin_required
def end_token(id_: int, token_id: int) -> Response:
    """End a token that acts for somebody."""
    _found(id_)
    if actions.end_token_of(wiring().db, current_user.id, id_, token_id, now()):
        flash(_("The token opens nothing any more."))
    else:
        flash(_("This token had ended already."), "warning")
    return redirect(url_for("people_desk.person", id_=id_))


def groups(current: User | None) -> list[Group]:
    """The list at the left: the people, and what else is for admins."""
    here = [(url_for("people_desk.people"), "users", _("People and rights"), None, current is None)]
    if current is not None:
        where = url_for("people_desk.person", id_=current.id)
        here.append((where, "user", current.name, None, True))
    programs = [(url_for("desk.webhooks"), "link", _("Webhooks"), None, False)]
    return [(_("Administration"), [*here, *programs])]


def _found(id_: int) -> Colleague:
    return actions.colleague(wiring().db, id_, now()) or abort(404)


def _row(one: User) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "email": one.email,
        "is_admin": one.is_admin,
        "is_me": one.id == current_user.id,
        "role": _("Administrator") if one.is_admin else _("Agent"),
        "seen": _seen(one.seen_at or one.signed_in_at),
        "second": one.has_second_factor,
    }


def _seen(moment: Any) -> str:
    return show_recent(moment, now()) if moment else _("never")


def _is_of_rights(one: AuditEvent) -> bool:
    return one.what in _EVENTS or one.what in {"account.add", "account.role"}


def _event(one: AuditEvent) -> tuple[str, str, str]:
    """When, what, and by whom; without a person it was the operator."""
    role = str(one.data.get("role", ""))
    what = _EVENTS.get(one.what) or _ROLES.get(role, role)
    return show_datetime(one.at), str(what), one.actor or _("the operator")


def _why(given: Given) -> str:
    return {
        Given.ALREADY: _("This account is an agent's already"),
        Given.UNCONFIRMED: _(
            "Whoever signed up with this address has not confirmed it yet; ask them to do so first"
        ),
    }.get(given, _("Write an address like name@example.com"))
