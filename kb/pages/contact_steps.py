"""The questions of the contact wizard as the pages show them: to customers, and to agents who look
at it as a customer. `user_id` is whose products they are about; None is a stranger."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from kb.actions.assets import assets_of
from kb.actions.entitlements import Outcome, office_day, state_of
from kb.pages import ways
from kb.pages.beforehand import before_writing
from kb.pages.formats import show_date
from kb.pages.frame import lang, live, now, wiring
from kb.pages.names import market_name
from kb.pages.texts import gettext as _
from kb.pages.unpaid import unpaid
from kb.pages.zones import find_zone
from kb.rules.contact import Stage, Wish, asked_severity, without
from kb.rules.cover import Cover, CoverState, cover_of
from kb.rules.policy import FieldKind
from kb.rules.products import Market, Product
from kb.store.assets import Asset
from kb.store.users import User

ASSET = "asset-"
LINE = "line-"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a question."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What the wizard asks now; `name` is the answer's name in the address."""

    name: str
    ask: str
    help: str
    choices: tuple[Choice, ...]
    others: tuple[tuple[str, tuple[Choice, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """One answer given before, and the address that takes it back."""

    question: str
    answer: str
    change: str


def question_for(stage: Stage, wish: Wish, user_id: int | None) -> Question:
    """Return the question of a stage, in the visitor's language."""
    if stage is Stage.REQUEST:
        requests = live().site.policy.requests.values()
        choices = (Choice(r.id, r.name.in_(lang()), r.hint.in_(lang())) for r in requests)
        return Question("request", _("What do you need?"), "", tuple(choices))
    if stage is Stage.EDITION:
        return _edition()
    if stage is Stage.PRODUCT:
        return _product(wish, user_id)
    request = live().site.policy.requests[wish.request]
    choices = (Choice(t.id, t.name.in_(lang()), t.hint.in_(lang())) for t in request.topics)
    return Question("topic", _("What is it about?"), "", tuple(choices))


def _edition() -> Question:
    return Question(
        "edition",
        _("Which version do you use?"),
        "",
        (
            Choice("full", _("The full version"), _("Bought, or with a licence key")),
            Choice("trial", _("A trial version"), _("Without a licence key")),
        ),
    )


def _product(wish: Wish, user_id: int | None) -> Question:
    """R37: my registered products first, those whose support has ended after the others; then
    every line that is sold."""
    full = wish.edition == "full"
    mine = assets_of(wiring().db, user_id) if user_id is not None and full else ()
    supported = sorted(mine, key=lambda a: _cover(a).state is CoverState.ENDED)
    own = tuple(Choice(f"{ASSET}{a.id}", asset_name(a), _support_words(a)) for a in supported)
    others = tuple(_lines_by_market())
    if own:
        help_ = _("Your registered products come first; your support depends on the key.")
        return Question("item", _("Which product is it?"), help_, own, others)
    help_ = (
        _("You have no registered product yet. Register yours first, so we can see your support.")
        if wish.edition == "full"
        else ""
    )
    return Question("item", _("Which product is it?"), help_, (), others)


def _lines_by_market() -> Iterator[tuple[str, tuple[Choice, ...]]]:
    products = [p for p in live().site.policy.products.values() if not p.addon]
    for market in Market:
        lines = tuple(
            Choice(f"{LINE}{p.id}", p.name, p.summary.in_(lang()))
            for p in products
            if p.market is market
        )
        if lines:
            yield market_name(market), lines


def asset_name(asset: Asset) -> str:
    """Name a registered product with its version."""
    product = live().site.policy.products.get(asset.product)
    name = product.name if product else asset.product
    return f"{name} {asset.version}" if asset.version else name


def _choice_words(asset: Asset, user_id: int) -> str:
    """Say which of several registered products of a line was taken; nothing for an only one."""
    alike = [a for a in assets_of(wiring().db, user_id) if a.product == asset.product]
    if len(alike) < 2:
        return ""
    return _("The one that gives you most of your %(number)s", number=len(alike))


def _support_words(asset: Asset) -> str:
    return cover_until(asset) or _("No support plan is known for it")


def cover_until(asset: Asset) -> str:
    """Say until when a registered product is supported, or was (R8)."""
    cover = _cover(asset)
    if cover.until is None:
        return ""
    day = show_date(cover.until)
    if cover.state is CoverState.ENDED:
        return _("Support ended on %(day)s", day=day)
    return _("Support until %(day)s", day=day)


def _cover(asset: Asset) -> Cover:
    policy = live().site.policy
    today = office_day(policy, now())
    state = state_of(asset, (), today)
    return cover_of(policy, policy.products.get(asset.product), state, today)


def read_item(item: str) -> dict[str, str]:
    """Turn the chosen product into the words of the address."""
    if item.startswith(ASSET):
        return {"asset": item.removeprefix(ASSET)}
    return {"product": item.removeprefix(LINE)} if item.startswith(LINE) else {}


def trail(wish: Wish, user_id: int | None, address: Callable[[Wish], str]) -> list[Said]:
    """List what was answered so far, each with the way to change it: the `address` of a wish that
    lacks it."""
    policy = live().site.policy

    def said(question: str, answer: str, stage: Stage) -> Said:
        return Said(question, answer, address(without(wish, stage)))

    found: list[Said] = []
    if wish.request:
        name = policy.requests[wish.request].name.in_(lang())
        found.append(said(_("What do you need?"), name, Stage.REQUEST))
    if wish.edition:
        full = wish.edition == "full"
        name = _("The full version") if full else _("A trial version")
        found.append(said(_("Which version do you use?"), name, Stage.EDITION))
    product = product_name(wish, user_id)
    if product:
        found.append(said(_("Which product is it?"), product, Stage.PRODUCT))
    return found


def product_name(wish: Wish, user_id: int | None) -> str:
    """Name the product of a wish; nothing when it has none or it is not this customer's."""
    if wish.asset is not None and user_id is not None:
        mine = {a.id: a for a in assets_of(wiring().db, user_id)}
        return asset_name(mine[wish.asset]) if wish.asset in mine else ""
    line: Product | None = live().site.policy.products.get(wish.product)
    return line.name if line else ""


def about(wish: Wish, outcome: Outcome, user_id: int) -> list[tuple[str, str]]:
    """Product and cover, for the line on top; of several alike it is the one that gives most."""
    asset = outcome.asset
    items = [(_("Product"), asset_name(asset) if asset else product_name(wish, user_id))]
    items.append((_("Cover"), cover_until(asset) if asset else ""))
    if asset and wish.asset is None:
        items.append((_("Key"), _("ending in %(last)s", last=asset.key_last4)))
        items.append((_("Chosen"), _choice_words(asset, user_id)))
    return [(name, value) for name, value in items if value]


def severity_of(wish: Wish) -> dict[str, str] | None:
    """The severity on which the expected answer hangs with its meaning; `asks` is there when
    questions lead to another."""
    policy = live().site.policy
    form = policy.requests[wish.request].fields
    severity = ways.severity_of(wish)
    if severity is None or not any(field.kind is FieldKind.SEVERITY for field in form):
        return None
    info = policy.severities[severity]
    return {
        "letter": str(severity),
        "name": info.name.in_(lang()),
        "meaning": info.meaning.in_(lang()),
        "asks": "yes" if asked_severity(policy, ()) else "",
    }


def decision_words(wish: Wish, outcome: Outcome, person: User) -> dict[str, Any]:
    """Return what the page of the ways shows of a decision to a person (R37–R41)."""
    policy = live().site.policy
    decision = outcome.decision
    return {
        "wish": wish,
        "request": policy.requests[wish.request],
        "topic": policy.requests[wish.request].topic(wish.topic),
        "about": about(wish, outcome, person.id),
        "severity": severity_of(wish),
        "cards": ways.cards(outcome, wish, now(), find_zone(person.time_zone), person.country),
        "why": [rule.why.in_(lang()) for one in decision.why if (rule := policy.rule(one))],
        "offers": [
            ways.offer_link(policy.offers[one], outcome, person.country) for one in decision.offers
        ],
        "ways": list(ways.ways_on(outcome, wish)),
        "unpaid": unpaid(person.id, outcome.asset.licence_id) if outcome.asset else [],
        "before": before_writing(wish, outcome.product),
    }
