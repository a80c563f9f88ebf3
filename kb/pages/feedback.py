"""Suggestions, complaints, ratings, compliments: recorded and read, no reply promised (R51)."""

from flask import flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import EmailField, RadioField, SelectField, TextAreaField
from wtforms.validators import Email, InputRequired, Length, Optional

from kb.actions.feedback import LONGEST, FeedbackAnswer, FeedbackKind, give_feedback
from kb.pages.fields import Form, choices, said
from kb.pages.frame import feature, lang, now, render, wiring
from kb.pages.texts import gettext as _
from kb.pages.texts import lazy_gettext as _l

blueprint = feature("feedback", __name__)

KINDS = [
    (FeedbackKind.SUGGESTION, _l("A suggestion")),
    (FeedbackKind.COMPLAINT, _l("A complaint")),
    (FeedbackKind.RATING, _l("A rating of the help I received")),
    (FeedbackKind.COMPLIMENT, _l("A compliment")),
]
RATINGS = [
    ("5", _l("5, very good")),
    ("4", _l("4, good")),
    ("3", _l("3, fair")),
    ("2", _l("2, poor")),
    ("1", _l("1, very poor")),
]


class FeedbackForm(Form):
    """What a visitor tells us."""

    kind = RadioField(
        _l("What would you like to tell us?"),
        choices=choices(KINDS),
        validators=[InputRequired(_l("Choose what it is about"))],
    )
    rating = SelectField(
        _l("Your rating"),
        choices=choices([("", _l("No rating")), *RATINGS]),
        validators=[Optional(strip_whitespace=False)],  # a blank is no choice
    )
    words = TextAreaField(
        _l("Your words"),
        validators=[Length(max=LONGEST, message=_l("Write at most %(max)d characters"))],
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
        answer = give_feedback(
            wiring().db,
            kind=FeedbackKind(said(form.kind)),
            text=said(form.words),
            rating=int(said(form.rating)) if said(form.rating) else None,
            email=said(form.email),
            user_id=current_user.id if current_user.is_authenticated else None,
            lang=lang(),
            secret=wiring().settings.secret_key,
            source=request.remote_addr or "",
            now=now(),
        )
        if answer is FeedbackAnswer.DONE:
            flash(_("Sent. Every message is recorded and read; no individual reply is promised."))
            return redirect(url_for("feedback.feedback"))
        _explain(form, answer)
    return render("feedback/feedback.html", section="feedback", form=form)


def _explain(form: FeedbackForm, answer: FeedbackAnswer) -> None:
    """Put what is missing beside its field."""
    if answer is FeedbackAnswer.NO_RATING:
        form.rating.errors = [_("Choose a rating")]
    elif answer is FeedbackAnswer.BAD_EMAIL:
        form.email.errors = [_("Write an address like name@example.com")]
    elif answer is FeedbackAnswer.TOO_MANY:
        form.words.errors = [_("Too many messages. Wait an hour and try again")]
    else:
        form.words.errors = [_("Write a few words")]
