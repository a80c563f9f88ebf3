"""The profile: what a person tells about themselves, with language and time zone (R3)."""

from flask import flash, send_file, url_for
from flask_login import current_user
from werkzeug.utils import redirect
from werkzeug.wrappers import Response
from wtforms import BooleanField, SelectField
from wtforms.validators import InputRequired

from kb.actions import account_export, accounts, email_change
from kb.pages.account.common import ButtonForm, blueprint
from kb.pages.attached import file_store
from kb.pages.fields import Form, choices, line, said
from kb.pages.formats import office_zone_name
from kb.pages.frame import letters, live, now, render, wiring
from kb.pages.names import country_names, language_name
from kb.pages.texts import gettext as _
from kb.pages.texts import lazy_gettext as _l
from kb.pages.visitors import customer_required
from kb.pages.zones import zone_choices


class ProfileForm(Form):
    """R3: complete the profile and save."""

    first_name = line(_l("First name"), required=_l("Write your first name"))
    last_name = line(_l("Last name"), required=_l("Write your last name"))
    country = SelectField(_l("Country"), validators=[InputRequired(_l("Choose your country"))])
    lang = SelectField(_l("Language of our e-mails"), validators=[InputRequired()])
    time_zone = SelectField(_l("Time zone"))
    mail_answers = BooleanField(
        _l(
            "E-mail me what customers answer in my cases, and in cases without an agent that I "
            "wrote in or was named in"
        )
    )


@blueprint.route("/", methods=["GET", "POST"])
@customer_required
def profile() -> str | Response:
    """Show what there is for this person and let them complete the profile (R3)."""
    form = _form()
    if form.validate_on_submit():
        accounts.set_profile(
            wiring().db,
            current_user.id,
            first_name=said(form.first_name),
            last_name=said(form.last_name),
            country=said(form.country),
            lang=said(form.lang),
            time_zone=said(form.time_zone),
            mail_answers=form.mail_answers.data if current_user.is_agent else None,
        )
        flash(_("Saved."))
        return redirect(url_for("account.profile"))
    return render(
        "account/profile.html",
        section="account",
        form=form,
        change=email_change.waiting(wiring().db, current_user.id),
    )


def _form() -> ProfileForm:
    form = ProfileForm(obj=current_user.row)
    form.country.choices = choices([("", _("Choose a country")), *country_names()])
    languages = live().site.site.languages
    form.lang.choices = choices((code, language_name(code)) for code in languages)
    office = _("As the support office: %(zone)s", zone=office_zone_name())
    form.time_zone.choices = choices([("", office), *zone_choices()])
    if form.time_zone.data is None:
        form.time_zone.data = ""
    return form


@blueprint.route("/export", methods=["GET", "POST"])
@customer_required
def export() -> str | Response:
    """Hand over everything the site knows about a person, as JSON files in a ZIP."""
    form = ButtonForm()
    if not form.validate_on_submit():
        return render("account/export.html", section="account", form=form)
    secret, me = letters().secret, current_user.id
    packed = account_export.export(wiring().db, file_store(), secret, me, now())
    if packed is None:
        flash(_("Too many tries. Wait an hour and try again"))
        return redirect(url_for("account.export"))
    name = f"account-{now():%Y-%m-%d}.zip"
    sent = send_file(packed, "application/zip", as_attachment=True, download_name=name)
    sent.headers["Cache-Control"] = "private, no-store"
    return sent
