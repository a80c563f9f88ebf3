"""Event streams that hold no thread: handed over, told, cut off, capped; nothing lost (R40)."""

import socket
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.pages.streams import BEAT, HANDS_OVER, LASTS, SLOW, HandedOver, Hub, NoPlace, event_id

ENDS = b"0\r\n\r\n"


@dataclass
class World:
    """What the hub looks at, and the time."""

    told: str = "a"
    at: float = 1000.0
    seen: list[set[str]] = field(default_factory=list)

    def look(self, watchers: Iterable[str]) -> Mapping[str, str]:
        return {one: f"{one}:{self.told}" for one in watchers}

    def note(self, watchers: Iterable[str]) -> None:
        self.seen.append(set(watchers))


class StillHub(Hub[str]):
    """A hub that turns when the test says so."""

    def _run(self) -> None:
        """Its thread ends at once."""


@dataclass
class Browser:
    """The other end of a stream."""

    sock: socket.socket
    got: bytes = b""

    def hears(self) -> bytes:
        """What has come since it was asked last."""
        self.sock.setblocking(False)
        new = b""
        try:
            while chunk := self.sock.recv(65536):
                new += chunk
        except OSError:
            pass
        self.got += new
        return new


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def hub(world: World) -> StillHub:
    return StillHub(world.look, world.note, clock=lambda: world.at)


def opens(
    hub: StillHub, who: str = "ana", person: int = 1, last: str = "", protocol: str = "HTTP/1.1"
) -> tuple[bytes, Browser]:
    """Ask for a stream as the server does: its beginning is written by the server, the rest not."""
    ours, theirs = socket.socketpair()
    environ = {HANDS_OVER: True, "gunicorn.socket": ours, "SERVER_PROTOCOL": protocol}
    try:
        body = iter(hub.answer(environ, who, person, last).response)
    except NoPlace:
        ours.close()
        theirs.close()
        raise
    begun = next(body)
    assert isinstance(begun, bytes)
    with pytest.raises(HandedOver):
        next(body)
    ours.close()  # the server lets go of its own end
    return begun, Browser(theirs)


def shuts(hub: Hub[str], *browsers: Browser) -> None:
    """Close everything that a test has opened."""
    hub.close()
    for browser in browsers:
        browser.sock.close()


def test_a_change_is_told_once_and_only_to_whom_it_concerns(hub: StillHub, world: World) -> None:
    begun, browser = opens(hub)
    assert b"data: ana:a" in begun
    hub.turn()
    assert browser.hears() == b""
    world.told = "b"
    hub.turn()
    hub.turn()
    said = browser.hears()
    assert said.count(b"data: ana:b") == 1
    assert said.startswith(b"%x\r\n" % len(said.split(b"\r\n")[1])), "one chunk, with its length"
    shuts(hub, browser)


def test_what_is_known_by_its_id_is_not_told_again(hub: StillHub, world: World) -> None:
    begun, browser = opens(hub, last=event_id("ana:a"))
    assert b"data:" not in begun
    world.told = "b"
    hub.turn()
    assert b"data: ana:b" in browser.hears()
    shuts(hub, browser)


def test_a_stream_ends_by_itself_and_the_next_goes_on(hub: StillHub, world: World) -> None:
    _, browser = opens(hub)
    world.at += LASTS
    world.told = "b"
    hub.turn()
    said = browser.hears()
    assert said.endswith(ENDS)
    assert b"data: ana:b" in said
    assert len(hub) == 0
    shuts(hub, browser)


def test_without_chunks_the_end_is_the_connections(hub: StillHub, world: World) -> None:
    _, browser = opens(hub, protocol="HTTP/1.0")
    world.told = "b"
    hub.turn()
    assert browser.hears().startswith(b"id: ")
    shuts(hub, browser)


def test_signs_of_life_go_both_ways(hub: StillHub, world: World) -> None:
    _, browser = opens(hub)
    hub.turn()
    assert world.seen == [{"ana"}]
    world.at += BEAT
    hub.turn()
    assert b": here" in browser.hears()
    assert len(world.seen) == 2
    shuts(hub, browser)


def test_who_goes_away_is_noticed_at_once(hub: StillHub) -> None:
    _, browser = opens(hub)
    assert len(hub) == 1
    browser.sock.close()
    hub._hear(0)
    hub._hear(0)
    assert len(hub) == 0
    shuts(hub)


def test_who_does_not_read_is_cut_off(hub: StillHub, world: World) -> None:
    _, browser = opens(hub)
    for count in range(200):
        world.told = f"{count}" * (SLOW // 4)
        hub.turn()
    assert len(hub) == 0
    shuts(hub, browser)


@pytest.mark.parametrize(("most", "of_one", "status"), [(1, 9, 503), (9, 1, 429)])
def test_full_streams_send_to_polling(world: World, most: int, of_one: int, status: int) -> None:
    hub = StillHub(world.look, world.note, most=most, most_of_one=of_one)
    _, browser = opens(hub)
    with pytest.raises(NoPlace) as full:
        opens(hub)
    assert full.value.status == status
    shuts(hub, browser)


def test_a_server_that_cannot_hand_over_has_no_streams(hub: StillHub) -> None:
    with pytest.raises(NoPlace):
        hub.answer({}, "ana", 1, "")
    shuts(hub)


def test_the_thread_tells_when_it_is_poked(world: World) -> None:
    hub = Hub[str](world.look, world.note)
    ours, theirs = socket.socketpair()
    environ = {HANDS_OVER: True, "gunicorn.socket": ours, "SERVER_PROTOCOL": "HTTP/1.1"}
    body = iter(hub.answer(environ, "ana", 1, "").response)
    next(body)
    with pytest.raises(HandedOver):
        next(body)
    ours.close()
    world.told = "b"
    hub.poke()
    theirs.settimeout(60)
    assert b"data: ana:b" in theirs.recv(4096)
    assert any(thread.name == "streams" for thread in threading.enumerate())
    theirs.close()
    hub.close()
    assert not any(thread.name == "streams" for thread in threading.enumerate())


MOVES = st.lists(st.sampled_from(["said", "turn", "drop", "lose", "repeat"]), max_size=40)


@given(MOVES)
@settings(max_examples=60, deadline=None)
def test_a_connection_that_drops_anywhere_loses_and_doubles_nothing(moves: list[str]) -> None:
    """Whatever is lost, repeated or comes late: in the end the page has each message once, in
    order. The page asks for what comes after the last message it has, as `chat.js` does."""
    messages: list[int] = []
    shown: list[int] = []

    def look(watchers: Iterable[str]) -> Mapping[str, str]:
        return {one: str(len(messages)) for one in watchers}

    def page_hears(data: bytes) -> None:
        for line in data.splitlines():
            if line.startswith(b"data: ") and int(line[6:]) > len(shown):
                shown.extend(messages[len(shown) :])

    hub = StillHub(look, lambda _: None, clock=lambda: 0.0)
    begun, browser = opens(hub)
    page_hears(begun)
    known = event_id(begun.split(b"data: ")[1].split(b"\n")[0].decode())
    for move in [*moves, "drop", "turn"]:
        if move == "said":
            messages.append(len(messages))
        elif move == "turn":
            hub.turn()
            page_hears(browser.hears())
        elif move == "repeat":
            page_hears(browser.got)
        else:
            if move == "lose":  # an event was on its way
                hub.turn()
            browser.sock.close()
            hub._hear(0)
            begun, browser = opens(hub, last=known if move == "lose" else "")
            page_hears(begun)
    assert shown == messages
    shuts(hub, browser)
