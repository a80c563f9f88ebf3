"""What a page of a case shows of its chat, and the desk of all of them."""

from dataclasses import dataclass

from flask import g
from flask_login import current_user

from kb.actions.chat_signs import agent_reads
from kb.actions.chat_view import chat_view, counts
from kb.actions.chats import hours_of
from kb.pages.chat.routes import blueprint
from kb.pages.chat_words import Offer, offer_in
from kb.pages.frame import live, now, wiring
from kb.rules.policy import Channel
from kb.store.cases import Case


@dataclass(frozen=True, slots=True)
class OnCase:
    """A chat that goes on, or one that may begin."""

    active: bool
    offer: Offer | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """What every page of the desk says of chats: whether this agent takes some, how many wait."""

    takes: bool
    waiting: int
    mine: int


@blueprint.app_template_global()
def chat_on(case: Case) -> OnCase | None:
    """Return what the customer's page of a case says of its chat; None for nothing."""
    if not case.is_alive or Channel.CHAT not in live().site.policy.channels:
        return None
    chat = chat_view(wiring().db, case.number, now())
    if chat and chat.chat.is_active:
        return OnCase(active=True)
    hours = hours_of(live().site.policy, case)
    offer = offer_in(hours.id) if hours else None
    return OnCase(active=False, offer=offer) if offer and offer.is_offered else None


@blueprint.app_template_global()
def chat_goes_on(case: Case) -> bool:
    """Tell an agent's page of a case whether its customer is in the chat."""
    chat = chat_view(wiring().db, case.number, now())
    return chat is not None and chat.chat.is_active


@blueprint.app_template_global()
def chat_bar() -> Bar | None:
    """Return what the desk says of chats; reading a page is a sign of life. None on a site
    without chat."""
    if Channel.CHAT not in live().site.policy.channels:
        return None
    if "chat_bar" not in g:  # a page asks twice
        agent_reads(wiring().db, current_user.id, now(), by_script=False)
        said, waiting, mine = counts(wiring().db, current_user.id, now())
        g.chat_bar = Bar(said is not None, waiting, mine)
    found: Bar = g.chat_bar
    return found
