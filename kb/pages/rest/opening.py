"""Opening a case by program: the decision, the fields and the consents of the contact page."""

from typing import Any

from kb.actions import api_cases as actions
from kb.actions.api_people import product_of
from kb.actions.api_tokens import Client
from kb.actions.case_steps import form_id
from kb.actions.cases import CaseForm, NotOpened
from kb.pages.frame import letters, live, now, wiring
from kb.pages.problem_details import ProblemError
from kb.pages.rest import case_shapes as shapes
from kb.pages.rest.case_shapes import NewCase
from kb.pages.rest.cases import TAG, page_url
from kb.pages.rest.operations import Answered, operation
from kb.pages.rest.uploads import files_of
from kb.pages.texts import catalogue
from kb.rules.api_access import Scope
from kb.rules.case_fields import FieldFlaw, asked_fields, filled, flaws
from kb.rules.consent import asked_for
from kb.rules.contact import Stage, Wish, next_stage, read_wish
from kb.rules.entitlement import Refused
from kb.rules.policy import Channel, FieldKind, Policy, Request
from kb.store.users import User

_FLAWS = {
    FieldFlaw.MISSING: "this field is required",
    FieldFlaw.UNKNOWN: "this request has no such field",
    FieldFlaw.TOO_LONG: "this is too long",
    FieldFlaw.CHOICE: "this is none of the topics",
    FieldFlaw.FORM: "this has not the form of such a field",
}
_MISSING = {
    Stage.REQUEST: ("request", "this site has no such request"),
    Stage.EDITION: ("edition", "say “full” or “trial”"),
    Stage.PRODUCT: ("asset", "name a registered product (asset) or a product"),
    Stage.TOPIC: ("topic", "name one of the request's topics"),
}


@operation(
    "GET",
    "/requests",
    "What a case can be opened for",
    tag=TAG,
    scope=Scope.CASES_WRITE,
    answer=shapes.RequestTypes,
)
def list_requests(client: Client) -> shapes.RequestTypes:
    """The requests of this site with their topics, the fields of `details`, and the consents
    whose seals go into `agreed`, in the language of the token's account."""
    policy, lang = live().site.policy, _lang(client.user, "")
    return shapes.RequestTypes(
        items=tuple(_request(policy, one, lang) for one in policy.requests.values())
    )


def _request(policy: Policy, one: Request, lang: str) -> shapes.RequestType:
    return shapes.RequestType(
        id=one.id,
        name=one.name.in_(lang),
        needs_product=one.needs_product,
        topics=tuple(
            shapes.Topic(
                id=topic.id,
                name=topic.name.in_(lang),
                in_scope=topic.in_scope,
                severity=topic.severity,
            )
            for topic in one.topics
        ),
        details=tuple(
            shapes.AskedField(
                id=field.id,
                label=field.label.in_(lang),
                kind=str(field.kind),
                required=field.required,
            )
            for field in asked_fields(one)
        ),
        consents=tuple(
            shapes.Consent(
                id=found.id, seal=found.seal, title=found.title.in_(lang), words=found.words(lang)
            )
            for found in asked_for(policy.consents, one.id)
        ),
    )


@operation(
    "POST",
    "/cases",
    "Open a case",
    tag=TAG,
    scope=Scope.CASES_WRITE,
    answer=shapes.OpenedCase,
    status=201,
    body=NewCase,
    key="required",
)
def open_case(client: Client, body: NewCase, key: str) -> Answered:
    """Open a case for the token's customer, or with `cases:behalf` for another one. The policy
    decides as it does on the page: 403 says which rule refused and what is left instead, 409 what
    is missing or must be agreed to. The same Idempotency-Key opens one case, however often it is
    sent: the second answer is 200 with `again`."""
    customer = _customer(client, body)
    policy = live().site.policy
    wish = _wish(policy, body)
    lang = _lang(customer, body.lang)
    form = CaseForm(
        channel=_channel(policy, body.channel),
        severity=str(body.severity or ""),
        title=body.title,
        description=body.description,
        lang=lang,
        first_name=customer.first_name,
        last_name=customer.last_name,
        email=customer.email,
        phone=body.phone,
        country=customer.country,
        details=_details(policy.requests[wish.request], body, _key(customer, body, lang)),
        agreed=body.agreed,
        files=files_of(client, body.files, form_id(f"api:{key}")),
    )
    opened = actions.open_for(
        wiring().db, policy, letters(), client, customer, wish, form, key=key, now=now()
    )
    if isinstance(opened, NotOpened):
        raise _refusal(policy, opened, form.channel, lang)
    told = shapes.OpenedCase(
        number=opened.number, url=page_url(client, opened.number), again=opened.again
    )
    return Answered(told, status=200 if opened.again else 201)


