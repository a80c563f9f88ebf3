"""What a page of a case shows of its chat."""

from dataclasses import dataclass

from kb.actions.chat_view import chat_view
from kb.actions.chats import hours_of
from kb.pages.chat.routes import blueprint
from kb.pages.chat_bar import chat_bar
from kb.pages.chat_words import Offer, offer_in
from kb.pages.frame import live, now, wiring
from kb.rules.policy import Channel
from kb.store.cases import Case


@dataclass(frozen=True, slots=True)
class OnCase:
    """A chat that goes on, or one that may begin."""

    active: bool
    offer: Offer | None = None


@blueprint.app_template_global()
def chat_on(case: Case) -> OnCase | None:
    """Return what the customer's page of a case says of its chat; None for nothing."""
    if not case.is_alive or Channel.CHAT not in live().site.policy.channels:
        return None
    chat = chat_view(wiring().db, case.number, now())
    if chat and chat.chat.is_active:
        return OnCase(active=True)
    hours = hours_of(live().site.policy, case)
    offer = offer_in(hours.id, in_case=True) if hours else None
    return OnCase(active=False, offer=offer) if offer and offer.is_offered else None


@blueprint.app_template_global()
def chat_goes_on(case: Case) -> bool:
    """Tell an agent's page of a case whether its customer is in the chat."""
    chat = chat_view(wiring().db, case.number, now())
    return chat is not None and chat.chat.is_active


blueprint.add_app_template_global(chat_bar)
