"""A list of sold licences goes in whole or not at all, on both databases (R6, R9)."""

import os
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from kb.actions import licence_import
from kb.actions.assets import KeyOutcome, register_keys
from kb.actions.licence_import import BadList, Imported, import_licences, read_lines
from kb.cli import main
from kb.rules.policy import Policy
from kb.store import Database
from kb.store.tables import licence
from tests.actions.people import customer
from tests.conftest import ROOT
from tests.requirements.vendor import vendor

SECRET = "secret for tests"
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HEADER = "key,product,version,plan,sold_on\n"


@pytest.fixture(scope="module")
def policy() -> Policy:
    return vendor()


def key(number: int) -> str:
    return f"NBS12-{number:020d}"


def lines(*numbers: int, sold_on: str = "2026-01-02") -> Iterator[str]:
    yield HEADER
    yield from (f"{key(n)},backup-server,12,premier,{sold_on}\r\n" for n in numbers)


def count(db: Database) -> int:
    with db.read() as conn:
        return int(conn.execute(select(func.count()).select_from(licence)).scalar_one())


def test_R6_imported_keys_can_be_registered(db: Database, policy: Policy) -> None:
    done = import_licences(db, policy, SECRET, lines(1, 2))
    assert done == Imported(added=2)
    user = customer(db)
    answers = register_keys(db, policy, user, key(1).lower(), NOW, secret=SECRET)
    assert [answer.outcome for answer in answers] == [KeyOutcome.REGISTERED]


def test_R9_a_key_is_kept_as_a_hash_and_its_last_four(db: Database, policy: Policy) -> None:
    import_licences(db, policy, SECRET, lines(1234))
    with db.read() as conn:
        row = conn.execute(select(licence)).mappings().one()
    assert row["key_last4"] == "1234"
    assert not any(key(1234).replace("-", "") in str(value) for value in row.values())


def test_a_list_with_one_mistake_changes_nothing(db: Database, policy: Policy) -> None:
    bad = [*lines(*range(1200)), "what,is,this,line,2026-01-01\n"]
    with pytest.raises(BadList) as told:
        import_licences(db, policy, SECRET, bad)
    assert [mistake.line for mistake in told.value.mistakes] == [1202]
    assert count(db) == 0


def test_a_key_that_stands_twice_names_both_lines(db: Database, policy: Policy) -> None:
    with pytest.raises(BadList) as told:
        import_licences(db, policy, SECRET, lines(1, 2, 1))
    assert "line 2 already" in told.value.mistakes[0].what
    assert told.value.mistakes[0].line == 4


def test_known_keys_stay_as_they_are_or_are_corrected(db: Database, policy: Policy) -> None:
    import_licences(db, policy, SECRET, lines(1, 2))
    assert import_licences(db, policy, SECRET, lines(2, 3)) == Imported(added=1, known=1)
    corrected = import_licences(
        db, policy, SECRET, lines(1, 2, 3, sold_on="2026-05-05"), correct=True
    )
    assert corrected == Imported(corrected=3)
    with db.read() as conn:
        days = set(conn.execute(select(licence.c.sold_on)).scalars())
    assert {str(day) for day in days} == {"2026-05-05"}


BOX = "NHM27" + "B" * 59
NEWER = "NBS12" + "7" * 20


def facts(db: Database) -> dict[str, dict[str, object]]:
    with db.read() as conn:
        return {row["key_last4"]: dict(row) for row in conn.execute(select(licence)).mappings()}


def test_a_correction_leaves_alone_what_the_list_has_no_column_for(
    db: Database, policy: Policy
) -> None:
    import_licences(db, policy, SECRET, [
        "key,product,version,edition,plan,sold_on,box_serial,upgrade_of\n",
        f"{BOX},home,2027,box,,2026-01-02,12345678,\n",
        f"{NEWER},backup-server,12,oem,premier,2026-01-02,,{key(1)}\n",
    ])  # fmt: skip
    before = facts(db)
    short = [
        "key,product,sold_on\n",
        f"{BOX},home,2026-05-05\n",
        f"{NEWER},backup-server,2026-05-05\n",
    ]
    assert import_licences(db, policy, SECRET, short, correct=True) == Imported(corrected=2)
    after = facts(db)
    for last4 in ("BBBB", "7777"):
        assert str(after[last4].pop("sold_on")) == "2026-05-05"
        before[last4].pop("sold_on")
        assert after[last4] == before[last4]
    boxed = ["key,product,sold_on,box_serial\n", f"{NEWER},backup-server,2026-05-05,\n"]
    import_licences(db, policy, SECRET, boxed, correct=True)
    assert facts(db)["7777"]["sealed_key"] == before["7777"]["sealed_key"], "still an upgrade's"


