"""The organisation behind an account: its contacts, invitations, products in common."""

from flask import abort, flash, url_for
from flask_login import current_user
from werkzeug.utils import redirect
from werkzeug.wrappers import Response
from wtforms import BooleanField, SelectField
from wtforms.validators import InputRequired

from kb.actions import organisations as actions
from kb.actions.organisations import Answer, OrganisationView
from kb.pages.account.common import ButtonForm, blueprint, source
from kb.pages.fields import Form, choices, email, line, said
from kb.pages.frame import lang, letters, live, now, render, wiring
from kb.pages.names import language_name
from kb.pages.texts import gettext as _
from kb.pages.texts import lazy_gettext as _l
from kb.pages.texts import ngettext
from kb.pages.visitors import customer_required
from kb.rules.organisations import MemberRole


class FoundForm(Form):
    """A new organisation."""

    name = line(_l("Name of the organisation"), required=_l("Write the name"), limit=120)
    bring = BooleanField(_l("My registered products belong to the organisation"), default=True)


class InviteForm(Form):
    """Somebody to join."""

    email = email(_l("E-mail of the contact"))
    lang = SelectField(_l("Language of the invitation"), validators=[InputRequired()])
    sees_cases = BooleanField(_l("Sees the cases of the others"))


class MemberForm(Form):
    """What a contact may do."""

    role = SelectField(_l("Role"), validators=[InputRequired()])
    sees_cases = BooleanField(_l("Sees the cases of the others"))


@blueprint.route("/organisation", methods=["GET", "POST"])
@customer_required
def organisation() -> str | Response:
    """Show one's organisation, or offer to make one."""
    view = actions.view(wiring().db, current_user.id)
    if view:
        return _page(view, _invite_form())
    form = FoundForm()
    if form.validate_on_submit():
        bring = bool(form.bring.data)
        actions.found(wiring().db, current_user.id, said(form.name), bring=bring, now=now())
        flash(_("Organisation made. Invite your colleagues."))
        return _back()
    return render("account/found.html", section="account", form=form)


@blueprint.post("/organisation/invite")
@customer_required
def invite() -> str | Response:
    """Mail somebody an invitation."""
    form = _invite_form()
    view = actions.view(wiring().db, current_user.id)
    if view is None or not view.place.is_owner:
        abort(404)
    if form.validate_on_submit():
        answer = actions.invite(
            wiring().db,
            letters(),
            current_user.id,
            said(form.email),
            sees_cases=bool(form.sees_cases.data),
            lang=said(form.lang),
            source=source(),
            now=now(),
        )
        if answer is Answer.DONE:
            flash(_("Invitation sent to %(address)s.", address=said(form.email)))
            return _back()
        form.email.errors = [_refusal(answer)]
    return _page(view, form)


@blueprint.post("/organisation/rename")
@customer_required
def rename_organisation() -> Response:
    """Change the organisation's name."""
    form = FoundForm()
    if form.validate_on_submit():
        _or_404(actions.rename(wiring().db, current_user.id, said(form.name), now()))
        flash(_("Saved."))
    return _back()


@blueprint.post("/organisation/members/<int:member>")
@customer_required
def member(member: int) -> Response:
    """Change what a contact may do."""
    form = _member_form()
    if not form.validate_on_submit():
        abort(404)
    answer = actions.set_member(
        wiring().db,
        current_user.id,
        member,
        role=MemberRole(said(form.role)),
        sees_cases=bool(form.sees_cases.data),
        now=now(),
    )
    return _told(answer, _("Saved."))


@blueprint.post("/organisation/members/<int:member>/remove")
@customer_required
def remove_member(member: int) -> Response:
    """Take a contact out."""
    ButtonForm().validate_on_submit()
    return _told(
        actions.remove(wiring().db, current_user.id, member, now()),
        _("The contact is no longer in the organisation."),
    )


