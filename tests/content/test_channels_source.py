"""How a channel is reached is checked with its line (R39, R69)."""

from pathlib import Path

import pytest

from kb.content.policy_source import load_policy
from kb.rules.policy import Channel
from tests.content.small_policy import SMALL, site

MORE = """\
- id: messaging
  name: {es: Mensajes, en: Messages}
  pitch: {es: Escriba, en: Write}
  link: https://messages.example.com/help
  fallback: true
- id: phone
  name: {es: Teléfono, en: Phone}
  pitch: {es: Llame, en: Call}
  number: +1 (555) 010-0199
"""


def test_r69_a_fallback_channel_has_an_address(tmp_path: Path) -> None:
    policy, problems = load_policy(site(tmp_path, channels=SMALL["channels"] + MORE), ("es", "en"))
    assert policy is not None, problems
    messaging = policy.channels[Channel.MESSAGING]
    assert messaging.fallback
    assert messaging.address == "https://messages.example.com/help"
    assert policy.channels[Channel.PHONE].address == "tel:+1(555)010-0199"
    assert policy.channels[Channel.EMAIL].address == ""


@pytest.mark.parametrize(
    ("was", "is_", "line", "said"),
    [
        ("  link: https://messages.example.com/help\n", "", 4, "add link:"),
        ("https://messages", "http://messages", 7, "link"),
        ("https://messages.example.com/help", "javascript:alert(1)", 7, "link"),
        ("  number: +1 (555) 010-0199\n", "", 9, "add number:"),
        ("+1 (555) 010-0199", "ask us", 12, "number"),
        ("fallback: true", "fallback: maybe", 8, "fallback"),
        ("fallback: true", "number: 555 0100", 4, "remove number:"),
    ],
)
def test_r69_mistakes_have_their_line(
    tmp_path: Path, was: str, is_: str, line: int, said: str
) -> None:
    assert was in MORE
    text = SMALL["channels"] + MORE.replace(was, is_)
    policy, problems = load_policy(site(tmp_path, channels=text), ("es", "en"))
    assert policy is None
    found = [str(one) for one in problems]
    assert any(f"channels.yaml:{line}:" in one and said in one for one in found), found
