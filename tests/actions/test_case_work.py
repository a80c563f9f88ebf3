"""R46–R50: replies, notes, states and hand-overs, each an event, each only for whom it is."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from kb.actions.case_views import CaseView
from kb.actions.cases import (
    Answer,
    Opened,
    QueueFilter,
    Who,
    add_note,
    assign,
    case_for,
    case_for_agent,
    open_case,
    queue_counts,
    queue_page,
    reply,
    set_state,
)
from kb.mail import Letters
from kb.rules.cases import GUARANTEE, Actor, CaseState, MessageKind
from kb.rules.contact import Wish
from kb.rules.policy import Policy
from kb.store import Database, audit, outbox
from kb.store.outbox import Mail
from tests.actions.people import NOW, agent, case_form, customer, own

LATER = NOW + timedelta(minutes=20)


@pytest.fixture
def ana(db: Database) -> Who:
    return Who(Actor.CUSTOMER, customer(db))


@pytest.fixture
def irene(db: Database) -> Who:
    return Who(Actor.AGENT, agent(db))


@pytest.fixture
def number(db: Database, policy: Policy, letters: Letters, ana: Who) -> int:
    asset = own(db, policy, ana.user_id, plan="premier")
    wish = Wish(request="technical", topic="backup", edition="full", asset=asset)
    opened = open_case(
        db, policy, letters, ana.user_id, wish, case_form(), submission_id="one", now=NOW
    )
    assert isinstance(opened, Opened)
    return opened.number


def seen(db: Database, number: int) -> CaseView:
    view = case_for_agent(db, number)
    assert view
    return view


def state(db: Database, number: int) -> CaseState:
    return seen(db, number).case.state


def mails(db: Database) -> tuple[Mail, ...]:
    with db.read() as conn:
        return outbox.all_mail(conn)


def changes(db: Database, number: int) -> list[tuple[object, object, object]]:
    return [
        (message.event["what"], message.event["before"], message.event["after"])
        for message in seen(db, number).messages
        if message.event and message.event["what"] != "opened"
    ]


def says(
    db: Database,
    policy: Policy,
    letters: Letters,
    who: Who,
    number: int,
    *,
    form: str | None = None,
    wait: bool = False,
    body: str = "Hola",
) -> Answer:
    return reply(db, policy, letters, who, number, body, submission_id=form, now=LATER, wait=wait)


def test_an_agents_answer_is_mailed_and_keeps_the_promise(
    db: Database, policy: Policy, letters: Letters, number: int, irene: Who
) -> None:
    body = "Libere espacio en la bóveda."
    assert says(db, policy, letters, irene, number, body=body, wait=True) is Answer.DONE
    view = seen(db, number)
    assert view.case.state is CaseState.PENDING_CUSTOMER
    assert view.milestones[0].met_at == LATER
    assert view.assignee
    assert view.assignee.name == "Irene Otero"
    assert not view.case.customer_spoke_last
    assert changes(db, number) == [
        ("state", "new", "open"),
        ("state", "open", "pending_customer"),
        ("assignee", "", "Irene Otero"),
    ]
    first, mail = mails(db)
    assert body in mail.text
    assert "Irene Otero ha respondido" in mail.text
    assert "Necesitamos su respuesta" in mail.text
    assert mail.headers["References"] == first.message_id
    assert mail.message_id != first.message_id
    assert "Auto-Submitted" in first.headers
    assert "Auto-Submitted" not in mail.headers


def test_the_customers_answer_wakes_the_case_and_its_agent_is_told(
    db: Database, policy: Policy, letters: Letters, number: int, ana: Who, irene: Who
) -> None:
    says(db, policy, letters, irene, number, wait=True)
    assert says(db, policy, letters, ana, number) is Answer.DONE
    assert state(db, number) is CaseState.OPEN
    assert seen(db, number).case.customer_spoke_last
    assert [(mail.kind, mail.recipient) for mail in mails(db)][2:] == [
        ("agent-answer", "irene@example.com")
    ]
    assert queue_counts(db, irene.user_id).replied == 1
    mine = QueueFilter(assignee_id=irene.user_id, customer_spoke_last=True)
    assert [row.number for row in queue_page(db, mine).rows] == [number]
    assert queue_page(db, QueueFilter(unassigned=True)).total == 0


def test_a_form_sent_twice_says_it_once(
    db: Database, policy: Policy, letters: Letters, number: int, irene: Who
) -> None:
    with ThreadPoolExecutor(6) as pool:
        answers = list(
            pool.map(lambda _: says(db, policy, letters, irene, number, form="f"), range(6))
        )
    assert sorted(answers) == [Answer.AGAIN] * 5 + [Answer.DONE]
    assert len(mails(db)) == 2


def test_a_note_is_for_agents_only(
    db: Database, letters: Letters, number: int, ana: Who, irene: Who
) -> None:
    def notes(who: Who, body: str = "secret") -> Answer:
        return add_note(db, who, number, body, submission_id="n", now=LATER)

    assert notes(ana) is Answer.NOT_ALLOWED
    assert notes(irene, "  ") is Answer.EMPTY
    assert notes(irene) is Answer.DONE
    assert notes(irene) is Answer.AGAIN
    assert [m.body for m in seen(db, number).messages if m.kind is MessageKind.NOTE] == ["secret"]
    theirs = case_for(db, ana.user_id, number)
    assert theirs
    assert "secret" not in repr(theirs.messages)
    assert len(mails(db)) == 1
    assert not seen(db, number).milestones[0].met_at


def test_somebody_elses_case_does_not_exist(
    db: Database, policy: Policy, letters: Letters, number: int, irene: Who
) -> None:
    luis = Who(Actor.CUSTOMER, customer(db, "luis@example.com"))
    before = seen(db, number)
    assert says(db, policy, letters, luis, number) is Answer.NOT_FOUND
    assert (
        set_state(db, policy, letters, luis, number, CaseState.RESOLVED, LATER) is Answer.NOT_FOUND
    )
    assert assign(db, luis, number, luis.user_id, LATER) is Answer.NOT_ALLOWED
    assert seen(db, number) == before
    for missing in (number + 1, 0):
        assert says(db, policy, letters, irene, missing) is Answer.NOT_FOUND
        assert add_note(db, irene, missing, "x", submission_id=None, now=LATER) is Answer.NOT_FOUND
        assert assign(db, irene, missing, None, LATER) is Answer.NOT_FOUND


def test_r66_a_resolved_case_opens_again_within_the_guarantee(
    db: Database, policy: Policy, letters: Letters, number: int, ana: Who, irene: Who
) -> None:
    assert set_state(db, policy, letters, irene, number, CaseState.RESOLVED, LATER) is Answer.DONE
    assert seen(db, number).case.resolved_at == LATER
    assert mails(db)[-1].kind == "case-resolved"
    too_late = LATER + GUARANTEE + timedelta(seconds=1)
    answer = reply(db, policy, letters, ana, number, "Otra vez", submission_id=None, now=too_late)
    assert answer is Answer.CLOSED
    in_time = LATER + GUARANTEE
    answer = reply(db, policy, letters, ana, number, "Otra vez", submission_id=None, now=in_time)
    assert answer is Answer.DONE
    assert state(db, number) is CaseState.OPEN
    assert seen(db, number).case.resolved_at is None


def test_a_closed_case_takes_no_more_words(
    db: Database, policy: Policy, letters: Letters, number: int, ana: Who, irene: Who
) -> None:
    assert set_state(db, policy, letters, irene, number, CaseState.CLOSED, LATER) is Answer.DONE
    assert seen(db, number).case.closed_at == LATER
    assert [after for _, _, after in changes(db, number)] == ["open", "resolved", "closed"]
    assert says(db, policy, letters, ana, number) is Answer.CLOSED
    assert says(db, policy, letters, irene, number) is Answer.CLOSED
    assert (
        set_state(db, policy, letters, irene, number, CaseState.OPEN, LATER) is Answer.NOT_ALLOWED
    )


def test_the_customer_may_say_it_is_solved(
    db: Database, policy: Policy, letters: Letters, number: int, ana: Who
) -> None:
    assert (
        set_state(db, policy, letters, ana, number, CaseState.ON_HOLD, LATER) is Answer.NOT_ALLOWED
    )
    assert set_state(db, policy, letters, ana, number, CaseState.RESOLVED, LATER) is Answer.DONE
    assert set_state(db, policy, letters, ana, number, CaseState.RESOLVED, LATER) is Answer.AGAIN
    assert len(mails(db)) == 1


def test_r48_any_agent_goes_on(
    db: Database, policy: Policy, letters: Letters, number: int, ana: Who, irene: Who
) -> None:
    tomas = Who(Actor.AGENT, agent(db, "tomas@example.com"))
    assert assign(db, irene, number, irene.user_id, LATER) is Answer.DONE
    assert assign(db, irene, number, irene.user_id, LATER) is Answer.AGAIN
    assert assign(db, irene, number, ana.user_id, LATER) is Answer.NOT_ALLOWED
    assert says(db, policy, letters, tomas, number) is Answer.DONE
    assert seen(db, number).case.assignee_id == irene.user_id
    assert assign(db, tomas, number, None, LATER) is Answer.DONE
    assert seen(db, number).case.assignee_id is None


def test_r49_every_change_is_in_the_story_and_in_the_audit(
    db: Database, policy: Policy, letters: Letters, number: int, irene: Who
) -> None:
    set_state(db, policy, letters, irene, number, CaseState.ON_HOLD, LATER)
    (event,) = [
        m for m in seen(db, number).messages if m.event and m.event.get("after") == "on_hold"
    ]
    assert (event.author_name, event.at, event.actor) == ("Irene Otero", LATER, Actor.AGENT)
    with db.read() as conn:
        what = [
            (one.what, one.data.get("after")) for one in audit.of_subject(conn, f"case:{number}")
        ]
    assert what == [("case.open", None), ("case.state", "open"), ("case.state", "on_hold")]


@pytest.mark.parametrize("body", ["", "  \n\t "])
def test_an_empty_reply_is_none(
    db: Database, policy: Policy, letters: Letters, number: int, ana: Who, body: str
) -> None:
    assert says(db, policy, letters, ana, number, body=body) is Answer.EMPTY
