"""R43 for programs: files are sent first, then named by the words they go with."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from kb.app import create_app
from kb.rules.uploads import FILE_BYTES
from kb.settings import Settings
from kb.store.tables import attachment
from tests.conftest import NOW
from tests.pages.programs import Program, program
from tests.pages.test_rest_cases import body_of
from tests.png import png

FILE = "application/octet-stream"
LOG = b"02:10 the disk is full\n"


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    made = create_app(replace(settings, api_per_minute=0))
    made.config["NOW"] = NOW
    yield made
    made.extensions["waypost"].db.close()


@pytest.fixture
def agent(app: Flask) -> Program:
    return program(app, "agent")


@pytest.fixture
def customer(app: Flask) -> Program:
    return program(app, "premier")


@pytest.fixture
def number(customer: Program) -> int:
    return int(customer.ask("GET", "/cases?state=pending_customer", 200)["items"][0]["number"])


def sends(who: Program, data: bytes = LOG, name: str = "night.log", expect: int = 201) -> Any:
    return who.ask("POST", f"/uploads?name={name}", expect, data=data, content_type=FILE)


def says(who: Program, number: int, expect: int = 201, **said: Any) -> Any:
    """Reply, each time with a key of its own unless one is given."""
    key = said.pop("key", str(uuid.uuid4()))
    body = {"body": "See the log", **said}
    return who.ask("POST", f"/cases/{number}/replies", expect, json=body, key=key)


def files_in(who: Program, number: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = who.ask("GET", f"/cases/{number}", 200)["attachments"]
    return found


def test_a_file_goes_with_a_reply_and_comes_back_whole(
    app: Flask, customer: Program, agent: Program, number: int
) -> None:
    sent = [sends(customer), sends(customer, png(8, 8), "pantalla.bin")]
    assert [one["name"] for one in sent] == ["night.log", "pantalla.bin.png"]
    said = says(customer, number, files=[one["ticket"] for one in sent])
    assert not said["again"]
    told = files_in(agent, number)
    assert [one["media_type"] for one in told] == ["text/plain", "image/png"]
    path = f"/cases/{number}/attachments/{told[0]['id']}"
    got = agent.send("GET", path)
    assert got.data == LOG
    assert got.headers["Content-Disposition"].startswith("attachment")
    agent_without = program(app, "agent", ["cases:write"])
    assert agent_without.ask("GET", path, 403)["scope"] == "cases:read"
    program(app, "standard").ask("GET", path, 404)


def test_said_twice_with_one_key_it_is_attached_once(customer: Program, number: int) -> None:
    tickets = [sends(customer)["ticket"], sends(customer)["ticket"]]  # sent twice, too
    assert tickets[0] == tickets[1]
    key = str(uuid.uuid4())
    says(customer, number, files=tickets, key=key)
    assert says(customer, number, expect=200, files=tickets, key=key)["again"]
    assert len(files_in(customer, number)) == 1


def test_a_file_goes_with_a_new_case_and_with_a_note(
    app: Flask, customer: Program, agent: Program
) -> None:
    body = body_of(customer, files=[sends(customer)["ticket"]])
    opened = customer.ask("POST", "/cases", 201, json=body, key="open-with-a-file")
    again = customer.ask("POST", "/cases", 200, json=body, key="open-with-a-file")
    assert again["number"] == opened["number"]
    (only,) = files_in(customer, opened["number"])
    assert only["name"] == "night.log"
    noting = program(app, "agent", ["notes:write"])
    note = {"body": "For us", "files": [sends(noting, b"inner\n", "inner.txt")["ticket"]]}
    noting.ask("POST", f"/cases/{opened['number']}/notes", 201, json=note)
    assert len(files_in(agent, opened["number"])) == 2
    assert files_in(customer, opened["number"]) == [only]


@pytest.mark.parametrize(
    ("data", "status", "flaw"),
    [
        pytest.param(b"MZ\x90\x00\x03\x00", 409, "kind", id="a program"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", 409, "kind", id="a drawing"),
        pytest.param(b"", 422, "empty", id="nothing"),
    ],
)
def test_what_is_not_taken_says_why(customer: Program, data: bytes, status: int, flaw: str) -> None:
    assert sends(customer, data, "x.log", status)["flaw"] == flaw


def test_too_large_a_file_another_type_and_a_narrow_token_are_refused(
    app: Flask, customer: Program
) -> None:
    sends(customer, b"x" * (FILE_BYTES + 1), expect=413)
    wrong = {"json": {"name": "x"}}
    assert customer.ask("POST", "/uploads?name=x", 415, **wrong)["type"].endswith("not-a-file")
    customer.ask("POST", "/uploads", 422, data=LOG, content_type=FILE)
    narrow = program(app, "premier", ["cases:read"])
    assert sends(narrow, expect=403)["scope"] == "cases:write"


def test_only_ones_own_tickets_and_cases_and_at_most_five(
    app: Flask, customer: Program, number: int
) -> None:
    other = program(app, "standard")
    theirs, mine = sends(other)["ticket"], sends(customer)["ticket"]
    refused = says(customer, number, 409, files=[mine, theirs])
    assert refused["errors"][0]["at"] == "files.1"
    assert says(customer, number, 409, files=[mine[:-2] + "xx"])["type"].endswith("file")
    says(other, number, 404, files=[theirs])
    says(customer, number, 422, files=[mine] * 6)
    assert files_in(customer, number) == []


def test_a_file_that_went_with_nothing_for_too_long_is_gone(
    app: Flask, customer: Program, number: int
) -> None:
    ticket = sends(customer)["ticket"]
    folder = app.extensions["waypost"].settings.var / "attachments"
    for path in folder.rglob("*"):
        if path.is_file():
            path.unlink()
    assert says(customer, number, 409, files=[ticket])["flaw"] == "gone"


def test_what_the_virus_scanner_has_not_seen_is_held(
    app: Flask, customer: Program, number: int
) -> None:
    says(customer, number, files=[sends(customer)["ticket"]])
    wiring = app.extensions["waypost"]
    scanning = replace(wiring.settings, clamd="tcp://127.0.0.1:1")
    app.extensions["waypost"] = replace(wiring, settings=scanning)
    (file,) = files_in(customer, number)
    assert file["held"]
    path = f"/cases/{number}/attachments/{file['id']}"
    customer.ask("GET", path, 404)
    with wiring.db.write() as conn:
        conn.execute(attachment.update().values(scanned_at=NOW))
    assert not files_in(customer, number)[0]["held"]
    assert customer.send("GET", path).data == LOG
    app.extensions["waypost"] = wiring
