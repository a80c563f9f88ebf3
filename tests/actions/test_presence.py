"""Two agents at one case: each is told of the other, and nothing either writes is lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from kb.actions.cases import Answer, Who, add_note, set_state
from kb.actions.presence import LASTS, here, others_at
from kb.mail import Letters
from kb.rules.cases import Actor, CaseState, MessageKind
from kb.rules.policy import Policy
from kb.store import Database
from tests.actions.case_stories import Story, after, story
from tests.actions.people import NOW, agent


@pytest.fixture
def told(db: Database, policy: Policy, letters: Letters) -> Story:
    return story(db, policy, letters)


@pytest.fixture
def pablo(told: Story) -> Who:
    return Who(Actor.AGENT, agent(told.db, "pablo@example.com"))


def test_a_colleague_is_seen_answering_until_they_leave(told: Story, pablo: Who) -> None:
    irene = told.irene.user_id
    assert irene
    assert pablo.user_id
    assert here(told.db, irene, told.number, NOW, is_answering=False) == ()
    assert here(told.db, irene, told.number, NOW, is_answering=True) == ()
    (seen,) = here(told.db, pablo.user_id, told.number, NOW, is_answering=False) or ()
    assert (seen.name, seen.is_answering) == ("Irene Otero", True)
    just_before = NOW + LASTS - timedelta(seconds=1)
    assert len(others_at(told.db, pablo.user_id, told.number, just_before)) == 1
    assert others_at(told.db, pablo.user_id, told.number, NOW + LASTS) == ()
    assert here(told.db, irene, 999, NOW, is_answering=True) is None


def test_many_beats_at_once_are_one_presence(told: Story, pablo: Who) -> None:
    irene = told.irene.user_id
    assert irene
    assert pablo.user_id
    with ThreadPoolExecutor(8) as pool:
        beat = lambda _: here(told.db, irene, told.number, NOW, is_answering=True)  # noqa: E731
        list(pool.map(beat, range(16)))
    assert len(others_at(told.db, pablo.user_id, told.number, NOW)) == 1


def test_two_agents_answering_at_once_lose_nothing(told: Story, pablo: Who) -> None:
    """Eight answers and notes at the same moment: all are there, mailed once, one has the case."""

    def work(turn: int) -> Answer:
        who = (told.irene, pablo)[turn % 2]
        if turn % 4 < 2:
            return told.says(who, 5, body=f"answer {turn}")
        body = f"note {turn}"
        return add_note(told.db, who, told.number, body, submission_id=None, now=after(5))

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(work, range(8))) == {Answer.DONE}
    said = [one.body for one in told.view.messages if one.kind is not MessageKind.EVENT]
    assert sorted(said[1:]) == sorted(
        [f"{'answer' if n % 4 < 2 else 'note'} {n}" for n in range(8)]
    )
    assert len(told.mails("case-reply")) == 4
    assert len([event for event in told.events if event[0] == "assignee"]) == 1


def test_two_agents_resolving_at_once_resolve_once(told: Story, pablo: Who) -> None:
    def resolve(who: Who) -> Answer:
        return set_state(
            told.db, told.policy, told.letters, who, told.number, CaseState.RESOLVED, after(5)
        )

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(resolve, [told.irene, pablo])) == [Answer.AGAIN, Answer.DONE]
    assert len(told.mails("case-resolved")) == 1
