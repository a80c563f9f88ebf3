"""A draft is kept for its writer and its wish, and goes with its case or after thirty days."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from kb.actions.cases import Opened, open_case
from kb.actions.drafts import draft_of, drafts_of, drop_draft, save_draft, subject_of
from kb.actions.housekeeping import tidy
from kb.mail import Letters
from kb.rules.contact import Wish
from kb.rules.policy import Policy
from kb.store import Database, drafts
from kb.store.file_store import FileStore
from tests.actions.people import NOW, case_form, customer

WISH = Wish("technical", "full", asset=7, topic="backup", severity="A", title="It stops")


def save(db: Database, user: int, wish: Wish = WISH, **typed: str) -> bool:
    return save_draft(db, user, wish, "email", typed, submission_id="s-1", now=NOW)


def test_what_was_typed_comes_back_to_its_writer_only(db: Database) -> None:
    ana, luis = customer(db), customer(db, "luis@example.com")
    assert save(db, ana, title="First", steps="")
    assert save(db, ana, title="Second")
    kept = draft_of(db, ana, WISH)
    assert kept is not None
    assert (dict(kept.typed), kept.updated_at) == ({"title": "Second"}, NOW)
    assert kept.query["channel"] == "email"
    assert kept.query["asset"] == "7"
    assert "severity" not in kept.query, "it is in what was typed, and may have changed"
    assert draft_of(db, luis, WISH) is None


def test_r45_two_machines_and_two_problems_have_a_draft_each(db: Database) -> None:
    ana = customer(db)
    others = (replace(WISH, asset=8), replace(WISH, topic="slow"), replace(WISH, edition="trial"))
    for number, wish in enumerate((WISH, *others)):
        save(db, ana, wish, title=str(number))
    assert [one.typed["title"] for one in drafts_of(db, ana)] == ["3", "2", "1", "0"]
    assert subject_of(replace(WISH, severity="B", title="x", walk="y")) == subject_of(WISH)


def test_it_is_thrown_away_on_demand(db: Database) -> None:
    ana = customer(db)
    save(db, ana, title="x")
    assert drop_draft(db, ana, WISH)
    assert not drop_draft(db, ana, WISH)
    save(db, ana, title="x")
    with db.write() as conn:
        drafts.remove_all(conn, ana)
    assert drafts_of(db, ana) == ()


def test_a_copy_that_comes_late_does_not_bring_an_opened_case_back(
    db: Database, policy: Policy, letters: Letters
) -> None:
    ana = customer(db)
    wish = Wish("customer-service", topic="downloads")
    done = open_case(
        db, policy, letters, ana, wish, case_form(severity="D"), submission_id="s-1", now=NOW
    )
    assert isinstance(done, Opened)
    assert not save(db, ana, wish, title="x")
    assert drafts_of(db, ana) == ()


def test_nobody_fills_the_database_with_drafts(db: Database) -> None:
    ana = customer(db)
    assert not save(db, ana, title="x" * 100_001)
    for number in range(30):
        save(db, ana, replace(WISH, asset=number), title=str(number))
    assert len(drafts_of(db, ana)) == 20
    assert drafts_of(db, ana)[0].typed["title"] == "29"


def test_drafts_are_forgotten_after_thirty_days(db: Database, tmp_path: Path) -> None:
    ana = customer(db)
    save(db, ana, title="x")
    files = FileStore(tmp_path)
    tidy(db, files, NOW + timedelta(days=30))
    assert len(drafts_of(db, ana)) == 1
    tidy(db, files, NOW + timedelta(days=30, minutes=1))
    assert drafts_of(db, ana) == ()
