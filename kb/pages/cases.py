"""My cases: the list, a case with its conversation, the answer to it (R44, R49, R50, R66)."""

import secrets

from flask import abort, flash, redirect, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import HiddenField, SubmitField, TextAreaField
from wtforms.validators import DataRequired, Length

from kb.actions import cases as actions
from kb.actions.cases import Answer, CaseView, Who
from kb.pages import attached
from kb.pages import case_words as words
from kb.pages.fields import Form
from kb.pages.frame import feature, letters, live, now, render, wiring
from kb.pages.texts import gettext as _
from kb.pages.texts import lazy_gettext as _l
from kb.pages.visitors import customer_required
from kb.rules.cases import Actor, CaseState, choices, may_reply
from kb.store.attachments import Attachment
from kb.store.cases import Case

blueprint = feature("cases", __name__, "/my/cases")

_LONGEST = 20_000  # characters of an answer


class ReplyForm(Form):
    """The customer's answer; sent twice it counts once, by its `submission_id`."""

    body = TextAreaField(
        _l("Your answer"),
        validators=[
            DataRequired(_l("Write your answer")),
            Length(max=_LONGEST, message=_l("Write at most %(max)d characters")),
        ],
    )
    files = attached.FilesField(_l("Attachments"))
    submission_id = HiddenField(
        default=lambda: secrets.token_urlsafe(16), validators=[Length(max=64)]
    )
    solved = SubmitField(_l("It is solved, close the case"))

    def validate(self, extra_validators: object = None) -> bool:
        """Words are needed to answer; not to say that it is solved, without sending files."""
        if self.solved.data and not self.files.brings_any and not (self.body.data or "").strip():
            return True
        return bool(super().validate(extra_validators))


@blueprint.get("")
@customer_required
def cases() -> str:
    """Show the customer's cases: those that wait for them first, the finished ones last."""
    found = actions.cases_of(wiring().db, current_user.id)
    alive = sorted(
        (case for case in found if case.is_alive),
        key=lambda case: case.state is not CaseState.PENDING_CUSTOMER,
    )
    finished = [case for case in found if not case.is_alive]
    return render(
        "cases/cases.html",
        section="account",
        alive=[(case, words.next_step(case)) for case in alive],
        finished=[(case, words.next_step(case)) for case in finished],
        product_words=words.product_words,
    )


@blueprint.get("/<int(max=9999999999):number>")
@customer_required
def case(number: int) -> str:
    """Show a case: what to do next, the conversation, the facts, the answer form."""
    return _page(_found(number), ReplyForm(formdata=None))


@blueprint.post("/<int(max=9999999999):number>")
@customer_required
def reply(number: int) -> str | Response:
    """Add the customer's answer, or take their word that it is solved."""
    view = _found(number)
    form = ReplyForm()
    sound = form.validate()
    files = attached.take_files(form.files, form.submission_id.data or "", number)
    if not sound or files is None:
        return _page(view, form)
    who = Who(Actor.CUSTOMER, current_user.id)
    body = (form.body.data or "").strip()
    answer = Answer.DONE
    if body:
        answer = actions.reply(
            wiring().db,
            live().site.policy,
            letters(),
            who,
            number,
            body,
            submission_id=form.submission_id.data or None,
            now=now(),
            files=files,
        )
        if answer is Answer.CLOSED:
            form.body.errors = [_("This case is closed and takes no more answers")]
            return _page(view, form)
        if answer is Answer.FILES_TOO_LARGE:
            form.files.errors = [attached.case_is_full()]
            return _page(view, form)
    if form.solved.data:
        actions.set_state(
            wiring().db, live().site.policy, letters(), who, number, CaseState.RESOLVED, now()
        )
        flash(_("Case resolved. If the problem comes back, write here and it opens again."))
    else:
        flash(_("Answer sent."))
    return redirect(url_for("cases.case", number=number))


@blueprint.get("/<int(max=9999999999):number>/files/<int(max=9999999999):id_>/<name>")
@customer_required
def file(number: int, id_: int, name: str) -> Response:
    """Send a file of one's own case; anybody else's does not exist, nor do those of notes."""
    found = actions.attachment_for(wiring().db, current_user.id, number, id_)
    return attached.download(found, name)


def _file_url(file: Attachment) -> str:
    return url_for("cases.file", number=file.case_number, id_=file.id, name=file.name)


def _found(number: int) -> CaseView:
    view = actions.case_for(wiring().db, current_user.id, number)
    if view is None:
        abort(404)
    return view


def _page(view: CaseView, form: ReplyForm) -> str:
    case = view.case
    return render(
        "cases/case.html",
        section="account",
        view=view,
        case=case,
        form=form,
        step=words.next_step(case, view.assignee.first_name if view.assignee else ""),
        story=words.story(view.messages),
        event_words=words.event_words,
        files_of=attached.listed(view.files, _file_url),
        file_limits=attached.file_limits(),
        product=words.product_words(case.product, case.version),
        plan=live().site.policy.plans.get(case.plan or ""),
        severity=words.severity_words(case.severity),
        expected=words.expected_words(view),
        details=words.detail_words(case),
        why=words.why_words(case),
        may_answer=may_reply(case.state, Actor.CUSTOMER, case.resolved_at, now()),
        may_solve=_may_solve(case),
    )


def _may_solve(case: Case) -> bool:
    return CaseState.RESOLVED in choices(case.state, Actor.CUSTOMER)
