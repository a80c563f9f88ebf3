"""What happened in a case, each event in a line; for customers and for agents."""

from collections.abc import Mapping

from kb.pages.case_words import (
    channel_name,
    milestone_name,
    severity_words,
    solved_words,
    state_name,
)
from kb.pages.chat_words import chat_event
from kb.pages.formats import show_kept_money
from kb.pages.frame import lang, live
from kb.pages.quote_words import quote_state
from kb.pages.texts import gettext as _
from kb.pages.texts import ngettext
from kb.rules.cases import CaseState
from kb.rules.milestones import MilestoneKind, Standing
from kb.store.conversation import Message


def story(messages: tuple[Message, ...]) -> list[Message]:
    """Leave out the states a case only passed through at the same moment."""
    following = (*messages[1:], None)
    return [one for one, after in zip(messages, following, strict=False) if not _passed(one, after)]


def _passed(one: Message, after: Message | None) -> bool:
    return after is not None and one.at == after.at and _is_state(one) and _is_state(after)


def _is_state(message: Message) -> bool:
    return (message.event or {}).get("what") == "state"


def event_words(message: Message, *, for_agent: bool) -> str:
    """Tell an event in a line."""
    event = message.event or {}
    if event.get("what") == "opened":
        return _opened(int(event.get("steps") or 0), str(event.get("channel")), for_agent)
    after = str(event.get("after") or "")
    if event.get("what") == "state":
        return _state_event(after, message.author_name, for_agent)
    if event.get("what") == "chat":
        why, had = str(event.get("why") or ""), str(event.get("name") or "")
        return chat_event(after, why, had, message.author_name)
    if event.get("what") == "tag":
        before = str(event.get("before") or "")
        return _("Tagged “%(tag)s”", tag=after) if after else _("Tag “%(tag)s” off", tag=before)
    if event.get("what") == "assignee":
        return _("Assigned to %(name)s", name=after) if after else _("Given back to the queue")
    reason = str(event.get("reason") or "")
    return _change(str(event.get("what") or ""), event, after) + (f": {reason}" if reason else "")


def _change(what: str, event: Mapping[str, object], after: str) -> str:
    """Tell a change that is told the same to both."""
    if what == "severity":
        return _("Severity set to %(severity)s", severity=severity_words(after))
    if what == "plan":
        plan = live().site.policy.plans.get(after)
        return _("Plan set to %(plan)s", plan=plan.name.in_(lang()) if plan else after or "–")
    if what == "target":
        return _target(str(event.get("kind")), after)
    texts = {
        "bounced": _(
            "A mail to %(after)s came back: %(said)s", after=after, said=str(event.get("said"))
        ),
        "linked": _("Linked to case %(after)s", after=after),
        "split": _("A second problem has case %(after)s of its own", after=after),
        "split-from": _("Made of a second problem in case %(after)s", after=after),
        "extended": ngettext(
            "%(num)s more minute of a technician",
            "%(num)s more minutes of a technician",
            int(after) if after.isdecimal() else 0,
        ),
        "quote": _(
            "Quote of %(amount)s: %(state)s",
            amount=show_kept_money(str(event.get("amount") or "")),
            state=quote_state(after).lower(),
        ),
        "remote": _("Remote session given; it is in no e-mail")
        if after == "given"
        else _("Remote session forgotten"),
        "merged": _("Merged into case %(after)s", after=after),
        "joined": _("Case %(after)s was merged into this one", after=after),
        "followed": _("Goes on in case %(after)s", after=after),
        "solved_by": _("Solved by %(after)s", after=solved_words(after)),
        "rating": _("Rated %(after)s of 5", after=after),
        "complaint": _("Complaint %(after)s sent", after=after),
        "article-draft": _("Article %(after)s drafted from this case", after=after),
        "article-dropped": _("The draft of an article was given up"),
        "article-published": _("Article published: “%(title)s”", title=str(event.get("title"))),
        "article-internal": _(
            "Article published for agents: “%(title)s”", title=str(event.get("title"))
        ),
        "virus": _(
            "A virus was found in “%(name)s”; the file is not given out",
            name=str(event.get("before")),
        ),
    }
    return texts.get(what, what)


def _target(kind: str, found: str) -> str:
    known = kind in set(MilestoneKind)
    name = milestone_name(MilestoneKind(kind)) if known else kind
    if found == Standing.BREACHED:
        return _("%(target)s: past its time, agents told", target=name)
    return _("%(target)s: due soon, agents told", target=name)


def _opened(steps: int, channel: str, for_agent: bool) -> str:
    if for_agent and not steps:
        return _("Opened: %(channel)s", channel=channel_name(channel))
    if for_agent:
        return ngettext(
            "Opened: %(channel)s, with %(num)s troubleshooter answer",
            "Opened: %(channel)s, with %(num)s troubleshooter answers",
            steps,
            channel=channel_name(channel),
        )
    if not steps:
        return _("Case opened")
    return ngettext(
        "Case opened with your troubleshooter answer",
        "Case opened with your %(num)s troubleshooter answers",
        steps,
    )


def _state_event(state: str, by: str, for_agent: bool) -> str:
    if not for_agent:
        return _("Now: %(state)s", state=_customer_state(state))
    name = state_name(state)
    return _("%(state)s, by %(name)s", state=name, name=by) if by else name


def _customer_state(state: str) -> str:
    if state == CaseState.PENDING_CUSTOMER:
        return _("waiting for your answer")
    return state_name(state).lower()
