"""A promised time that has passed is admitted to the customer, in the list and on the case."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from kb.rules.milestones import MilestoneKind, Promise
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
    assert {"en": "We answer by ", "es": "Respondemos antes del "}[lang] in before
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


STANDINGS = {
    # how the resolution stands: customer en, customer es, desk en, desk es
    "due": ("By 23 Nov", "Antes del 23 nov", "3 h 0 min", "3 h 0 min"),
    "near": ("By 23 Nov", "Antes del 23 nov", "10 min", "10 min"),
    "late": ("Late, it was due by", "Con retraso: vencía el", "1 h 5 min late", "5 min de retraso"),
    "paused": (
        "Waits for your answer",
        "A la espera de su respuesta",
        "Paused, 6 h 40 min left",
        "En pausa, quedan 6 h 40 min",
    ),
    "none": ("No time is promised", "Sin plazo prometido", "No target", "Sin plazo"),
}


def stands(db: Database, number: int, how: str) -> None:
    """Leave the case with a resolution that stands so, and nothing else that is promised."""
    due = {"due": 180, "near": 10, "late": -65}.get(how)
    at = NOW + timedelta(minutes=due) if due else None
    left = timedelta(hours=6, minutes=40) if how == "paused" else None
    with db.write() as conn:
        for one in milestones.of_case(conn, number):
            milestones.drop(conn, one)
        if how != "none":
            owed = Promise(
                MilestoneKind.RESOLUTION, NOW - timedelta(hours=4), timedelta(hours=8), at, left
            )
            milestones.keep(conn, number, "always", owed, None)


def test_every_standing_of_a_promise_is_told_to_both_in_both_languages(
    db: Database, visitor: Visitor, another: Callable[[], Visitor], owed: Case
) -> None:
    """R13, R14, R33–R36: due, near, late, paused and none promised, to customer and agent."""
    visitor.as_customer("premier")
    agent = another().as_agent()
    for how, words in STANDINGS.items():
        stands(db, owed.number, how)
        for reader, area, told in ((visitor, "my", words[:2]), (agent, "desk", words[2:])):
            for lang, said in zip(("en", "es"), told, strict=True):
                page = reader.get(f"/{lang}/{area}/cases/{owed.number}")
                assert said in page.text, (how, area, lang)
        ring = {"near": "soon", "late": "late", "paused": "wait"}.get(how)
        assert ring is None or f"sla {ring}" in page.html, (how, "the ring beside the words")
