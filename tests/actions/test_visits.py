"""What visitors look for is kept without anything about them, and goes with the case it led to."""

from datetime import timedelta

import pytest

from kb.actions.visits import case_came, lookups_of, search_step, visit_log
from kb.mail import Letters
from kb.rules.policy import Policy
from kb.rules.visits import Step, StepKind
from kb.store import Database, visits
from tests.actions.case_stories import story
from tests.actions.people import NOW


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  error   E000101F4 ", "error E000101F4"),
        ("no arranca 0x0000007B", "no arranca 0x0000007B"),
        ("soy ana@example.com y no entro", "soy y no entro"),
        ("soy Ana Robles y no entro", "soy y no entro"),
        ("clave NBS12-ABCDE-FGHJK-MNPQR-STVWX no vale", "clave no vale"),
        ("llamar al +34 600 123 456", "llamar al"),
        ("serie 1234567890123456", "serie"),
        ("ana@example.com", None),
        ("x" * 500, "x" * 200),
    ],
)
def test_searches_are_kept_without_persons(typed: str, kept: str | None) -> None:
    step = search_step("v", typed, "es", 3, NOW)
    assert (step.query if step else None) == kept


def test_steps_are_written_beside_the_requests(db: Database) -> None:
    log = visit_log(db)
    step = search_step("v", "disk", "en", 0, NOW)
    assert step is not None
    log.add(step)
    log.flush()
    with db.read() as conn:
        assert list(visits.since(conn, NOW)) == [step]
        assert list(visits.since(conn, NOW + timedelta(seconds=1))) == []


def test_a_case_keeps_what_was_searched_for_before_it(
    db: Database, policy: Policy, letters: Letters
) -> None:
    number = story(db, policy, letters).number
    log = visit_log(db)

    def search(hours: float, words: str, results: int, visit: str = "mine") -> None:
        log.add(Step(visit, StepKind.SEARCHED, NOW - timedelta(hours=hours), "en", words, results))

    search(25, "too long ago", 1)
    search(3, "Disk not found", 0)
    search(2, "somebody else", 0, visit="theirs")
    search(1, "disk not  found", 2)
    log.add(Step("mine", StepKind.OPENED, NOW - timedelta(minutes=50), "en", article=1042))
    search(0.5, "volume missing", 0)
    case_came(db, log, "mine", number, "en", NOW)
    assert [(one.query, one.results, one.article) for one in lookups_of(db, number)] == [
        ("disk not  found", 2, 1042),
        ("volume missing", 0, 0),
    ]
    assert lookups_of(db, number + 1) == ()
    with db.read() as conn:
        last = visits.of_visit(conn, "mine", NOW - timedelta(days=2))[-1]
    assert (last.kind, last.query, last.article) == (StepKind.CASE, "", 0)
