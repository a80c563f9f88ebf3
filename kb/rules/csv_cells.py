"""CSV that a spreadsheet shows and never runs: every table that is downloaded is written here."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

BOM = "\ufeff"  # tells Excel that the file is UTF-8; stands once, before the first line
# What begins a formula in a spreadsheet, the full-width forms of East Asian keyboards included.
_STARTERS = frozenset("=+-@\t\r\n＝＋－＠")


def safe_cell(value: object) -> str:
    """Return a value as the text of a cell. Numbers stay numbers, None is empty; a text that a
    spreadsheet would take for a formula, spaces before it or not, begins with an apostrophe."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(value)
    text = value.replace("\0", "")
    starts = text[:1] in _STARTERS or text.lstrip()[:1] in _STARTERS
    return f"'{text}" if text and starts else text


def csv_line(values: Iterable[object]) -> str:
    """Return one line of CSV (RFC 4180, ended by CR LF), every cell safe."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([safe_cell(value) for value in values])
    return text.getvalue()


def csv_lines(head: Sequence[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Give a whole table line by line, so that a long one is never held at once: the mark of
    UTF-8 with the head, then the rows."""
    yield BOM + csv_line(head)
    for row in rows:
        yield csv_line(row)
