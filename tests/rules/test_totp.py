"""RFC 4226 and RFC 6238 by their own test vectors, and what keeps a code from being reused."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.rules.totp import (
    STEP_SECONDS,
    code_of,
    key_from_text,
    key_text,
    key_uri,
    matching_step,
    step_at,
)

KEY = b"12345678901234567890"
KEYS = {"SHA1": KEY, "SHA256": (KEY * 2)[:32], "SHA512": (KEY * 4)[:64]}
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
HERE = step_at(NOW)


@pytest.mark.parametrize(
    ("step", "code"),
    list(
        enumerate(
            [
                "755224",
                "287082",
                "359152",
                "969429",
                "338314",
                "254676",
                "287922",
                "162583",
                "399871",
                "520489",
            ]
        )
    ),
)
def test_rfc_4226_appendix_d(step: int, code: str) -> None:
    assert code_of(KEY, step) == code


@pytest.mark.parametrize(
    ("seconds", "algorithm", "code"),
    [
        (59, "SHA1", "94287082"),
        (59, "SHA256", "46119246"),
        (59, "SHA512", "90693936"),
        (1111111109, "SHA1", "07081804"),
        (1111111109, "SHA256", "68084774"),
        (1111111109, "SHA512", "25091201"),
        (1111111111, "SHA1", "14050471"),
        (1111111111, "SHA256", "67062674"),
        (1111111111, "SHA512", "99943326"),
        (1234567890, "SHA1", "89005924"),
        (1234567890, "SHA256", "91819424"),
        (1234567890, "SHA512", "93441116"),
        (2000000000, "SHA1", "69279037"),
        (2000000000, "SHA256", "90698825"),
        (2000000000, "SHA512", "38618901"),
        (20000000000, "SHA1", "65353130"),
        (20000000000, "SHA256", "77737706"),
        (20000000000, "SHA512", "47863826"),
    ],
)
def test_rfc_6238_appendix_b(seconds: int, algorithm: str, code: str) -> None:
    step = step_at(datetime.fromtimestamp(seconds, UTC))
    assert code_of(KEYS[algorithm], step, digits=8, algorithm=algorithm) == code


@pytest.mark.parametrize(
    ("away", "accepted"),
    [(-2, False), (-1, True), (0, True), (1, True), (2, False)],
)
def test_a_clock_may_be_one_step_off(away: int, accepted: bool) -> None:
    found = matching_step(KEY, code_of(KEY, HERE + away), NOW, None)
    assert found == (HERE + away if accepted else None)


@pytest.mark.parametrize(
    ("last", "accepted"),
    [
        pytest.param(HERE - 1, True, id="an older code was used"),
        pytest.param(HERE, False, id="this very code was used"),
        pytest.param(HERE + 1, False, id="a later code was used"),
    ],
)
def test_a_code_works_once(last: int, accepted: bool) -> None:
    assert (matching_step(KEY, code_of(KEY, HERE), NOW, last) is not None) is accepted


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "12 34", "-12345", "12345\x00"]
)
def test_what_is_no_code_is_refused(typed: str) -> None:
    assert matching_step(KEY, typed, NOW, None) is None


def test_spaces_between_digits_do_not_matter() -> None:
    code = code_of(KEY, HERE)
    assert matching_step(KEY, f" {code[:3]} {code[3:]}\n", NOW, None) == HERE


@pytest.mark.parametrize(("second", "same"), [(0, True), (29, True), (30, False), (-1, False)])
def test_a_step_lasts_thirty_seconds(second: int, same: bool) -> None:
    start = datetime.fromtimestamp(HERE * STEP_SECONDS, UTC)
    assert (step_at(start + timedelta(seconds=second)) == HERE) is same


@given(st.binary(min_size=1, max_size=64))
def test_a_key_can_be_written_and_read(key: bytes) -> None:
    assert key_from_text(key_text(key).lower()) == key


def test_what_is_no_key_is_none() -> None:
    assert key_from_text("1 is no letter of base32") is None


def test_the_address_of_the_picture() -> None:
    uri = key_uri(KEY, "ana@example.com", "Norvault & Co")
    parts = urlsplit(uri)
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert parts.path == "/Norvault%20%26%20Co%3Aana%40example.com"
    assert parse_qs(parts.query) == {
        "secret": ["GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"],
        "issuer": ["Norvault & Co"],
    }
