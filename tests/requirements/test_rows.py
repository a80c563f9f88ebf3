"""Every row of the requirements, R1 to R71, is named in words by a test."""

import re
from pathlib import Path

TESTS = Path(__file__).parent.parent
ROWS = range(1, 72)


def test_every_row_is_named_by_a_test() -> None:
    told = "\n".join(
        path.read_text(encoding="utf-8")
        for path in TESTS.rglob("test_*.py")
        if path != Path(__file__)
    )
    named = set(re.findall(r"\bR\d+\b", told))
    assert [f"R{row}" for row in ROWS if f"R{row}" not in named] == []
