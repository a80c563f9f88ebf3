"""Taking the next case: the first of a selection that nobody has and that waits for an agent."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from kb.actions.case_marks import claim
from kb.actions.cases import QueueFilter, Who
from kb.actions.next_case import has_next, take_next
from kb.mail import Letters
from kb.rules.cases import ALIVE, FINISHED, Actor, CaseState
from kb.rules.policy import Policy
from kb.store import Database
from kb.store.queue import Sort
from tests.actions.case_stories import Story, after, another, story
from tests.actions.people import NOW, agent


@pytest.fixture
def told(db: Database, policy: Policy, letters: Letters) -> Story:
    return story(db, policy, letters)


def taken(told: Story, **wanted: object) -> int | None:
    return take_next(told.db, told.irene, QueueFilter(**wanted), NOW)  # type: ignore[arg-type]


def test_the_first_in_the_order_of_the_selection_is_taken(told: Story) -> None:
    slow, worst = (another(told, 1, severity=grade, form=grade) for grade in ("C", "A"))
    assert taken(told, severity="no such") is None
    assert taken(told, severity="C") == slow
    asked = another(told, 1, severity="C", form="more")
    assert taken(told, sort=Sort.SEVERITY) in (told.number, worst)
    assert taken(told) in (told.number, worst)
    assert taken(told) == asked
    assert taken(told) is None


def test_what_a_colleague_has_or_waits_for_others_is_left(told: Story) -> None:
    pablo = Who(Actor.AGENT, agent(told.db, "pablo@example.com"))
    his, held, asked, left = (another(told, 1, form=f"more {place}") for place in range(4))
    claim(told.db, pablo, his, NOW)
    claim(told.db, pablo, told.number, NOW)
    for number, state in ((held, CaseState.ON_HOLD), (asked, CaseState.PENDING_CUSTOMER)):
        Story(told.db, told.policy, told.letters, told.ana, told.irene, number).moves(
            told.irene, state, 5
        )
    assert taken(told, states=ALIVE) == left
    assert taken(told, states=ALIVE) is None


def test_beyond_a_page_of_cases_that_wait_the_next_is_found(
    told: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.actions.next_case._AT_ONCE", 1)
    later = another(told, 1, severity="C", form="later")
    told.moves(told.irene, CaseState.ON_HOLD, 1)
    assert taken(told, sort=Sort.SEVERITY) == later


def test_two_who_ask_at_once_get_one_each(told: Story) -> None:
    second = another(told, 1, form="second")
    both = [told.irene, Who(Actor.AGENT, agent(told.db, "pablo@example.com"))]
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda who: take_next(told.db, who, QueueFilter(), after(2)), both)
        assert sorted(number or 0 for number in found) == [told.number, second]


@pytest.mark.parametrize(
    ("wanted", "offered"),
    [
        (QueueFilter(), True),
        (QueueFilter(unassigned=True, severity="A"), True),
        (QueueFilter(states=tuple(CaseState)), True),
        (QueueFilter(assignee_id=3), False),
        (QueueFilter(states=FINISHED), False),
        (QueueFilter(states=(CaseState.PENDING_CUSTOMER,)), False),
        (QueueFilter(words="restore"), False),
    ],
)
def test_what_cases_are_taken_from(told: Story, wanted: QueueFilter, offered: bool) -> None:
    assert has_next(wanted) is offered
    assert (take_next(told.db, told.irene, wanted, NOW) == told.number) is offered


def test_customers_take_none(told: Story) -> None:
    assert take_next(told.db, told.ana, QueueFilter(), NOW) is None
