"""Counting tries without keeping anybody's address."""

import hashlib
import hmac
from datetime import datetime

from sqlalchemy import Connection

from kb.rules.accounts import Limit
from kb.store import attempts


def subject(secret: str, kind: str, value: str) -> str:
    """Name what is counted by a keyed hash, such as `sign-in:4f…`."""
    digest = hmac.new(secret.encode(), f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()
    return f"{kind}:{digest[:40]}"


def count_within(conn: Connection, name: str, limit: Limit, now: datetime) -> bool:
    """Count one try; False once there were more than the limit allows."""
    return attempts.count_one(conn, name, limit.window, now) <= limit.tries


def is_within(conn: Connection, name: str, limit: Limit, now: datetime) -> bool:
    """Tell whether one more try would be within the limit, without counting it."""
    return attempts.count_of(conn, name, limit.window, now) < limit.tries
