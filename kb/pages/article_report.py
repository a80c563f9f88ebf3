"""Reporting a problem with an article: heard with all other feedback, no reply promised (R51)."""

from flask import Blueprint, abort, flash, redirect, request
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import RadioField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from kb.actions.article_keepers import tell_of_report
from kb.actions.feedback import LONGEST, FeedbackAnswer, report_article
from kb.pages.fields import Form, choices, said
from kb.pages.frame import article_url, feature, lang, letters, live, may_read, now, render, wiring
from kb.pages.texts import gettext as _
from kb.pages.texts import lazy_gettext as _l
from kb.rules.feedback import ArticleFault

blueprint: Blueprint = feature("article_report", __name__, "/kb")

FAULTS = [
    (ArticleFault.WRONG, _l("Something is wrong or out of date")),
    (ArticleFault.FAILS, _l("A step does not work")),
    (ArticleFault.UNCLEAR, _l("I do not understand it")),
    (ArticleFault.BROKEN, _l("A link or a picture is broken")),
    (ArticleFault.OTHER, _l("Something else")),
]


class ReportForm(Form):
    """What is wrong, and where."""

    fault = RadioField(
        _l("What is the problem?"),
        choices=choices(FAULTS),
        validators=[InputRequired(_l("Choose what the problem is"))],
    )
    words = TextAreaField(
        _l("Your words"),
        validators=[
            DataRequired(_l("Write a few words")),
            Length(max=LONGEST, message=_l("Write at most %(max)d characters")),
        ],
    )


@blueprint.route("/<int(max=9999999999):id>/report", methods=["GET", "POST"])
def report(id: int) -> str | Response:
    """Take what somebody finds wrong with an article; it is no vote."""
    found = live().site.articles[lang()].get(id)
    if found is None or not may_read(found):
        abort(404)
    form = ReportForm()
    if form.validate_on_submit():
        answer = report_article(
            wiring().db,
            article_id=id,
            products=[one.line for one in found.products],
            fault=ArticleFault(said(form.fault)),
            text=said(form.words),
            lang=lang(),
            secret=wiring().settings.secret_key,
            source=request.remote_addr or "",
            user_id=current_user.id if current_user.is_authenticated else None,
            now=now(),
            tell=lambda conn: tell_of_report(
                conn, letters(), live().site.site, found, said(form.words), now()
            ),
        )
        if answer is FeedbackAnswer.DONE:
            flash(_("Sent. Every message is recorded and read; no individual reply is promised."))
            return redirect(article_url(found))
        form.words.errors = [_("Too many messages. Wait an hour and try again")]
    return render("articles/report.html", section="kb", article=found, form=form)
