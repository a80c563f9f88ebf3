"""What visitors type into the licence calculator."""

from typing import Any

from tests.visitor import Page, Visitor

CALCULATOR = "/en/licences/calculator"


def count(visitor: Visitor, lang: str = "en", **numbers: Any) -> Page:
    """Fill the form in; `n_servers=3` is the field `n-servers`."""
    query = {name.replace("_", "-"): str(value) for name, value in numbers.items()}
    return visitor.get(f"/{lang}/licences/calculator", **query)


def typed(page: Page, name: str) -> str | None:
    """What stands in a field of the form."""
    found = (f for form in page.forms for f in form["fields"] if f.get("name") == name)
    return next(found).get("value")
