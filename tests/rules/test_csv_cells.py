"""CSV for spreadsheets: no cell runs, every word comes back."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.rules.csv_cells import BOM, csv_line, csv_lines, safe_cell


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        pytest.param("=1+1", "'=1+1", id="formula"),
        pytest.param("+34 600 000 000", "'+34 600 000 000", id="plus"),
        pytest.param("-2+3", "'-2+3", id="minus"),
        pytest.param("@SUM(A1)", "'@SUM(A1)", id="at"),
        pytest.param("\t=1", "'\t=1", id="tab"),
        pytest.param("\r=1", "'\r=1", id="carriage return"),
        pytest.param("\n=1", "'\n=1", id="line feed"),
        pytest.param("  =1", "'  =1", id="behind spaces"),
        pytest.param("\xa0=1", "'\xa0=1", id="behind a hard space"),
        pytest.param("\0=1", "'=1", id="behind a NUL"),
        pytest.param("＝1", "'＝1", id="full width"),
        pytest.param("a=1", "a=1", id="within a word"),
        pytest.param("", "", id="empty"),
        pytest.param("   ", "   ", id="blank"),
        pytest.param(None, "", id="nothing"),
        pytest.param(-5, "-5", id="a number stays one"),
        pytest.param(date(2026, 11, 3), "2026-11-03", id="day"),
    ],
)
def test_a_text_that_a_spreadsheet_would_run_is_a_text(value: object, cell: str) -> None:
    assert safe_cell(value) == cell


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=5))
def test_no_cell_begins_a_formula_and_every_word_comes_back(texts: list[str]) -> None:
    (row,) = csv.reader(io.StringIO(csv_line(texts), newline=""))
    for text, cell in zip(texts, row, strict=True):
        assert cell.lstrip()[:1] not in set("=+-@＝＋－＠")
        assert cell[:1] not in set("\t\r\n")
        assert cell.removeprefix("'") == text.replace("\0", "").removeprefix("'")


def test_a_table_is_given_line_by_line_with_the_mark_of_utf_8_once() -> None:
    given = csv_lines(["Wörter", "n"], iter([("=a", 1), ('b"c,d', -2)]))
    assert next(given) == BOM + "Wörter,n\r\n"
    assert list(given) == ["'=a,1\r\n", '"b""c,d",-2\r\n']
