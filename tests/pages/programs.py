"""A program with a token of the API, for tests."""

from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from kb.actions.api_tokens import MadeToken, make_token
from kb.rules.api_access import scopes_for
from kb.store import users
from tests.conftest import NOW


@dataclass
class Program:
    """Asks the API with one token, and checks that every answer is JSON."""

    app: Flask
    token: str
    user_id: int

    def ask(self, method: str, path: str, expect: int, **said: Any) -> Any:
        """Send a request and return the body; every failure is a problem (RFC 9457)."""
        answer = self.send(method, path, **said)
        assert answer.status_code == expect, answer.text
        if expect >= 400:
            assert answer.content_type == "application/problem+json"
            assert answer.json["status"] == expect
            assert answer.json["type"].startswith("urn:waypost:problem:")
            assert answer.json["detail"]
        elif expect != 204:
            assert answer.content_type == "application/json"
        assert "Set-Cookie" not in answer.headers
        assert "Access-Control-Allow-Origin" not in answer.headers
        return answer.json if expect != 204 else None

    def send(self, method: str, path: str, **said: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}", **said.pop("headers", {})}
        if key := said.pop("key", ""):
            headers["Idempotency-Key"] = key
        client = self.app.test_client(use_cookies=False)
        return client.open(f"/api/v1{path}", method=method, headers=headers, buffered=True, **said)


def program(app: Flask, name: str, scopes: list[str] | None = None) -> Program:
    """A program that acts for a demo account, with all that it may have or these scopes."""
    db = app.extensions["waypost"].db
    with db.read() as conn:
        user = users.by_email(conn, f"{name}@example.com")
    assert user is not None
    given = [str(one) for one in scopes_for(user.role)] if scopes is None else scopes
    made = make_token(db, user.id, "test", given, 30, NOW)
    assert isinstance(made, MadeToken)
    return Program(app, made.token, user.id)
