"""After the answer: what solved it, ratings, complaints, linked, merged (R45, R66, R70)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from kb.actions.case_after import COMPLAINTS_BY_ACCOUNT, Complained, complain, rate
from kb.actions.case_follow import follow
from kb.actions.case_terms import merge
from kb.actions.cases import Answer, NotOpened, Opened, Who, case_for
from kb.mail import Letters
from kb.rules.cases import GUARANTEE, Actor, CaseState
from kb.rules.organisations import MemberRole
from kb.rules.policy import Policy
from kb.store import Database, cases, organisations
from tests.actions.case_stories import Story, after, another, story
from tests.actions.people import NOW, customer

LONG_AFTER = NOW + GUARANTEE + timedelta(days=3)


@pytest.fixture
def case(db: Database, full_policy: Policy, letters: Letters) -> Story:
    return story(db, full_policy, letters)


@pytest.fixture
def solved(case: Story) -> Story:
    case.moves(case.irene, CaseState.RESOLVED, 10)
    return case


def test_a_solved_case_is_rated_and_says_what_solved_it(solved: Story) -> None:
    said = rate(
        solved.db,
        solved.ana,
        solved.number,
        after(20),
        stars=4,
        words=" Rápido ",
        solved_by="article:1042",
    )
    case = solved.view.case
    assert said is Answer.DONE
    assert (case.rating, case.rating_words, case.solved_by) == (4, "Rápido", "article:1042")
    assert case.rated_at == after(20)
    assert solved.events[-2:] == [("solved_by", "", "article:1042"), ("rating", "", "4")]


def test_rated_again_the_last_counts_and_the_same_twice_is_once(solved: Story) -> None:
    for stars, answer in ((5, Answer.DONE), (5, Answer.AGAIN), (1, Answer.DONE)):
        assert rate(solved.db, solved.ana, solved.number, after(20), stars=stars) is answer
    assert solved.view.case.rating == 1
    assert [one for one in solved.events if one[0] == "rating"] == [
        ("rating", "", "5"),
        ("rating", "5", "1"),
    ]


def test_what_is_no_rating(case: Story) -> None:
    def rated(who: Who, **said: object) -> Answer:
        return rate(case.db, who, case.number, after(20), **said)  # type: ignore[arg-type]

    assert rated(case.ana, stars=3) is Answer.NOT_ALLOWED, "it is not resolved"
    case.moves(case.irene, CaseState.RESOLVED, 10)
    assert rated(case.ana) is Answer.EMPTY
    for stars in (0, 6):
        assert rated(case.ana, stars=stars) is Answer.NOT_ALLOWED
    assert rated(case.irene, stars=5) is Answer.NOT_ALLOWED, "agents do not rate themselves"
    luis = Who(Actor.CUSTOMER, customer(case.db, "luis@example.com"))
    assert rated(luis, stars=1) is Answer.NOT_FOUND
    assert case.view.case.rating is None


def complains(case: Story, who: Who | None = None, **changes: str) -> Complained | Answer:
    said = {
        "text": "Nadie contesta.",
        "mailbox": "calidad@example.com",
        "mailbox_lang": "es",
        "lang": "en",
        "submission_id": "c1",
        **changes,
    }
    text = said.pop("text")
    return complain(case.db, case.letters, who or case.ana, case.number, text, now=after(5), **said)


def test_r70_a_complaint_quotes_the_case_and_goes_to_the_named_mailbox(case: Story) -> None:
    assert complains(case) == Complained(f"{case.number}-1")
    assert complains(case, submission_id="c2") == Complained(f"{case.number}-2")
    told, receipt = case.mails("complaint")[0], case.mails("complaint-received")[0]
    assert told.recipient == "calidad@example.com"
    assert f"Queja {case.number}-1 sobre el caso {case.number}" in told.subject
    assert "Nadie contesta." in told.text
    assert told.headers["Reply-To"] == "ana@example.com", "the executive answers by replying"
    assert receipt.recipient == "ana@example.com"
    assert f"Your complaint {case.number}-1" in receipt.subject
    assert ("complaint", "", f"{case.number}-1") in case.events
    assert [one.text for one in case.view.complaints] == ["Nadie contesta."] * 2


@pytest.mark.parametrize("state", CaseState)
def test_r70_a_complaint_is_taken_in_every_state_of_a_case(case: Story, state: CaseState) -> None:
    with case.db.write() as conn:
        cases.change(conn, case.number, after(4), state=str(state))
    before = case.view.case
    assert complains(case) == Complained(f"{case.number}-1")
    assert len(case.mails("complaint")) == len(case.mails("complaint-received")) == 1
    assert case.view.case == before, "it is about the service, and moves nothing in the case"


@pytest.mark.parametrize("sees_cases", [True, False])
def test_r70_a_contact_complains_of_what_they_see_and_gets_the_receipt(
    case: Story, sees_cases: bool
) -> None:
    berta = customer(case.db, "berta@example.com", first_name="Berta")
    assert case.ana.user_id is not None
    with case.db.write() as conn:
        made = organisations.found(conn, "Prieto", case.ana.user_id, NOW)
        assert made
        organisations.join(conn, made, berta, MemberRole.CONTACT, sees_cases, NOW)
        cases.change(conn, case.number, NOW, organisation_id=made)
    answer = complains(case, Who(Actor.CUSTOMER, berta))
    if not sees_cases:
        assert answer is Answer.NOT_FOUND
        return
    assert answer == Complained(f"{case.number}-1")
    assert case.mails("complaint")[0].headers["Reply-To"] == "berta@example.com"
    assert case.mails("complaint-received")[0].recipient == "berta@example.com"


def test_a_complaint_sent_twice_counts_once(case: Story) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: complains(case), range(4)))
    assert {one.name for one in found if isinstance(one, Complained)} == {f"{case.number}-1"}
    assert len(case.mails("complaint")) == 1


def test_complaints_that_are_not_taken(case: Story) -> None:
    luis = Who(Actor.CUSTOMER, customer(case.db, "luis@example.com"))
    assert complains(case, luis) is Answer.NOT_FOUND
    assert complains(case, text=" ") is Answer.EMPTY
    assert complains(case, mailbox="") is Answer.NOT_ALLOWED
    assert complains(case, case.irene) is Answer.NOT_ALLOWED
    for index in range(COMPLAINTS_BY_ACCOUNT.tries):
        complains(case, submission_id=f"f{index}")
    assert complains(case, submission_id="one more") is Answer.NOT_ALLOWED


def goes_on(case: Story, form: str = "again") -> Opened | NotOpened:
    assert case.ana.user_id is not None
    return follow(
        case.db,
        case.policy,
        case.letters,
        case.ana.user_id,
        case.view.case,
        "Vuelve a pararse.",
        lang="es",
        submission_id=form,
        now=LONG_AFTER,
    )


def test_r66_after_the_guarantee_a_linked_case_is_opened(solved: Story) -> None:
    assert solved.says(solved.ana, 31 * 24 * 60) is Answer.CLOSED
    opened = goes_on(solved)
    assert isinstance(opened, Opened)
    new = replace(solved, number=opened.number).view
    old = solved.view.case
    assert (new.case.follows, new.case.title, new.case.details) == (
        solved.number,
        old.title,
        old.details,
    )
    assert new.case.asset_id == old.asset_id
    assert solved.events[-1] == ("followed", "", str(opened.number))
    assert solved.view.continued_by == (opened.number,)
    assert goes_on(solved) == Opened(opened.number, again=True), "the same form makes one"


def test_a_living_case_is_not_followed_but_linked_to_nothing(case: Story) -> None:
    opened = goes_on(case)
    assert isinstance(opened, Opened)
    assert replace(case, number=opened.number).view.case.follows is None


def test_r66_whoever_is_no_longer_entitled_is_refused(solved: Story) -> None:
    """The new case is decided anew: it is another case."""
    rules = tuple(rule for rule in solved.policy.rules if rule.grant is None)
    solved.policy = replace(solved.policy, rules=rules)
    assert isinstance(goes_on(solved), NotOpened)


def merges(case: Story, into: int, who: Who | None = None, minutes: float = 5) -> Answer:
    return merge(
        case.db, case.policy, case.letters, who or case.irene, case.number, into, after(minutes)
    )


def test_r45_a_merged_case_points_to_its_survivor(case: Story) -> None:
    asset = case.view.case.asset_id
    assert asset is not None
    survivor = another(case, asset)
    assert merges(case, survivor) is Answer.DONE
    assert merges(case, survivor) is Answer.AGAIN
    merged = case.view.case
    assert (merged.state, merged.merged_into) == (CaseState.CLOSED, survivor)
    assert ("merged", "", str(survivor)) in case.events
    kept = replace(case, number=survivor)
    assert kept.events == [("joined", "", str(case.number))]
    (mail,) = case.mails("case-merged")
    assert str(survivor) in mail.text
    assert all(met is not None for _, met in case.owed.values())


def test_words_to_a_merged_case_go_to_its_survivor(case: Story) -> None:
    asset = case.view.case.asset_id
    assert asset is not None
    survivor = replace(case, number=another(case, asset))
    merges(case, survivor.number)
    assert case.says(case.ana, 20, body="¿Alguna novedad?") is Answer.DONE
    assert survivor.view.messages[-1].body == "¿Alguna novedad?"


def test_cases_that_are_not_merged(case: Story) -> None:
    asset = case.view.case.asset_id
    assert asset is not None
    luis = customer(case.db, "luis@example.com")
    assert merges(case, case.number) is Answer.NOT_ALLOWED
    assert merges(case, 1) is Answer.NOT_FOUND
    other = replace(case, number=another(case, asset))
    assert merges(case, other.number, case.ana) is Answer.NOT_ALLOWED
    other.moves(case.irene, CaseState.RESOLVED, 3)
    assert merges(case, other.number) is Answer.NOT_ALLOWED, "the other is finished"
    assert case.view.case.is_alive
    assert case_for(case.db, luis, case.number) is None
