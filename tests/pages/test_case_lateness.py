"""A promised time that has passed is admitted to the customer, in the list and on the case."""

from datetime import timedelta

import pytest
from flask import Flask

from kb.settings import Settings
from kb.store import Database, cases, milestones, users
from kb.store.cases import Case
from tests.conftest import NOW
from tests.visitor import Visitor

LATE = {
    "en": ("We are late with this case", "Late, it was due by", "our agents are told"),
    "es": ("Vamos con retraso en este caso", "Con retraso: vencía el", "reciben un aviso"),
}


@pytest.fixture
def settings(settings_on_both: Settings) -> Settings:
    """Each test runs on SQLite and on PostgreSQL."""
    return settings_on_both


@pytest.fixture
def db(app: Flask) -> Database:
    found: Database = app.extensions["waypost"].db
    return found


@pytest.fixture
def owed(db: Database) -> Case:
    """The demo's case of a premier customer that owes a first response."""
    with db.read() as conn:
        user = users.by_email(conn, "premier@example.com")
        assert user
        found = cases.of_user(conn, user.id, alive_only=True)
    return next(one for one in found if one.state == "new" and one.owed_at < NOW + timedelta(9))


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_time_that_has_passed_is_admitted(
    app: Flask, visitor: Visitor, owed: Case, lang: str
) -> None:
    title, fact, done = LATE[lang]
    visitor.as_customer("premier")
    app.config["NOW"] = owed.owed_at - timedelta(seconds=1)
    before = visitor.get(f"/{lang}/my/cases/{owed.number}").text
    assert title not in visitor.get(f"/{lang}/my/cases").text
    assert title not in before
    assert fact not in before
    app.config["NOW"] = owed.owed_at + timedelta(minutes=5)
    assert title in visitor.get(f"/{lang}/my/cases").text
    after = visitor.get(f"/{lang}/my/cases/{owed.number}").text
    for words in (title, fact, done):
        assert words in after, words


def test_an_answer_that_came_late_is_said_to_be_late(
    app: Flask, db: Database, visitor: Visitor, owed: Case
) -> None:
    with db.write() as conn:
        for one in milestones.of_case(conn, owed.number):
            milestones.meet(conn, one, owed.owed_at + timedelta(hours=1))
    visitor.as_customer("premier")
    app.config["NOW"] = owed.owed_at + timedelta(hours=2)
    page = visitor.get(f"/en/my/cases/{owed.number}").text
    assert "Given late, on" in page
    assert "We are late with this case" not in page
