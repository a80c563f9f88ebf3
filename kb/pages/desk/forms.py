"""The forms by which an agent changes a case itself."""

from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, Length, Regexp

from kb.actions.case_terms import LONGEST_REASON
from kb.pages.case_words import severity_words
from kb.pages.fields import Form, choices
from kb.pages.frame import lang, live
from kb.pages.texts import gettext as _
from kb.pages.texts import lazy_gettext as _l
from kb.store.cases import Case


class TermsForm(Form):
    """Another severity or plan, and why; the customer reads the reason."""

    severity = SelectField(_l("Severity"))
    plan = SelectField(_l("Plan"))
    reason = StringField(
        _l("Reason"),
        validators=[
            DataRequired(_l("Write why; the customer reads it")),
            Length(max=LONGEST_REASON, message=_l("Write at most %(max)d characters")),
        ],
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        policy = live().site.policy
        self.severity.choices = choices(
            (one, severity_words(str(one))) for one in policy.severities
        )
        plans = [(plan.id, plan.name.in_(lang())) for plan in policy.plans.values()]
        self.plan.choices = choices([("", _("No plan")), *plans])


class MergeForm(Form):
    """The number of the case that goes on instead of this one."""

    into = StringField(
        _l("Number of the case that goes on"),
        validators=[
            DataRequired(_l("Write the number of the other case")),
            Regexp(r"^#?[0-9]{1,12}$", message=_l("Write the number of the other case")),
        ],
        render_kw={"inputmode": "numeric"},
    )


def terms_form(case: Case) -> TermsForm:
    """Return the form filled with the terms the case has."""
    return TermsForm(formdata=None, severity=case.severity, plan=case.plan or "")
