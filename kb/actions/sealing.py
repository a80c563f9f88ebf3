"""Keeping a secret in the database that must be read again, such as an authenticator's key."""

from base64 import urlsafe_b64encode
from functools import lru_cache
from hashlib import sha256
from hmac import digest

from cryptography.fernet import Fernet, InvalidToken


def seal(secret: str, purpose: str, content: bytes) -> str:
    """Encrypt with a key made from the site's secret for this purpose alone."""
    return _box(secret, purpose).encrypt(content).decode()


def unseal(secret: str, purpose: str, sealed: str) -> bytes | None:
    """Read what `seal` wrote; None when the site's secret is another one now."""
    try:
        return _box(secret, purpose).decrypt(sealed.encode())
    except InvalidToken:
        return None


@lru_cache(maxsize=8)
def _box(secret: str, purpose: str) -> Fernet:
    return Fernet(urlsafe_b64encode(digest(secret.encode(), f"seal:{purpose}".encode(), sha256)))
