"""Which addresses may be posted to, what signs a message, what of a case is told."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_network

import pytest

from kb.rules.cases import MessageKind
from kb.rules.webhooks import (
    LONGEST_URL,
    TOLERANCE,
    UrlFlaw,
    WebhookEvent,
    is_signed,
    may_reach,
    of_change,
    of_message,
    signature,
    url_flaw,
)

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
HOUSE = (ip_network("10.1.0.0/16"), ip_network("::1/128"))
REFUSED = [
    "127.0.0.1",
    "127.8.9.1",
    "10.0.0.1",
    "172.16.5.4",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104 # refused, and nothing listens
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "198.18.0.1",
    "203.0.113.9",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2001:0:53aa:64c::1",
    "2001:db8::1",
    "localhost",
    "127.1",
    "x",
]


@pytest.mark.parametrize("address", REFUSED)
def test_an_address_inside_the_house_is_refused(address: str) -> None:
    assert not may_reach(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111"])
def test_a_public_address_is_reached(address: str) -> None:
    assert may_reach(address)


def test_the_operator_allows_networks_and_nothing_beside_them() -> None:
    assert may_reach("10.1.2.3", HOUSE)
    assert may_reach("::1", HOUSE)
    assert not may_reach("10.2.0.1", HOUSE)
    assert not may_reach("127.0.0.1", HOUSE)


@pytest.mark.parametrize(
    ("url", "flaw"),
    [
        pytest.param("https://hooks.example.com/x?y=1", None, id="good"),
        pytest.param("https://8.8.8.8:8443/", None, id="a public address"),
        pytest.param("http://hooks.example.com/", UrlFlaw.SCHEME, id="no TLS"),
        pytest.param("ftp://hooks.example.com/", UrlFlaw.SCHEME, id="no web"),
        pytest.param("hooks.example.com", UrlFlaw.SHAPE, id="no scheme"),
        pytest.param("https:///x", UrlFlaw.SHAPE, id="no host"),
        pytest.param("https://[::1", UrlFlaw.SHAPE, id="half an address"),
        pytest.param("https://a:99999/", UrlFlaw.SHAPE, id="no such port"),
        pytest.param("https://a:0/", UrlFlaw.SHAPE, id="port 0"),
        pytest.param("https://a/\r\nHost: b", UrlFlaw.SHAPE, id="a header in it"),
        pytest.param("https://mañana.example/", UrlFlaw.SHAPE, id="letters that are not ASCII"),
        pytest.param("https://a/" + "x" * LONGEST_URL, UrlFlaw.SHAPE, id="too long"),
        pytest.param("https://a@b.example/", UrlFlaw.LOGIN, id="a name in it"),
        pytest.param("https://:p@b.example/", UrlFlaw.LOGIN, id="a password in it"),
        pytest.param("https://169.254.169.254/meta", UrlFlaw.PRIVATE, id="metadata"),
        pytest.param("https://[fd00:ec2::254]/", UrlFlaw.PRIVATE, id="metadata, IPv6"),
        pytest.param("https://10.1.0.1/", UrlFlaw.PRIVATE, id="private"),
    ],
)
def test_what_an_address_says_of_itself(url: str, flaw: UrlFlaw | None) -> None:
    assert url_flaw(url) == flaw


def test_http_will_do_where_the_operator_allows_a_network() -> None:
    assert url_flaw("http://10.1.0.1/", HOUSE) is None
    assert url_flaw("http://10.2.0.1/", HOUSE) is UrlFlaw.PRIVATE
    assert url_flaw("ftp://10.1.0.1/", HOUSE) is UrlFlaw.SCHEME


def test_a_signature_is_for_this_secret_this_body_and_this_time() -> None:
    made = signature("s", NOW, b"{}")
    assert is_signed("s", made, b"{}", NOW + TOLERANCE)
    assert not is_signed("other", made, b"{}", NOW)
    assert not is_signed("s", made, b"{} ", NOW)
    assert not is_signed("s", made, b"{}", NOW + TOLERANCE + timedelta(seconds=1))
    assert not is_signed("s", made.replace("t=", "t=1"), b"{}", NOW)


@pytest.mark.parametrize("header", ["", "t=", "t=x,v1=y", "v1=a", "t=1795446000", "t=-5,v1=é", "="])
def test_a_header_that_is_no_signature_is_none(header: str) -> None:
    assert not is_signed("s", header, b"{}", NOW)


def test_every_event_is_told_of_by_something() -> None:
    changes = ("opened", "state", "severity", "assignee", "tag", "merged")
    told = {of_message(MessageKind.REPLY), of_message(MessageKind.NOTE)}
    for what in changes:
        found = of_change({"what": what})
        assert found is not None
        told.add(found[0])
    assert told == set(WebhookEvent)


def test_names_and_words_stay_here() -> None:
    change = {"what": "assignee", "before": "Irene Otero", "after": "Tomás Linde"}
    assert of_change(change) == (WebhookEvent.ASSIGNED, {})
    change = {"what": "severity", "before": "B", "after": "A", "reason": "Ana called"}
    assert of_change(change) == (WebhookEvent.SEVERITY, {"before": "B", "after": "A"})
    assert of_change({"what": "target"}) is None