def _customer(client: Client, body: NewCase) -> User:
    """For whom the case is; an agent has no cases of their own."""
    if body.on_behalf_of is None:
        if client.is_agent:
            raise _conflict([("on_behalf_of", "an agent opens cases for a customer")])
        return client.user
    if Scope.CASES_BEHALF not in client.scopes:
        said = "Opening a case for somebody else needs the scope “cases:behalf”."
        raise ProblemError(403, "scope", said, scope=str(Scope.CASES_BEHALF))
    found = actions.customer_of(wiring().db, body.on_behalf_of)
    if found is None:
        raise ProblemError(404, "no-customer", "There is no such customer.")
    return found


def _wish(policy: Policy, body: NewCase) -> Wish:
    """What is asked for, as the page would read it; what it would drop or ask again is a 409."""
    given = {
        "request": body.request,
        "edition": body.edition,
        "asset": str(body.asset or ""),
        "product": body.product,
        "topic": body.topic,
    }
    wish = read_wish(policy, given)
    read = wish.query()
    unknown = [(at, "this site has no such one") for at in given if given[at] and at not in read]
    if unknown and wish.request:
        raise _conflict(unknown)
    stage = next_stage(policy, wish, signed_in=True)
    if stage in _MISSING:
        raise _conflict([_MISSING[stage]])
    return wish


def _channel(policy: Policy, channel: Channel) -> str:
    info = policy.channels.get(channel)
    if info is None or info.address:
        raise _conflict([("channel", "no case is written by this channel")])
    return str(channel)


def _details(request: Request, body: NewCase, key: str) -> dict[str, str]:
    """The details with what the page would fill in by itself: the reason, the product's key."""
    serials = (one.id for one in request.fields if one.kind is FieldKind.SERIAL)
    said = {name: text for name, text in body.details.items() if text.strip()}
    known = {**body.details, **dict.fromkeys(serials if key else (), key), **said}
    given = filled(request, known, body.topic)
    wrong = flaws(request, given)
    if wrong:
        raise _conflict([(f"details.{name}", _FLAWS[flaw]) for name, flaw in wrong.items()])
    return {name: text.strip() for name, text in given.items() if text.strip()}


def _key(customer: User, body: NewCase, lang: str) -> str:
    """The key of the product that the case is about, as the page names it; '' without one."""
    asset = body.asset and product_of(wiring().db, customer.id, body.asset)
    said = catalogue(lang).ugettext("Key ending in %(last)s")
    return said % {"last": asset.key_last4} if asset else ""


def _lang(person: User, asked: str) -> str:
    languages = live().site.site.languages
    if asked and asked not in languages:
        raise _conflict([("lang", "this site does not speak it")])
    return asked or (person.lang if person.lang in languages else languages[0])


def _conflict(flaws_: list[tuple[str, str]]) -> ProblemError:
    said = "; ".join(f"{at}: {what}" for at, what in flaws_)
    told = [{"at": at, "what": what} for at, what in flaws_]
    return ProblemError(409, "incomplete", said, errors=told)


def _refusal(policy: Policy, refused: NotOpened, channel: str, lang: str) -> ProblemError:
    if refused.lacking:
        seals: list[dict[str, Any]] = [
            {"id": one.id, "seal": one.seal, "title": one.title.in_(lang)}
            for one in refused.lacking
        ]
        said = "The customer must agree to these first; send their seals in “agreed”."
        return ProblemError(409, "consent", said, consents=seals)
    decision = refused.outcome.decision
    if isinstance(decision, Refused):
        rule = policy.rule(decision.rule)
        return ProblemError(
            403,
            "not-entitled",
            rule.why.in_(lang) if rule else "No rule of this site gives help with this.",
            rule=decision.rule,
            instead=[str(way) for way in decision.instead],
            offers=list(decision.offers),
        )
    if decision.grant(channel):
        return ProblemError(404, "no-asset", "There is no such product, or it is not yours.")
    ways = [str(one.channel) for one in decision.channels]
    said = f"This customer has no case by {channel}; see “channels”."
    return ProblemError(403, "channel", said, channels=ways)
