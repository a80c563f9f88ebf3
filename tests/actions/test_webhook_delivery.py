"""Events on their way: tried again, given up, sent again; targets that hang, fail or are gone."""

from datetime import timedelta
from threading import Barrier

import pytest

from kb.actions import webhooks as actions
from kb.actions.case_steps import Who
from kb.mail import Letters
from kb.rules.cases import Actor
from kb.rules.policy import Policy
from kb.rules.retries import MOST_TRIES
from kb.rules.webhooks import STOPS_AFTER
from kb.store import Database, audit, outbox, webhook_outbox, webhooks
from kb.store.outbox import MailState
from tests.actions.people import NOW, SECRET, agent
from tests.actions.webhook_scene import Listener, Scene


@pytest.fixture
def scene(db: Database, policy: Policy, letters: Letters, number: int) -> Scene:
    return Scene(db, policy, letters, Who(Actor.AGENT, agent(db)), number, Listener())


def test_a_failure_is_tried_again_ever_more_rarely_with_the_same_id_and_then_given_up(
    scene: Scene,
) -> None:
    made = scene.subscribe(events=["case.replied"])
    scene.listener = Listener(500, "it answers 500")
    scene.reply()
    for _ in range(MOST_TRIES):
        assert scene.tell() == 1
        assert scene.tell() == 0
        scene.now += timedelta(hours=4)
    assert scene.tell() == 0
    assert len({told["id"] for _, told, _, _ in scene.listener.heard}) == 1
    _, (dead,) = actions.view(scene.db, made.id, dead=True) or (None, ())
    assert (dead.state, dead.answer, dead.error) == (MailState.DEAD, 500, "it answers 500")
    assert [number for _, number in actions.listed(scene.db)] == [1]
    scene.listener = Listener()
    assert actions.send_again(scene.db, 1, made.id, dead.id, scene.now)
    assert not actions.send_again(scene.db, 1, made.id, dead.id, scene.now)
    scene.tell()
    assert scene.listener.heard[0][1]["id"] == dead.event_id


def test_a_target_that_fails_and_fails_is_switched_off_and_the_agents_are_told(
    scene: Scene,
) -> None:
    made = scene.subscribe(events=["case.replied"])
    scene.listener = Listener(0, "it cannot be reached: refused")
    for _ in range(STOPS_AFTER // MOST_TRIES + 1):
        scene.reply()
        for _ in range(MOST_TRIES):
            scene.tell()
            scene.now += timedelta(hours=4)
    target, deliveries = actions.view(scene.db, made.id, dead=False) or (None, ())
    assert target is not None
    assert not target.is_active
    assert target.stopped_at is not None
    assert {one.state for one in deliveries} == {MailState.DEAD}
    assert len(scene.listener.heard) == STOPS_AFTER
    with scene.db.read() as conn:
        events = audit.of_subject(conn, f"webhook:{made.id}")
    assert [one.what for one in events] == ["webhook.add", "webhook.stopped"]
    with scene.db.write() as conn:
        kinds = [
            (one.kind, one.recipient)
            for one in outbox.lease(conn, scene.now, lasts=timedelta(1), limit=999)
        ]
    assert ("webhook-stopped", "irene@example.com") in kinds


def test_who_says_gone_is_told_nothing_more(scene: Scene) -> None:
    made = scene.subscribe(events=["case.replied"])
    scene.listener = Listener(410, "it answers 410")
    scene.reply()
    scene.tell()
    found = actions.view(scene.db, made.id, dead=False)
    assert found is not None
    assert not found[0].is_active


def test_a_target_that_hangs_holds_up_no_other(scene: Scene) -> None:
    both = Barrier(2, timeout=60)
    scene.subscribe("https://slow.example.com/", ["case.replied"])
    scene.subscribe("https://quick.example.com/", ["case.replied"])
    # Each waits inside its post for the other: one after another they would wait for ever.
    scene.listener = Listener(waits=lambda url: both.wait() and None)
    scene.reply()
    assert scene.tell() == 2
    assert len(scene.listener.heard) == 2


def test_after_a_failure_the_rest_for_this_target_waits_too(scene: Scene) -> None:
    made = scene.subscribe(events=["case.replied"])
    scene.listener = Listener(500, "it answers 500")
    for _ in range(3):
        scene.reply()
    assert scene.tell() == 3
    assert len(scene.listener.heard) == 1
    found = actions.view(scene.db, made.id, dead=False)
    assert found is not None
    assert sorted(one.attempts for one in found[1]) == [0, 0, 1]
    scene.listener = Listener()
    scene.now += timedelta(minutes=1)
    scene.tell()
    assert len(scene.listener.heard) == 3


def test_a_worker_that_died_is_followed_by_another_with_the_same_id(scene: Scene) -> None:
    scene.subscribe(events=["case.replied"])
    scene.reply()
    with scene.db.write() as conn:
        taken = webhook_outbox.lease(conn, NOW, lasts=timedelta(minutes=5), limit=9, each=9)
    assert scene.tell() == 0
    scene.now += timedelta(minutes=5)
    assert scene.tell() == 1
    assert scene.listener.heard[0][1]["id"] == taken[0].event_id
    with scene.db.write() as conn:  # the dead one comes back: its lease is not its own any more
        assert not webhook_outbox.sent(conn, taken[0], 200, scene.now)


def test_with_another_secret_of_the_site_nothing_goes_out_unsigned(scene: Scene) -> None:
    made = scene.subscribe(events=["case.replied"])
    scene.reply()
    with scene.db.write() as conn:
        webhooks.change(conn, made.id, secret="sealed by another secret")
    scene.tell()
    assert scene.listener.heard == []
    found = actions.view(scene.db, made.id, dead=False)
    assert found is not None
    assert "draw a new one" in (found[1][0].error or "")
    assert actions.renew_secret(scene.db, SECRET, 1, made.id, NOW)
    scene.now += timedelta(minutes=1)
    scene.tell()
    assert scene.told() == ["case.replied"]
