"""A chat of Ana's with agents at the desk, moved on by seconds: for tests of what becomes of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from kb.actions import chat_signs, chats
from kb.actions.case_steps import Answer, Who
from kb.actions.cases import Opened, case_for, open_case
from kb.actions.chat_view import ChatView, chat_view
from kb.actions.chats import Said
from kb.mail import Letters
from kb.rules.cases import Actor, MessageKind
from kb.rules.chat import ChatState
from kb.rules.contact import Wish
from kb.rules.policy import Policy
from kb.store import Database, outbox
from kb.store.conversation import Message
from kb.store.outbox import Mail
from tests.actions.people import NOW, agent, case_form, customer, own


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@dataclass
class Room:
    """One case whose requester would like to chat; every verb takes the seconds since it was
    opened."""

    db: Database
    policy: Policy
    letters: Letters
    ana: int
    irene: int
    number: int

    @property
    def parts(self) -> tuple[Database, Policy, Letters]:
        return self.db, self.policy, self.letters

    def takes(self, agent_id: int, seconds: float = 0, most: int = 2) -> None:
        chat_signs.takes_chats(self.db, agent_id, most, after(seconds))

    def begins(self, seconds: float = 0) -> Answer:
        return chats.begin(self.db, self.policy, self.ana, self.number, after(seconds))

    def is_taken(self, agent_id: int, seconds: float = 0) -> Answer:
        return chats.take(*self.parts, agent_id, self.number, after(seconds))

    def says(self, body: str, seconds: float = 0, form: str | None = None) -> Said:
        who = Who(Actor.CUSTOMER, self.ana)
        return chats.say(
            *self.parts, who, self.number, body, submission_id=form, now=after(seconds)
        )

    def answers(self, agent_id: int, body: str, seconds: float = 0) -> Said:
        who = Who(Actor.AGENT, agent_id)
        return chats.say(
            *self.parts, who, self.number, body, submission_id=None, now=after(seconds)
        )

    def leaves(self, seconds: float = 0, *, solved: bool = False) -> Answer:
        return chats.leave(*self.parts, self.ana, self.number, after(seconds), solved=solved)

    def is_tended(self, seconds: float) -> ChatState | None:
        chats.tend_all(*self.parts, after(seconds))
        return self.state

    def goes_on(self, seconds: float) -> None:
        """Both sides give a sign of life."""
        chat_signs.all_read(self.db, [self.number], [self.irene], after(seconds))

    @property
    def seen(self) -> ChatView | None:
        return chat_view(self.db, self.number, NOW)

    @property
    def state(self) -> ChatState | None:
        return self.seen.chat.state if self.seen else None

    @property
    def story(self) -> tuple[Message, ...]:
        found = case_for(self.db, self.ana, self.number)
        assert found
        return found.messages

    @property
    def said(self) -> list[str]:
        """Everything said since the form."""
        return [one.body for one in self.story if one.kind is MessageKind.REPLY][1:]

    @property
    def whys(self) -> list[str]:
        """What the story tells of the chat."""
        events = [one.event for one in self.story if one.event]
        return [event["why"] for event in events if event["what"] == "chat"]

    def mails(self, kind: str = "") -> list[Mail]:
        with self.db.read() as conn:
            found = [mail for mail in outbox.all_mail(conn) if kind in ("", mail.kind)]
        return [mail for mail in found if mail.kind != "case-opened"]


def room(db: Database, policy: Policy, letters: Letters, form: str = "one") -> Room:
    """Ana's case, opened by the form of the chat; Irene is an agent."""
    ana = customer(db)
    irene = agent(db)
    made = Room(db, policy, letters, ana, irene, 0)
    made.number = case_by_chat(made, own(db, policy, ana), form)
    return made


def case_by_chat(made: Room, asset: int, form: str) -> int:
    wish = Wish("technical", "full", asset=asset, topic="backup")
    opened = open_case(
        *made.parts,
        made.ana,
        wish,
        case_form(channel="chat", title=f"{form}: {form}"),
        submission_id=form,
        now=NOW,
    )
    assert isinstance(opened, Opened)
    return opened.number
