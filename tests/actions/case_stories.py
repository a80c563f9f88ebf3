"""A case of Ana's with Irene as agent, moved on by minutes: for tests of what cases owe."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from kb.actions.case_views import CaseView
from kb.actions.cases import Answer, Opened, Who, case_for_agent, open_case, reply, set_state
from kb.mail import Letters
from kb.rules.cases import Actor, CaseState
from kb.rules.contact import Wish
from kb.rules.milestones import MilestoneKind
from kb.rules.policy import Policy
from kb.store import Database, outbox
from kb.store.outbox import Mail
from tests.actions.people import NOW, agent, case_form, customer, own


def after(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


@dataclass
class Story:
    """One case and the two who talk in it; every verb takes the minutes since it was opened."""

    db: Database
    policy: Policy
    letters: Letters
    ana: Who
    irene: Who
    number: int

    def says(self, who: Who, minutes: float, *, wait: bool = False, body: str = "Hola") -> Answer:
        return reply(
            self.db,
            self.policy,
            self.letters,
            who,
            self.number,
            body,
            submission_id=None,
            now=after(minutes),
            wait=wait,
        )

    def moves(self, who: Who, to: CaseState, minutes: float) -> Answer:
        return set_state(self.db, self.policy, self.letters, who, self.number, to, after(minutes))

    @property
    def view(self) -> CaseView:
        found = case_for_agent(self.db, self.number)
        assert found
        return found

    @property
    def events(self) -> list[tuple[str, str, str]]:
        """What, before, after; of every event but the opening."""
        return [
            (message.event["what"], message.event["before"], message.event["after"])
            for message in self.view.messages
            if message.event and message.event["what"] != "opened"
        ]

    @property
    def owed(self) -> dict[tuple[MilestoneKind, int], tuple[int | None, int | None]]:
        """By kind and start: due and met, in minutes since the opening."""

        def minutes(moment: datetime | None) -> int | None:
            return None if moment is None else round((moment - NOW).total_seconds() / 60)

        return {
            (one.kind, minutes(one.started_at) or 0): (minutes(one.due_at), minutes(one.met_at))
            for one in self.view.milestones
        }

    def mails(self, kind: str = "") -> list[Mail]:
        with self.db.read() as conn:
            return [mail for mail in outbox.all_mail(conn) if kind in ("", mail.kind)]


def story(
    db: Database, policy: Policy, letters: Letters, *, severity: str = "A", form: str = "one"
) -> Story:
    """Open a case under the premier plan (around the clock)."""
    ana = Who(Actor.CUSTOMER, customer(db))
    irene = Who(Actor.AGENT, agent(db))
    assert ana.user_id is not None
    asset = own(db, policy, ana.user_id, plan="premier")
    made = Story(db, policy, letters, ana, irene, 0)
    made.number = another(made, asset, severity=severity, form=form)
    return made


def another(made: Story, asset: int, *, severity: str = "A", form: str = "two") -> int:
    """Open one more case of the same person and product."""
    wish = Wish(request="technical", topic="backup", edition="full", asset=asset)
    assert made.ana.user_id is not None
    opened = open_case(
        made.db,
        made.policy,
        made.letters,
        made.ana.user_id,
        wish,
        case_form(severity=severity),
        submission_id=form,
        now=NOW,
    )
    assert isinstance(opened, Opened)
    return opened.number
