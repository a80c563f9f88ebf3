"""Cases in words: states, events, who said it, what comes next; for customers and for agents."""

from dataclasses import dataclass, replace

from kb.actions.cases import CaseView
from kb.pages.formats import show_datetime, show_day
from kb.pages.frame import lang, live, now
from kb.pages.texts import gettext as _
from kb.rules.cases import GUARANTEE, Actor, CaseState
from kb.rules.milestones import MilestoneKind, Standing, standing
from kb.rules.policy import Channel, Field, FieldKind, Request, Severity
from kb.store.cases import Case
from kb.store.milestones import Milestone

_ANSWERS = (MilestoneKind.FIRST_RESPONSE, MilestoneKind.NEXT_RESPONSE)


@dataclass(frozen=True, slots=True)
class Next:
    """What a customer reads first: whose turn it is; chip with its kind and icon."""

    chip: str
    kind: str
    icon: str
    title: str
    text: str


def state_name(state: CaseState | str) -> str:
    """Name a state as the desk does."""
    return {
        CaseState.NEW: _("New"),
        CaseState.OPEN: _("Open"),
        CaseState.PENDING_CUSTOMER: _("Waiting for the customer"),
        CaseState.ON_HOLD: _("On hold"),
        CaseState.ESCALATED_TO_SALES: _("With sales"),
        CaseState.RESOLVED: _("Resolved"),
        CaseState.CLOSED: _("Closed"),
    }[CaseState(state)]


def next_step(case: Case, agent: str = "", when: str = "") -> Next:
    """Say to the requester how the case stands, what happens next and, as a sentence, `when`."""
    if case.merged_into is not None:
        return Next(
            _("Closed"),
            "line",
            "git-merge",
            _("This case goes on as case %(number)s", number=case.merged_into),
            _("Both are about the same problem; everything new is there."),
        )
    if case.state is CaseState.PENDING_CUSTOMER:
        title = _("%(name)s waits for your answer", name=agent) if agent else ""
        return Next(
            _("Waiting for you"),
            "warn",
            "clock",
            title or _("We are waiting for your answer"),
            _("Answer below or reply to the e-mail. If it is solved already, tell us so."),
        )
    if case.state is CaseState.RESOLVED:
        return _after_resolving(case)
    if case.is_alive and case.owed_at < now():
        return _late(case)
    step = _with_us(case)
    return replace(step, text=f"{step.text} {when}") if when and case.is_alive else step


def when_words(view: CaseView) -> str:
    """Say when the answer that is owed comes: the time promised, else until the first answer what
    is usual for the way the case came (R67); nothing where nothing can be said."""
    owed = [one.due_at for one in view.milestones if one.kind in _ANSWERS and one.met_at is None]
    due = min((one for one in owed if one is not None), default=None)
    if due is not None:
        return _("We answer by %(when)s.", when=show_datetime(due))
    if owed or any(said.actor is Actor.AGENT for said in view.messages):
        return ""
    usual = _usual(view.case)
    return f"{usual}." if usual else ""


def _usual(case: Case) -> str:
    ways = live().site.policy.channels.values()
    return next((one.usual.in_(lang()) for one in ways if one.channel == case.channel), "")


def _late(case: Case) -> Next:
    """A promised time has passed: say so before the customer has to ask."""
    return Next(
        _("Late"),
        "warn",
        "clock",
        _("We are late with this case"),
        _(
            "We promised to be further by %(when)s and are not. The case stands before all that "
            "are in time, and our agents are told of it. You need not do anything; what you write "
            "below reaches them at once.",
            when=show_datetime(case.owed_at, named=False),
        ),
    )


def _with_us(case: Case) -> Next:
    texts = {
        CaseState.NEW: (
            _("Received"),
            _("We have your case"),
            _("An agent reads it next. Until then you can add what you find out."),
        ),
        CaseState.OPEN: (
            _("With us"),
            _("We are working on it"),
            _("The next answer comes from us, here and by e-mail."),
        ),
        CaseState.ON_HOLD: (
            _("On hold"),
            _("We are looking into it"),
            _("This takes longer than one answer; you need not do anything meanwhile."),
        ),
        CaseState.ESCALATED_TO_SALES: (
            _("With sales"),
            _("Our sales team has your case"),
            _("They write to you with alternatives and prices."),
        ),
        CaseState.CLOSED: (
            _("Closed"),
            _("This case is closed"),
            _("If the problem is back or you have another one, open a new case."),
        ),
    }
    chip, title, text = texts[case.state]
    closed = case.state is CaseState.CLOSED
    return Next(chip, "line" if closed else "", "check" if closed else "inbox", title, text)


