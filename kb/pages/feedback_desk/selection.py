"""A selection of the feedback as its address says it."""

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from flask import url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from kb.actions.listening import Wanted, tags_in_use
from kb.pages.feedback_desk.words import kind_names
from kb.pages.frame import live, wiring
from kb.pages.names import language_name
from kb.pages.texts import gettext as _
from kb.rules.tags import tag_of
from kb.rules.whole_numbers import whole

LONGEST = 200  # characters of a search
NAMES = ("kind", "tag", "article", "spoken", "product", "read", "since", "until", "q")
Options = list[tuple[str, str]]


def read(args: MultiDict[str, str]) -> dict[str, str]:
    """Return the parts of an address that select, in their order, without the empty ones."""
    said = {name: args.get(name, "").strip()[:LONGEST] for name in NAMES}
    return {name: text for name, text in said.items() if text}


def query_of(said: Mapping[str, str]) -> str:
    """Write a selection as the part of an address behind the question mark."""
    return urlencode(said)


def queue_url(said: Mapping[str, str], **place: int | None) -> str:
    """Return the address of a selection, or of the page `before` or `after` an id of it."""
    query = {**said, **{name: str(id_) for name, id_ in place.items() if id_ is not None}}
    return url_for("feedback_desk.queue") + (f"?{urlencode(query)}" if query else "")


def wanted_of(said: Mapping[str, str]) -> Wanted:
    """Return what a selection wants to hear; a value that is none counts as not given."""
    who = said.get("read", "")
    return Wanted(
        kind=said.get("kind", ""),
        tag=tag_of(said.get("tag", "")) or "",
        article_id=number_of(said.get("article", "")),
        lang=said.get("spoken", ""),
        product=said.get("product", ""),
        words=said.get("q", ""),
        since=_day(said.get("since", "")),
        until=_day(said.get("until", "")),
        unread=who == "nobody",
        unread_by=current_user.id if who == "me" else None,
    )


def number_of(text: str) -> int | None:
    """Read the number of a row or an article; nonsense is none."""
    return whole(text, 9)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def options() -> list[tuple[str, str, Options]]:
    """Return the selects of the filter form: name, label and options of each."""
    policy, languages = live().site.policy, live().site.site.languages
    found = [
        ("kind", _("Kind"), [(str(kind), name) for kind, name in kind_names().items()]),
        ("tag", _("Tag"), [(one, one) for one in tags_in_use(wiring().db)]),
        ("spoken", _("Language"), [(code, language_name(code)) for code in languages]),
        ("product", _("Product"), [(one.id, one.name) for one in policy.products.values()]),
        ("read", _("Read"), [("nobody", _("By nobody")), ("me", _("Not by me"))]),
    ]
    return [(name, label, values) for name, label, values in found if values]
