"""Reads `policy/prices.yaml`: what the site sells by itself, in which money, with which tax."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from kb.content.optional_file import Written, read_optional
from kb.content.policy_forms import Id
from kb.content.policy_values import Price
from kb.content.problems import Problem
from kb.content.validate import Form, did_you_mean
from kb.content.words import NO_WORDS, Words
from kb.content.yaml_source import Loc
from kb.rules.money import Currency, PayBy, PriceList, Seller, Tax, same_money
from kb.rules.policy import OfferKind, Policy

PATH = "policy/prices.yaml"
_NOT_HERE = (OfferKind.UPGRADE, OfferKind.LICENCE)

Code = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]


class CurrencyForm(Form):
    id: Code
    countries: tuple[Country, ...] = ()
    decimals: Annotated[int, Field(ge=0, le=3)] = 2


class TaxForm(Form):
    id: Id
    name: Words
    percent: Annotated[Decimal, Field(ge=0, le=100)]
    included: bool = False
    countries: tuple[Country, ...] = ()


class SellerForm(Form):
    name: Annotated[str, Field(min_length=1)]
    address: tuple[str, ...] = ()
    tax_number: str = ""
    registered: Words = NO_WORDS


class OfferPriceForm(Form):
    offer: str
    prices: Annotated[tuple[Price, ...], Field(min_length=1)]


class PricesForm(Form):
    pay_by: Annotated[tuple[PayBy, ...], Field(min_length=1)]
    pay_within_days: Annotated[int, Field(ge=1, le=365)] = 14
    invoice: Words = NO_WORDS
    seller: SellerForm | None = None
    currencies: Annotated[tuple[CurrencyForm, ...], Field(min_length=1)]
    taxes: tuple[TaxForm, ...] = ()
    offers: tuple[OfferPriceForm, ...]


def read_prices(text: str | None, languages: tuple[str, ...]) -> Written[PricesForm]:
    """Read the file's text; a site without one (None) sells nothing itself."""
    return read_optional(PATH, text, PricesForm, languages, _flaws)


def wrong_prices(written: Written[PricesForm], policy: Policy) -> tuple[Problem, ...]:
    """Check the offers that are priced against the rest of the policy."""
    offers = written.form.offers if written.form else ()
    return tuple(
        problem for at, one in enumerate(offers) for problem in _in_offer(written, policy, at, one)
    )


def price_list(written: Written[PricesForm]) -> PriceList | None:
    """Build the list of a file without mistakes; None when there is no file."""
    form, langs = written.form, written.languages
    if form is None:
        return None
    return PriceList(
        pay_by=form.pay_by,
        currencies=tuple(Currency(one.id, one.countries, one.decimals) for one in form.currencies),
        prices={one.offer: one.prices for one in form.offers},
        taxes=tuple(
            Tax(one.id, one.name.text(langs), one.percent, one.included, one.countries)
            for one in form.taxes
        ),
        invoice=form.invoice.text(langs),
        pay_within_days=form.pay_within_days,
        seller=_seller(form.seller, langs) if form.seller else None,
    )


def _seller(form: SellerForm, langs: tuple[str, ...]) -> Seller:
    return Seller(form.name, form.address, form.tax_number, form.registered.text(langs))


def _flaws(written: Written[PricesForm], form: PricesForm) -> Iterator[Problem]:
    """What can be seen in this file alone."""
    if PayBy.INVOICE in form.pay_by and not form.invoice.root:
        what = "orders can be paid by invoice, and nothing says how"
        yield written.problem(("pay_by",), what, "add invoice: with where to pay")
    yield from _twice(written, "currencies", [one.id for one in form.currencies])
    yield from _twice(written, "taxes", [one.id for one in form.taxes])
    yield from _twice(written, "offers", [one.offer for one in form.offers])
    for name in ("currencies", "taxes"):
        seen: set[str] = set()
        for at, one in enumerate(getattr(form, name)):
            for country in sorted(seen.intersection(one.countries)):
                what = f"the country {country} stands in two entries"
                yield written.problem((name, at, "countries"), what, "keep one of them")
            seen.update(one.countries)
    known = [one.id for one in form.currencies]
    for at, one in enumerate(form.offers):
        yield from _amounts(written, at, one, form, known)


def _amounts(
    written: Written[PricesForm], at: int, one: OfferPriceForm, form: PricesForm, known: list[str]
) -> Iterator[Problem]:
    loc: Loc = ("offers", at, "prices")
    decimals = {currency.id: currency.decimals for currency in form.currencies}
    for step, price in enumerate(one.prices):
        if price.currency not in known:
            what = f"“{price.currency}” is no currency of this list"
            yield written.problem((*loc, step), what, did_you_mean(price.currency, known))
        elif price.amount <= 0 or -price.amount.as_tuple().exponent > decimals[price.currency]:
            what = f"“{price.amount} {price.currency}” is no price"
            mend = f"write more than 0, with at most {decimals[price.currency]} decimals"
            yield written.problem((*loc, step), what, mend)
    written_in = [price.currency for price in one.prices]
    for code in known:
        if written_in.count(code) != 1:
            count = "no price" if code not in written_in else "several prices"
            what = f"“{one.offer}” has {count} in {code}"
            yield written.problem(loc, what, "write one for each currency of the list")


def _twice(written: Written[PricesForm], name: str, ids: list[str]) -> Iterator[Problem]:
    for at, one in enumerate(ids):
        if one in ids[:at]:
            yield written.problem((name, at), f"“{one}” is there twice", "remove one of them")


def _in_offer(
    written: Written[PricesForm], policy: Policy, at: int, one: OfferPriceForm
) -> Iterator[Problem]:
    loc: Loc = ("offers", at, "offer")
    offer = policy.offers.get(one.offer)
    if offer is None:
        what = f"there is no offer “{one.offer}”"
        yield written.problem(loc, what, did_you_mean(one.offer, policy.offers))
        return
    plan = policy.plans.get(offer.plan or "")
    if offer.kind in _NOT_HERE or offer.url or plan is None:
        what = f"“{offer.id}” cannot be sold here: it gives no plan or is sold at another address"
        mend = "price only incidents, renewals and subscriptions with a plan"
        yield written.problem(loc, what, mend)
        return
    for place, told in (("offers", offer.price), ("plans", plan.price)):
        if told is not None and not any(same_money(told, price) for price in one.prices):
            listed = f"{place}.yaml says {told.amount} {told.currency}"
            mend = "write the same amount in both"
            yield written.problem(("offers", at, "prices"), f"“{offer.id}”: {listed}", mend)
