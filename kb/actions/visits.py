"""What visitors look for, kept without anything about them."""

from datetime import datetime

from kb.actions.batch_log import BatchLog
from kb.rules.personal_words import personal_data
from kb.rules.visits import LOOKED_BEFORE, Step, StepKind, searched_before
from kb.store import Database, visits

_LONGEST = 200
_LOOKED_AT = 2000  # characters of what was typed


def visit_log(db: Database) -> BatchLog[Step]:
    """Return what writes steps of visits beside the requests."""
    return BatchLog(db, visits.add, "visits")


def search_step(visit: str, query: str, lang: str, results: int, now: datetime) -> Step | None:
    """Return what is kept of a search: its words without addresses, keys, long numbers and names;
    None when nothing is left."""
    words = without_personal_data(query)
    return Step(visit, StepKind.SEARCHED, now, lang, words, results) if words else None


def case_came(
    db: Database, log: BatchLog[Step], visit: str, number: int, lang: str, now: datetime
) -> None:
    """Note that a visit ended in a case, and keep with the case what was searched for before."""
    log.flush(1.0)
    with db.write() as conn:
        before = visits.of_visit(conn, visit, now - LOOKED_BEFORE)
        visits.keep_lookups(conn, number, searched_before(before, now))
        visits.add(conn, [Step(visit, StepKind.CASE, now, lang)])


def lookups_of(db: Database, number: int) -> tuple[Step, ...]:
    """Return what was searched for before a case, in order."""
    with db.read() as conn:
        return visits.lookups(conn, number)


def without_personal_data(text: str) -> str:
    """Return typed words on one line without what is or looks like somebody's: addresses, licence
    keys, long numbers, names after “I am”."""
    line = " ".join(text[:_LOOKED_AT].split())
    for one in reversed(personal_data(line)):
        line = f"{line[: one.start]} {line[one.end :]}"
    return " ".join(line.split())[:_LONGEST]
