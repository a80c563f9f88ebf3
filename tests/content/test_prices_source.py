"""`policy/prices.yaml`: read whole, or every mistake with its line (R17, R28)."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from kb.content.policy_source import load_policy
from kb.content.prices_source import CurrencyForm, OfferPriceForm, PricesForm, TaxForm
from kb.rules.money import Currency, Money, PayBy, Tax
from kb.rules.texts import Text
from tests.content.small_policy import SMALL, site
from tests.requirements.vendor import ROOT

DOCS = (ROOT / "docs" / "policy.md").read_text(encoding="utf-8")
PRICES = """\
pay_by: [invoice, card]
pay_within_days: 30
invoice: {es: Al banco, en: To the bank}
currencies:
  - id: USD
  - {id: EUR, countries: [ES, IE]}
  - {id: JPY, countries: [JP], decimals: 0}
taxes:
  - {id: es, name: {es: IVA, en: VAT}, percent: 21, included: true, countries: [ES]}
  - {id: rest, name: {es: Sin, en: None}, percent: 0}
offers:
  - offer: renewal
    prices: [120 USD, 110.00 EUR, 18000 JPY]
"""


def mistakes(root: Path, text: str, **more: str) -> list[str]:
    policy, problems = load_policy(site(root, prices=text, **more), ("es", "en"))
    assert (policy is None) == bool(problems)
    return [str(problem).removeprefix("policy/") for problem in problems]


def test_a_price_list_is_read(tmp_path: Path) -> None:
    policy, problems = load_policy(site(tmp_path, prices=PRICES), ("es", "en"))
    assert policy is not None, problems
    assert policy.prices is not None
    assert policy.prices.pay_by == (PayBy.INVOICE, PayBy.CARD)
    assert policy.prices.pay_within_days == 30
    assert policy.prices.invoice == Text({"es": "Al banco", "en": "To the bank"})
    assert policy.prices.currencies[1:] == (
        Currency("EUR", ("ES", "IE")),
        Currency("JPY", ("JP",), 0),
    )
    vat = Text({"es": "IVA", "en": "VAT"})
    assert policy.prices.taxes[0] == Tax("es", vat, Decimal(21), True, ("ES",))
    assert policy.prices.prices["renewal"][1] == Money(Decimal("110.00"), "EUR")


def test_a_site_without_the_file_sells_nothing_itself(tmp_path: Path) -> None:
    policy, problems = load_policy(site(tmp_path), ("es", "en"))
    assert policy is not None, problems
    assert policy.prices is None


def test_another_price_makes_another_revision(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, _ = load_policy(site(tmp_path / "a", prices=PRICES), ("es", "en"))
    other, _ = load_policy(
        site(tmp_path / "b", prices=PRICES.replace("110.00", "111.00")), ("es", "en")
    )
    assert one is not None
    assert other is not None
    assert one.revision != other.revision


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[invoice, card]", "[cash]", "prices.yaml:1: “pay_by"),
        ("[invoice, card]", "[]", "prices.yaml:1: "),
        ("invoice: {es: Al banco, en: To the bank}\n", "", "prices.yaml:1: orders can be paid by"),
        ("{es: Al banco, en: To the bank}", "{es: Al banco}", "prices.yaml:3: “invoice” has no"),
        ("120 USD", "120", "prices.yaml:13: “120” is no price; write it like 20.00 USD"),
        ("120 USD", "0 USD", "prices.yaml:13: “0 USD” is no price"),
        ("120 USD", "120.001 USD", "prices.yaml:13: “120.001 USD” is no price"),
        ("18000 JPY", "180.50 JPY", "at most 0 decimals"),
        ("110.00 EUR", "110.00 GBP", "“GBP” is no currency of this list"),
        (", 18000 JPY", "", "“renewal” has no price in JPY"),
        ("110.00 EUR", "110.00 EUR, 1.00 EUR", "“renewal” has several prices in EUR"),
        ("offer: renewal", "offer: renewel", "prices.yaml:12: there is no offer “renewel”; did"),
        ("120 USD", "130 USD", "prices.yaml:13: “renewal”: plans.yaml says 120 USD"),
        ("percent: 21", "percent: 121", "prices.yaml:9: "),
        ("percent: 21", "percent: much", "prices.yaml:9: "),
        ("countries: [JP]", "countries: [ES]", "prices.yaml:7: the country ES stands in two"),
        ("id: JPY", "id: EUR", "“EUR” is there twice"),
        ("id: rest", "id: es", "prices.yaml:10: “es” is there twice"),
        ("id: USD", "id: Dollar", "prices.yaml:5: "),
        ("pay_within_days: 30", "pay_in_days: 30", "prices.yaml:2: "),
        ("pay_by", "\tpay_by", "prices.yaml:1: "),
        (PRICES, "", "prices.yaml:1: "),
    ],
)
def test_every_mistake_is_told_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in PRICES
    found = mistakes(tmp_path, PRICES.replace(old, new))
    assert any(said in one for one in found), found


def test_what_gives_no_plan_is_not_sold_here(tmp_path: Path) -> None:
    upgrade = SMALL["offers"] + (
        "- id: up\n  kind: upgrade\n  name: {es: a, en: a}\n  pitch: {es: a, en: a}\n"
    )
    text = f"{PRICES}  - offer: up\n    prices: [1 USD, 1 EUR, 1 JPY]\n"
    (said,) = mistakes(tmp_path, text, offers=upgrade)
    assert said.startswith("prices.yaml:14: “up” cannot be sold here")


@pytest.mark.parametrize("model", [PricesForm, CurrencyForm, TaxForm, OfferPriceForm])
def test_every_field_is_documented(model: type) -> None:
    names = set(model.model_fields) - {"id"}  # type: ignore[attr-defined]
    assert [name for name in names if not re.search(rf"`{name}[`:]", DOCS)] == []
