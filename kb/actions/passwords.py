"""Hashing passwords with argon2: slow and large on purpose, so only a few at a time."""

from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()
_few = BoundedSemaphore(4)  # each takes about 0.2 s and 64 MiB; more at once would starve the site


def hash_password(password: str) -> str:
    """Return the hash to keep; its text holds salt and parameters."""
    with _few:
        return _hasher.hash(password)


def is_right(kept: str | None, password: str) -> bool:
    """Tell whether the password is the one of the hash; without a hash (None, or "" for an
    account that has no password) it takes the same time."""
    with _few:
        try:
            return _hasher.verify(kept or _of_nobody(), password) and bool(kept)
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(kept: str) -> bool:
    """Tell whether a hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(kept)


@cache
def _of_nobody() -> str:
    return _hasher.hash("the password of nobody")
