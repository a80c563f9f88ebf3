"""An answer that resolves the case: one deed, one mail, nothing that the life cycle forbids."""

import pytest

from kb.actions.cases import Answer, Opened, Who, case_for_agent, open_case, reply, set_state
from kb.mail import Letters
from kb.rules.cases import Actor, CaseState
from kb.rules.contact import Wish
from kb.rules.policy import Policy
from kb.store import Database, outbox
from tests.actions.people import NOW, agent, case_form, customer, own


@pytest.fixture
def irene(db: Database) -> Who:
    return Who(Actor.AGENT, agent(db))


@pytest.fixture
def number(db: Database, policy: Policy, letters: Letters) -> int:
    ana = customer(db)
    asset = own(db, policy, ana, plan="premier")
    wish = Wish(request="technical", topic="backup", edition="full", asset=asset)
    opened = open_case(db, policy, letters, ana, wish, case_form(), submission_id="one", now=NOW)
    assert isinstance(opened, Opened)
    return opened.number


def state(db: Database, number: int) -> CaseState:
    view = case_for_agent(db, number)
    assert view
    return view.case.state


def kinds(db: Database) -> list[str]:
    with db.read() as conn:
        return [mail.kind for mail in outbox.all_mail(conn)]


def test_the_answer_and_that_it_is_resolved_are_one_mail(
    db: Database, policy: Policy, letters: Letters, number: int, irene: Who
) -> None:
    said = "Cambie la hora de la tarea."
    done = reply(db, policy, letters, irene, number, said, submission_id="f", now=NOW, resolve=True)
    assert done is Answer.DONE
    assert state(db, number) is CaseState.RESOLVED
    assert kinds(db) == ["case-opened", "case-reply"]
    with db.read() as conn:
        mail = outbox.all_mail(conn)[-1]
    assert said in mail.text
    assert "marcado como resuelto" in mail.text
    assert "30 días" in mail.text
    again = reply(
        db, policy, letters, irene, number, said, submission_id="f", now=NOW, resolve=True
    )
    assert again is Answer.AGAIN
    assert len(kinds(db)) == 2


def test_what_is_resolved_already_is_answered_and_stays_so(
    db: Database, policy: Policy, letters: Letters, number: int, irene: Who
) -> None:
    set_state(db, policy, letters, irene, number, CaseState.RESOLVED, NOW)
    done = reply(
        db, policy, letters, irene, number, "Más", submission_id=None, now=NOW, resolve=True
    )
    assert done is Answer.DONE
    assert state(db, number) is CaseState.RESOLVED
    with db.read() as conn:
        assert "marcado como resuelto" not in outbox.all_mail(conn)[-1].text


def test_a_customer_resolves_nothing_by_answering(
    db: Database, policy: Policy, letters: Letters, number: int, irene: Who
) -> None:
    with db.read() as conn:
        owner = Who(Actor.CUSTOMER, conn.exec_driver_sql('SELECT user_id FROM "case"').scalar())
    reply(db, policy, letters, owner, number, "Sigue", submission_id=None, now=NOW, resolve=True)
    assert state(db, number) is CaseState.NEW
