"""From the checked shapes of `policy/` to the objects of the rules."""

from collections.abc import Iterable, Mapping

from kb.content import policy_forms as forms
from kb.content.canned_form import CannedForm
from kb.rules.calendars import Calendar
from kb.rules.canned import Canned
from kb.rules.facts import FACTS
from kb.rules.policy import (
    ChannelInfo,
    Condition,
    Field,
    Grant,
    Offer,
    Plan,
    Refusal,
    Request,
    Rule,
    SeverityInfo,
    Target,
    Test,
    Topic,
)
from kb.rules.products import Link, Oem, Product

Langs = tuple[str, ...]


def product(form: forms.ProductForm, langs: Langs, plans: Iterable[forms.PlanForm]) -> Product:
    """Build a product; without a plan of its own it includes the one for its market (R15)."""
    default = next((plan.id for plan in plans if form.market in plan.included_with), None)
    if form.oem is Oem.PAY_PER_INCIDENT:
        default = None  # R31
    return Product(
        id=form.id,
        name=form.name,
        market=form.market,
        generations=form.versions,
        oem=form.oem,
        licensing=form.licensing,
        included_plan=form.included_plan or default,
        register_first=form.register_first,
        key_patterns=form.key_patterns,
        summary=form.summary.text(langs),
        downloads=tuple(_link(one, langs) for one in form.downloads),
        guides=tuple(_link(one, langs) for one in form.guides),
        upgrades_to=form.upgrades_to,
        addon=form.addon,
        key_check=form.key_check,
        proof=form.proof,
    )


def plan(form: forms.PlanForm, langs: Langs) -> Plan:
    """Build a plan with what it promises."""
    return Plan(
        id=form.id,
        name=form.name.text(langs),
        channels=form.channels,
        calendar=form.calendar,
        priority=form.priority,
        office_calendar=form.office_calendar,
        off_hours_languages=form.off_hours_languages,
        targets={
            severity: Target(one.within, one.text.text(langs), one.next_within, one.resolve_within)
            for severity, one in form.targets.items()
        },
        price=form.price,
        term_days=form.term_days,
        summary=form.summary.text(langs),
        per_case=form.per_case,
    )


def calendar(form: forms.CalendarForm, langs: Langs) -> Calendar:
    """Build a calendar."""
    week = {int(day): hours for day, hours in form.week.items()}
    names = form.name.text(langs), form.zone_name.text(langs)
    return Calendar(form.id, form.zone, week, frozenset(form.holidays), *names)


def channel(form: forms.ChannelForm, langs: Langs) -> ChannelInfo:
    """Build a channel of the site."""
    return ChannelInfo(
        channel=form.id,
        name=form.name.text(langs),
        pitch=form.pitch.text(langs),
        number=form.number,
        only_when=tuple(condition(one) for one in form.only_when),
        otherwise=form.otherwise.text(langs),
        usual=form.usual.text(langs),
        link=form.link,
        fallback=form.fallback,
    )


def severity(form: forms.SeverityForm, langs: Langs) -> SeverityInfo:
    """Build a severity."""
    name, meaning, ask = (one.text(langs) for one in (form.name, form.meaning, form.ask))
    return SeverityInfo(form.id, name, meaning, ask)


def field(form: forms.FieldForm, langs: Langs) -> Field:
    """Build a form field."""
    label, hint = form.label.text(langs), form.hint.text(langs)
    return Field(form.id, label, hint, form.required, form.kind)


def request(form: forms.RequestForm, langs: Langs, fields: Mapping[str, Field]) -> Request:
    """Build a request type; fields that are not known are left out (they were told before)."""
    return Request(
        id=form.id,
        name=form.name.text(langs),
        hint=form.hint.text(langs),
        needs_product=form.needs_product,
        by_mail=form.by_mail,
        topics=tuple(_topic(one, langs) for one in form.topics),
        fields=tuple(fields[one] for one in form.fields if one in fields),
        severity=form.severity,
        ways=form.ways,
        credit=form.credit,
    )


def canned(form: CannedForm, langs: Langs) -> Canned:
    """Build a ready answer."""
    return Canned(form.id, form.name.text(langs), form.text.text(langs))


def offer(form: forms.OfferForm, langs: Langs) -> Offer:
    """Build an offer."""
    return Offer(
        id=form.id,
        name=form.name.text(langs),
        pitch=form.pitch.text(langs),
        price=form.price,
        plan=form.plan,
        channels=form.channels,
        kind=form.kind,
        url=form.url,
    )


def rule(form: forms.RuleForm, langs: Langs) -> Rule:
    """Build one entitlement rule."""
    return Rule(
        id=form.id,
        when=condition(form.when),
        why=form.why.text(langs),
        grant=_grant(form.grant) if form.grant else None,
        refuse=Refusal(form.refuse.instead) if form.refuse else None,
        offers=form.offers,
    )


def condition(form: forms.When) -> Condition:
    """Build the tests of a condition, in the order of the facts."""
    written = ((fact, getattr(form, fact)) for fact in FACTS)
    return tuple(_test(fact, wanted) for fact, wanted in written if wanted is not None)


def _test(fact: str, wanted: Test | tuple[str, ...]) -> Test:
    if isinstance(wanted, Test):
        return Test(fact, wanted.values, wanted.at_most, wanted.at_least)
    return Test(fact, wanted)


def _grant(form: forms.GrantForm) -> Grant:
    return Grant(
        channels=form.channels,
        calendar=form.calendar,
        from_plan=form.from_ == "plan",
        plan=form.plan,
        free=form.free,
        uses_credit=form.uses_credit,
    )


def _topic(form: forms.TopicForm, langs: Langs) -> Topic:
    return Topic(
        id=form.id,
        name=form.name.text(langs),
        hint=form.hint.text(langs),
        in_scope=form.in_scope,
        severity=form.severity,
        answer=form.answer.text(langs),
    )


def _link(form: forms.LinkForm, langs: Langs) -> Link:
    return Link(form.name.text(langs), form.url, form.note.text(langs))
