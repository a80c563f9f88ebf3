"""Finding cases by words, the same on both databases, in step with every change."""

import pytest
from sqlalchemy import event, select, text

from kb.actions import accounts
from kb.actions.cases import QueueFilter, add_note, queue_page
from kb.mail import Letters
from kb.rules.cases import Actor, MessageKind
from kb.rules.policy import Policy
from kb.store import Database, case_search, conversation, erase, queue
from tests.actions.case_stories import Story, after, story
from tests.actions.people import NOW


@pytest.fixture
def told(db: Database, policy: Policy, letters: Letters) -> Story:
    return story(db, policy, letters)


def finds(told: Story, words: str) -> bool:
    found = queue_page(told.db, QueueFilter(words=words))
    return [row.number for row in found.rows] == [told.number]


@pytest.mark.parametrize(
    "words",
    [
        "nocturna",
        "NOCTURNA detiene",
        "la copia noc",  # the last word as a beginning
        "ana.prieto@example.com",
        "Prieto copia",
        "E000101F4",
        "copias nocturnas",
    ],
)
def test_a_case_is_found(told: Story, words: str) -> None:
    assert finds(told, words)


@pytest.mark.parametrize("words", ["nocturna zebra", "noc copia", "'", '"', "a & b | !c", "near("])
def test_a_case_is_not_found(told: Story, words: str) -> None:
    """Words it does not have, and what is an operator of either database."""
    assert queue_page(told.db, QueueFilter(words=words)).total == 0


def test_by_its_number_and_by_what_is_said_later(told: Story) -> None:
    assert finds(told, f"#{told.number}")
    assert not finds(told, "controladora")
    told.says(told.irene, 5, body="¿Qué controladora tiene?")
    add_note(told.db, told.irene, told.number, "Ojo: UEFI", submission_id=None, now=after(6))
    assert finds(told, "controladora")
    assert finds(told, "uefi")


def test_words_that_were_rolled_back_are_not_found(told: Story) -> None:
    def add_and_fail() -> None:
        with told.db.write() as conn:
            case_search.add(conn, told.number, "quimera")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        add_and_fail()
    assert not finds(told, "quimera")


def test_a_new_name_is_found_and_the_old_one_is_not(told: Story) -> None:
    assert told.ana.user_id
    accounts.set_profile(
        told.db, told.ana.user_id, first_name="Zoe", last_name="Quiroga", country="ES", lang="es"
    )
    assert finds(told, "quiroga")
    assert finds(told, "nocturna")


def test_a_deleted_person_is_found_no_more(told: Story) -> None:
    assert told.ana.user_id
    with told.db.write() as conn:
        erase.contact_data(conn, told.ana.user_id)
        erase.account(conn, told.ana.user_id, NOW)
    assert not finds(told, "prieto")
    assert finds(told, "nocturna")


def test_endless_talk_stays_within_the_limits_of_a_database(told: Story) -> None:
    with told.db.write() as conn:
        for part in range(9):
            said = " ".join(f"{'ñ' * 38}{part}x{word}" for word in range(1000))
            conversation.say(
                conn, told.number, MessageKind.NOTE, Actor.SYSTEM, None, said, after(part)
            )
        kept = conn.execute(
            text("SELECT words FROM case_search")
            if told.db.is_sqlite
            else select(case_search.case_search.c.words)
        ).scalar_one()
    assert kept
    assert finds(told, "nocturna")


@pytest.mark.parametrize(
    "words", ["c'); DROP", "100%s %(x)s copia", "a\\'b ' \" ::tsquery", "%", ":x"]
)
def test_words_that_look_like_a_statement_are_words(told: Story, words: str) -> None:
    queue_page(told.db, QueueFilter(words=words))
    assert finds(told, "nocturna")


def test_postgresql_plans_for_the_very_words(told: Story) -> None:
    """A plan for words in general reads far more than it must where they are common."""
    if told.db.is_sqlite:
        return
    asked: list[str] = []
    with told.db.read() as conn:
        event.listen(conn, "before_cursor_execute", lambda *said: asked.append(said[2]))
        queue.page(conn, QueueFilter(words="nocturna"), offset=0, limit=25)
    assert any("@@ CAST('(''nocturna''" in one for one in asked)
