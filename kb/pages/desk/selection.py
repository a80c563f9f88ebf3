"""A selection of the queue as its address says it."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

from flask import request, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from kb.actions.cases import QueueFilter
from kb.pages.case_words import severity_words, state_name
from kb.pages.desk.views import DEFAULT, views
from kb.pages.frame import lang, live, now, wiring
from kb.pages.names import language_name
from kb.pages.texts import gettext as _
from kb.rules.cases import FINISHED, CaseState
from kb.rules.milestones import NEAR
from kb.rules.tags import tag_of
from kb.rules.whole_numbers import whole
from kb.store import users
from kb.store.cases import NO_TIME
from kb.store.queue import Sort

LONGEST = 200  # characters of a search
FILTERS = ("state", "severity", "product", "assignee", "due", "kind", "spoken", "tag", "sort")
Options = list[tuple[str, str]]


def read(args: MultiDict[str, str]) -> dict[str, str]:
    """Return the parts of an address that select, in their order, without the empty ones."""
    names = ("view", *FILTERS, "q")
    said = {name: args.get(name, "").strip()[:LONGEST] for name in names}
    return {name: text for name, text in said.items() if text}


def sent() -> dict[str, str]:
    """Return the selection that a form was sent from; only parts of one get into an address."""
    return read(MultiDict(parse_qsl(request.form.get("query", "")[:2000])))


def query_of(said: Mapping[str, str]) -> str:
    """Write a selection as the part of an address behind the question mark."""
    return urlencode(said)


def queue_url(said: Mapping[str, str], page: int = 1) -> str:
    """Return the address of a page of a selection."""
    query = {**said, **({"page": str(page)} if page > 1 else {})}
    return url_for("desk.queue") + (f"?{urlencode(query)}" if query else "")


def filter_of(said: Mapping[str, str]) -> QueueFilter:
    """Return what a selection wants to see; a value that is none counts as not given. The search
    of the header, which names no view, looks through finished cases too."""
    known = views()
    wanted = known.get(said.get("view", DEFAULT), known[DEFAULT]).wanted
    asked = said.get("q", "")
    if asked and "view" not in said:
        wanted = replace(wanted, states=tuple(CaseState))
    wanted = _of_people(_of_state(wanted, said), said)
    wanted = _of_time(wanted, said.get("due", ""))
    sort = Sort(said["sort"]) if said.get("sort") in set(Sort) else Sort.DUE
    return replace(
        wanted,
        severity=said.get("severity", ""),
        product=said.get("product", ""),
        lang=said.get("spoken", ""),
        request=said.get("kind", wanted.request),
        tag=tag_of(said.get("tag", "")) or "",
        words=asked,
        sort=sort,
    )


def _of_state(wanted: QueueFilter, said: Mapping[str, str]) -> QueueFilter:
    state = said.get("state", "")
    if state in set(CaseState):
        return replace(wanted, states=(CaseState(state),))
    if state == "finished":
        return replace(wanted, states=FINISHED)
    return replace(wanted, states=tuple(CaseState)) if state == "any" else wanted


def _of_people(wanted: QueueFilter, said: Mapping[str, str]) -> QueueFilter:
    who = said.get("assignee", "")
    if who == "nobody":
        return replace(wanted, unassigned=True)
    if who == "me":
        return replace(wanted, assignee_id=current_user.id)
    agent_id = whole(who, 15)
    return wanted if agent_id is None else replace(wanted, assignee_id=agent_id)


def _of_time(wanted: QueueFilter, due: str) -> QueueFilter:
    at = now()
    bounds = {
        "late": (None, at),
        "near": (at, at + NEAR),
        "later": (at + NEAR, NO_TIME),
        "none": (NO_TIME, None),
    }
    since, before = bounds.get(due, (None, None))
    return replace(wanted, due_from=since, due_before=before)


def options() -> list[tuple[str, str, Options]]:
    """Return the selects of the filter form: name, label and options of each."""
    policy = live().site.policy
    with wiring().db.read() as conn:
        agents = [(str(one.id), one.name) for one in users.agents(conn)]
    states = [(str(state), state_name(state)) for state in CaseState]
    return [
        ("state", _("State"), [*states, ("finished", _("Finished")), ("any", _("Any state"))]),
        ("severity", _("Severity"), [(str(s), severity_words(str(s))) for s in policy.severities]),
        ("product", _("Product"), [(one.id, one.name) for one in policy.products.values()]),
        ("assignee", _("Agent"), [("me", _("Me")), ("nobody", _("Nobody")), *agents]),
        ("due", _("Target"), _targets()),
        ("kind", _("Request"), [(r.id, r.name.in_(lang())) for r in policy.requests.values()]),
        ("spoken", _("Language"), [(code, language_name(code)) for code in _languages()]),
    ]


def _targets() -> Options:
    return [
        ("late", _("Late")),
        ("near", _("Due in 30 minutes")),
        ("later", _("Due later")),
        ("none", _("No time owed")),
    ]


def _languages() -> tuple[str, ...]:
    return live().site.site.languages


def sorts() -> Options:
    """Return the orders of the queue."""
    return [
        (str(Sort.DUE), _("Most urgent first")),
        (str(Sort.SEVERITY), _("Worst severity first")),
        (str(Sort.UPDATED), _("Changed last first")),
        (str(Sort.NEWEST), _("Newest first")),
        (str(Sort.OLDEST), _("Oldest first")),
    ]
