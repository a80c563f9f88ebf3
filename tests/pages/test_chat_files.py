"""R40 and R43: files said in the chat itself, by both sides, with and without script."""

import io
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from kb.store import outbox
from kb.store.tables import attachment
from tests.conftest import NOW
from tests.pages.case_pages import image
from tests.pages.chat_people import JSON, Side, opens_by_chat, takes_chats, the_agents
from tests.visitor import Visitor

Another = Callable[[], Visitor]
PROGRAM = b"MZ\x90\x00\x03\x00"


@pytest.fixture
def customer(visitor: Visitor, another: Another) -> Side:
    """A customer in the chat with an agent."""
    agent = another().as_agent()
    takes_chats(agent)
    side = opens_by_chat(visitor.as_customer("premier"))
    agent.post(f"{the_agents(agent, side).base}/take")
    side.agent = agent  # type: ignore[attr-defined]
    return side


@pytest.fixture
def desk(customer: Side) -> Side:
    return the_agents(customer.agent, customer)  # type: ignore[attr-defined]


def links(html: str) -> list[str]:
    return re.findall(r'(?:href|src)="(/en/(?:my|desk)/cases/\d+/files/[^"]+)"', html)


def picture(name: str = "screen.png") -> tuple[io.BytesIO, str]:
    return image(), name


@pytest.mark.parametrize("sender", ["customer", "desk"])
def test_a_picture_alone_is_said_and_seen_by_the_other_side(
    customer: Side, desk: Side, sender: str
) -> None:
    """R43: one pasted screenshot, no words; small on both pages, downloaded whole."""
    mine, other = (customer, desk) if sender == "customer" else (desk, customer)
    before = other.news()["last"]
    told = mine.writes("", files=picture())
    assert told["error"] == ""
    assert "screen.png" in told["html"]
    news = other.news(before)
    assert news["html"].count("screen.png") == 2  # its address and its name, no words beside
    small, whole = sorted(links(news["html"]), key=lambda url: not url.endswith("/small"))
    with other.visitor.client.get(small) as got:
        assert got.mimetype == "image/webp"
    with other.visitor.client.get(whole) as got:
        assert got.headers["Content-Disposition"].startswith("attachment")
        assert got.headers["X-Content-Type-Options"] == "nosniff"
        assert got.data == image().getvalue()
    assert "screen.png" in other.page().text


def test_without_script_words_and_file_come_through(customer: Side, desk: Side) -> None:
    page = customer.page()
    page = customer.visitor.post(
        customer.base,
        body="This is what I see",
        submission_id=page.hidden("submission_id"),
        files=picture(),
    )
    assert "This is what I see" in page.text
    seen = desk.page()
    assert "This is what I see" in seen.text
    assert len(links(seen.html)) == 2


def test_a_refused_file_is_named_kindly_and_nothing_typed_is_lost(customer: Side) -> None:
    page = customer.page()
    files = [picture(), (io.BytesIO(PROGRAM), "setup.exe")]
    page = customer.visitor.post(
        customer.base,
        body="Two files",
        submission_id=page.hidden("submission_id"),
        files=files,
    )
    assert "“setup.exe” is not a kind of file we take" in page.text
    assert re.search(r"<textarea[^>]*>\s*Two files</textarea>", page.html)
    kept = re.search(r'name="files-kept" value="([^"]+)" checked', page.html)
    assert kept  # the picture need not be chosen again
    page = customer.visitor.post(
        customer.base,
        body="Two files",
        submission_id=page.hidden("submission_id"),
        **{"files-kept": kept[1]},
    )
    assert len(links(page.html)) == 2


def test_the_script_is_told_why_a_file_is_refused(customer: Side, desk: Side) -> None:
    told = customer.writes("Look", form="one-form", files=(io.BytesIO(PROGRAM), "setup.exe"))
    assert "“setup.exe” is not a kind of file we take" in told["error"]
    assert "Look" not in desk.news()["html"]
    assert customer.writes("Look", form="one-form", files=picture())["error"] == ""
    again = customer.writes("Look", form="one-form", files=picture())
    assert again["again"]
    assert desk.news()["html"].count("screen.png") == 2  # once, and small and whole


