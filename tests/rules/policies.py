"""Small policies for tests: builders with full defaults."""

from dataclasses import replace
from datetime import date, time, timedelta

from kb.rules.calendars import Calendar, Hours
from kb.rules.facts import Facts
from kb.rules.policy import (
    Channel,
    ChannelInfo,
    Grant,
    Offer,
    Plan,
    Policy,
    Refusal,
    Request,
    Rule,
    Severity,
    Target,
    Topic,
    Way,
)
from kb.rules.policy import (
    Test as FactTest,
)
from kb.rules.products import Market, Oem, Product
from kb.rules.texts import Text

OFFICE = Hours(time(8), time(20))
WHOLE_DAY = Hours(time(0), time(0))


def text(words: str = "words") -> Text:
    return Text({"en": words})


def calendar(*days: int, hours: tuple[Hours, ...] = (OFFICE,), **more: object) -> Calendar:
    """Office hours, Monday to Friday in New York unless told otherwise."""
    week = dict.fromkeys(days or range(5), hours)
    return replace(Calendar("office", "America/New_York", week), **more)


ALWAYS = calendar(*range(7), hours=(WHOLE_DAY,), id="always")
HOLIDAY = date(2026, 11, 26)


def when(**facts: str | int) -> tuple[FactTest, ...]:
    """`when(market="home", at_most=30)`: words for facts, bounds for the days since purchase."""
    bounds = {name: facts.pop(name) for name in ("at_most", "at_least") if name in facts}
    tests = [FactTest(fact, tuple(str(value).split("|"))) for fact, value in facts.items()]
    days = [FactTest("days_since_purchase", (), **bounds)] if bounds else []  # type: ignore[arg-type]
    return (*tests, *days)


def grant(rule_id: str, *channels: str, **facts: str | int) -> Rule:
    """A rule that grants channels in office hours."""
    added = Grant(tuple(Channel(one) for one in channels), calendar="office")
    return Rule(rule_id, when(**facts), text(), grant=added)


def refuse(rule_id: str, *instead: Way, offers: tuple[str, ...] = (), **facts: str | int) -> Rule:
    return Rule(rule_id, when(**facts), text(), refuse=Refusal(instead), offers=offers)


def offer(rule_id: str, *offers: str, **facts: str | int) -> Rule:
    return Rule(rule_id, when(**facts), text(), offers=offers)


def by_plan(rule_id: str, plan: str | None = None, **facts: str | int) -> Rule:
    """A rule that grants the customer's own plan, or a paid incident's."""
    added = Grant(plan=plan, uses_credit=True) if plan else Grant(from_plan=True)
    return Rule(rule_id, when(**facts), text(), grant=added)


PHONE, CHAT, EMAIL = Channel.PHONE, Channel.CHAT, Channel.EMAIL
PLANS = (
    Plan(
        "standard",
        text(),
        (PHONE, CHAT, EMAIL),
        "office",
        targets={Severity.A: Target(timedelta(hours=12), text())},
    ),
    Plan(
        "premier",
        text(),
        (PHONE, CHAT, EMAIL),
        "always",
        priority=2,
        office_calendar="office",
        off_hours_languages=("en",),
    ),
    Plan("incident", text(), (PHONE, EMAIL), "office", priority=1, per_case=True),
)
PRODUCTS = (
    Product("server", "Server", Market.BUSINESS, (("12",), ("11.5", "11"), ("10",))),
    Product("home", "Home", Market.HOME, (("2027",), ("2026",), ("2025",)), register_first=True),
    Product("bundle", "Bundle", Market.HOME, (), oem=Oem.PAY_PER_INCIDENT),
)
REQUESTS = (
    Request(
        "technical",
        text(),
        topics=(
            Topic("recovery", text()),
            Topic("slow", text()),
            Topic("net", text(), in_scope=False),
        ),
    ),
    Request("service", text(), needs_product=False),
)
OFFERS = (
    Offer("incident", text(), text(), plan="incident"),
    Offer("renewal", text(), text(), plan="standard"),
    Offer("upgrade", text(), text()),
    Offer("chat-pass", text(), text(), channels=(CHAT,)),
)
CHANNELS = (
    ChannelInfo(
        PHONE,
        text(),
        text(),
        number="+1 555 0100",
        only_when=(when(edition="full", plan_state="active"), when(edition="full", credit="yes")),
    ),
    ChannelInfo(CHAT, text(), text()),
    ChannelInfo(EMAIL, text(), text()),
)


def policy(*rules: Rule, **parts: object) -> Policy:
    """The parts above with these rules; any part may be replaced."""
    made = Policy(
        revision="test",
        products={one.id: one for one in PRODUCTS},
        plans={one.id: one for one in PLANS},
        calendars={one.id: one for one in (calendar(), ALWAYS)},
        requests={one.id: one for one in REQUESTS},
        channels={one.channel: one for one in CHANNELS},
        severities={},
        offers={one.id: one for one in OFFERS},
        rules=rules,
    )
    return replace(made, **parts)


def facts(request: str = "technical", **known: object) -> Facts:
    """A registered full version of a business product, unless told otherwise."""
    usual = Facts(request, edition="full", market="business", registered="yes")
    return replace(usual, **known)


SOUND = (
    grant("service", "email", request="service"),
    refuse("choose", Way.CHOOSE_PRODUCT, request="technical", edition="none"),
    refuse("out", Way.FORUM, request="technical", scope="out"),
    grant("trial", "chat", "phone", request="technical", edition="trial"),
    grant("warranty", "chat", request="technical", topic="recovery"),
    refuse("old", Way.FORUM, request="technical", lifecycle="unsupported", offers=("upgrade",)),
    by_plan("paid", "incident", request="technical", credit="yes"),
    by_plan("plan", request="technical", plan_state="active"),
    grant("new", "chat", "email", request="technical", market="home", at_most=30),
    offer("more", "incident", request="technical", credit="no"),
    refuse("rest", Way.KNOWLEDGE_BASE, request="technical"),
)
