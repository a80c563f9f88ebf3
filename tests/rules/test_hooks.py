"""Pushes are believed only when they are signed, in the way of each git server."""

import base64
import hashlib
import hmac
import json

import pytest

from kb.rules.hooks import is_signed, pushed_branch

SECRET = "a secret of sixteen"
BODY = b'{"ref": "refs/heads/main"}'
RAW = b"0123456789abcdef0123456789abcdef"
WHSEC = f"whsec_{base64.b64encode(RAW).decode()}"


def hexed(secret: str = SECRET, body: bytes = BODY) -> str:
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def standard(key: bytes, body: bytes = BODY) -> dict[str, str]:
    """What GitLab sends with a signing token."""
    mark = base64.b64encode(hmac.digest(key, b"id-1.1790000000." + body, "sha256")).decode()
    return {
        "webhook-id": "id-1",
        "webhook-timestamp": "1790000000",
        "webhook-signature": f"v1,{mark}",
    }


@pytest.mark.parametrize(
    ("secret", "headers", "right"),
    [
        pytest.param(SECRET, {"x-hub-signature-256": hexed()}, True, id="GitHub"),
        pytest.param(SECRET, {"x-waypost-signature": hexed()}, True, id="ours"),
        pytest.param(SECRET, {"x-gitlab-token": SECRET}, True, id="GitLab's token"),
        pytest.param(WHSEC, standard(RAW), True, id="GitLab's signing token"),
        pytest.param(SECRET, standard(SECRET.encode()), True, id="signed with plain words"),
        pytest.param(
            WHSEC,
            standard(RAW) | {"webhook-signature": f"v1,x {standard(RAW)['webhook-signature']}"},
            True,
            id="one of two signatures",
        ),
        pytest.param(SECRET, {}, False, id="nothing"),
        pytest.param("", {"x-gitlab-token": ""}, False, id="no secret is set"),
        pytest.param(SECRET, {"x-gitlab-token": ""}, False, id="empty"),
        pytest.param(SECRET, {"x-gitlab-token": "ñ"}, False, id="other signs"),
        pytest.param(SECRET, {"x-hub-signature-256": hexed("other")}, False, id="another secret"),
        pytest.param(SECRET, {"x-hub-signature-256": hexed(body=b"x")}, False, id="another body"),
        pytest.param(SECRET, {"x-hub-signature": hexed()}, False, id="the old header"),
        pytest.param(SECRET, {"x-hub-signature-256": hexed()[7:]}, False, id="without sha256="),
        pytest.param(
            SECRET,
            {"x-hub-signature-256": hexed(), "x-gitlab-token": "wrong"},
            False,
            id="one right, one wrong",
        ),
        pytest.param(WHSEC, standard(b"other"), False, id="another signing token"),
        pytest.param("whsec_%%%", standard(RAW), False, id="no base64"),
        pytest.param(WHSEC, standard(RAW) | {"webhook-id": "id-2"}, False, id="another id"),
        pytest.param(WHSEC, standard(RAW) | {"webhook-signature": ""}, False, id="no signature"),
    ],
)
def test_who_is_believed(secret: str, headers: dict[str, str], right: bool) -> None:
    assert is_signed(secret, headers, BODY) is right


@pytest.mark.parametrize(
    ("told", "branch"),
    [
        ({"ref": "refs/heads/main"}, "main"),
        ({"ref": "refs/heads/a/b"}, "a/b"),
        ({"ref": "refs/heads/"}, None),
        ({"ref": "refs/tags/v1"}, None),
        ({"zen": "ping"}, None),
        ({"ref": 1}, None),
        ([], None),
        ("x", None),
    ],
)
def test_which_branch_was_pushed(told: object, branch: str | None) -> None:
    assert pushed_branch(json.dumps(told).encode()) == branch


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_no_push(body: bytes) -> None:
    assert pushed_branch(body) is None
