"""Cases for programs: the list, one case with its story, its files."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from werkzeug.wrappers import Response

from kb.actions import api_cases as actions
from kb.actions.api_cases import Listed, Seen
from kb.actions.api_tokens import Client
from kb.actions.case_views import attachment_for, attachment_for_agent
from kb.pages import attached
from kb.pages.frame import live, wiring
from kb.pages.problem_details import ProblemError
from kb.pages.rest import case_shapes as shapes
from kb.pages.rest.case_shapes import ListQuery
from kb.pages.rest.operations import Answered, operation
from kb.rules.api_access import Scope
from kb.rules.cases import concerns_customer
from kb.store.attachments import Attachment
from kb.store.case_list import CaseQuery
from kb.store.cases import Case
from kb.store.users import User

NUMBER = "<int:number>"
TAG = "Cases"


def no_case() -> ProblemError:
    """The answer about a case that is not there, and about somebody else's."""
    return ProblemError(404, "no-case", "There is no such case, or it is not yours.")


@operation(
    "GET",
    "/cases",
    "List cases",
    tag=TAG,
    scope=Scope.CASES_READ,
    answer=shapes.CasePage,
    query=ListQuery,
)
def list_cases(client: Client, query: ListQuery) -> shapes.CasePage:
    """The newest cases first, with filters, page by page: the `next` of an answer is the `cursor`
    of the next request. A customer's token sees what the customer sees on the site."""
    before = int(query.cursor[1:]) if query.cursor else None
    listed = actions.list_cases(wiring().db, client, _query(client, query), before, query.limit)
    cards = tuple(shapes.CaseCard(**_card(client, one, listed)) for one in listed.cases)
    return shapes.CasePage(items=cards, next=f"n{cards[-1].number}" if listed.more else None)


@operation(
    "GET",
    f"/cases/{NUMBER}",
    "Read a case",
    tag=TAG,
    scope=Scope.CASES_READ,
    answer=shapes.Case,
)
def read_case(client: Client, number: int) -> Answered:
    """A case with its messages, events, promises and files. Internal notes are told to agents
    only. `version`, also in the ETag, goes back with a change."""
    seen = actions.see_case(wiring().db, client, number)
    if seen is None:
        raise no_case()
    return Answered(case_shape(client, seen), {"ETag": f'"{seen.version}"'})


@operation(
    "GET",
    f"/cases/{NUMBER}/attachments/<int:id>",
    "Fetch a file",
    tag=TAG,
    scope=Scope.CASES_READ,
)
def fetch_attachment(client: Client, number: int, id: int) -> Response:
    """The content of a file of a case."""
    file = (
        attachment_for_agent(wiring().db, number, id)
        if client.is_agent
        else attachment_for(wiring().db, client.user.id, number, id)
    )
    if file is None or attached.is_held(file):
        raise ProblemError(404, "no-file", "There is no such file, or it cannot be fetched.")
    return attached.download(file, file.name)


def _query(client: Client, query: ListQuery) -> CaseQuery:
    if not client.is_agent and (query.assignee or query.customer):
        said = "“assignee” and “customer” are for agents."
        raise ProblemError(403, "agents-only", said)
    digits = query.assignee if query.assignee not in (None, "me", "nobody") else None
    return CaseQuery(
        states=query.state,
        severities=tuple(str(one) for one in query.severity),
        request=query.request,
        product=query.product,
        tag=query.tag if client.is_agent else "",
        customer_id=query.customer,
        assignee_id=client.user.id if query.assignee == "me" else int(digits) if digits else None,
        unassigned=query.assignee == "nobody",
        opened_since=query.opened_since,
        updated_since=query.updated_since,
    )


def _card(client: Client, case: Case, listed: Listed) -> dict[str, Any]:
    return card(
        client,
        case,
        listed.people.get(case.user_id),
        listed.people.get(case.assignee_id or 0),
        tuple(listed.tags.get(case.number, ())),
    )


def card(
    client: Client, case: Case, requester: User | None, assignee: User | None, tags: tuple[str, ...]
) -> dict[str, Any]:
    """Return what a list tells of a case."""
    for_agent = client.is_agent
    return {
        "number": case.number,
        "url": page_url(client, case.number),
        "title": case.title,
        "state": case.state,
        "severity": case.severity,
        "request": case.request,
        "topic": case.topic,
        "product": case.product,
        "version_of_product": case.version,
        "plan": case.plan,
        "channel": case.channel,
        "lang": case.lang,
        "requester": _person(case.user_id, requester),
        "assignee": _person(assignee.id, assignee) if assignee and for_agent else None,
        "tags": tags if for_agent else (),
        "customer_spoke_last": case.customer_spoke_last,
        "opened_at": case.opened_at,
        "updated_at": case.updated_at,
        "resolved_at": case.resolved_at,
        "closed_at": case.closed_at,
        "follows": case.follows,
        "merged_into": case.merged_into,
    }


def page_url(client: Client, number: int) -> str:
    """Return the address of the page of a case, for the client's person."""
    site = live().site.site
    code = client.user.lang if client.user.lang in site.languages else site.languages[0]
    view = "desk.case" if client.is_agent else "cases.case"
    return wiring().settings.base_url + url_for(view, lang=code, number=number)


def _person(id_: int, found: User | None) -> shapes.Person:
    return shapes.Person(id=id_, name=found.name if found else "")


def case_shape(client: Client, seen: Seen) -> shapes.Case:
    """Return everything this client may know of a case."""
    view, case = seen.view, seen.view.case
    told = card(client, case, view.requester, view.assignee, seen.tags)
    knows_contact = client.is_agent and Scope.CUSTOMERS_READ in client.scopes
    return shapes.Case(
        **told,
        version=seen.version,
        details={name: str(text) for name, text in case.details.items()},
        contact=shapes.Contact(**_contact(case.contact)) if knows_contact else None,
        messages=tuple(
            shapes.Message(
                id=one.id,
                kind=one.kind,
                actor=one.actor,
                author=one.author_name.strip(),
                body=one.body,
                event=dict(one.event) if one.event else None,
                at=one.at,
            )
            for one in view.messages
            if client.is_agent or concerns_customer(one.event or {})
        ),
        attachments=tuple(_file(one) for some in view.files.values() for one in some),
        milestones=tuple(shapes.Milestone.model_validate(one) for one in view.milestones),
        continued_by=view.continued_by,
    )


def _contact(said: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(said.get(name) or "") for name in shapes.Contact.model_fields}


def _file(one: Attachment) -> shapes.File:
    return shapes.File(
        id=one.id,
        message=one.message_id,
        name=one.name,
        media_type=one.media_type,
        size=one.size,
        sha256=one.sha256,
        at=one.at,
        held=attached.is_held(one),
        url=wiring().settings.base_url
        + url_for("rest.fetch_attachment", number=one.case_number, id=one.id),
    )
