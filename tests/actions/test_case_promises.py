"""R13, R14, R33–R36: what a case owes follows from what happens in it, on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from kb.actions.case_promise import recompute_promises
from kb.actions.case_terms import set_terms
from kb.actions.cases import Answer, case_for
from kb.mail import Letters
from kb.rules.cases import CaseState
from kb.rules.milestones import MilestoneKind
from kb.rules.policy import Policy, Severity
from kb.store import Database
from tests.actions.case_stories import Story, after, story

FIRST, NEXT, RESOLUTION = MilestoneKind


@pytest.fixture
def case(db: Database, full_policy: Policy, letters: Letters) -> Story:
    return story(db, full_policy, letters)


def test_a_new_case_owes_a_response_and_a_resolution(case: Story) -> None:
    assert case.owed == {(FIRST, 0): (60, None), (RESOLUTION, 0): (480, None)}


def test_the_acknowledgement_is_no_response(case: Story) -> None:
    assert [mail.kind for mail in case.mails()] == ["case-opened"]
    assert case.owed[FIRST, 0] == (60, None)


def test_an_answer_keeps_the_first_and_the_customers_words_owe_the_next(case: Story) -> None:
    case.says(case.irene, 10)
    case.says(case.ana, 30)
    case.says(case.ana, 40)
    assert case.owed == {
        (FIRST, 0): (60, 10),
        (NEXT, 30): (150, None),
        (RESOLUTION, 0): (480, None),
    }
    case.says(case.irene, 200)
    assert case.owed[NEXT, 30] == (150, 200), "late, and told so"


def test_the_resolution_waits_with_the_customer(case: Story) -> None:
    case.says(case.irene, 10, wait=True)
    paused = next(one for one in case.view.milestones if one.kind is RESOLUTION)
    assert (paused.due_at, paused.left_seconds) == (None, 470 * 60)
    case.says(case.ana, 100)
    assert case.owed[RESOLUTION, 0] == (570, None)


def test_resolving_ends_and_reopening_owes_anew(case: Story) -> None:
    case.says(case.irene, 10)
    case.moves(case.irene, CaseState.RESOLVED, 20)
    assert case.owed == {(FIRST, 0): (60, 10), (RESOLUTION, 0): (480, 20)}
    case.says(case.ana, 1000)
    assert case.owed[NEXT, 1000] == (1120, None)
    assert case.owed[RESOLUTION, 1000] == (1480, None)


def test_a_withdrawn_case_owes_nothing(case: Story) -> None:
    assert case.moves(case.ana, CaseState.RESOLVED, 5) is Answer.DONE
    assert all(met is not None for _, met in case.owed.values())


def change(case: Story, severity: Severity, minutes: float, **terms: str | None) -> Answer:
    return set_terms(
        case.db,
        case.policy,
        case.irene,
        case.number,
        severity=severity,
        plan=terms.get("plan", "premier"),
        reason=terms.get("reason", "La copia no corre peligro") or "",
        now=after(minutes),
    )


def test_another_severity_is_counted_from_the_start_and_keeps_the_pauses(case: Story) -> None:
    case.says(case.irene, 10, wait=True)
    case.says(case.ana, 70)
    assert change(case, Severity.B, 80) is Answer.DONE
    assert case.owed == {
        (FIRST, 0): (60, 10),  # kept under A, stays as it was promised
        (NEXT, 70): (310, None),
        (RESOLUTION, 0): (960 + 60, None),
    }
    assert change(case, Severity.C, 90) is Answer.DONE
    assert case.owed == {(FIRST, 0): (60, 10)}, "no time is promised"
    assert change(case, Severity.A, 95) is Answer.DONE
    assert case.owed[RESOLUTION, 0] == (480 + 60, None)


def test_a_change_of_terms_is_an_event_with_its_reason_the_customer_reads(case: Story) -> None:
    change(case, Severity.B, 5, plan="standard")
    assert case.events == [("severity", "A", "B"), ("plan", "premier", "standard")]
    assert case.ana.user_id is not None
    seen = case_for(case.db, case.ana.user_id, case.number)
    assert seen
    told = [one.event for one in seen.messages if one.event and one.event["what"] == "severity"]
    assert told[0]["reason"] == "La copia no corre peligro"
    assert seen.case.plan == "standard"


def test_another_plan_brings_its_calendar(case: Story) -> None:
    """R13: severity A of the standard plan, 12 hours in which New York is at work."""
    change(case, Severity.A, 5, plan="standard")
    (only,) = case.view.milestones
    assert (only.kind, only.calendar) == (FIRST, "weekdays-12x5")
    assert only.due_at == datetime(2026, 11, 24, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("severity", "terms", "answer"),
    [
        (Severity.A, {}, Answer.AGAIN),
        (Severity.B, {"reason": "  "}, Answer.EMPTY),
        (Severity.B, {"plan": "gold"}, Answer.NOT_ALLOWED),
    ],
)
def test_terms_that_change_nothing(
    case: Story, severity: Severity, terms: dict[str, str], answer: Answer
) -> None:
    assert change(case, severity, 5, **terms) is answer
    assert case.events == []


def test_only_agents_change_terms_and_only_of_living_cases(case: Story) -> None:
    by_ana = replace(case, irene=case.ana)
    assert change(by_ana, Severity.B, 5) is Answer.NOT_ALLOWED
    case.moves(case.irene, CaseState.RESOLVED, 6)
    assert change(case, Severity.B, 7) is Answer.NOT_ALLOWED
    assert change(replace(case, number=1), Severity.B, 7) is Answer.NOT_FOUND


def test_another_calendar_moves_what_is_owed_and_not_what_was_kept(case: Story) -> None:
    case.says(case.irene, 10)
    always = case.policy.calendars["always"]
    free = replace(always, holidays=frozenset({date(2026, 11, 23)}))  # today, in New York
    case.policy = replace(case.policy, calendars={**case.policy.calendars, "always": free})
    assert recompute_promises(case.db, case.policy, after(20)) == 1
    assert case.owed[FIRST, 0] == (60, 10)
    midnight = 14 * 60
    assert case.owed[RESOLUTION, 0] == (midnight + 480, None)


def test_a_promise_whose_plan_is_gone_stands_until_it_is_kept(case: Story) -> None:
    plans = {name: plan for name, plan in case.policy.plans.items() if name != "premier"}
    case.policy = replace(case.policy, plans=plans)
    recompute_promises(case.db, case.policy, after(5))
    assert case.owed == {(FIRST, 0): (60, None), (RESOLUTION, 0): (480, None)}
    case.says(case.irene, 10)
    assert case.owed == {(FIRST, 0): (60, 10), (RESOLUTION, 0): (480, None)}


def test_without_targets_nothing_is_stored(db: Database, policy: Policy, letters: Letters) -> None:
    """R34: the vendor's own plans promise nothing for B."""
    case = story(db, policy, letters, severity="B")
    case.says(case.irene, 10)
    case.says(case.ana, 20)
    assert case.owed == {}
