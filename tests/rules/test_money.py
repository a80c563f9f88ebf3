"""Prices: currency by country, tax that adds up, coins (R17, R28)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.rules.money import (
    Currency,
    Money,
    PayBy,
    PriceList,
    Tax,
    from_coins,
    in_coins,
    quote,
    same_money,
)
from tests.rules.policies import text

EURO = ("ES", "IE")
PRICES = PriceList(
    pay_by=(PayBy.CARD,),
    currencies=(Currency("USD"), Currency("EUR", EURO), Currency("JPY", ("JP",), 0)),
    prices={
        "incident": (
            Money(Decimal("20.00"), "USD"),
            Money(Decimal("18.00"), "EUR"),
            Money(Decimal(3000), "JPY"),
        ),
        "dollars-only": (Money(Decimal(5), "USD"),),
    },
    taxes=(
        Tax("es", text("VAT 21%"), Decimal(21), included=True, countries=("ES",)),
        Tax("ie", text("VAT 23%"), Decimal(23), countries=("IE",)),
        Tax("none", text("No tax"), Decimal(0)),
    ),
)


@pytest.mark.parametrize(
    ("country", "net", "tax", "total", "line"),
    [
        pytest.param("US", "20.00 USD", "0.00", "20.00", "No tax", id="R28 $20.00"),
        pytest.param("", "20.00 USD", "0.00", "20.00", "No tax", id="country not known"),
        pytest.param("ES", "14.88 EUR", "3.12", "18.00", "VAT 21%", id="tax in the price"),
        pytest.param("IE", "18.00 EUR", "4.14", "22.14", "VAT 23%", id="tax on top"),
        pytest.param("JP", "3000 JPY", "0", "3000", "No tax", id="money without cents"),
    ],
)
def test_what_an_offer_costs(country: str, net: str, tax: str, total: str, line: str) -> None:
    found = quote(PRICES, "incident", country)
    assert found is not None
    assert f"{found.net.amount} {found.net.currency}" == net
    assert (str(found.tax.amount), str(found.total.amount)) == (tax, total)
    assert found.tax_name.in_("en") == line


def test_an_offer_without_a_price_in_the_currency_costs_its_first_one() -> None:
    found = quote(PRICES, "dollars-only", "ES")
    assert found is not None
    assert found.total.currency == "USD"


def test_what_has_no_price_is_not_sold() -> None:
    assert quote(PRICES, "upgrade", "US") is None
    assert quote(None, "incident", "US") is None


def test_without_tax_lines_there_is_none() -> None:
    plain = PriceList((PayBy.CARD,), (Currency("USD"),), {"a": (Money(Decimal(1), "USD"),)})
    found = quote(plain, "a", "US")
    assert found is not None
    assert (found.tax.amount, found.tax_name.in_("en")) == (0, "")


@given(
    st.decimals(min_value="0.01", max_value="99999", places=2),
    st.decimals(min_value=0, max_value=40, places=2),
    st.booleans(),
)
def test_net_and_tax_always_add_up(price: Decimal, percent: Decimal, included: bool) -> None:
    taxed = PriceList(
        (PayBy.CARD,),
        (Currency("USD"),),
        {"a": (Money(price, "USD"),)},
        (Tax("t", text(), percent, included),),
    )
    found = quote(taxed, "a", "US")
    assert found is not None
    assert found.net.amount + found.tax.amount == found.total.amount
    assert found.tax.amount >= 0
    assert (found.total.amount == price) or not included
    coins = in_coins(found.total, 2)
    assert same_money(from_coins(coins, "USD", 2), found.total)


def test_coins() -> None:
    assert in_coins(Money(Decimal("20.00"), "USD"), 2) == 2000
    assert in_coins(Money(Decimal(3000), "JPY"), 0) == 3000
    assert same_money(Money(Decimal(20), "USD"), Money(Decimal("20.00"), "USD"))
    assert not same_money(Money(Decimal(20), "USD"), Money(Decimal(20), "EUR"))