def test_a_message_of_nothing_is_refused_on_both_sides(customer: Side, desk: Side) -> None:
    for side in (customer, desk):
        assert side.writes("  ")["error"] == "Write a message"
        assert side.writes("", files=(io.BytesIO(b""), "empty.txt"))["error"].endswith("is empty.")


def test_more_than_any_message_takes_is_told_the_limit(app: Flask, customer: Side) -> None:
    page = customer.page()
    app.config["MAX_CONTENT_LENGTH"] = 10_000
    fields = {"csrf_token": page.token(), "files": (io.BytesIO(b"x" * 20_000), "a.log")}
    answer = customer.visitor.client.post(customer.base, data=fields, headers=JSON)
    assert answer.status_code == 413
    assert "At most 5 files of 10 MB each" in page.html  # what the script then says


def test_a_ready_answer_keeps_the_chosen_file(desk: Side) -> None:
    page = desk.page()
    page = desk.visitor.post(
        f"{desk.base}/compose",
        body="Hello.",
        submission_id=page.hidden("submission_id"),
        canned=page.html.split('<option value="')[1].split('"')[0],
        do="canned",
        files=picture(),
    )
    assert 'name="files-kept"' in page.html
    assert "screen.png" in page.text


def test_what_the_virus_scanner_has_not_seen_waits_and_then_appears(
    app: Flask, customer: Side, desk: Side
) -> None:
    wiring = app.extensions["waypost"]
    scanning = replace(wiring.settings, clamd="tcp://127.0.0.1:1")
    app.extensions["waypost"] = replace(wiring, settings=scanning)
    customer.writes("Look", files=picture())
    html = desk.news()["html"]
    assert "being checked for viruses" in html
    (held,) = re.findall(r'data-held="(\d+)"', html)
    ask = f"{desk.base}/news?after=999999&held={held},0,x"
    assert desk.visitor.client.get(ask, headers=JSON).get_json()["files"] == {}
    with wiring.db.write() as conn:
        conn.execute(attachment.update().values(scanned_at=NOW))
    told = desk.visitor.client.get(ask, headers=JSON).get_json()["files"]
    assert list(told) == [held]
    assert len(links(told[held])) == 2
    with wiring.db.write() as conn:
        conn.execute(attachment.update().values(virus="Eicar"))
    told = desk.visitor.client.get(ask, headers=JSON).get_json()["files"]
    assert "a virus was found in it" in told[held]
    assert not links(told[held])


def test_a_file_of_somebody_elses_chat_does_not_exist(customer: Side, another: Another) -> None:
    customer.writes("Look", files=picture())
    stranger = another().as_customer("standard")
    for url in links(customer.news()["html"]):
        assert stranger.client.get(url).status_code == 404
    fields = {"csrf_token": stranger.get("/en/feedback").token(), "files": picture()}
    assert stranger.client.post(customer.base, data=fields).status_code == 404


def test_the_mail_at_the_end_names_the_files(app: Flask, customer: Side, desk: Side) -> None:
    customer.writes("Look at this", files=picture("first.png"))
    desk.writes("", files=(io.BytesIO(b"a log\n"), "second.log"))
    desk.visitor.post(f"{desk.base}/leave", do="end")
    desk.writes("And this", files=(io.BytesIO(b"more\n"), "third.log"))
    with app.extensions["waypost"].db.read() as conn:
        mails = {mail.kind: mail.text for mail in outbox.all_mail(conn)}
    over, later = (" ".join(mails[kind].split()) for kind in ("chat-over", "case-reply"))
    assert "Look at this Files in the case: first.png" in over
    assert over.count("second.log") == 1
    assert "And this Files in the case: third.log" in later
