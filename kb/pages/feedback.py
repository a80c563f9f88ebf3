"""Suggestions, complaints, ratings, compliments: recorded and read, no reply promised (R51)."""

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import EmailField, RadioField, TextAreaField
from wtforms.validators import Email, InputRequired, Length, Optional

from kb.actions.feedback import give_feedback
from kb.pages.frame import feature, lang, now, render, wiring

blueprint = feature("feedback", __name__)

KINDS = [
    ("suggestion", _l("A suggestion")),
    ("complaint", _l("A complaint")),
    ("rating", _l("A rating of the help I received")),
    ("compliment", _l("A compliment")),
]


class FeedbackForm(FlaskForm):  # type: ignore[misc]  # flask_wtf is untyped
    """What a visitor tells us."""

    kind = RadioField(
        _l("What would you like to tell us?"),
        choices=KINDS,
        validators=[InputRequired(_l("Choose what it is about"))],
    )
    words = TextAreaField(
        _l("Your words"),
        validators=[
            InputRequired(_l("Write a few words")),
            Length(max=5000, message=_l("Write at most 5,000 characters")),
        ],
    )
    email = EmailField(
        _l("E-mail"),
        validators=[
            Optional(),
            Email(_l("Write an address like name@example.com")),
            Length(max=254),
        ],
    )


@blueprint.route("/feedback", methods=["GET", "POST"])
def feedback() -> str | Response:
    """Take what a visitor says and thank them."""
    form = FeedbackForm()
    if form.validate_on_submit():
        user_id = current_user.id if current_user.is_authenticated else None
        give_feedback(
            wiring().db,
            kind=form.kind.data,
            words=form.words.data,
            email=form.email.data or None,
            user_id=user_id,
            lang=lang(),
            now=now(),
        )
        flash(_("Sent. Every message is recorded and read; no individual reply is promised."))
        return redirect(url_for("feedback.feedback"))
    return render("feedback/feedback.html", section="feedback", form=form)
