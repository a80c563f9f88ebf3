"""Exports: every case of a selection, whole and in order, and no cell that a spreadsheet runs."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from kb.actions import case_export
from kb.actions.case_export import COLUMNS, Format, export_cases
from kb.actions.case_marks import tag
from kb.actions.case_steps import Who
from kb.actions.cases import Opened, open_case
from kb.mail import Letters
from kb.rules.cases import Actor, CaseState
from kb.rules.contact import Wish
from kb.rules.policy import Policy
from kb.store import Database, assets, audit
from kb.store.queue import QueueFilter
from tests.actions.people import NOW, agent, case_form

EVERY = QueueFilter(states=tuple(CaseState))
TITLES = ("=1+1", "@SUM(A1)", "＝cmd", "  -2", 'Ñandú; "quoted",\nnew line', "plain")


@pytest.fixture
def numbers(db: Database, policy: Policy, letters: Letters, ana: int) -> list[int]:
    """Cases with titles of every kind, the newest last."""
    with db.read() as conn:
        wish = Wish("technical", "full", asset=assets.of_user(conn, ana)[0].id, topic="backup")
    made = []
    for title in TITLES:
        opened = open_case(
            db, policy, letters, ana, wish, case_form(title=title), submission_id=title, now=NOW
        )
        assert isinstance(opened, Opened)
        made.append(opened.number)
    return made


def text(db: Database, form: Format, wanted: QueueFilter = EVERY, **more: int) -> str:
    return "".join(export_cases(db, wanted, form, NOW, **more))


def test_a_table_has_every_case_once_the_newest_first(
    db: Database, numbers: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_export, "PART", 2)  # so that it is read in several parts
    table = list(csv.DictReader(io.StringIO(text(db, Format.CSV).removeprefix("\ufeff"))))
    assert [int(row["number"]) for row in table] == numbers[::-1]
    assert tuple(table[0]) == COLUMNS
    told = json.loads(text(db, Format.JSON))
    assert [one["number"] for one in told] == numbers[::-1]
    assert tuple(told[0]) == COLUMNS


def test_no_cell_is_a_formula_and_json_has_the_words_as_they_are(
    db: Database, numbers: list[int]
) -> None:
    table = list(csv.reader(io.StringIO(text(db, Format.CSV).removeprefix("\ufeff"))))
    cells = [cell for row in table for cell in row]
    assert [cell for cell in cells if re.match(r"\s*[=+\-@＝＋－＠\t\r]", cell)] == []
    kept = {one["title"] for one in json.loads(text(db, Format.JSON))}
    assert "=1+1" in kept
    assert 'Ñandú; "quoted", new line' in kept
    assert len(numbers) == len(TITLES)


def test_filters_tags_and_the_audit(db: Database, numbers: list[int]) -> None:
    me = agent(db)
    tag(db, Who(Actor.AGENT, me), numbers[0], "restore", NOW)
    (one,) = json.loads(text(db, Format.JSON, QueueFilter(tag="restore"), by=me))
    assert (one["number"], one["tags"], one["requester"]) == (
        numbers[0], ["restore"], "Ana Prieto",
    )  # fmt: skip
    assert one["opened_at"] == NOW.isoformat()
    assert json.loads(text(db, Format.JSON, QueueFilter(severity="D"))) == []
    with db.read() as conn:
        assert ("cases.export", me) in {
            (event.what, event.actor_id) for event in audit.of_subject(conn, "cases")
        }


def test_the_columns_are_those_that_are_promised() -> None:
    docs = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
    promised = docs.split("new ones come at the end:")[1].split("## ")[0]
    assert tuple(re.findall(r"`(\w+)`", promised)) == COLUMNS
