"""Settings are read once, and a wrong one is told in a sentence."""

from pathlib import Path

import pytest

from kb.settings import SettingsError, read_settings


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "site.yaml").write_text("name: x\n")
    return tmp_path


def test_defaults_lie_in_the_sites_var_folder(site: Path) -> None:
    settings = read_settings({}, site)
    assert settings.var == site / "var"
    assert settings.database_url == f"sqlite:///{site / 'var' / 'waypost.db'}"
    assert settings.smtp_url is None
    assert not settings.secure_cookies


def test_the_secret_is_made_once_and_only_its_owner_may_read_it(site: Path) -> None:
    first = read_settings({}, site).secret_key
    assert read_settings({}, site).secret_key == first
    assert len(first) == 64
    assert (site / "var" / "secret-key").stat().st_mode & 0o077 == 0


def test_an_https_address_makes_cookies_secure(site: Path) -> None:
    assert read_settings({"KB_BASE_URL": "https://support.example"}, site).secure_cookies


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"KB_BASE_URL": "support.example"}, "KB_BASE_URL"),
        ({"KB_SMTP_URL": "http://mail"}, "KB_SMTP_URL"),
        ({"KB_CLAMD": "/run/clamd.ctl"}, "KB_CLAMD"),
        ({"KB_HOOK_SECRET": "short"}, "KB_HOOK_SECRET"),
        ({"KB_CONTENT_REPO": "/no/such/folder"}, "KB_CONTENT_REPO"),
        ({"KB_SYNC_EVERY": "often"}, "KB_SYNC_EVERY"),
        ({"KB_CLAMD": "tcp://"}, "KB_CLAMD"),
        ({"KB_TRUSTED_PROXIES": "many"}, "KB_TRUSTED_PROXIES"),
        ({"KB_COUNT_WALKS": "no"}, "write on or off"),
    ],
)
def test_a_wrong_setting_is_named(env: dict[str, str], said: str, site: Path) -> None:
    with pytest.raises(SettingsError, match=said):
        read_settings(env, site)


def test_a_folder_without_a_site_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="kb init"):
        read_settings({}, tmp_path)


def test_walks_are_counted_unless_switched_off(site: Path) -> None:
    assert read_settings({}, site).count_walks
    assert read_settings({"KB_COUNT_WALKS": "on"}, site).count_walks
    assert not read_settings({"KB_COUNT_WALKS": "off"}, site).count_walks
