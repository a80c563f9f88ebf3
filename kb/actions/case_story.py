"""What a case tells for an article: its words, without those that say who somebody is."""

from dataclasses import dataclass

from kb.actions.case_views import CaseView, case_for_agent
from kb.content.compiled import CompiledSite
from kb.rules.case_article import Draft, Story, draft_of
from kb.rules.cases import Actor, MessageKind
from kb.rules.confirmed_words import Piece, clean
from kb.rules.policy import FieldKind
from kb.store import Database, organisations, visits

_ABOUT_PERSONS = {FieldKind.EMAIL, FieldKind.PHONE, FieldKind.COUNTRY, FieldKind.SERIAL}
_ASKED_ANYWAY = {FieldKind.TITLE, FieldKind.DESCRIPTION, FieldKind.FILES, FieldKind.SEVERITY}


@dataclass(frozen=True, slots=True)
class FirstDraft:
    """The draft of a case in its language, and what was taken out of it; `known` are the names
    and addresses that the case knows, `spared` those of products and of the house."""

    draft: Draft
    lang: str
    pieces: tuple[Piece, ...]
    known: tuple[str, ...]
    spared: tuple[str, ...]


def first_draft(db: Database, site: CompiledSite, number: int) -> FirstDraft | None:
    """Make the draft of a case's article, personal data taken out; None for no case."""
    view = case_for_agent(db, number)
    if view is None:
        return None
    story, known, spared = _story(db, site, view), _known(db, view), _spared(site)
    texts = story.texts()
    done = clean(texts, story.lang, known, plain=frozenset(texts), spared=spared)
    draft = draft_of(story.with_texts(done.texts))
    return FirstDraft(draft, story.lang, done.pieces, known, spared)


def _story(db: Database, site: CompiledSite, view: CaseView) -> Story:
    case = view.case
    lang = case.lang if case.lang in site.site.languages else site.site.default_language
    said = [one for one in view.messages if one.kind is MessageKind.REPLY and one.body.strip()]
    customer = [one.body for one in said if one.actor is Actor.CUSTOMER]
    product = site.policy.products.get(case.product or "")
    version = case.version if product and case.version in product.versions else ""
    with db.read() as conn:
        looked_for = visits.lookups(conn, case.number)
    return Story(
        title=case.title,
        lang=lang,
        said=customer[0] if customer else "",
        more=tuple(customer[1:]),
        answers=tuple(one.body for one in said if one.actor is not Actor.CUSTOMER),
        system=tuple(_system(site, view, lang)),
        product=product.id if product else "",
        version=version or "",
        product_name=f"{product.name} {version}".strip() if product else "",
        looked_for=tuple(step for step in looked_for if step.lang == lang),
    )


def _system(site: CompiledSite, view: CaseView, lang: str) -> list[tuple[str, str]]:
    """What the form asked about the system, with its labels in the case's language."""
    request = site.policy.requests.get(view.case.request)
    told = view.case.details
    return [
        (field.label.in_(lang), told[field.id])
        for field in (request.fields if request else ())
        if field.kind not in _ABOUT_PERSONS | _ASKED_ANYWAY and told.get(field.id, "").strip()
    ]


def _known(db: Database, view: CaseView) -> tuple[str, ...]:
    """Names, addresses and telephones of the people of a case, agents too, and of its house."""
    people = [view.requester, *([view.assignee] if view.assignee else [])]
    names = [one for person in people for one in (person.name, person.email)]
    contact = {name: text for name, text in view.case.contact.items() if name != "country"}
    names += [f"{contact.get('first_name', '')} {contact.get('last_name', '')}", *contact.values()]
    names += [one.author_name for one in view.messages]
    if view.case.organisation_id is not None:
        with db.read() as conn:
            names.append(organisations.name_of(conn, view.case.organisation_id))
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))


def _spared(site: CompiledSite) -> tuple[str, ...]:
    """The names of the house and of its products, which are nobody's."""
    house = [site.site.name.in_(lang) for lang in site.site.languages]
    products = [product.name for product in site.policy.products.values()]
    return tuple(dict.fromkeys([*house, site.site.brand, site.site.company, *products]))
