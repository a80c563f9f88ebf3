"""Amounts of money and the list of prices a site sells at (R17, R28)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from kb.rules.texts import NO_TEXT, Text


@dataclass(frozen=True, slots=True)
class Money:
    amount: Decimal
    currency: str


class PayBy(StrEnum):
    """How an order is paid; both at a provider, so no card data is ever seen here (R5)."""

    INVOICE = "invoice"
    CARD = "card"


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency the site sells in, for customers of `countries`; the list's first one is for
    all others. `decimals` says how many places its smallest coin has."""

    id: str
    countries: tuple[str, ...] = ()
    decimals: int = 2


@dataclass(frozen=True, slots=True)
class Tax:
    """A tax line: `percent` of the net price, already in the price when `included`; without
    `countries` it is for all that no other line names."""

    id: str
    name: Text
    percent: Decimal
    included: bool = False
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seller:
    """Who sells, as receipts say; `registered` is where the company is registered."""

    name: str
    address: tuple[str, ...] = ()
    tax_number: str = ""
    registered: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class PriceList:
    """What the site sells by itself: `prices` by offer, one for each currency.

    `invoice` tells how an invoice is paid; an order not paid within `pay_within_days` lapses."""

    pay_by: tuple[PayBy, ...]
    currencies: tuple[Currency, ...]
    prices: Mapping[str, tuple[Money, ...]] = field(default_factory=dict)
    taxes: tuple[Tax, ...] = ()
    invoice: Text = NO_TEXT
    pay_within_days: int = 14
    seller: Seller | None = None

    def currency_for(self, country: str) -> Currency:
        """Return the currency for a customer of this country (ISO code, '' when not known)."""
        return next((one for one in self.currencies if country in one.countries), _first(self))

    def tax_for(self, country: str) -> Tax | None:
        """Return the tax line for a country, or None when the policy has none."""
        named = next((one for one in self.taxes if country in one.countries), None)
        return named or next((one for one in self.taxes if not one.countries), None)


@dataclass(frozen=True, slots=True)
class Quote:
    """A price as it is asked for: `total` is what is paid, of it `tax`; `net` the rest."""

    net: Money
    tax: Money
    total: Money
    tax_name: Text
    decimals: int


def quote(prices: PriceList | None, offer: str, country: str) -> Quote | None:
    """Return what an offer costs a customer of this country; None when it is not sold here."""
    asked = prices.prices.get(offer, ()) if prices else ()
    if prices is None or not asked:
        return None
    currency = prices.currency_for(country)
    price = next((one for one in asked if one.currency == currency.id), asked[0])
    decimals = next((c.decimals for c in prices.currencies if c.id == price.currency), 2)
    tax = prices.tax_for(country)
    net, part, total = _taxed(price.amount, tax, decimals)
    return Quote(
        net=Money(net, price.currency),
        tax=Money(part, price.currency),
        total=Money(total, price.currency),
        tax_name=tax.name if tax else NO_TEXT,
        decimals=decimals,
    )


def in_coins(money: Money, decimals: int) -> int:
    """Return an amount in the smallest coins of its currency, as payment providers count."""
    return int(_rounded(money.amount * 10**decimals, 0))


def from_coins(coins: int, currency: str, decimals: int) -> Money:
    """Return the amount that so many of the smallest coins are."""
    return Money(Decimal(coins).scaleb(-decimals), currency)


def same_money(one: Money, other: Money) -> bool:
    """Tell whether two amounts are equal: 20 USD is 20.00 USD."""
    return one.currency == other.currency and one.amount == other.amount


def _first(prices: PriceList) -> Currency:
    return prices.currencies[0]


def _taxed(price: Decimal, tax: Tax | None, decimals: int) -> tuple[Decimal, Decimal, Decimal]:
    """Net, tax and total, rounded to coins so that they always add up."""
    price = _rounded(price, decimals)
    if tax is None:
        return price, _rounded(Decimal(0), decimals), price
    if tax.included:
        net = _rounded(price * 100 / (100 + tax.percent), decimals)
        return net, price - net, price
    part = _rounded(price * tax.percent / 100, decimals)
    return price, part, price + part


def _rounded(amount: Decimal, decimals: int) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
