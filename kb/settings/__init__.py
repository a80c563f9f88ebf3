"""Settings, read once from the environment; a wrong one is fatal with a clear message."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from kb.settings.providers import SignInProvider, providers_of
from kb.settings.secret import kept_secret
from kb.settings.values import (
    OperatorError,
    SettingsError,
    number_of,
    switch_of,
    url_of,
    without_password,
    yes_of,
)

__all__ = [
    "OperatorError",
    "Settings",
    "SettingsError",
    "SignInProvider",
    "Stripe",
    "read_settings",
    "without_password",
]


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
    root = (site or Path(env.get("KB_SITE") or ".")).resolve()
    if not (root / "site.yaml").is_file():
        raise SettingsError(
            f"{root}: there is no site.yaml here; run `kb init DIR` to make a site, "
            "or name one with --site or KB_SITE"
        )
    var = Path(env.get("KB_VAR") or root / "var").resolve()
    return Settings(
        site=root,
        var=var,
        database_url=env.get("KB_DATABASE_URL") or f"sqlite:///{var / 'waypost.db'}",
        secret_key=env.get("KB_SECRET_KEY") or kept_secret(var),
        base_url=url_of(env, "KB_BASE_URL", "http://127.0.0.1:8000", ("http", "https")) or "",
        smtp_url=url_of(env, "KB_SMTP_URL", None, ("smtp", "smtps")),
        mail_from=_mail_from(env),
        imap_url=url_of(env, "KB_IMAP_URL", None, ("imaps", "imap")),
        mail_authserv=env.get("KB_MAIL_AUTHSERV", ""),
        dev=yes_of(env, "KB_DEV"),
        clamd=_clamd(env),
        hook_secret=_hook_secret(env),
        sync_remote=env.get("KB_SYNC_REMOTE") or "origin",
        sync_branch=env.get("KB_SYNC_BRANCH", ""),
        sync_every=number_of(env, "KB_SYNC_EVERY", 0),
        content_repo=_content_repo(env),
        webhook_networks=_networks(env),
        api_per_minute=number_of(env, "KB_API_PER_MINUTE", 300),
        trusted_proxies=number_of(env, "KB_TRUSTED_PROXIES", 0),
        require_agent_2fa=yes_of(env, "KB_REQUIRE_AGENT_2FA"),
        sign_in_providers=providers_of(env),
        count_walks=switch_of(env, "KB_COUNT_WALKS", default=True),
        count_searches=switch_of(env, "KB_COUNT_SEARCHES", default=True),
        stripe=_stripe(env),
        licence_url=url_of(env, "KB_LICENCE_URL", None, ("https", "http")),
        licence_token=env.get("KB_LICENCE_TOKEN", ""),
        download_secret=env.get("KB_DOWNLOAD_SECRET", ""),
    )


def _mail_from(env: Mapping[str, str]) -> str:
    value = env.get("KB_MAIL_FROM") or "support@example.com"
    if not re.fullmatch(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+", value):
        raise SettingsError(
            f"KB_MAIL_FROM is “{value}”; write the bare address: support@example.com"
        )
    return value


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
    try:
        parts = urlsplit(value)
        local = parts.scheme == "unix" and parts.path and not parts.netloc
        good = local or (parts.scheme == "tcp" and parts.hostname and parts.port != 0)
    except ValueError:  # a port that is none, half an IPv6 address
        good = False
    if not good:
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
    return Stripe(key, secret, url_of(env, "KB_STRIPE_API_URL", None, ("https", "http")))
