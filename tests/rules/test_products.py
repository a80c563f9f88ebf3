"""Product lines, their versions and ranges (R27)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.rules.products import Lifecycle, Market, Product, ProductRange, parse_range, version_key

SERVER = Product("server", "Server", Market.BUSINESS, (("12",), ("11.5", "11"), ("10",)))
CLOUD = Product("cloud", "Cloud", Market.BUSINESS)


@pytest.mark.parametrize(
    ("version", "lifecycle"),
    [
        pytest.param("12", Lifecycle.SUPPORTED, id="R27 current"),
        pytest.param("11.5", Lifecycle.SUPPORTED, id="R27 previous"),
        pytest.param("11", Lifecycle.SUPPORTED, id="R27 11 and 11.5 count together"),
        pytest.param("10", Lifecycle.UNSUPPORTED, id="R27 older"),
        pytest.param("13", Lifecycle.UNSUPPORTED, id="a version that is not known"),
        pytest.param(None, Lifecycle.SUPPORTED, id="no version given"),
    ],
)
def test_R27_current_and_previous_generation_are_supported(version, lifecycle):
    assert SERVER.lifecycle(version) is lifecycle


def test_R26_a_service_without_versions_is_supported():
    assert CLOUD.lifecycle("12") is Lifecycle.SUPPORTED
    assert CLOUD.current_version is None


def test_versions_are_newest_first():
    assert SERVER.versions == ("12", "11.5", "11", "10")
    assert SERVER.current_version == "12"


@pytest.mark.parametrize(
    ("written", "line", "version", "covered"),
    [
        ("server", "server", "9", True),
        ("server", "home", None, False),
        ("server@12", "server", None, True),
        ("server@12", "server", "12", True),
        ("server@12", "server", "12.3", True),
        ("server@12", "server", "11.5", False),
        ("server@11-12", "server", "11.5", True),
        ("server@11-12", "server", "12.1", True),
        ("server@11-12", "server", "10.9", False),
        ("server@11-12", "server", "13", False),
        ("server@11-", "server", "13", True),
        ("server@-11", "server", "10", True),
        ("server@-11", "server", "12", False),
    ],
)
def test_a_range_covers_what_it_says(written, line, version, covered):
    assert parse_range(written).covers(line, version) is covered
    assert str(parse_range(written)) == written


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("", "is not a product"),
        ("@12", "is not a product"),
        ("server@", "is not a product"),
        ("server@-", "is not a product"),
        ("server@x", "“x” is not a version; write numbers and dots, like 11.5"),
        ("server@11.", "“11.” is not a version"),
        ("server@²", "is not a version"),
        ("server@12-11", "runs backwards; write the older version first"),
    ],
)
def test_a_malformed_range_is_told(written, told):
    with pytest.raises(ValueError, match=told):
        parse_range(written)


@given(st.lists(st.integers(0, 10**8), min_size=1, max_size=4))
def test_versions_compare_as_numbers(parts):
    assert version_key(".".join(map(str, parts))) == tuple(parts)


@given(st.integers(1, 99), st.integers(0, 99))
def test_a_range_is_read_as_it_is_written(low, more):
    one = ProductRange("server", str(low), str(low + more))
    assert parse_range(str(one)) == one
