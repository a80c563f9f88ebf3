"""One line of the list of licences that were sold, as a vendor exports it (R6, R9, R11)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kb.rules.keys import KeyShape, is_typed_right, shape
from kb.rules.policy import Policy
from kb.rules.products import Product
from kb.rules.whole_numbers import whole

FACTS = ("key", "product", "version", "edition", "plan", "plan_days", "term_days", "sold_on")
COLUMNS = (*FACTS, "box_serial", "upgrade_of")
REQUIRED = ("key", "product", "sold_on")
_MOST_DAYS = 36_525  # a hundred years
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Sold:
    """A licence that was sold: its key in clear, for the moment in which it is hashed."""

    key: str
    product: str
    sold_on: date
    version: str | None = None
    edition: str = ""
    plan: str | None = None
    plan_days: int | None = None
    term_days: int | None = None
    box_serial: str = ""
    upgrade_of: str = ""


def wrong_columns(header: list[str]) -> str | None:
    """Say what is wrong with the names in the first line, or None."""
    missing = [name for name in REQUIRED if name not in header]
    unknown = [name for name in header if name not in COLUMNS]
    twice = sorted({name for name in header if header.count(name) > 1})
    if missing:
        return f"the column {missing[0]} is missing; the first line names the columns: " + (
            ",".join(COLUMNS)
        )
    if unknown:
        return f"there is no column “{unknown[0][:40]}”; columns are {', '.join(COLUMNS)}"
    return f"the column {twice[0]} stands twice" if twice else None


def read_sold(policy: Policy, row: Mapping[str, str]) -> Sold | str:
    """Read one line; a sentence says what is wrong with it and how to mend it."""
    if any(len(value) > _LONGEST for value in row.values()):
        return f"a value is longer than {_LONGEST} characters; is a quote missing?"
    product = policy.products.get(row["product"])
    if product is None:
        return f"there is no product “{row['product']}”; see policy/products.yaml"
    sold_on = _day(row["sold_on"])
    if sold_on is None:
        return f"“{row['sold_on']}” is no day; write it like 2026-11-23"
    days = {name: _days(row.get(name, "")) for name in ("plan_days", "term_days")}
    wrong = next((name for name, found in days.items() if found == 0), None)
    if wrong:
        return f"{wrong} is “{row[wrong]}”; write a number of days from 1 to {_MOST_DAYS}"
    return _against_policy(policy, product, row) or Sold(
        key=row["key"],
        product=product.id,
        sold_on=sold_on,
        version=row.get("version") or None,
        edition=row.get("edition", ""),
        plan=row.get("plan") or None,
        plan_days=days["plan_days"],
        term_days=days["term_days"],
        box_serial=row.get("box_serial", ""),
        upgrade_of=row.get("upgrade_of", ""),
    )


def _against_policy(policy: Policy, product: Product, row: Mapping[str, str]) -> str | None:
    """Hold a line against the policy: key pattern, version, plan."""
    if shape(row["key"], product.key_patterns) is not KeyShape.FULL:
        return f"the key does not look like one of {product.name}; see its key_patterns"
    if not is_typed_right(row["key"], product.key_check):
        return f"the key's check characters do not fit ({product.key_check}); is it copied right?"
    serial = row.get("box_serial", "")
    if serial and shape(serial, ("(?!)",)) is not KeyShape.BOX_SERIAL:
        return f"“{serial}” is no box serial; write 8 or 16 digits"
    version = row.get("version", "")
    if version and version not in product.versions:
        return f"{product.name} has no version “{version}”; it has {', '.join(product.versions)}"
    plan = row.get("plan", "")
    if plan and (plan not in policy.plans or policy.plans[plan].per_case):
        return f"there is no plan “{plan}”; see policy/plans.yaml"
    return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-11-23") else None
    except ValueError:
        return None


def _days(text: str) -> int | None:
    """The number, None where nothing is written, 0 where it is no such number."""
    if not text:
        return None
    days = whole(text, 5)
    return days if days is not None and 0 < days <= _MOST_DAYS else 0
