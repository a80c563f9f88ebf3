"""Pages that several views of a case end with."""

from kb.actions.cases import CaseView
from kb.actions.entitlements import Outcome
from kb.pages import attached
from kb.pages import case_words as words
from kb.pages.cases.forms import FollowForm, new_follow_form
from kb.pages.consent_fields import asked_in
from kb.pages.frame import lang, live, render
from kb.rules.entitlement import Refused


def follow_page(
    view: CaseView,
    said: str = "",
    form: FollowForm | None = None,
    refused: Outcome | None = None,
) -> str:
    """Draw the form of a case that goes on from this one; `said` is what was already typed."""
    case = view.case
    form = form or new_follow_form(case.request, said)
    return render(
        "cases/follow.html",
        section="account",
        case=case,
        form=form,
        consents_asked=asked_in(form, case.request),
        file_limits=attached.file_limits(),
        product=words.product_words(case.product, case.version),
        severity=words.severity_words(case.severity),
        refusals=_reasons(refused),
        refused=refused is not None,
    )


def _reasons(outcome: Outcome | None) -> list[str]:
    if outcome is None or not isinstance(outcome.decision, Refused):
        return []
    rules = [live().site.policy.rule(id_) for id_ in outcome.decision.why]
    return [rule.why.in_(lang()) for rule in rules if rule]
