"""What webhooks are told: every change of a case, with it or not at all, signed, without words."""

from datetime import timedelta
from pathlib import Path

import pytest

from kb.actions import webhooks as actions
from kb.actions.case_marks import tag
from kb.actions.case_steps import Who
from kb.actions.case_terms import merge, set_terms
from kb.actions.case_work import add_note, assign, reply, set_state
from kb.actions.cases import Opened, open_case
from kb.actions.housekeeping import tidy
from kb.mail import Letters
from kb.rules.cases import Actor, CaseState
from kb.rules.contact import Wish
from kb.rules.policy import Policy, Severity
from kb.rules.webhooks import UrlFlaw, is_signed
from kb.store import Database, assets, webhook_outbox, webhooks
from kb.store.file_store import FileStore
from tests.actions.people import NOW, SECRET, agent, case_form
from tests.actions.webhook_scene import ALL, URL, Listener, Scene


@pytest.fixture
def scene(db: Database, policy: Policy, letters: Letters, number: int) -> Scene:
    return Scene(db, policy, letters, Who(Actor.AGENT, agent(db)), number, Listener())


def test_every_change_of_a_case_is_told(scene: Scene, ana: int) -> None:
    scene.subscribe()
    db, policy, letters, me, number = (
        scene.db, scene.policy, scene.letters, scene.me, scene.number,
    )  # fmt: skip
    with db.read() as conn:
        asset = assets.of_user(conn, ana)[0].id
    wish = Wish("technical", "full", asset=asset, topic="backup")
    second = open_case(db, policy, letters, ana, wish, case_form(), submission_id="b", now=NOW)
    assert isinstance(second, Opened)
    reply(
        db, policy, letters, Who(Actor.CUSTOMER, ana), number, "Sigue igual.",
        submission_id="r", now=NOW,
    )  # fmt: skip
    add_note(db, me, number, "Ana called.", submission_id="n", now=NOW)
    assign(db, me, number, me.user_id, NOW)
    tag(db, me, number, "restore", NOW)
    set_terms(
        db, policy, me, number, severity=Severity.B, plan="premier", reason="smaller", now=NOW
    )
    set_state(db, policy, letters, me, number, CaseState.ON_HOLD, NOW)
    merge(db, policy, letters, me, second.number, number, NOW)
    while scene.tell():
        pass
    assert set(scene.told()) == set(ALL)


def test_an_event_says_which_case_and_what_without_words_or_names(scene: Scene) -> None:
    scene.subscribe()
    set_state(
        scene.db, scene.policy, scene.letters, scene.me, scene.number, CaseState.RESOLVED, NOW
    )
    assign(scene.db, scene.me, scene.number, scene.me.user_id, NOW)
    scene.reply("Una palabra muy personal")
    scene.tell()
    first = scene.listener.heard[0][1]
    assert first == {
        "id": first["id"],
        "type": "case.status",
        "at": NOW.isoformat(),
        "actor": "agent",
        "case": {
            "number": scene.number,
            "url": f"https://help.example.com/api/v1/cases/{scene.number}",
        },
        "data": {"before": "new", "after": "open"},
    }
    said = b"".join(body for _, _, _, body in scene.listener.heard).decode()
    for word in ("Ana", "Prieto", "Irene", "Otero", "personal", "copia", 'example.com"'):
        assert word not in said


def test_every_message_is_signed_with_the_secret_that_was_shown(scene: Scene) -> None:
    made = scene.subscribe()
    scene.reply()
    scene.tell()
    _, told, headers, body = scene.listener.heard[0]
    assert is_signed(made.secret, headers["Waypost-Signature"], body, NOW)
    assert headers["Waypost-Event-Id"] == told["id"]
    with scene.db.read() as conn:
        kept = str(webhooks.listed(conn))
    assert made.secret not in kept


def test_what_did_not_happen_is_not_told(scene: Scene) -> None:
    scene.subscribe()

    def told_and_broken() -> None:
        with scene.db.write() as conn:
            webhook_outbox.tell(conn, "case.opened", scene.number, "agent", {}, NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        told_and_broken()
    assert scene.tell() == 0


def test_only_what_was_asked_for_is_told_and_nothing_while_it_is_off(scene: Scene) -> None:
    scene.subscribe(events=["case.status"])
    off = scene.subscribe("https://off.example.com/")
    actions.switch(scene.db, 1, off.id, on=False, now=NOW)
    scene.reply()
    scene.tell()
    assert {(url, told["type"]) for url, told, _, _ in scene.listener.heard} == {
        (URL, "case.status")
    }


def test_a_ping_is_about_no_case(scene: Scene) -> None:
    made = scene.subscribe(events=["case.opened"])
    assert actions.try_out(scene.db, 1, made.id, NOW)
    scene.tell()
    assert scene.listener.heard[0][1]["case"] is None
    assert scene.told() == ["ping"]


def test_what_is_no_target_is_refused(scene: Scene) -> None:
    for url, events, expected in (
        ("https://10.0.0.1/", ALL, actions.NotMade(UrlFlaw.PRIVATE)),
        ("http://a.example/", ALL, actions.NotMade(UrlFlaw.SCHEME)),
        (URL, ["case.nothing"], actions.NotMade(None, no_events=True)),
    ):
        assert actions.subscribe(scene.db, SECRET, (), 1, url, events, NOW) == expected
    assert actions.listed(scene.db) == ()


def test_a_target_is_changed_stopped_and_dropped(scene: Scene) -> None:
    made = scene.subscribe()
    me = scene.me.user_id or 0
    assert (
        actions.change(scene.db, (), me, made.id, "https://b.example/", ["case.status"], NOW)
        is None
    )
    assert actions.change(scene.db, (), me, made.id, "x", ["case.status"], NOW) is not None
    scene.reply()
    actions.switch(scene.db, me, made.id, on=False, now=NOW)
    assert not actions.try_out(scene.db, me, made.id, NOW)
    assert scene.tell() == 0
    assert actions.remove(scene.db, me, made.id, NOW)
    assert not actions.remove(scene.db, me, made.id, NOW)
    assert not actions.switch(scene.db, me, made.id, on=True, now=NOW)
    assert actions.renew_secret(scene.db, SECRET, me, made.id, NOW) is None
    assert actions.view(scene.db, made.id, dead=False) is None


def test_old_events_are_tidied_away(scene: Scene, tmp_path: Path) -> None:
    made = scene.subscribe(events=["case.replied"])
    scene.reply()
    scene.tell()
    tidy(scene.db, FileStore(tmp_path), NOW + timedelta(days=29))
    assert len((actions.view(scene.db, made.id, dead=False) or (0, ()))[1]) == 1
    tidy(scene.db, FileStore(tmp_path), NOW + timedelta(days=31))
    assert (actions.view(scene.db, made.id, dead=False) or (0, 0))[1] == ()
