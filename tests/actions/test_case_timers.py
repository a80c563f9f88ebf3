"""Timers: agents are told once of what is near or late; resolved cases close (R14, R66)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from kb.actions.case_terms import set_terms
from kb.actions.case_timers import close_resolved, escalate_due
from kb.actions.cases import Answer, assign, case_for
from kb.mail import Letters
from kb.rules.cases import GUARANTEE, CaseState
from kb.rules.policy import Policy, Severity
from kb.store import Database, cases
from tests.actions.case_stories import Story, after, story
from tests.actions.people import NOW, agent

DAY = 24 * 60


@pytest.fixture
def case(db: Database, full_policy: Policy, letters: Letters) -> Story:
    return story(db, full_policy, letters)


def tick(case: Story, minutes: float) -> int:
    return escalate_due(case.db, case.letters, after(minutes))


def targets(case: Story) -> list[str]:
    return [event[2] for event in case.events if event[0] == "target"]


def test_near_and_late_are_told_once_each(case: Story) -> None:
    assert tick(case, 29) == 0
    assert tick(case, 30) == 1
    assert tick(case, 31) == 0
    assert tick(case, 61) == 1
    assert tick(case, 62) == 0
    assert targets(case) == ["near", "breached"]
    assert [mail.recipient for mail in case.mails("case-target")] == ["irene@example.com"] * 2


def test_one_that_is_late_at_once_is_told_once(case: Story) -> None:
    assert tick(case, 90) == 1
    assert targets(case) == ["breached"]


def test_several_workers_tell_once(case: Story) -> None:
    with ThreadPoolExecutor(6) as pool:
        told = sum(pool.map(lambda _: tick(case, 61), range(6)))
    assert told == 1
    assert len(case.mails("case-target")) == 1


def test_whoever_has_the_case_is_told_and_everybody_while_nobody_has(case: Story) -> None:
    agent(case.db, "tomas@example.com")
    tick(case, 30)
    assert {mail.recipient for mail in case.mails("case-target")} == {
        "irene@example.com",
        "tomas@example.com",
    }
    assign(case.db, case.irene, case.number, case.irene.user_id, after(40))
    tick(case, 61)
    assert case.mails("case-target")[-1].recipient == "irene@example.com"
    assert len(case.mails("case-target")) == 3


def test_what_was_answered_or_waits_is_not_told(case: Story) -> None:
    case.says(case.irene, 10, wait=True)
    assert tick(case, 10_000) == 0


def test_a_moved_time_is_told_anew(case: Story) -> None:
    tick(case, 30)
    set_terms(
        case.db,
        case.policy,
        case.irene,
        case.number,
        severity=Severity.B,
        plan="premier",
        reason="menos grave",
        now=after(35),
    )
    assert tick(case, 40) == 0
    assert tick(case, 95) == 1


def test_customers_do_not_read_of_targets(case: Story) -> None:
    tick(case, 61)
    assert case.ana.user_id is not None
    seen = case_for(case.db, case.ana.user_id, case.number)
    assert seen
    assert "target" not in {(one.event or {}).get("what") for one in seen.messages}


def test_the_notice_leads_to_the_desk_and_can_be_answered(case: Story) -> None:
    """Whether an answer is believed to be the agent's: tests/actions/test_mail_agents.py."""
    tick(case, 61)
    (mail,) = case.mails("case-target")
    assert f"/es/desk/cases/{case.number}" in mail.text
    assert "Fuera de plazo" in mail.subject
    assert f"{case.number}" in mail.headers["Reply-To"]


def test_resolved_cases_close_after_the_guarantee(case: Story) -> None:
    case.moves(case.irene, CaseState.RESOLVED, 0)
    assert close_resolved(case.db, NOW + GUARANTEE) == 0
    assert close_resolved(case.db, NOW + GUARANTEE + (after(1) - NOW)) == 1
    assert case.view.case.state is CaseState.CLOSED
    last = case.view.messages[-1]
    assert (last.actor, last.author_name) == ("system", "")
    assert close_resolved(case.db, NOW + 2 * GUARANTEE) == 0
    assert case.says(case.ana, 31 * DAY) is Answer.CLOSED


def test_the_worker_does_it(case: Story, tmp_path: Path) -> None:
    """A site that is not compiled promises nothing, but its cases still close."""
    from kb.actions.duties import Duties
    from kb.settings import read_settings
    from kb.store.file_store import FileStore

    (tmp_path / "site.yaml").write_text("name: x\n")
    settings = read_settings({"KB_VAR": str(tmp_path / "var")}, tmp_path)
    case.moves(case.irene, CaseState.RESOLVED, 0)
    duties = Duties(case.db, replace(settings, clamd=None), FileStore(tmp_path / "files"))
    duties.run(NOW + 2 * GUARANTEE)
    with case.db.read() as conn:
        found = cases.by_number(conn, case.number)
    assert found
    assert found.state is CaseState.CLOSED
