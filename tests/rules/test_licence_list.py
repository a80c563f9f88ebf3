"""A line of the list of sold licences: taken, or told what is wrong with it (R6, R9, R11)."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.rules.keys import KeyCheck
from kb.rules.licence_list import COLUMNS, Sold, read_sold, wrong_columns
from kb.rules.policy import Plan, Policy
from kb.rules.products import Market, Product
from kb.rules.texts import Text

NAME = Text({"en": "x"})
SERVER = Product(
    "server", "Server", Market.BUSINESS, (("12",), ("11.5", "11")), key_patterns=("SRV[0-9]{9}",)
)
POLICY = Policy(
    revision="1",
    products={
        "server": SERVER,
        "checked": replace(SERVER, id="checked", key_check=KeyCheck.MOD_97),
    },
    plans={
        "premier": Plan("premier", NAME, (), "always"),
        "incident": Plan("incident", NAME, (), "always", per_case=True),
    },
    calendars={},
    requests={},
    channels={},
    severities={},
    offers={},
    rules=(),
)
ROW = {"key": "SRV-123-456-789", "product": "server", "sold_on": "2026-11-23"}
SOLD = Sold("SRV-123-456-789", "server", date(2026, 11, 23))


@pytest.mark.parametrize(
    ("row", "sold"),
    [
        pytest.param({}, SOLD, id="what must be there is enough"),
        pytest.param(
            {"version": "11.5", "plan": "premier", "plan_days": "365", "edition": "box"},
            replace(SOLD, version="11.5", plan="premier", plan_days=365, edition="box"),
            id="R11 a plan and its days",
        ),
        pytest.param({"term_days": "365"}, replace(SOLD, term_days=365), id="R26 a term"),
        pytest.param(
            {"box_serial": "12345678"}, replace(SOLD, box_serial="12345678"), id="R9 in a box"
        ),
    ],
)
def test_a_good_line(row: dict[str, str], sold: Sold) -> None:
    assert read_sold(POLICY, {**ROW, **row}) == sold


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"product": "nothing"}, "no product “nothing”"),
        ({"sold_on": "23/11/2026"}, "write it like 2026-11-23"),
        ({"sold_on": "2026-02-30"}, "write it like 2026-11-23"),
        ({"sold_on": ""}, "write it like 2026-11-23"),
        ({"key": "12345678"}, "does not look like one of Server"),
        ({"key": ""}, "does not look like one of Server"),
        ({"version": "9"}, "it has 12, 11.5, 11"),
        ({"plan": "gold"}, "no plan “gold”"),
        ({"plan": "incident"}, "no plan “incident”"),
        ({"plan_days": "0"}, "plan_days is “0”"),
        ({"term_days": "-3"}, "term_days is “-3”"),
        ({"term_days": "99999"}, "term_days is “99999”"),
        ({"edition": "x" * 300}, "longer than 200"),
        ({"product": "checked", "key": "SRV123456789"}, "check characters do not fit (mod-97)"),
        ({"box_serial": "1234"}, "“1234” is no box serial; write 8 or 16 digits"),
    ],
)
def test_a_bad_line_says_how_to_mend_it(row: dict[str, str], said: str) -> None:
    told = read_sold(POLICY, {**ROW, **row})
    assert isinstance(told, str)
    assert said in told


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (list(COLUMNS), None),
        (["key", "product", "sold_on"], None),
        (["key", "product"], "the column sold_on is missing"),
        ([], "the column key is missing"),
        (["key", "product", "sold_on", "colour"], "no column “colour”"),
        (["key", "key", "product", "sold_on"], "key stands twice"),
    ],
)
def test_the_first_line(header: list[str], said: str | None) -> None:
    told = wrong_columns(header)
    assert told is None if said is None else said in str(told)


@given(st.fixed_dictionaries({name: st.text(max_size=12) for name in COLUMNS}))
def test_any_line_is_taken_or_told(row: dict[str, str]) -> None:
    assert isinstance(read_sold(POLICY, row), str | Sold)
    assert isinstance(read_sold(POLICY, {**row, "product": "server"}), str | Sold)
