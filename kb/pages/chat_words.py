"""How chats are told: what is offered, how one stands, what happened in it (R40)."""

from dataclasses import dataclass
from datetime import datetime

from kb.actions.chat_view import ChatView, chance_now
from kb.pages.frame import live, now, wiring
from kb.pages.texts import gettext as _
from kb.pages.texts import ngettext
from kb.rules.chat import Chance, ChatState, Why, is_offered


@dataclass(frozen=True, slots=True)
class Offer:
    """Whether a chat may begin now, in words: a chip, a sentence, a button."""

    chance: Chance
    state: str
    text: str
    button: str

    @property
    def is_offered(self) -> bool:
        return is_offered(self.chance)


@dataclass(frozen=True, slots=True)
class Status:
    """How a chat stands: what it is, and what that means for the reader."""

    title: str
    text: str


def offer_in(calendar_id: str, at: datetime | None = None, *, in_case: bool = False) -> Offer:
    """Return what is offered within the hours of a calendar; CLOSED says nothing of when it
    opens, which the hours beside it do. Who has a case already is not sent to a form."""
    calendar = live().site.policy.calendars[calendar_id]
    found, floor = chance_now(wiring().db, calendar, at or now())
    instead = _("Write to us with the form instead: we answer by e-mail.")
    if in_case:
        instead = _("We have your case: what you write here joins it, and we answer by e-mail.")
    if found is Chance.NOW:
        return Offer(found, _("Free now"), "", _("Chat now"))
    if found is Chance.QUEUE:
        return Offer(found, _("All busy"), queue_words(floor.waiting), _("Wait for a chat"))
    if found is Chance.FULL:
        text = _("So many wait already that we could not take you in time.")
        return Offer(found, _("All busy"), f"{text} {instead}", "")
    if found is Chance.NOBODY:
        text = _("None of our agents is at the chat just now.")
        return Offer(found, _("Nobody there now"), f"{text} {instead}", "")
    return Offer(found, "", instead, "")


def queue_words(before: int) -> str:
    """Say how many wait before somebody; how long it takes is not known, so it is not said."""
    if not before:
        return _("Nobody waits before you. How long it takes we cannot say.")
    return ngettext(
        "%(num)s person waits before you. How long it takes we cannot say.",
        "%(num)s people wait before you. How long it takes we cannot say.",
        before,
    )


def customer_status(view: ChatView) -> Status:
    """Tell a customer how their chat stands."""
    if view.chat.state is ChatState.WAITING:
        place = view.before + 1
        title = (
            _("You are next")
            if place == 1
            else _("You are number %(place)s in the queue", place=place)
        )
        stays = _("You can start writing now. If you leave, we answer by e-mail.")
        return Status(title, f"{queue_words(view.before)} {stays}")
    if view.chat.state is ChatState.LIVE:
        return _with_agent(view)
    if view.chat.state is ChatState.BY_MAIL:
        text = _("What was said is in the case. What you write here joins it; we answer by e-mail.")
        return Status(_("The conversation goes on by e-mail"), text)
    text = _("What was said is in the case and on its way to your mailbox.")
    return Status(_("The chat has ended"), text)


def _with_agent(view: ChatView) -> Status:
    name = view.agent_name
    if view.agent_is_there:
        return Status(_("%(name)s is here", name=name), _("You read each other at once."))
    text = _("If it does not come back soon, a colleague takes over or we go on by e-mail.")
    return Status(_("The connection to %(name)s is lost", name=name), text)


def agent_status(view: ChatView) -> Status:
    """Tell an agent how a chat stands."""
    if view.chat.state is ChatState.WAITING:
        there = _("The customer is there and waits for somebody to take the chat.")
        return Status(_("Waiting"), there)
    if view.chat.state is ChatState.LIVE and view.customer_is_there:
        return Status(_("The customer is here"), _("What you write appears at once; no e-mail."))
    if view.chat.state is ChatState.LIVE:
        text = _("If they do not come back soon, the case goes on by e-mail.")
        return Status(_("The customer is not there just now"), text)
    text = _("The customer has gone: what you write now goes out by e-mail.")
    return Status(_("The chat is over"), text)


def chat_event(to: str, why: str, name: str, by: str) -> str:
    """Tell in a line of the story what happened to a chat; `name` had it, `by` did it."""
    told = {
        Why.ASKED: _("Waiting for a chat"),
        Why.TAKEN: _("%(name)s came to the chat", name=by),
        Why.CUSTOMER_LEFT: _("The customer left the chat; the case goes on by e-mail"),
        Why.NOBODY: _("No agent is at the chat any more; the case goes on by e-mail"),
        Why.LONG: _("Nobody could take the chat in time; the case goes on by e-mail"),
        Why.QUIET: _("Nothing was said for a while; the case goes on by e-mail"),
        Why.DONE: _("%(name)s ended the chat", name=name),
        Why.SOLVED: _("The customer ended the chat: it is solved"),
        Why.CASE_OVER: _("The chat ended with the case"),
    }
    if why == Why.AGENT_LEFT and to == ChatState.WAITING:
        return _("%(name)s left the chat; a colleague takes it as soon as one is free", name=name)
    if why == Why.AGENT_LEFT:
        return _("%(name)s left the chat; the case goes on by e-mail", name=name)
    return told.get(Why(why), why) if why in set(Why) else why
