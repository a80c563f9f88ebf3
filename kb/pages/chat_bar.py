"""What every page of the desk says of chats, asked once a request."""

from dataclasses import dataclass

from flask import g
from flask_login import current_user

from kb.actions.chat_signs import agent_reads
from kb.actions.chat_view import counts
from kb.pages.frame import live, now, wiring
from kb.rules.policy import Channel


@dataclass(frozen=True, slots=True)
class Bar:
    """Whether this agent takes chats, how many wait, how many the agent has."""

    takes: bool
    waiting: int
    mine: int


def chat_bar() -> Bar | None:
    """Return what the desk says of chats; reading a page is a sign of life. None on a site
    without chat."""
    if Channel.CHAT not in live().site.policy.channels:
        return None
    if "chat_bar" not in g:
        agent_reads(wiring().db, current_user.id, now(), by_script=False)
        said, waiting, mine = counts(wiring().db, current_user.id, now())
        g.chat_bar = Bar(said is not None, waiting, mine)
    found: Bar = g.chat_bar
    return found