def test_a_correction_cannot_take_another_keys_box_serial(db: Database, policy: Policy) -> None:
    header = "key,product,sold_on,box_serial\n"
    other = "NHM27" + "C" * 59
    import_licences(db, policy, SECRET, [
        header, f"{BOX},home,2026-01-02,12345678\n", f"{other},home,2026-01-02,87654321\n"
    ])  # fmt: skip
    with pytest.raises(BadList) as told:
        import_licences(
            db, policy, SECRET, [header, f"{other},home,2026-01-02,12345678\n"], correct=True
        )
    assert "belongs to another key already" in told.value.mistakes[0].what
    same = [header, f"{BOX},home,2026-01-03,12345678\n"]
    assert import_licences(db, policy, SECRET, same, correct=True) == Imported(corrected=1)


@pytest.mark.parametrize(
    "endless",
    ["x" * 30_000_000, '"' + "x" * 30_000_000, "\0" * 30_000_000],
    ids=["x", "quote", "0"],
)
def test_a_line_that_does_not_end_is_told_and_not_kept(
    endless: str, db: Database, policy: Policy, tmp_path: Path
) -> None:
    path = tmp_path / "sold.csv"
    path.write_text(HEADER + endless, encoding="utf-8")
    tracemalloc.start()
    with path.open(encoding="utf-8", newline="") as lines, pytest.raises(BadList) as told:
        import_licences(db, policy, SECRET, read_lines(lines))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "longer than" in told.value.mistakes[0].what
    assert told.value.mistakes[0].line == 2
    assert peak < 8_000_000, "bytes"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("key;product;sold_on\n", 1, "column key is missing"),
        ("", 1, "column key is missing"),
        (HEADER + "a,b\n", 2, "2 values for 5 columns"),
        (HEADER + '"never closed\n', 2, "no CSV"),
    ],
)
def test_a_list_that_is_none_is_told(
    text: str, line: int, said: str, db: Database, policy: Policy
) -> None:
    with pytest.raises(BadList) as told:
        import_licences(db, policy, SECRET, text.splitlines(keepends=True))
    assert (told.value.mistakes[0].line, said in told.value.mistakes[0].what) == (line, True)


def test_byte_order_mark_empty_lines_and_zero_characters_do_no_harm(
    db: Database, policy: Policy
) -> None:
    text = ["\ufeff" + HEADER, "\n", f"{key(1)}\0,backup-server,12,premier,2026-01-02\n", "\r\n"]
    assert import_licences(db, policy, SECRET, text) == Imported(added=1)


def test_a_list_without_end_is_stopped(
    db: Database, policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(licence_import, "MOST_ROWS", 10)
    with pytest.raises(BadList, match="1 mistakes"):
        import_licences(db, policy, SECRET, lines(*range(11)))
    assert count(db) == 0


def test_no_more_than_a_hundred_mistakes_are_told(db: Database, policy: Policy) -> None:
    text = [HEADER, *("x,y,z,a,b\n" for _ in range(500))]
    with pytest.raises(BadList) as told:
        import_licences(db, policy, SECRET, text)
    assert len(told.value.mistakes) == 100


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        (HEADER + f"{key(7)},backup-server,12,premier,2026-01-02\n", 0, "1 licence added"),
        (HEADER + "x,y,z,a,b\n", 1, "sold.csv:2: there is no product “y”"),
        ("ñ", 1, "sold.csv:1: not UTF-8"),
    ],
)
def test_the_command(
    text: str, code: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "sold.csv"
    file.write_bytes(text.encode("latin-1" if text == "ñ" else "utf-8"))
    monkeypatch.setenv("KB_VAR", os.fspath(tmp_path / "var"))
    result = CliRunner().invoke(main, ["--site", str(ROOT), "licences", "import", str(file)])
    assert (result.exit_code, said in result.output) == (code, True), result.output
