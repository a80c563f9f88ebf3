"""schemathesis tries every operation of the API against the document it publishes, with all of its
checks, as an agent and as a customer; it finds nothing."""

from collections.abc import Iterator
from dataclasses import replace
from threading import Thread
from typing import Any

import pytest
import schemathesis
from flask import Flask
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished
from werkzeug.serving import make_server

from kb.app import create_app
from kb.settings import Settings
from tests.conftest import NOW
from tests.pages.programs import program

EXAMPLES = 3  # of an operation; runs by hand take hundreds


@pytest.fixture
def unhurried(settings: Settings) -> Iterator[Flask]:
    """The application without a limit of requests, on a port of its own."""
    app = create_app(replace(settings, api_per_minute=0))
    app.config["NOW"] = NOW
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    app.config["ADDRESS"] = f"http://127.0.0.1:{server.server_port}"
    yield app
    server.shutdown()
    thread.join()
    server.server_close()
    app.extensions["waypost"].db.close()


@pytest.mark.parametrize("who", ["admin", "premier"])
def test_schemathesis_finds_nothing(unhurried: Flask, who: str) -> None:
    client = program(unhurried, who)
    number = client.ask("GET", "/cases", 200)["items"][0]["number"]
    config = SchemathesisConfig.from_dict(
        {
            "headers": {"Authorization": f"Bearer {client.token}"},
            "parameters": {"path.number": number},
            "continue-on-failure": True,
            "generation": {
                "max-examples": EXAMPLES,
                "deterministic": True,
                "no-shrink": True,
                "database": "none",
            },
        }
    )
    address = f"{unhurried.config['ADDRESS']}/api/v1/openapi.json"
    schema = schemathesis.openapi.from_url(address, config=config)
    found: list[str] = []
    tried: dict[str, int] = {}
    for event in from_schema(schema).execute():
        if isinstance(event, ScenarioFinished):
            recorder = event.recorder
            tried[recorder.label] = tried.get(recorder.label, 0) + len(recorder.interactions)
            checks = (check for some in recorder.checks.values() for check in some)
            found += [said for said in map(failure, checks) if said]
        elif isinstance(event, FatalError | NonFatalError):
            found.append(str(event))
    assert found == []
    operations = {label for label in tried if label.startswith(("GET", "POST", "PATCH", "DELETE"))}
    assert len(operations) == 21
    assert sum(tried.values()) > 500


def failure(check: Any) -> str:
    """Say what a check found, with the request that shows it; nothing where it is content."""
    told = check.failure_info
    return f"{told.failure.title}: {told.failure.message}\n{told.code_sample}" if told else ""
