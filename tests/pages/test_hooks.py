"""R12: git servers tell of a push at one address; whoever does not sign learns nothing."""

import hashlib
import hmac
import json
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from kb.app import create_app
from kb.content.sync_files import SyncFiles
from kb.rules.hooks import LARGEST_HOOK
from kb.settings import Settings, read_settings
from tests.actions.people import NOW
from tests.content.sites import SmallSite

SECRET = "a secret of sixteen"
BODY = json.dumps({"ref": "refs/heads/main"}).encode()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    from kb.actions.compile_site import compile_site

    site = SmallSite(tmp_path / "site")
    site.article(1)
    env = {"KB_VAR": str(tmp_path / "var"), "KB_HOOK_SECRET": SECRET}
    made = read_settings(env, site.root)
    compile_site(made)
    return made


def told(app: Flask, body: bytes, **headers: str) -> tuple[int, bytes]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = app.test_client().post("/hooks/content", data=body, headers=named)
    return answer.status_code, answer.data


def signed(body: bytes, secret: str = SECRET) -> str:
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def due(settings: Settings) -> tuple[str, ...]:
    return SyncFiles(settings.var).due(NOW + timedelta(minutes=1))


def test_a_signed_push_is_noted_once_however_often_it_is_told(
    app: Flask, settings: Settings
) -> None:
    for _ in range(3):
        assert told(app, BODY, X_Hub_Signature_256=signed(BODY)) == (202, b"noted\n")
    assert told(app, BODY, X_Gitlab_Token=SECRET)[0] == 202
    assert told(app, BODY, X_Waypost_Signature=signed(BODY))[0] == 202
    assert due(settings) == ("main",)


@pytest.mark.parametrize(
    "body", [b'{"zen": "ping"}', b'{"ref": "refs/tags/v1"}', b"{", b'{"ref": "refs/heads/--x"}']
)
def test_what_is_no_push_of_a_branch_is_answered_and_ignored(
    app: Flask, settings: Settings, body: bytes
) -> None:
    assert told(app, body, X_Hub_Signature_256=signed(body))[0] == 202
    assert due(settings) == ()


def test_who_does_not_sign_sees_what_is_at_any_address_that_does_not_exist(
    app: Flask, settings: Settings
) -> None:
    client = app.test_client()
    nowhere = client.post("/hooks/nothing", data=BODY)
    assert nowhere.status_code == 404
    for headers in (
        {},
        {"X_Hub_Signature_256": signed(BODY, "another secret")},
        {"X_Gitlab_Token": "wrong"},
        {"X_Hub_Signature_256": signed(b"another body")},
    ):
        status, page = told(app, BODY, **headers)
        assert status == 404
        assert b"signature" not in page.lower()
    large = b"x" * (LARGEST_HOOK + 1)
    assert told(app, large, X_Hub_Signature_256=signed(large))[0] == 404
    assert due(settings) == ()


def test_without_a_secret_nothing_is_believed(settings: Settings) -> None:
    from dataclasses import replace

    app = create_app(replace(settings, hook_secret=""))
    app.config["NOW"] = NOW
    assert told(app, BODY, X_Gitlab_Token="")[0] == 404
    assert told(app, BODY, X_Hub_Signature_256=signed(BODY, ""))[0] == 404
    app.extensions["waypost"].db.close()
