"""The twin of Stripe for every test that pays: one server, emptied before each test."""

from collections.abc import Iterator

import pytest

from tests.outside.stripe_twin import StripeTwin, stripe_twin


@pytest.fixture(scope="session")
def stripe_server() -> Iterator[StripeTwin]:
    with stripe_twin() as twin:
        yield twin


@pytest.fixture
def twin(stripe_server: StripeTwin) -> Iterator[StripeTwin]:
    """The server with nothing paid and nothing asked."""
    stripe_server.sessions.clear()
    stripe_server.by_key.clear()
    stripe_server.asked.clear()
    yield stripe_server
    stripe_server.trouble = ""
