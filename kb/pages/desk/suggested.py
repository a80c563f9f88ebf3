"""Articles that fit a case: by its title and first words, or by what the agent looks for."""

from kb.actions.cases import CaseView
from kb.pages.frame import live
from kb.pages.searching import audiences
from kb.rules.cases import Actor
from kb.search.groups import TREE
from kb.search.query import Hit, Query

_SHOWN = 5
_WORDS = 300  # characters of the first message


def suggested(view: CaseView, find: str = "") -> tuple[Hit, ...]:
    """Return the articles that fit best, our own among them."""
    case = view.case
    first = next((one.body for one in view.messages if one.actor is Actor.CUSTOMER), "")
    query = Query(
        text=find or f"{case.title} {first[:_WORDS]}",
        lang=case.lang,
        audiences=audiences(),
        limit=_SHOWN,
        snippets=False,
    )
    return tuple(hit for hit in live().index.search(query).hits if hit.kind != TREE)
