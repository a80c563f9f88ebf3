"""Pushes that a git server tells of: is it really that server, and which branch was pushed?"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping

LARGEST_HOOK = 2 * 1024 * 1024
"""Bytes; a push of many commits is told in less."""

_HEADS = "refs/heads/"
_STANDARD = "whsec_"


def is_signed(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Tell whether a push is signed with our secret, in any of the ways that git servers have.

    `headers` are by lower-case name. GitHub, Gitea and Forgejo: `X-Hub-Signature-256`. GitLab:
    `X-Gitlab-Token`, or its signing token by the Standard Webhooks. Anybody else:
    `X-Waypost-Signature: sha256=…`, as GitHub's. One that is there and wrong refuses all."""
    if not secret:
        return False
    checks = []
    for name in ("x-hub-signature-256", "x-waypost-signature"):
        if name in headers:
            checks.append(_same(f"sha256={_hex(secret, body)}", headers[name]))
    if "webhook-signature" in headers:
        checks.append(_is_standard(secret, headers, body))
    if "x-gitlab-token" in headers:
        checks.append(_same(secret, headers["x-gitlab-token"]))
    return bool(checks) and all(checks)


def pushed_branch(body: bytes) -> str | None:
    """Return the branch that a push tells of; None for anything else, as pings and tags are."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    ref = told.get("ref") if isinstance(told, dict) else None
    if not isinstance(ref, str) or not ref.startswith(_HEADS):
        return None
    return ref.removeprefix(_HEADS) or None


def _is_standard(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Check `v1,<base64>` over id, time and body; several may stand there, apart by spaces."""
    key = secret.encode()
    if secret.startswith(_STANDARD):
        try:
            key = base64.b64decode(secret.removeprefix(_STANDARD), validate=True)
        except (binascii.Error, ValueError):
            return False
    said = f"{headers.get('webhook-id', '')}.{headers.get('webhook-timestamp', '')}.".encode()
    mark = base64.b64encode(hmac.digest(key, said + body, hashlib.sha256)).decode()
    given = headers["webhook-signature"].split()[:10]
    return any(_same(f"v1,{mark}", one) for one in given)


def _hex(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _same(ours: str, given: str) -> bool:
    return hmac.compare_digest(ours.encode(), given.encode("utf-8", "replace"))
