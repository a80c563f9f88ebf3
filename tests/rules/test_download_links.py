"""Links to downloads: signed, and good for some hours (R12)."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.rules.download_links import LIVES, LinkState, judge, signed

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)


def ask(url: str, now: datetime = NOW, **changed: str) -> LinkState:
    parts = urlsplit(url)
    said = {name: values[0] for name, values in parse_qs(parts.query).items()} | changed
    path = changed.get("path", parts.path)
    return judge(path, said["expires"], said["signature"], "secret", now)


@pytest.mark.parametrize("url", ["/files/a.exe", "https://d.example/x/a%20b.iso?lang=es"])
def test_a_link_is_good_for_some_hours(url: str) -> None:
    made = signed(url, "secret", NOW)
    assert made.startswith(url)
    assert ask(made) is LinkState.GOOD
    assert ask(made, NOW + LIVES - timedelta(seconds=1)) is LinkState.GOOD
    assert ask(made, NOW + LIVES) is LinkState.EXPIRED


@pytest.mark.parametrize(
    "changed",
    [{"path": "/files/b.exe"}, {"expires": "9999999999"}, {"signature": "0" * 64},
     {"signature": "ñ"}, {"expires": "soon"}, {"expires": ""}],
)  # fmt: skip
def test_nothing_of_it_can_be_changed(changed: dict[str, str]) -> None:
    assert ask(signed("/files/a.exe", "secret", NOW), **changed) is LinkState.FORGED


@given(st.text(), st.text(), st.text())
def test_no_text_is_a_good_link(path: str, expires: str, signature: str) -> None:
    assert judge(path, expires, signature, "secret", NOW) is LinkState.FORGED
