"""What happened to a product, a licence or an order, in sentences for agents (R49)."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from kb.pages.claim_words import claim_kind
from kb.pages.formats import show_date, show_datetime, show_money
from kb.pages.order_words import offer_name, term_words
from kb.pages.texts import gettext as _
from kb.rules.claims import ClaimKind
from kb.rules.money import Money
from kb.rules.orders import Term
from kb.store.audit import AuditEvent

Said = Mapping[str, Any]


def trail_row(one: AuditEvent, nobody: str = "–") -> tuple[str, str, str, str]:
    """Return when something happened, what, by whom and why; `nobody` stands for no person."""
    tell = _SENTENCES.get(one.what)
    what = tell(one.data) if tell else one.what  # one that a newer version wrote
    return show_datetime(one.at), what, one.actor or nobody, _why(one.data)


def _why(said: Said) -> str:
    """What people wrote about it, and by which payment it can be found at the bank."""
    words = [str(said[name]) for name in ("reason", "answer") if said.get(name)]
    if payment := said.get("payment"):
        words.append(_("Payment %(reference)s", reference=payment))
    return " · ".join(words) or "–"


def _bought_on(said: Said) -> str:
    return _(
        "Day of purchase corrected from %(before)s to %(after)s",
        before=_day(said.get("before")),
        after=_day(said.get("after")),
    )


def _day(written: Any) -> str:
    try:
        return show_date(date.fromisoformat(str(written)))
    except ValueError:
        return "–"


def _term(said: Said) -> str:
    try:
        first, last = (date.fromisoformat(str(said.get(end))) for end in ("starts", "ends"))
    except ValueError:
        return "–"
    return term_words(Term(str(said.get("plan")), first, last))


def _money(written: Any) -> str:
    """Write an amount that was kept as “20.00 USD”."""
    amount, _space, currency = str(written).partition(" ")
    try:
        return show_money(Money(Decimal(amount), currency))
    except InvalidOperation:
        return "–"


def _claim(said: Said) -> str:
    kind = said.get("kind")
    return claim_kind(ClaimKind(kind)) if kind in set(ClaimKind) else "–"


_SENTENCES: Mapping[str, Callable[[Said], str]] = {
    "asset.bought-on": _bought_on,
    "asset.hand-over": lambda _said: _("Handed over to the account that claimed the key"),
    "asset.proof": lambda _said: _("Proof of purchase asked for"),
    "asset.upgrade": lambda said: _(
        "Free upgrade from version %(before)s to %(after)s",
        before=said.get("before") or "–",
        after=said.get("after") or "–",
    ),
    "box.exchange": lambda _said: _("Short serial number exchanged for the full key"),
    "claim.accepted": lambda said: _("Claim accepted: %(claim)s", claim=_claim(said)),
    "claim.made": lambda said: _("Claim sent: %(claim)s", claim=_claim(said)),
    "claim.refused": lambda said: _("Claim refused: %(claim)s", claim=_claim(said)),
    "claim.virus": lambda said: _(
        "A virus was found in “%(name)s”; the file is not given out", name=said.get("file") or "–"
    ),
    "contract.add": lambda said: _("Contract added: %(term)s", term=_term(said)),
    "contract.end": lambda said: _("Contract taken away: %(term)s", term=_term(said)),
    "credit.back": lambda _said: _("Paid incident unused again"),
    "credit.grant": lambda _said: _("Paid incident given without payment"),
    "credit.void": lambda _said: _("Unused paid incident taken away"),
    "order.cancelled": lambda _said: _("Order cancelled"),
    "order.lapsed": lambda _said: _("Not paid in time"),
    "order.paid": lambda said: _("Paid: %(amount)s", amount=_money(said.get("amount"))),
    "order.place": lambda said: _(
        "Ordered: %(offer)s, %(amount)s",
        offer=offer_name(str(said.get("offer") or "–")),
        amount=_money(said.get("total")),
    ),
    "order.refunded": lambda _said: _("Money given back"),
    "order.surplus": lambda said: _(
        "Paid once more: %(amount)s, to be given back", amount=_money(said.get("amount"))
    ),
    "order.written-off": lambda _said: _("The case's price let go"),
}
