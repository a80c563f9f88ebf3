"""Settings, read once from the environment; a wrong one is fatal with a clear message."""

import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit


class SettingsError(Exception):
    """A setting is missing or malformed; the message says which and how to mend it."""


@dataclass(frozen=True, slots=True)
class SignInProvider:
    """One OpenID Connect provider; `role` is what an account it makes may do."""

    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    role: str
    label: str


@dataclass(frozen=True, slots=True)
class Stripe:
    """An account at Stripe; `api_url` is another address of it, as tests have."""

    secret_key: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    api_url: str | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the process was told from outside; see docs/operators.md for each."""

    site: Path
    var: Path
    database_url: str
    secret_key: str
    base_url: str
    smtp_url: str | None
    mail_from: str
    imap_url: str | None = None
    mail_authserv: str = ""
    dev: bool = False
    trusted_proxies: int = 0
    count_walks: bool = True
    count_searches: bool = True
    stripe: Stripe | None = None
    licence_url: str | None = None
    download_secret: str = field(default="", repr=False)
    licence_token: str = field(default="", repr=False)
    require_agent_2fa: bool = False
    sign_in_providers: tuple[SignInProvider, ...] = ()
    clamd: str | None = None
    hook_secret: str = field(default="", repr=False)
    sync_remote: str = "origin"
    sync_branch: str = ""
    sync_every: int = 0
    content_repo: Path | None = None
    webhook_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    api_per_minute: int = 300

    @property
    def secure_cookies(self) -> bool:
        """Cookies are marked Secure as soon as the site is reached by https."""
        return self.base_url.startswith("https://")


def read_settings(env: Mapping[str, str] | None = None, site: Path | None = None) -> Settings:
    """Read `KB_*` settings; raises SettingsError naming the first wrong one."""
    env = os.environ if env is None else env
    root = (site or Path(env.get("KB_SITE", "."))).resolve()
    if not (root / "site.yaml").is_file():
        raise SettingsError(
            f"{root}: there is no site.yaml here; run `kb init DIR` to make a site, "
            "or name one with --site or KB_SITE"
        )
    var = Path(env.get("KB_VAR", root / "var")).resolve()
    return Settings(
        site=root,
        var=var,
        database_url=env.get("KB_DATABASE_URL") or f"sqlite:///{var / 'waypost.db'}",
        secret_key=env.get("KB_SECRET_KEY") or _kept_secret(var),
        base_url=_url(env, "KB_BASE_URL", "http://127.0.0.1:8000", ("http", "https")) or "",
        smtp_url=_url(env, "KB_SMTP_URL", None, ("smtp", "smtps")),
        mail_from=env.get("KB_MAIL_FROM", "support@example.com"),
        imap_url=_url(env, "KB_IMAP_URL", None, ("imaps", "imap")),
        mail_authserv=env.get("KB_MAIL_AUTHSERV", ""),
        dev=env.get("KB_DEV", "") == "1",
        clamd=_clamd(env),
        hook_secret=_hook_secret(env),
        sync_remote=env.get("KB_SYNC_REMOTE") or "origin",
        sync_branch=env.get("KB_SYNC_BRANCH", ""),
        sync_every=_number(env, "KB_SYNC_EVERY", 0),
        content_repo=_content_repo(env),
        webhook_networks=_networks(env),
        api_per_minute=_number(env, "KB_API_PER_MINUTE", 300),
        trusted_proxies=_number(env, "KB_TRUSTED_PROXIES", 0),
        require_agent_2fa=_yes(env, "KB_REQUIRE_AGENT_2FA"),
        sign_in_providers=_providers(env),
        count_walks=_switch(env, "KB_COUNT_WALKS", default=True),
        count_searches=_switch(env, "KB_COUNT_SEARCHES", default=True),
        stripe=_stripe(env),
        licence_url=_url(env, "KB_LICENCE_URL", None, ("https", "http")),
        licence_token=env.get("KB_LICENCE_TOKEN", ""),
        download_secret=env.get("KB_DOWNLOAD_SECRET", ""),
    )


def _kept_secret(var: Path) -> str:
    """One secret per var folder, made on first use and readable by its owner only."""
    path = var / "secret-key"
    var.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return path.read_text().strip()


def _url(
    env: Mapping[str, str], name: str, default: str | None, schemes: tuple[str, ...]
) -> str | None:
    value = env.get(name) or default
    if value is None:
        return None
    parts = urlsplit(value)
    if parts.scheme not in schemes or not parts.hostname:
        raise SettingsError(f"{name} is “{value}”; write {schemes[0]}://host[:port]")
    return value.rstrip("/")


def _content_repo(env: Mapping[str, str]) -> Path | None:
    """The repository that drafts are committed to, where it is not the site's own."""
    value = env.get("KB_CONTENT_REPO")
    if not value:
        return None
    if not Path(value).is_dir():
        raise SettingsError(f"KB_CONTENT_REPO is “{value}”; name the folder of a git repository")
    return Path(value).resolve()


