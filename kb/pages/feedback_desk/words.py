"""Feedback in the reader's words: its kind, what it is about, who read it."""

from typing import Any, NamedTuple

from flask import url_for

from kb.actions.listening import Heard
from kb.pages.formats import show_datetime, show_recent
from kb.pages.frame import article_url, lang, live, now
from kb.pages.texts import gettext as _
from kb.rules.feedback import FeedbackKind


class About(NamedTuple):
    """What somebody spoke about: its words, and its address where it can be seen."""

    words: str
    url: str = ""


def kind_names() -> dict[str, str]:
    """Name every kind."""
    return {
        str(FeedbackKind.SUGGESTION): _("Suggestion"),
        str(FeedbackKind.COMPLAINT): _("Complaint"),
        str(FeedbackKind.RATING): _("Rating"),
        str(FeedbackKind.COMPLIMENT): _("Compliment"),
        str(FeedbackKind.CONTENT): _("Problem with an article"),
    }


def about(heard: Heard) -> About:
    """Say what it is about: an article, a case, or the service as a whole."""
    one = heard.said
    if one.case_number is not None:
        words = _("Case %(number)s", number=one.case_number)
        return About(words, url_for("desk.case", number=one.case_number))
    if one.article_id is not None:
        return article_about(one.article_id, one.lang)
    return About(_("Feedback page"))


def article_about(id_: int, spoken: str) -> About:
    """Name an article, in the language it was spoken of in, else in the reader's."""
    shelves = live().site.articles
    for code in (spoken, lang(), *shelves):
        if found := shelves.get(code, {}).get(id_):
            return About(found.title, article_url(found))
    return About(_("Article %(id)s, which is gone", id=id_))


def row_of(heard: Heard) -> dict[str, Any]:
    """Return a voice as the template draws it."""
    one = heard.said
    products = live().site.policy.products
    first = heard.readings[0] if heard.readings else None
    return {
        "id": one.id,
        "kind": kind_names().get(one.kind, one.kind),
        "text": one.text,
        "rating": one.rating,
        "about": about(heard),
        "at": show_recent(one.at, now()),
        "at_full": show_datetime(one.at),
        "spoken": one.lang,
        "products": [products[id_].name if id_ in products else id_ for id_ in heard.products],
        "email": one.email,
        "tags": heard.tags,
        "unread": first is None,
        "readings": [(each.name, show_datetime(each.at, named=False)) for each in heard.readings],
    }
