"""What the panel of a case shows of tags, other cases and articles."""

from typing import Any

from kb.actions.case_links import linked_to
from kb.actions.case_marks import tags_of
from kb.actions.cases import CaseView
from kb.pages.canned_answers import ready_answers
from kb.pages.desk.suggested import suggested
from kb.pages.desk.tie_forms import SplitForm
from kb.pages.fields import Form
from kb.pages.frame import live, wiring
from kb.rules.articles import sendable
from kb.search.query import Hit


def ties_panel(view: CaseView, sent: Form | None, find: str) -> dict[str, Any]:
    """Return what the template draws; `sent` is a form that came back with its mistakes."""
    case = view.case
    split = sent if isinstance(sent, SplitForm) else SplitForm(formdata=None)
    return {
        "tags": tags_of(wiring().db, case.number),
        "linked": linked_to(wiring().db, case.number),
        "split_form": split if case.is_alive or split.errors else None,
        "find": find,
        "articles": [(hit, _may_send(hit)) for hit in suggested(view, find)],
        "canned": ready_answers(),
    }


def _may_send(hit: Hit) -> bool:
    article = live().site.articles[hit.lang].get(int(hit.id)) if hit.id.isdigit() else None
    return article is not None and sendable(article)