def _clamd(env: Mapping[str, str]) -> str | None:
    value = env.get("KB_CLAMD")
    if not value:
        return None
    parts = urlsplit(value)
    local = parts.scheme == "unix" and parts.path and not parts.netloc
    if not local and not (parts.scheme == "tcp" and parts.hostname):
        raise SettingsError(
            f"KB_CLAMD is “{value}”; write unix:///run/clamav/clamd.ctl or tcp://host:3310"
        )
    return value


def _networks(env: Mapping[str, str]) -> tuple[IPv4Network | IPv6Network, ...]:
    value = env.get("KB_WEBHOOK_NETWORKS", "")
    try:
        return tuple(ip_network(part.strip()) for part in value.split(",") if part.strip())
    except ValueError:
        raise SettingsError(
            f"KB_WEBHOOK_NETWORKS is “{value}”; write networks with commas between them, "
            "as 10.1.0.0/16, 192.168.7.4/32"
        ) from None


def _hook_secret(env: Mapping[str, str]) -> str:
    value = env.get("KB_HOOK_SECRET", "")
    if value and len(value) < 16:
        raise SettingsError("KB_HOOK_SECRET is shorter than 16 characters; make a longer one")
    return value


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    value = env.get(name)
    if not value:
        return default
    if not value.isdigit():
        raise SettingsError(f"{name} is “{value}”; write a whole number")
    return int(value)


def _stripe(env: Mapping[str, str]) -> Stripe | None:
    key, secret = env.get("KB_STRIPE_SECRET_KEY", ""), env.get("KB_STRIPE_WEBHOOK_SECRET", "")
    if not key and not secret:
        return None
    for name, value in (("SECRET_KEY", key), ("WEBHOOK_SECRET", secret)):
        if not value.strip():
            raise SettingsError(
                f"KB_STRIPE_{name} is missing; cards need both the secret key and the secret "
                "that webhooks are signed with"
            )
    return Stripe(key, secret, _url(env, "KB_STRIPE_API_URL", None, ("https", "http")))


def _switch(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = env.get(name)
    if not value:
        return default
    if value not in ("on", "off"):
        raise SettingsError(f"{name} is “{value}”; write on or off")
    return value == "on"


def _yes(env: Mapping[str, str], name: str) -> bool:
    value = env.get(name, "")
    if value not in {"", "0", "1"}:
        raise SettingsError(f"{name} is “{value}”; write 1, or leave it out")
    return value == "1"


_OIDC = re.compile(r"KB_OIDC_([A-Z0-9]+)_(ISSUER|CLIENT_ID|CLIENT_SECRET|ROLE|LABEL)")


def _providers(env: Mapping[str, str]) -> tuple[SignInProvider, ...]:
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
    except (OSError, tomllib.TOMLDecodeError) as error:
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
