"""R14, R28: of cases that owe an answer by the same time, or by none, that of the plan of higher
priority is answered first, on both databases."""

from dataclasses import replace

import pytest

from kb.actions.case_links import split
from kb.actions.case_promise import recompute_promises
from kb.actions.case_terms import set_terms
from kb.actions.cases import Answer, QueueFilter, queue_page
from kb.mail import Letters
from kb.rules.policy import Policy, Severity
from kb.store import Database
from kb.store.queue import Sort
from tests.actions.case_stories import Story, after, another, story


@pytest.fixture
def case(db: Database, policy: Policy, letters: Letters) -> Story:
    """One of two cases that the vendor promises nothing for; both came under Premier."""
    return story(db, policy, letters, severity="B")


@pytest.fixture
def later(case: Story) -> int:
    (mine,) = {one.asset_id for one in [case.view.case]}
    assert mine is not None
    return another(case, mine, severity="B")


def order(case: Story, sort: Sort = Sort.DUE) -> list[int]:
    return [row.number for row in queue_page(case.db, QueueFilter(sort=sort)).rows]


def gets(case: Story, plan: str | None, severity: Severity = Severity.B) -> Answer:
    """The agent gives the first case another plan."""
    return set_terms(
        case.db,
        case.policy,
        case.irene,
        case.number,
        severity=severity,
        plan=plan,
        reason="As bought",
        now=after(5),
    )


@pytest.mark.parametrize("sort", [Sort.DUE, Sort.SEVERITY])
@pytest.mark.parametrize("plan", ["standard", "pay-per-incident", None])
def test_the_older_case_of_a_lesser_plan_waits(
    case: Story, later: int, plan: str | None, sort: Sort
) -> None:
    assert order(case, sort) == [case.number, later]
    touched = case.view.case.updated_at
    assert gets(case, plan) is Answer.DONE
    assert order(case, sort) == [later, case.number]
    assert gets(case, "premier") is Answer.DONE
    assert order(case, sort) == [case.number, later]
    assert case.view.case.updated_at == after(5) != touched


def test_the_plan_comes_before_the_severity_and_what_is_owed_before_both(
    case: Story, later: int
) -> None:
    gets(replace(case, number=later), "premier", Severity.D)
    gets(case, "standard", Severity.C)
    assert order(case) == [later, case.number]
    assert order(case, Sort.SEVERITY) == [case.number, later]
    gets(case, "standard", Severity.A)
    assert order(case) == [case.number, later], "it owes an answer within a business day"


def test_another_priority_in_the_policy_changes_the_turns_of_living_cases(
    case: Story, later: int
) -> None:
    gets(case, "standard")
    plans = {**case.policy.plans}
    plans["standard"] = replace(plans["standard"], priority=9)
    before = case.view.case.updated_at
    assert recompute_promises(case.db, replace(case.policy, plans=plans), after(9)) == 2
    assert order(case) == [case.number, later]
    assert case.view.case.updated_at == before, "nobody touched it"


def test_a_plan_that_is_gone_leaves_the_turn_as_it_was(case: Story, later: int) -> None:
    gets(case, "standard")
    plans = {name: plan for name, plan in case.policy.plans.items() if name != "premier"}
    recompute_promises(case.db, replace(case.policy, plans=plans), after(9))
    assert order(case) == [later, case.number]


def test_a_second_problem_has_the_turn_of_its_case(case: Story, later: int) -> None:
    made = split(
        case.db,
        case.policy,
        case.letters,
        case.irene,
        later,
        title="The tape hangs",
        words="Too",
        submission_id="split",
        now=after(6),
    )
    gets(case, "standard")
    assert order(case) == [later, made, case.number]


@pytest.mark.parametrize("sort", [Sort.DUE, Sort.SEVERITY])
@pytest.mark.parametrize("wait", [True, False])
def test_what_waits_for_the_customer_stands_behind_what_waits_for_an_agent(
    case: Story, later: int, wait: bool, sort: Sort
) -> None:
    """Nothing is owed in either, as on a site that promises no times; severity alone would leave an
    answered case above one that nobody has read."""
    assert order(case, sort) == [case.number, later]
    case.says(case.irene, 5, wait=wait)
    assert order(case, sort) == [later, case.number]
    case.says(case.ana, 9)
    assert order(case, sort) == [case.number, later]