def _after_resolving(case: Case) -> Next:
    until = (case.resolved_at or case.updated_at) + GUARANTEE
    return Next(
        _("Resolved"),
        "ok",
        "circle-check",
        _("This case is resolved"),
        _(
            "If the problem comes back, write below until %(day)s and the case opens again.",
            day=show_day(until),
        ),
    )


def milestone_name(kind: MilestoneKind) -> str:
    """Name what is promised."""
    return {
        MilestoneKind.FIRST_RESPONSE: _("First response"),
        MilestoneKind.NEXT_RESPONSE: _("Next response"),
        MilestoneKind.RESOLUTION: _("Resolution"),
    }[kind]


def severity_words(letter: str) -> str:
    """Write a severity with its meaning: “B, It is serious …” (R33–R36)."""
    known = {str(one) for one in live().site.policy.severities}
    if letter not in known:
        return letter
    return f"{letter}, {live().site.policy.severities[Severity(letter)].name.in_(lang())}"


def channel_name(channel: str) -> str:
    """Name a channel as the policy does."""
    found = {str(one): info for one, info in live().site.policy.channels.items()}.get(channel)
    return found.name.in_(lang()) if found else str(Channel(channel))


def product_words(line: str | None, version: str | None, *, brand: bool = True) -> str:
    """Name the product of a case with its version; on the desk without the brand."""
    product = live().site.policy.products.get(line or "")
    name = product.name if product else (line or "")
    if not brand:
        name = name.removeprefix(live().site.site.brand).strip()
    return f"{name} {version or ''}".strip()


def why_words(case: Case) -> list[str]:
    """Say by which rules of the policy the case was taken; a rule that is gone by its name."""
    policy = live().site.policy
    ids = case.entitlement.get("why") or [case.entitlement.get("rule", "")]
    rules = [(str(id_), policy.rule(str(id_))) for id_ in ids if id_]
    return [rule.why.in_(lang()) if rule else id_ for id_, rule in rules]


def detail_words(case: Case) -> list[tuple[str, str]]:
    """The further fields of the form with their labels, those that were filled in (R43)."""
    request = live().site.policy.requests.get(case.request)
    fields = {one.id: one for one in (request.fields if request else ())}
    return [
        (fields[name].label.in_(lang()), _chosen(request, fields[name], value))
        if name in fields
        else (name, value)
        for name, value in case.details.items()
        if value
    ]


def _chosen(request: Request | None, field: Field, value: str) -> str:
    """Say what was chosen in a field as its form says it; the policy may know it no longer."""
    topic = request.topic(value) if request and field.kind is FieldKind.REASON else None
    return topic.name.in_(lang()) if topic else value


def promised_words(view: CaseView) -> list[tuple[str, str]]:
    """Say of each answer and the resolution when it is promised or was given, or that no time is
    promised (R13, R14, R33–R36)."""
    last = {one.kind: one for one in view.milestones}
    first = last.get(MilestoneKind.FIRST_RESPONSE)
    told = [
        (
            _("First answer"),
            _promise(first) if first else _("No time is promised for this severity"),
        )
    ]
    following = last.get(MilestoneKind.NEXT_RESPONSE)
    if following and following.met_at is None:
        told.append((_("Next answer"), _promise(following)))
    if resolution := last.get(MilestoneKind.RESOLUTION):
        told.append((_("Resolution"), _promise(resolution)))
    return told


def _promise(one: Milestone) -> str:
    found = standing(one.due_at, one.met_at, now())
    if found is Standing.LATE:
        return _("Given late, on %(when)s", when=show_datetime(one.met_at or now(), named=False))
    if one.met_at is not None:
        return _("Given on %(when)s", when=show_datetime(one.met_at, named=False))
    if one.due_at is None:
        return _("Waits for your answer")
    if found is Standing.BREACHED:
        return _("Late, it was due by %(when)s", when=show_datetime(one.due_at, named=False))
    return _("By %(when)s", when=show_datetime(one.due_at, named=False))


def solved_words(what: str | None) -> str:
    """Say what solved a case: “article:1042” by the article's title, if it still exists."""
    kind, _colon, number = (what or "").partition(":")
    if kind == "article":
        article = live().site.articles[lang()].get(int(number)) if number.isdigit() else None
        named = article.title if article else number
        return _("the article “%(title)s”", title=named)
    return {"answer": _("an answer in the case"), "other": _("something else")}.get(kind, "")
