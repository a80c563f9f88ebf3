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
        ({"KB_BASE_URL": "http://[half"}, "KB_BASE_URL"),
        ({"KB_BASE_URL": "http://host:port"}, "KB_BASE_URL"),
        ({"KB_SMTP_URL": "smtp://host:99999"}, "KB_SMTP_URL"),
        ({"KB_CLAMD": "tcp://host:port"}, "KB_CLAMD"),
        ({"KB_SYNC_EVERY": "²"}, "write a whole number"),
        ({"KB_API_PER_MINUTE": "9" * 5000}, "write a whole number"),
        ({"KB_MAIL_FROM": "Support <support@example.com>"}, "write the bare address"),
        ({"KB_MAIL_FROM": "nobody"}, "write the bare address"),
        ({"KB_DEV": "yes"}, "KB_DEV is “yes”"),
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


def test_a_wrong_address_is_told_without_its_password(site: Path) -> None:
    with pytest.raises(SettingsError) as told:
        read_settings({"KB_SMTP_URL": "smpt://me:hidden@mail.example.com"}, site)
    assert "smpt://me:***@mail.example.com" in str(told.value)


def test_a_setting_that_is_there_and_empty_is_as_if_it_were_not(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty line of an environment file must not put the database where one happens to be."""
    monkeypatch.chdir(site)
    empty = dict.fromkeys(("KB_VAR", "KB_SITE", "KB_MAIL_FROM", "KB_SECRET_KEY", "KB_DEV"), "")
    settings = read_settings(empty)
    assert settings.site == site
    assert settings.var == site / "var"
    assert settings.mail_from == "support@example.com"
    assert not (site / "secret-key").exists()


def test_a_secret_that_is_there_is_only_read(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full, or a folder that is read-only, ends no command that reads."""
    first = read_settings({}, site).secret_key

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.open", full)
    assert read_settings({}, site).secret_key == first


def test_a_secret_that_was_lost_is_not_made_up_for(site: Path) -> None:
    """An empty file is what a full disk left; with an empty secret anybody could sign."""
    (site / "var").mkdir()
    (site / "var" / "secret-key").write_text("\n")
    with pytest.raises(SettingsError, match="is empty; bring it back from the backup"):
        read_settings({}, site)


def test_processes_that_start_together_have_one_secret(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second sees a whole secret or none, and takes the first's."""
    first = read_settings({}, site).secret_key
    monkeypatch.setattr("secrets.token_hex", lambda _bytes: "another" * 8)
    monkeypatch.setattr(Path, "exists", lambda _path: False)  # as the second saw it
    assert read_settings({}, site).secret_key == first
    assert [file.name for file in (site / "var").iterdir()] == ["secret-key"]


def test_a_file_system_without_links_keeps_the_secret_too(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_: object) -> None:
        raise PermissionError(1, "no links here")

    monkeypatch.setattr("os.link", none)
    assert len(read_settings({}, site).secret_key) == 64


def test_a_file_of_providers_that_is_no_text_is_told(site: Path) -> None:
    (site / "providers").write_bytes(b"\x00\xff\xd0")
    with pytest.raises(SettingsError, match="cannot be read"):
        read_settings({"KB_OIDC_FILE": str(site / "providers")}, site)
