"""The life of a case as a machine of states: whatever people do, no case is stuck."""

from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kb.rules.cases import (
    GUARANTEE,
    Actor,
    CaseState,
    after_reply,
    choices,
    may_move,
    may_reply,
    path,
)
from kb.rules.milestones import Happening, Moment, Promise, promises
from tests.rules.policies import ALWAYS
from tests.rules.test_milestones import TARGETS

NEW, OPEN, PENDING, HOLD, SALES, RESOLVED, CLOSED = CaseState

CUSTOMER, AGENT, SYSTEM = Actor

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)

states = st.sampled_from(CaseState)

actors = st.sampled_from(Actor)


class Life(RuleBasedStateMachine):
    """A case as two people, time and the system move it on, with what it owes meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.state, self.now = NEW, NOW
        self.resolved_at: datetime | None = None
        self.moments: list[Moment] = []
        self.closed = False

    def tell(self, what: Happening) -> None:
        self.moments.append(Moment(self.now, what))

    def go(self, steps: tuple[CaseState, ...], actor: Actor) -> None:
        for step in steps:
            assert may_move(self.state, step, actor)
            before, self.state = self.state, step
            if step in (RESOLVED, CLOSED):
                self.tell(Happening.ENDED)
                self.resolved_at = self.resolved_at or self.now
            elif before is RESOLVED:
                self.tell(Happening.REOPENED)
                self.resolved_at = None
            elif step is PENDING:
                self.tell(Happening.PAUSED)
            elif before is PENDING:
                self.tell(Happening.RESUMED)

    @rule(minutes=st.integers(1, 20_000))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(actor=st.sampled_from([CUSTOMER, AGENT]), wait=st.booleans(), resolve=st.booleans())
    def somebody_writes(self, actor: Actor, wait: bool, resolve: bool) -> None:
        before = self.state
        if not may_reply(self.state, actor, self.resolved_at, self.now):
            assert self.state in (RESOLVED, CLOSED)
            return
        self.tell(Happening.CUSTOMER_SPOKE if actor is CUSTOMER else Happening.AGENT_SPOKE)
        self.go(after_reply(self.state, actor, wait=wait, resolve=resolve), actor)
        if actor is CUSTOMER:
            assert self.state not in (PENDING, RESOLVED), "words of a customer wake a case"
        elif before not in (RESOLVED,):
            assert self.state is not NEW

    @rule(actor=actors, to=states)
    def somebody_moves_it(self, actor: Actor, to: CaseState) -> None:
        if may_reply(self.state, actor, self.resolved_at, self.now):
            self.go(path(self.state, to, actor) or (), actor)

    @precondition(lambda self: self.state is RESOLVED)
    @rule()
    def the_guarantee_ends(self) -> None:
        assert self.resolved_at is not None
        self.now = max(self.now, self.resolved_at + GUARANTEE + timedelta(seconds=1))
        assert not may_reply(self.state, CUSTOMER, self.resolved_at, self.now)
        self.go((CLOSED,), SYSTEM)

    @invariant()
    def closed_is_the_end(self) -> None:
        assert not self.closed or self.state is CLOSED
        self.closed = self.state is CLOSED

    @invariant()
    def what_is_owed_fits_the_state(self) -> None:
        found = promises(NOW, self.moments, TARGETS, ALWAYS)
        owed = [one for one in found if one.met_at is None]
        if self.state in (RESOLVED, CLOSED):
            kinds = {one.kind.value for one in owed}
            assert kinds <= {"next_response"}, "a finished case owes nothing but an answer"
            return
        resolutions = [one for one in owed if one.kind == "resolution"]
        assert len(resolutions) == 1
        assert self.state is not PENDING or self.waits(resolutions[0])
        assert sum(one.kind != "resolution" for one in owed) <= 1, "one answer at a time"

    def waits(self, promise: Promise) -> bool:
        """Paused, or late before the customer was awaited."""
        return promise.due_at is None or promise.due_at <= self.now

    @invariant()
    def somebody_can_go_on(self) -> None:
        """No state but the last is a dead end for both of them."""
        assert self.state is CLOSED or choices(self.state, AGENT)


TestLife = Life.TestCase

TestLife.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
