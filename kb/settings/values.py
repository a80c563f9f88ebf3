"""One value of the environment: cast, or named with the way to write it."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit


class OperatorError(Exception):
    """What who runs the program can mend: a command says it and ends with 2, without traceback."""


class SettingsError(OperatorError):
    """A setting is missing or malformed; the message says which and how to mend it."""


def without_password(url: str) -> str:
    """Return an address as it may be printed and logged: without the password in it."""
    return re.sub(r"(://[^:/@\s]*:)[^/\s]*@", r"\1***@", url)


def url_of(
    env: Mapping[str, str], name: str, default: str | None, schemes: tuple[str, ...]
) -> str | None:
    """Return an address without its last slash; raises SettingsError, which hides a password."""
    value = env.get(name) or default
    if value is None:
        return None
    try:
        parts = urlsplit(value)
        good = parts.scheme in schemes and parts.hostname and parts.port != 0
    except ValueError:  # a port that is none, half an IPv6 address
        good = False
    if not good:
        shown = without_password(value)
        raise SettingsError(f"{name} is “{shown}”; write {schemes[0]}://host[:port]")
    return value.rstrip("/")


def number_of(env: Mapping[str, str], name: str, default: int) -> int:
    """Return a whole number of at most nine digits; raises SettingsError."""
    value = env.get(name)
    if not value:
        return default
    if not re.fullmatch(r"[0-9]{1,9}", value):
        raise SettingsError(f"{name} is “{value}”; write a whole number")
    return int(value)


def switch_of(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    """Return whether it is on, not off; raises SettingsError."""
    value = env.get(name)
    if not value:
        return default
    if value not in ("on", "off"):
        raise SettingsError(f"{name} is “{value}”; write on or off")
    return value == "on"


def yes_of(env: Mapping[str, str], name: str) -> bool:
    """Return whether it is 1, not 0 or left out; raises SettingsError."""
    value = env.get(name, "")
    if value not in {"", "0", "1"}:
        raise SettingsError(f"{name} is “{value}”; write 1, or leave it out")
    return value == "1"
