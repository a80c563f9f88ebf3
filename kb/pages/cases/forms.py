"""The forms of a customer's case."""

import re

from wtforms import RadioField, StringField, SubmitField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from kb.actions.case_after import LONGEST
from kb.pages.consent_fields import with_consents
from kb.pages.fields import Form, choices
from kb.pages.frame import articles_by_id
from kb.pages.message_forms import MessageForm, drawn_once, words_field
from kb.pages.texts import gettext as _
from kb.pages.texts import lazy_gettext as _l
from kb.rules.cases import SOLVED_BY, STARS, solved_by
from kb.store.cases import Case


class ReplyForm(MessageForm):
    """The customer's answer; sent twice it counts once, by its `submission_id`."""

    body = words_field(_l("Your answer"), _l("Write your answer"))
    solved = SubmitField(_l("It is solved, close the case"))

    def validate(self, extra_validators: object = None) -> bool:
        """Words are needed to answer; not to say that it is solved, without sending files."""
        if self.solved.data and not self.files.brings_any and not (self.body.data or "").strip():
            return True
        return bool(super().validate(extra_validators))


class FollowForm(MessageForm):
    """What is new in a case that goes on from a finished one."""

    body = words_field(_l("What happens now?"), _l("Write what happens now"))


def follow_form(request: str) -> FollowForm:
    """The form as it was sent, with the consents that a case of this request asks for."""
    form: FollowForm = with_consents(FollowForm, request)()
    return form


def new_follow_form(request: str, said: str) -> FollowForm:
    """The same before it is sent; `said` is what was written elsewhere already."""
    form: FollowForm = with_consents(FollowForm, request)(formdata=None, body=said)
    return form


class RateForm(Form):
    """What solved it, and how it was; each may be left out, but not all."""

    solved_by = RadioField(
        _l("What solved it?"),
        choices=choices(
            [
                ("answer", _l("An answer in this case")),
                ("article", _l("An article of the knowledge base")),
                ("other", _l("Something else")),
            ]
        ),
        validators=[Optional(strip_whitespace=False)],  # a blank is no choice
    )
    article = StringField(_l("Number or address of the article"), validators=[Length(max=300)])
    stars = RadioField(
        _l("How was our help?"),
        choices=choices(
            [
                ("5", _l("5, very good")),
                ("4", _l("4, good")),
                ("3", _l("3, fair")),
                ("2", _l("2, poor")),
                ("1", _l("1, very poor")),
            ]
        ),
        validators=[Optional(strip_whitespace=False)],  # a blank is no choice
    )
    words = TextAreaField(
        _l("Your words"),
        validators=[Length(max=LONGEST, message=_l("Write at most %(max)d characters"))],
    )

    @property
    def solver(self) -> str | None:
        """What solved it as it is kept; None when it was not said."""
        kind = str(self.solved_by.data or "")
        return solved_by(kind, _article(str(self.article.data or ""))) if kind else None

    def validate(self, extra_validators: object = None) -> bool:
        """An article is one that this visitor can read; something is said at all."""
        sound = bool(super().validate(extra_validators))
        if self.solved_by.data == "article" and self.solver is None:
            self.article.errors = [_("There is no article with this number")]
            sound = False
        if sound and not (self.solver or self.stars.data or (self.words.data or "").strip()):
            self.stars.errors = [_("Choose what solved it or how our help was")]
            sound = False
        return sound


def rate_form(case: Case) -> RateForm:
    """Return the form filled with what was said before."""
    kind, _colon, article = (case.solved_by or "").partition(":")
    return RateForm(
        formdata=None,
        solved_by=kind if kind in SOLVED_BY else None,
        article=article,
        stars=str(case.rating) if case.rating in STARS else None,
        words=case.rating_words or "",
    )


class ComplaintForm(Form):
    """A complaint about the service in a case (R70)."""

    text = TextAreaField(
        _l("Your complaint"),
        validators=[
            InputRequired(_l("Write what went wrong with our service")),
            DataRequired(_l("Write what went wrong with our service")),
            Length(max=LONGEST, message=_l("Write at most %(max)d characters")),
        ],
    )
    submission_id = drawn_once()


def _article(said: str) -> int | None:
    """Read the number of an article that this visitor can read: “1042”, or its address."""
    found = re.search(r"(?:^#?|/kb/)([0-9]{1,9})(?![0-9])", said.strip())
    read = articles_by_id((int(found[1]),)) if found else []
    return read[0].id if read else None
