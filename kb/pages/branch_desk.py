"""For agents: previews of branches, who asks for them and how long they live."""

from flask import abort, flash, redirect, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired, Length, NumberRange

from kb.actions.previews import PreviewRefusal, ask_preview, end_preview, previews
from kb.content.preview_files import PreviewFiles
from kb.pages.fields import Form, said
from kb.pages.frame import feature, now, render, wiring
from kb.pages.number_field import NumberField
from kb.pages.texts import gettext as _
from kb.pages.texts import lazy_gettext as _l
from kb.pages.visitors import agent_required
from kb.rules.previews import MOST_DAYS, MOST_PREVIEWS, USUAL_DAYS
from kb.store import audit

blueprint = feature("branch_desk", __name__, "/desk/branches")


class PreviewForm(Form):
    """Which branch, and for how long."""

    branch = StringField(
        _l("Branch"), validators=[InputRequired(_l("Write the name of a branch")), Length(max=200)]
    )
    days = NumberField(
        _l("Days"),
        default=USUAL_DAYS,
        validators=[
            InputRequired(_l("Write how many days")),
            NumberRange(1, MOST_DAYS, _l("Write a number from %(min)s to %(max)s")),
        ],
    )


@blueprint.route("", methods=["GET", "POST"])
@agent_required
def branches() -> str | Response:
    """List the previews there are and ask for another one; the worker builds it."""
    form = PreviewForm()
    if form.validate_on_submit():
        name = said(form.branch).strip()
        asked = ask_preview(wiring().settings, name, now(), form.days.data or USUAL_DAYS)
        if not isinstance(asked, PreviewRefusal):
            _note("preview.asked", name)
            flash(_("The preview of “%(branch)s” is being built.", branch=name))
            return redirect(url_for("branch_desk.branches"))
        form.branch.errors = [_refused(asked)]
    listed = previews(wiring().settings, now())
    return render("previews/branches.html", section="desk", form=form, listed=listed)


@blueprint.post("/<id>/end")
@agent_required
def end(id: str) -> Response:
    """End a preview now: its address works no more."""
    settings = wiring().settings
    found = next((one for one in PreviewFiles(settings.var).all() if one.id == id), None)
    if found is None or not end_preview(settings, id):
        abort(404)
    _note("preview.ended", found.branch)
    flash(_("The preview of “%(branch)s” has ended.", branch=found.branch))
    return redirect(url_for("branch_desk.branches"))


def _refused(why: PreviewRefusal) -> str:
    if why is PreviewRefusal.TOO_MANY:
        return _("There are %(most)d previews already. End one first", most=MOST_PREVIEWS)
    return _("This is no name of a branch")


def _note(what: str, branch: str) -> None:
    with wiring().db.write() as conn:
        audit.record(conn, current_user.id, what, f"branch:{branch}"[:80], now())