@blueprint.post("/organisation/invitations/<int:invitation>/withdraw")
@customer_required
def withdraw_invitation(invitation: int) -> Response:
    """Take an invitation back."""
    return _told(
        actions.withdraw(wiring().db, current_user.id, invitation, now()),
        _("Invitation withdrawn."),
    )


@blueprint.post("/organisation/products")
@customer_required
def bring_products() -> Response:
    """Give one's own products to the organisation."""
    count = actions.bring_products(wiring().db, current_user.id, now())
    flash(
        ngettext(
            "%(num)s product belongs to the organisation now.",
            "%(num)s products belong to the organisation now.",
            count,
        )
    )
    return _back()


@blueprint.post("/organisation/leave")
@customer_required
def leave_organisation() -> Response:
    """Go; what is the organisation's stays with it."""
    return _told(
        actions.leave(wiring().db, current_user.id, now()), _("You have left the organisation.")
    )


@blueprint.route("/invitation/<token>", methods=["GET", "POST"])
@customer_required
def invitation(token: str) -> str | Response:
    """Show an invitation to the person it was mailed to, and let them join."""
    form = ButtonForm()
    secret, me = letters().secret, current_user.id
    if form.validate_on_submit():
        asked = actions.accept(wiring().db, secret, me, token, now())
        if asked.answer is Answer.DONE:
            flash(_("You belong to %(name)s now.", name=asked.organisation))
            return _back()
    else:
        asked = actions.read_invitation(wiring().db, secret, me, token, now())
    if asked.answer in {Answer.BAD_LINK, Answer.USED_LINK, Answer.EXPIRED_LINK}:
        return render("account/dead_link.html", section="account", kind="invitation")
    told = "" if asked.answer is Answer.DONE else _refusal(asked.answer)
    return render("account/invitation.html", section="account", form=form, asked=asked, told=told)


def _page(view: OrganisationView, form: InviteForm) -> str:
    members = [
        (one, _member_form(f"m{one.user_id}", obj=one) if view.place.is_owner else None)
        for one in view.members
    ]
    return render(
        "account/organisation.html",
        section="account",
        view=view,
        members=members,
        form=form,
        name_form=FoundForm(formdata=None, data={"name": view.place.organisation}),
        role_name=_role_name,
    )


def _invite_form() -> InviteForm:
    form = InviteForm()
    languages = live().site.site.languages
    form.lang.choices = choices((code, language_name(code)) for code in languages)
    if not form.lang.data:
        form.lang.data = lang()
    return form


def _member_form(id_prefix: str = "", obj: object = None) -> MemberForm:
    form = MemberForm(formdata=None, obj=obj) if id_prefix else MemberForm()
    form.role.choices = choices((role, _role_name(role)) for role in MemberRole)
    if id_prefix:  # many on one page: each field needs an id of its own
        form.role.data = str(form.role.data)
        for field in form:
            field.id = f"{id_prefix}-{field.name}"
            field.label.field_id = field.id
    return form


def _role_name(role: MemberRole) -> str:
    return _("Owner") if role is MemberRole.OWNER else _("Contact")


def _told(answer: Answer, done: str) -> Response:
    _or_404(answer)
    flash(done if answer is Answer.DONE else _refusal(answer))
    return _back()


def _or_404(answer: Answer) -> None:
    if answer is Answer.NOT_FOUND:
        abort(404)


def _refusal(answer: Answer) -> str:
    return {
        Answer.ALREADY_IN_ONE: _("You belong to an organisation already; leave it first."),
        Answer.ALREADY_MEMBER: _("This person is in the organisation already"),
        Answer.BAD_EMAIL: _("Write an address like name@example.com"),
        Answer.LAST_OWNER: _("An organisation needs an owner. Make somebody else an owner first."),
        Answer.OTHER_ADDRESS: _("The invitation was sent to another address than yours."),
        Answer.TOO_MANY: _("Too many tries. Wait an hour and try again"),
    }[answer]


def _back() -> Response:
    return redirect(url_for("account.organisation"))
