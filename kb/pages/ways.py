"""The decision as cards: each way of the site, allowed or not, with hours, answer and reason.

The contact wizard shows them to customers, the desk to agents who look at it as a customer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for

from kb.actions.entitlements import Outcome
from kb.pages.chat_words import offer_in
from kb.pages.formats import show_money
from kb.pages.frame import lang, live
from kb.pages.names import joined, spoken_name
from kb.pages.opening import hours_words, state_words, your_hours
from kb.pages.order_words import price_of
from kb.pages.texts import gettext as _
from kb.rules.calendars import is_open
from kb.rules.contact import Wish, read_wish, severity_carried
from kb.rules.entitlement import Allowed, ChannelGrant, decide_again, free_topics, languages_at
from kb.rules.facts import PlanState
from kb.rules.orders import is_sold
from kb.rules.policy import Channel, ChannelInfo, Offer, OfferKind, Severity, Way


@dataclass(frozen=True, slots=True)
class Onward:
    """A button or row that leads on."""

    url: str
    words: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One channel as the page shows it."""

    channel: Channel
    name: str
    text: str
    allowed: bool
    state: str = ""
    state_kind: str = "ok"
    facts: tuple[tuple[str, str], ...] = ()
    button: Onward | None = None
    open: bool = True
    fallback: bool = False


def cards(
    outcome: Outcome, wish: Wish, at: datetime, zone: ZoneInfo | None, country: str
) -> list[Card]:
    """Return every channel of the site: allowed and open, allowed and closed now, not allowed
    (R37); hours also in the customer's `zone`, where it is known, prices for
    their `country`."""
    channels = live().site.policy.channels.values()
    decision = outcome.decision
    found = [
        _allowed(info, grant, wish, at, zone)
        if isinstance(decision, Allowed) and (grant := decision.grant(info.channel))
        else _closed(info, decision.offers, outcome, country)
        for info in channels
    ]
    return sorted(found, key=lambda card: (not card.allowed, card.fallback, not card.open))


def _allowed(
    info: ChannelInfo, grant: ChannelGrant, wish: Wish, at: datetime, zone: ZoneInfo | None
) -> Card:
    calendar = live().site.policy.calendars[grant.calendar]
    written = info.channel is Channel.EMAIL  # read when the office opens, sent at any hour
    chat = offer_in(grant.calendar, at) if info.channel is Channel.CHAT else None
    is_now = chat.is_offered if chat else written or is_open(calendar, at)
    state = "" if written else state_words(calendar, at, zone)
    state = (chat and chat.state) or state
    facts = [] if written else [(_("Hours"), hours_words(calendar))]
    yours = "" if written else your_hours(calendar, at, zone)
    if yours:
        facts.append((_("In your time"), yours))
    facts.append((_("Answer"), answer_words(grant, info, severity_of(wish))))
    languages = languages_at(live().site.policy, grant, at)
    if languages and lang() not in languages:
        spoken = joined([spoken_name(one) for one in languages])
        facts.append((_("Language"), _("Only %(languages)s at this hour", languages=spoken)))
    facts.append((_("Cost"), cost_words(grant)))
    return Card(
        channel=info.channel,
        name=info.name.in_(lang()),
        text=f"{info.pitch.in_(lang())} {chat.text if chat else ''}".strip(),
        allowed=True,
        state=state,
        state_kind="ok" if is_now else "line",
        facts=tuple(facts),
        button=_button(info, wish, chat.button if chat else "") if is_now or info.address else None,
        open=is_now,
        fallback=info.fallback,
    )


def cost_words(grant: ChannelGrant) -> str:
    """Say what this way costs."""
    if grant.uses_credit:
        return _("Uses your paid incident, which is valid for one case")
    if grant.free:
        return _("Free")
    plan = live().site.policy.plans.get(grant.plan or "")
    if plan:
        return _("Included in your support: %(plan)s", plan=plan.name.in_(lang()))
    return _("Included with your product")


def _button(info: ChannelInfo, wish: Wish, words: str) -> Onward:
    if info.address:
        return Onward(info.address, _address_words(info))
    url = url_for("contact.case", channel=info.channel, **wish.query())
    return Onward(url, words or _("Write to us"))


def _address_words(info: ChannelInfo) -> str:
    if info.link:
        return _("Write by %(channel)s", channel=info.name.in_(lang()))
    return _("Call %(number)s", number=info.number)


def fallbacks(facts: Mapping[str, Any]) -> list[Onward]:
    """Return the ways for when others fail that are granted to a case opened on these facts (R69);
    those of today's policy, so a number that has changed is the new one."""
    policy = live().site.policy
    decision = decide_again(policy, facts)
    if not isinstance(decision, Allowed):
        return []
    return [
        Onward(info.address, _address_words(info), info.pitch.in_(lang()))
        for info in policy.channels.values()
        if info.fallback and info.address and decision.grant(info.channel)
    ]


def _closed(info: ChannelInfo, offers: tuple[str, ...], outcome: Outcome, country: str) -> Card:
    """A channel that is not included says why and what would open it."""
    policy = live().site.policy
    adding = [policy.offers[o] for o in offers if info.channel in _channels_of(policy.offers[o])]
    text = info.otherwise.in_(lang())
    button = None
    if adding:
        text = f"{text} {adding[0].pitch.in_(lang())}{_price_words(adding[0], country)}"
        button = offer_link(adding[0], outcome, country)
    return Card(info.channel, info.name.in_(lang()), text.strip(), allowed=False, button=button)


