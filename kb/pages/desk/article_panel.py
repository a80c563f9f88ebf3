"""What the panel of a case shows of the article made of it, and of searches before it."""

from typing import Any

from kb.actions.case_articles import draft_of_case
from kb.actions.visits import lookups_of
from kb.pages.frame import wiring
from kb.store.cases import Case


def article_panel(case: Case) -> dict[str, Any]:
    """Return what the template draws."""
    db = wiring().db
    return {
        "article_draft": draft_of_case(db, case.number),
        "searched_before": lookups_of(db, case.number),
    }
