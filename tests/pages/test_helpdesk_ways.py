"""What the help desk says where the vendor's pages speak of products and plans."""

from pathlib import Path

import pytest

from kb.settings import Settings
from tests.sites import HELPDESK, compiled, with_own_database
from tests.visitor import Visitor


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return with_own_database(compiled(HELPDESK), tmp_path)


def test_R71_who_needs_a_part_is_led_to_the_quote_before_anything_else(visitor: Visitor) -> None:
    """R66, R71: the ways of an out-of-scope matter come first; free help is with other matters,
    which are chosen anew."""
    visitor.as_customer("noe")
    page = visitor.get("/en/contact/options", request="help", topic="repair")
    onward = [href for _, href in page.links if "/contact/" in href and "request=" in href]
    quote = next(n for n, href in enumerate(onward) if "request=quote" in href)
    other = next(n for n, href in enumerate(onward) if href.endswith("options?request=help"))
    assert quote < other
    assert "Choose another matter" in page.text
    assert "That is my problem" not in page.text
    assert "What is it about?" in visitor.get(onward[other]).text


def test_an_empty_list_of_cases_speaks_of_no_product(visitor: Visitor) -> None:
    page = visitor.as_customer("noe").get("/en/my/cases")
    assert "You have no cases" in page.text
    assert "your product" not in page.text


def test_the_account_leads_to_orders_only_where_there_are_products(visitor: Visitor) -> None:
    assert "My orders" not in visitor.as_customer("noe").get("/en/account/").text
