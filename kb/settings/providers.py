"""Sign-in providers, from `KB_OIDC_<NAME>_…` and from the file `KB_OIDC_FILE`."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from kb.settings.values import SettingsError


@dataclass(frozen=True, slots=True)
class SignInProvider:
    """One OpenID Connect provider; `role` is what an account it makes may do."""

    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    role: str
    label: str


_OIDC = re.compile(r"KB_OIDC_([A-Z0-9]+)_(ISSUER|CLIENT_ID|CLIENT_SECRET|ROLE|LABEL)")


def providers_of(env: Mapping[str, str]) -> tuple[SignInProvider, ...]:
    """The sign-in providers, from `KB_OIDC_<NAME>_…` and from the file `KB_OIDC_FILE`."""
    found: dict[str, dict[str, str]] = _providers_file(env.get("KB_OIDC_FILE"))
    for name, value in env.items():
        match = _OIDC.fullmatch(name)
        if match:
            found.setdefault(match[1].lower(), {})[match[2].lower()] = value
        elif name.startswith("KB_OIDC_") and name != "KB_OIDC_FILE":
            raise SettingsError(
                f"{name} is no setting; write KB_OIDC_<NAME>_ISSUER, _CLIENT_ID, _CLIENT_SECRET, "
                "_ROLE or _LABEL, with a name of letters and digits"
            )
    return tuple(_provider(env, name, told) for name, told in sorted(found.items()))


def _providers_file(path: str | None) -> dict[str, dict[str, str]]:
    if not path:
        return {}
    try:
        with Path(path).open("rb") as file:
            told = tomllib.load(file)
    except (OSError, ValueError) as error:  # no TOML, or not even text
        raise SettingsError(f"KB_OIDC_FILE {path} cannot be read: {error}") from None
    for name, table in told.items():
        if not isinstance(table, dict) or not re.fullmatch(r"[a-z0-9]+", name):
            raise SettingsError(
                f"KB_OIDC_FILE {path}: “{name}” is no provider; write [name] with a name of "
                "small letters and digits, and below it issuer, client_id, client_secret, role"
            )
    return {name: {key: str(value) for key, value in table.items()} for name, table in told.items()}


def _provider(env: Mapping[str, str], name: str, told: Mapping[str, str]) -> SignInProvider:
    """Check one provider; the message names the setting that is missing or wrong."""
    prefix = f"KB_OIDC_{name.upper()}"
    for key in ("issuer", "client_id"):
        if not told.get(key):
            raise SettingsError(
                f"{prefix}_{key.upper()} is missing; the provider “{name}” needs it"
            )
    issuer = told["issuer"]
    role = told.get("role") or "customer"
    if role not in {"customer", "agent"}:
        raise SettingsError(f"{prefix}_ROLE is “{role}”; write customer or agent")
    if issuer.startswith("twin:"):
        if env.get("KB_DEV") != "1":
            raise SettingsError(
                f"{prefix}_ISSUER is a twin, which lets anybody in; only with KB_DEV=1"
            )
    else:
        parts = urlsplit(issuer)
        local = parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost", "::1"}
        if not parts.hostname or not (parts.scheme == "https" or local):
            raise SettingsError(f"{prefix}_ISSUER is “{issuer}”; write https://host")
    return SignInProvider(
        name=name,
        issuer=issuer,
        client_id=told["client_id"],
        client_secret=told.get("client_secret", ""),
        role=role,
        label=told.get("label") or name.capitalize(),
    )