def _channels_of(offer: Offer) -> tuple[Channel, ...]:
    plan = live().site.policy.plans.get(offer.plan or "")
    return offer.channels or (plan.channels if plan else ())


def _price_words(offer: Offer, country: str) -> str:
    price = price_of(offer, country)
    if price is None:
        return ""
    return " " + _("Price: %(amount)s.", amount=show_money(price))


def offer_link(offer: Offer, outcome: Outcome, country: str) -> Onward:
    """Lead to where an offer is asked for: its shop, or a free case with sales that names it. A
    newer version is not bought while the plan runs: then it is free (R10)."""
    runs = outcome.facts.plan_state == PlanState.ACTIVE
    if offer.kind is OfferKind.UPGRADE and outcome.asset and runs:
        url = url_for("assets.asset", id=outcome.asset.id, _anchor="update")
        hint = _("While your support lasts, the new version is free.")
        return Onward(url, _("Get the free upgrade"), hint)
    name = offer.name.in_(lang())
    if offer.url:
        return Onward(offer.url, name)
    policy = live().site.policy
    if outcome.asset and is_sold(policy, offer):
        url = url_for("orders.buy", id=outcome.asset.id, offer=offer.id)
        return Onward(url, name, offer.pitch.in_(lang()) + _price_words(offer, country))
    product = policy.products.get(outcome.product or "")
    about = f"{name}: {product.name}" if product else name
    url = url_for("contact.start", request=_request_of(Way.SALES), title=about)
    return Onward(url, name, offer.pitch.in_(lang()) + _price_words(offer, country))


def _request_of(way: Way) -> str:
    """The request that a way leads to; what is sold without one is asked for where none is named,
    at the first that needs no product."""
    policy = live().site.policy
    named = policy.request_by(way)
    free = (one for one in policy.requests.values() if not one.needs_product)
    found = named or next(free, None)
    return found.id if found else ""


def answer_words(grant: ChannelGrant, info: ChannelInfo, severity: Severity | None) -> str:
    """Say what answer may be expected; nothing is promised that the plan does not promise."""
    plan = live().site.policy.plans.get(grant.plan or "")
    target = plan.targets.get(severity) if plan and severity else None
    if target:
        return target.text.in_(lang())
    if plan and plan.targets and severity is None:
        worst = min(plan.targets)
        promise = plan.targets[worst].text.in_(lang())
        return _("Severity %(letter)s: %(promise)s", letter=worst, promise=promise)
    usual = info.usual.in_(lang())
    none = _("No time is promised for this severity") if severity else _("No time is promised")
    return f"{usual} · {none}" if usual else none


def wish_of(query: Mapping[str, str]) -> Wish:
    """Read a wish from the query of an address of ours."""
    return read_wish(live().site.policy, query)


def severity_of(wish: Wish) -> Severity | None:
    """Return the severity a wish carries by itself: its own, its topic's, its request's."""
    return severity_carried(live().site.policy, wish, wish.severity)


def free(outcome: Outcome, wish: Wish) -> Iterator[tuple[str, Wish]]:
    """Yield (reason, wish) for topics on which this customer is helped free of charge while the
    chosen one costs or is refused (R20); where a reason is that of several topics, the wish is
    without one, so that it is asked again."""
    policy = live().site.policy
    for rule_id, topics in free_topics(policy, outcome.facts, outcome.decision).items():
        rule = policy.rule(rule_id)
        if rule:
            yield rule.why.in_(lang()), replace(wish, topic=topics[0] if len(topics) == 1 else "")


def ways_on(outcome: Outcome, wish: Wish) -> Iterator[Onward]:
    """Turn what a refused customer can do into rows that lead there."""
    site = live().site
    decision = outcome.decision
    for way in () if isinstance(decision, Allowed) else decision.instead:
        if way is Way.KNOWLEDGE_BASE:
            yield Onward(
                url_for("articles.browse"), _("Knowledge base"), _("Open to everyone, at any time")
            )
        elif way is Way.TROUBLESHOOTER:
            url = url_for("troubleshooter.trees")
            yield Onward(url, _("Guided troubleshooter"), _("Answer a few questions"))
        elif way is Way.FORUM and site.site.forum_url:
            hint = _("Ask other customers and our engineers")
            yield Onward(site.site.forum_url, _("Forum"), hint)
        elif way is Way.REGISTER:
            hint = _("Paste the licence key in your account")
            yield Onward(url_for("assets.assets"), _("Register the product"), hint)
        elif way is Way.UPGRADE and outcome.product:
            url = url_for("products.product", line=outcome.product)
            yield Onward(url, _("See the supported versions"), _("And how to move to one"))
        elif way is Way.SIGN_IN:
            yield Onward(url_for("account.sign_in"), _("Sign in"))
        elif way in (Way.CUSTOMER_SERVICE, Way.SALES):
            yield _to_request(way)
        elif way is Way.CHOOSE_PRODUCT:
            yield Onward(url_for("contact.start", request=wish.request), _("Choose the product"))


def _to_request(way: Way) -> Onward:
    """The request that a way leads to, in the site's own words; without one, the wizard."""
    found = live().site.policy.request_by(way)
    words = _("Talk to sales") if way is Way.SALES else _("Customer service")
    url = url_for("contact.start", request=_request_of(way))
    return Onward(url, *(found.name.in_(lang()), found.hint.in_(lang())) if found else (words,))
