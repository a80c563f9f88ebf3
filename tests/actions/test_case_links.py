"""R45: cases that belong together, and a second problem that gets a case of its own."""

import pytest

from kb.actions.account_erase import delete_account
from kb.actions.case_links import link, linked_to, split
from kb.actions.cases import Answer, NotOpened, Opened, Who, open_case
from kb.mail import Letters
from kb.rules.cases import CaseState
from kb.rules.contact import Wish
from kb.rules.policy import Policy
from kb.store import Database, cases
from tests.actions.case_stories import Story, after, story
from tests.actions.people import case_form, customer


@pytest.fixture
def case(db: Database, full_policy: Policy, letters: Letters) -> Story:
    return story(db, full_policy, letters)


def opens(told: Story, user_id: int, form: str, **more: object) -> Opened | NotOpened:
    """Open one more case about the only product, for Ana or her organisation."""
    (mine,) = {one.asset_id for one in of(told)}
    wish = Wish(request="technical", topic="backup", edition="full", asset=mine)
    return open_case(
        told.db, told.policy, told.letters, user_id, wish, case_form(**more),
        submission_id=form, now=after(30),
    )  # fmt: skip


def of(told: Story) -> tuple[cases.Case, ...]:
    assert told.ana.user_id is not None
    with told.db.read() as conn:
        return cases.of_user(conn, told.ana.user_id)


@pytest.fixture
def other(case: Story) -> int:
    """The number of another case of Ana's."""
    assert case.ana.user_id is not None
    made = opens(case, case.ana.user_id, "second")
    assert isinstance(made, Opened)
    return made.number


def test_only_agents_link_and_never_a_case_to_itself(case: Story, other: int) -> None:
    def links(who: Who, one: int, to: int) -> Answer:
        return link(case.db, who, one, to, after(40))

    assert links(case.ana, case.number, other) is Answer.NOT_FOUND
    assert links(case.irene, case.number, case.number) is Answer.NOT_ALLOWED
    assert links(case.irene, case.number, 1) is Answer.NOT_FOUND
    assert linked_to(case.db, case.number) == ()
    assert links(case.irene, case.number, other) is Answer.DONE
    assert links(case.irene, other, case.number) is Answer.AGAIN
    assert [one.number for one in linked_to(case.db, case.number)] == [other]
    assert [one.number for one in linked_to(case.db, other)] == [case.number]
    assert case.events[-1] == ("linked", "", str(other))


def test_R45_who_may_split_what(case: Story) -> None:
    def splits(who: Who, title: str = "Tape", words: str = "It hangs", form: str = "a") -> object:
        return split(
            case.db, case.policy, case.letters, who, case.number,
            title=title, words=words, submission_id=form, now=after(40),
        )  # fmt: skip

    assert splits(case.ana) is Answer.NOT_FOUND
    assert splits(case.irene, title=" ") is Answer.EMPTY
    assert splits(case.irene, words=" ") is Answer.EMPTY
    twin = splits(case.irene)
    assert isinstance(twin, int)
    assert splits(case.irene) == twin, "the same form makes one case"
    assert splits(case.irene, form="b") not in (twin, case.number)
    assert len(of(case)) == 3
    case.moves(case.irene, CaseState.RESOLVED, 50)
    assert splits(case.irene, form="c") is Answer.NOT_ALLOWED


def test_R66_a_case_follows_a_finished_one_of_its_own_customer_alone(
    case: Story, other: int
) -> None:
    assert case.ana.user_id is not None

    def followed(form: str) -> int | None:
        assert case.ana.user_id is not None
        made = opens(case, case.ana.user_id, form, follows=case.number)
        assert isinstance(made, Opened)
        return next(one.follows for one in of(case) if one.number == made.number)

    assert followed("early") is None, "it is not finished"
    case.moves(case.irene, CaseState.RESOLVED, 40)
    assert followed("late") == case.number


def test_an_account_that_was_deleted_opens_nothing(case: Story) -> None:
    """It is found out under the lock: the request began while the account was there."""
    luis = customer(case.db, "luis@example.com")

    def asks(form: str) -> Opened | NotOpened:
        return open_case(
            case.db, case.policy, case.letters, luis, Wish(request="customer-service"),
            case_form(), submission_id=form, now=after(20),
        )  # fmt: skip

    assert isinstance(asks("before"), Opened)
    delete_account(case.db, case.policy, case.letters, luis, after(10))
    assert isinstance(asks("after"), NotOpened)
    with case.db.read() as conn:
        assert len(cases.of_user(conn, luis)) == 1


def test_somebody_elses_product_is_not_named_even_where_none_is_needed(case: Story) -> None:
    (anas,) = {one.asset_id for one in of(case)}
    luis = customer(case.db, "luis@example.com")
    for asset, kind in ((anas, NotOpened), (None, Opened)):
        made = open_case(
            case.db, case.policy, case.letters, luis,
            Wish(request="customer-service", asset=asset), case_form(),
            submission_id=f"form-{asset}", now=after(20),
        )  # fmt: skip
        assert isinstance(made, kind)
