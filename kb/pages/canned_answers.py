"""Ready answers of the policy, filled in for a case in its own language."""

from typing import Any

from flask import url_for
from flask_login import current_user

from kb.actions.cases import CaseView
from kb.pages.case_words import product_words
from kb.pages.frame import lang, live, wiring
from kb.rules.canned import filled


def ready_answer(view: CaseView, id_: str) -> str:
    """Return a ready answer with everything filled in; nothing for one that is not there."""
    answer = next((one for one in live().site.policy.canned if one.id == id_), None)
    return filled(answer.text.in_(view.case.lang), _places(view)) if answer else ""


def ready_answers() -> list[tuple[str, str]]:
    """Return the ready answers to choose from, with their names for agents."""
    return [(one.id, one.name.in_(lang())) for one in live().site.policy.canned]


def _places(view: CaseView) -> dict[str, Any]:
    case = view.case
    path = url_for("cases.case", number=case.number, lang=case.lang)
    return {
        "customer": view.requester.first_name,
        "number": str(case.number),
        "title": case.title,
        "product": product_words(case.product, case.version, brand=False),
        "agent": current_user.row.name,
        "link": wiring().settings.base_url.rstrip("/") + path,
    }
