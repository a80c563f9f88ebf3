"""Claiming, tagging and many at once; half of it forbidden, the other half done."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from kb.actions.case_marks import BulkDeed, Order, claim, in_bulk, tag, untag
from kb.actions.case_terms import merge
from kb.actions.cases import Answer, QueueFilter, Who, queue_page
from kb.actions.saved_filters import drop_filter, keep_filter, kept_filters
from kb.mail import Letters
from kb.rules.cases import FINISHED, Actor, CaseState
from kb.rules.policy import Policy
from kb.store import Database, cases
from kb.store.cases import NO_TIME
from kb.store.queue import COUNTED, Sort
from tests.actions.case_stories import Story, after, another, story
from tests.actions.people import NOW, agent


@pytest.fixture
def told(db: Database, policy: Policy, letters: Letters) -> Story:
    return story(db, policy, letters)


def others(told: Story, count: int) -> list[int]:
    return [another(told, 1, form=f"more {place}") for place in range(count)]


def chosen(told: Story, wanted: QueueFilter) -> list[int]:
    return [row.number for row in queue_page(told.db, wanted).rows]


def test_a_case_is_claimed_once(told: Story) -> None:
    pablo = Who(Actor.AGENT, agent(told.db, "pablo@example.com"))
    assert claim(told.db, told.irene, told.number, NOW) is Answer.DONE
    assert claim(told.db, told.irene, told.number, NOW) is Answer.AGAIN
    assert claim(told.db, pablo, told.number, NOW) is Answer.NOT_ALLOWED
    assert claim(told.db, told.ana, told.number, NOW) is Answer.NOT_ALLOWED
    assert claim(told.db, pablo, 999, NOW) is Answer.NOT_FOUND
    assert told.view.assignee
    assert told.view.assignee.id == told.irene.user_id


def test_of_two_who_claim_at_once_one_has_it(told: Story) -> None:
    both = [told.irene, Who(Actor.AGENT, agent(told.db, "pablo@example.com"))]
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda who: claim(told.db, who, told.number, NOW), both))
    assert sorted(found) == [Answer.DONE, Answer.NOT_ALLOWED]
    assert len([event for event in told.events if event[0] == "assignee"]) == 1


def test_tags_are_events_agents_alone_read(told: Story) -> None:
    assert tag(told.db, told.irene, told.number, "Restore slow", NOW) is Answer.DONE
    assert tag(told.db, told.irene, told.number, "restore-slow", NOW) is Answer.AGAIN
    assert tag(told.db, told.irene, told.number, "!!!", NOW) is Answer.EMPTY
    assert tag(told.db, told.ana, told.number, "mine", NOW) is Answer.NOT_ALLOWED
    assert chosen(told, QueueFilter(tag="restore-slow")) == [told.number]
    assert untag(told.db, told.irene, told.number, "restore-slow", NOW) is Answer.DONE
    assert untag(told.db, told.irene, told.number, "restore-slow", NOW) is Answer.AGAIN
    assert chosen(told, QueueFilter(tag="restore-slow")) == []
    assert told.events == [("tag", "", "restore-slow"), ("tag", "restore-slow", "")]


def test_a_bulk_action_half_of_which_is_forbidden(told: Story) -> None:
    closed, mine, nobodys = others(told, 3)
    pablo = Who(Actor.AGENT, agent(told.db, "pablo@example.com"))
    claim(told.db, pablo, mine, NOW)
    for one in (CaseState.RESOLVED, CaseState.CLOSED):
        Story(told.db, told.policy, told.letters, told.ana, told.irene, closed).moves(
            told.irene, one, 1
        )
    wanted = [nobodys, closed, mine, 999_999, nobodys]
    found = in_bulk(
        told.db, told.policy, told.letters, told.irene, wanted, Order(BulkDeed.CLAIM), after(2)
    )
    assert dict(found) == {
        closed: Answer.NOT_ALLOWED,
        mine: Answer.NOT_ALLOWED,
        nobodys: Answer.DONE,
        999_999: Answer.NOT_FOUND,
    }
    assert chosen(told, QueueFilter(assignee_id=told.irene.user_id)) == [nobodys]


@pytest.mark.parametrize(
    ("order", "answer"),
    [
        (Order(BulkDeed.STATE, state=CaseState.ON_HOLD), Answer.DONE),
        (Order(BulkDeed.STATE, state=CaseState.NEW), Answer.AGAIN),
        (Order(BulkDeed.STATE), Answer.EMPTY),
        (Order(BulkDeed.TAG, tag="wave 2"), Answer.DONE),
        (Order(BulkDeed.ASSIGN, agent_id=1), Answer.NOT_ALLOWED),  # a customer
        (Order(BulkDeed.ASSIGN), Answer.AGAIN),
    ],
)
def test_bulk_deeds(told: Story, order: Order, answer: Answer) -> None:
    found = in_bulk(told.db, told.policy, told.letters, told.irene, [told.number], order, after(1))
    assert found == ((told.number, answer),)


def test_the_queue_by_what_is_owed_and_by_its_orders(told: Story) -> None:
    first, (second, third) = told.number, others(told, 2)
    Story(told.db, told.policy, told.letters, told.ana, told.irene, second).says(told.irene, 5)
    due = told.view.milestones[0].due_at
    assert due
    assert chosen(told, QueueFilter(due_before=due)) == []
    assert chosen(told, QueueFilter(due_from=due, due_before=NO_TIME)) == [first, third]
    assert chosen(told, QueueFilter(due_from=NO_TIME)) == [second]
    assert chosen(told, QueueFilter(sort=Sort.UPDATED))[0] == second
    assert set(chosen(told, QueueFilter(sort=Sort.OLDEST))) == {first, second, third}
    told.moves(told.irene, CaseState.RESOLVED, 6)
    assert chosen(told, QueueFilter(states=FINISHED)) == [first]
    assert chosen(told, QueueFilter(product="backup-server", lang="es")) == [third, second]
    assert chosen(told, QueueFilter(product="backup-cloud")) == []
    assert COUNTED >= 1000


def test_selections_are_kept_shared_and_dropped_by_their_owner(told: Story) -> None:
    irene, pablo = told.irene.user_id, agent(told.db, "pablo@example.com")
    assert irene
    assert keep_filter(told.db, irene, " My  own ", "severity=A", is_shared=False, now=NOW)
    assert keep_filter(told.db, irene, "Ours", "due=late", is_shared=True, now=NOW)
    assert not keep_filter(told.db, irene, " ", "due=late", is_shared=True, now=NOW)
    assert not keep_filter(told.db, irene, "Empty", "", is_shared=True, now=NOW)
    assert not keep_filter(told.db, irene, "Long", "q" * 601, is_shared=True, now=NOW)
    assert [one.name for one in kept_filters(told.db, irene)] == ["My own", "Ours"]
    ours = kept_filters(told.db, pablo)
    assert [one.query for one in ours] == ["due=late"]
    assert not drop_filter(told.db, pablo, ours[0].id)
    assert drop_filter(told.db, irene, ours[0].id)
    assert kept_filters(told.db, pablo) == ()


def test_cases_are_not_merged_in_a_circle(told: Story) -> None:
    first, (second, third) = told.number, others(told, 2)

    def merges(one: int, into: int) -> Answer:
        return merge(told.db, told.policy, told.letters, told.irene, one, into, after(9))

    assert merges(first, first) is Answer.NOT_ALLOWED
    assert merges(first, second) is Answer.DONE
    assert merges(second, first) is Answer.NOT_ALLOWED
    assert merges(second, third) is Answer.DONE
    assert merges(third, first) is Answer.NOT_ALLOWED
    assert merges(third, second) is Answer.NOT_ALLOWED
    assert told.says(told.ana, 10, body="And now") is Answer.DONE
    with told.db.read() as conn:
        assert cases.survivor_of(conn, first) == third
