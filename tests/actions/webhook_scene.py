"""A site with an agent, a case, and somebody who listens to its webhooks."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kb.actions import webhooks as actions
from kb.actions.case_steps import Who
from kb.actions.case_work import reply
from kb.actions.webhook_delivery import Caller, tell_webhooks
from kb.actions.webhooks import Made
from kb.mail import Letters
from kb.outside.webhooks import Reply, Target
from kb.rules.policy import Policy
from kb.rules.webhooks import WebhookEvent
from kb.store import Database
from tests.actions.people import NOW, SECRET

URL = "https://hooks.example.com/in"
ALL = [str(one) for one in WebhookEvent]


@dataclass
class Listener(Target):
    """A target that keeps what it hears and answers what it is told to; no network."""

    status: int = 204
    trouble: str = ""
    heard: list[tuple[str, dict[str, Any], dict[str, str], bytes]] = field(default_factory=list)
    waits: Callable[[str], None] = lambda url: None

    def post(self, url: str, body: bytes, headers: Any) -> Reply:
        self.waits(url)
        self.heard.append((url, json.loads(body), dict(headers), body))
        return Reply(self.status, self.trouble)


@dataclass
class Scene:
    """A site with an agent, Ana's case, and somebody who listens."""

    db: Database
    policy: Policy
    letters: Letters
    me: Who
    number: int
    listener: Listener
    now: datetime = NOW

    def subscribe(self, url: str = URL, events: list[str] | None = None) -> Made:
        made = actions.subscribe(
            self.db, SECRET, (), self.me.user_id or 0, url, events or ALL, self.now
        )
        assert isinstance(made, Made)
        return made

    def tell(self) -> int:
        caller = Caller(
            db=self.db,
            target=self.listener,
            secret=SECRET,
            base_url="https://help.example.com",
            letters=lambda: self.letters,
            clock=lambda: self.now,
        )
        return tell_webhooks(caller)

    def reply(self, body: str = "Pruebe esto.") -> None:
        reply(
            self.db, self.policy, self.letters, self.me, self.number, body,
            submission_id=None, now=self.now,
        )  # fmt: skip

    def told(self) -> list[str]:
        return [told["type"] for _, told, _, _ in self.listener.heard]
