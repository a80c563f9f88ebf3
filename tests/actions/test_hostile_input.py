"""What no browser sends: nothing typed or put into an address is an error of the database."""

import pytest

from kb.actions import accounts, votes
from kb.actions.accounts import Outcome, SignInOutcome, SignUp
from kb.actions.assets import asset, register_keys
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
    queue_page,
    reply,
    set_state,
    similar_cases,
)
from kb.actions.entitlements import decide_for
from kb.actions.feedback import FeedbackAnswer, FeedbackKind, give_feedback
from kb.actions.visits import search_step
from kb.mail import Letters
from kb.rules.cases import Actor, CaseState
from kb.rules.contact import Wish
from kb.rules.policy import Policy
from kb.store import Database, visits
from tests.actions.people import NOW, SECRET, agent, case_form, customer

ODD = [
    pytest.param("nul \x00 in it", id="zero character"),
    pytest.param("x" * 20_000, id="endless"),
    pytest.param('\'; DROP TABLE "case"; --', id="quotes"),
    pytest.param("🙂\u202e\ufeff{{ 7*7 }}%s%(x)s", id="signs"),
]
HUGE = [2**63, 10**40, -1, 0]


@pytest.mark.parametrize("odd", ODD)
def test_odd_words_are_kept_or_refused(
    db: Database, policy: Policy, letters: Letters, odd: str
) -> None:
    form = SignUp(odd, odd, "ana@example.com", odd, "copias cada noche", "es")
    assert accounts.sign_up(db, letters, form, odd, NOW) is Outcome.DONE
    wrong = accounts.sign_in(db, letters, odd, odd, odd, NOW)
    assert wrong.outcome is SignInOutcome.WRONG
    assert accounts.ask_reset(db, letters, odd, odd, NOW) is Outcome.DONE
    assert accounts.confirm(db, SECRET, odd, NOW) is Outcome.BAD_LINK
    luis = Who(Actor.CUSTOMER, customer(db, "luis@example.com"))
    irene = Who(Actor.AGENT, agent(db))
    assert register_keys(db, policy, luis.user_id, odd, NOW, secret=SECRET)
    assert decide_for(db, policy, luis.user_id, Wish(odd, odd, None, odd, odd), NOW)
    wish = Wish(request="customer-service", topic=odd)
    typed = case_form(title=odd, description=odd, details={odd: odd}, phone=odd, severity=odd)
    opened = [
        open_case(db, policy, letters, luis.user_id, wish, typed, submission_id=odd, now=NOW)
        for _ in range(2)
    ]
    first, again = opened
    assert isinstance(first, Opened)
    assert again == Opened(first.number, again=True)
    for _ in range(2):
        said = reply(db, policy, letters, irene, first.number, odd, submission_id=odd, now=NOW)
    assert said is Answer.AGAIN
    assert add_note(db, irene, first.number, odd, submission_id=None, now=NOW) is Answer.DONE
    view = case_for_agent(db, first.number)
    assert view
    assert view.messages[0].body == odd.replace("\x00", "").strip()
    assert similar_cases(db, luis.user_id, odd) is not None
    assert queue_page(db, QueueFilter(words=odd, request=odd)).total == 0
    if step := search_step("v", odd, "es", 0, NOW):
        with db.write() as conn:
            visits.add(conn, [step])
    votes.vote(
        db, article_id=1, lang="es", visitor="v", helpful=True, now=NOW, secret=SECRET, source=odd,
        words=odd,
    )  # fmt: skip
    answer = give_feedback(
        db, kind=FeedbackKind.COMPLAINT, text=odd, lang="es", secret=SECRET, source=odd, now=NOW
    )
    assert answer in (FeedbackAnswer.DONE, FeedbackAnswer.TOO_LONG)


@pytest.mark.parametrize("number", HUGE)
def test_numbers_no_row_has_are_not_found(
    db: Database, policy: Policy, letters: Letters, number: int
) -> None:
    ana = Who(Actor.CUSTOMER, customer(db))
    irene = Who(Actor.AGENT, agent(db))
    assert case_for(db, ana.user_id, number) is None
    assert case_for_agent(db, number) is None
    assert asset(db, ana.user_id, number) is None
    wish = Wish(request="technical", topic="backup", edition="full", asset=number)
    assert decide_for(db, policy, ana.user_id, wish, NOW).asset is None
    for who in (ana, irene):
        missing = Answer.NOT_FOUND
        assert reply(db, policy, letters, who, number, "x", submission_id=None, now=NOW) is missing
        assert set_state(db, policy, letters, who, number, CaseState.RESOLVED, NOW) is missing
    assert assign(db, irene, number, number, NOW) is Answer.NOT_FOUND
    assert queue_page(db, QueueFilter(words=f"#{number}", assignee_id=number)).total == 0
