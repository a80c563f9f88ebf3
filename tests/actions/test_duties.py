"""What the worker does by itself with a compiled site: promises follow the policy (R13, R14)."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kb.actions.duties import EVERY, Duties
from kb.mail import Letters
from kb.rules.milestones import MilestoneKind
from kb.rules.policy import Policy, Severity, Target
from kb.settings import Settings
from kb.store import Database
from kb.store.file_store import FileStore
from tests.actions.case_stories import Story, after, story

FIRST = MilestoneKind.FIRST_RESPONSE


@pytest.fixture
def easier(policy: Policy) -> Policy:
    """The vendor's policy as it was before: premier cases had three hours."""
    plan = policy.plans["premier"]
    targets = {Severity.A: Target(timedelta(hours=3), plan.targets[Severity.A].text)}
    return replace(policy, plans={**policy.plans, "premier": replace(plan, targets=targets)})


@pytest.fixture
def case(db: Database, easier: Policy, letters: Letters) -> Story:
    return story(db, easier, letters)


@pytest.fixture
def duties(db: Database, vendor_settings: Settings, tmp_path: Path) -> Duties:
    return Duties(db, vendor_settings, FileStore(tmp_path / "files"))


def test_a_policy_with_another_target_moves_what_is_owed(case: Story, duties: Duties) -> None:
    assert case.owed == {(FIRST, 0): (180, None)}
    duties.run(after(10))
    assert case.owed == {(FIRST, 0): (60, None)}
    assert case.view.case.owed_at == after(60)


def test_what_the_new_policy_makes_late_is_told_at_once(case: Story, duties: Duties) -> None:
    duties.run(after(90))
    (mail,) = case.mails("case-target")
    assert "Fuera de plazo" in mail.subject
    assert ("target", "", "breached") in case.events


def test_what_was_kept_under_the_old_policy_stays_kept(case: Story, duties: Duties) -> None:
    case.says(case.irene, 30)
    duties.run(after(40))
    assert case.owed[FIRST, 0] == (180, 30)


def test_promises_are_computed_once_for_each_policy(case: Story, duties: Duties) -> None:
    duties.run(after(10))
    case.says(case.ana, 11)  # by an action that still has the old policy
    assert case.owed[FIRST, 0] == (180, None)
    duties.run(after(10) + EVERY)
    assert case.owed[FIRST, 0] == (180, None), "no work while the policy is the same"
