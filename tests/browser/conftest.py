"""A real browser on a running site; every page that is visited is checked by axe."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.actor import Actor
from tests.browser.server import Running, running
from tests.programs import chromium
from tests.sites import HELPDESK

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# What is expected comes at once; on a slow machine under load it comes, too, but later.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Start the system's Chromium instead of a downloaded one."""
    return {"executable_path": chromium(), "args": ARGUMENTS}


@pytest.fixture(scope="session")
def base_url() -> None:
    """In place of a plugin's fixture that this pytest warns about; actors know their site."""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The vendor site, served by the real command."""
    with running(tmp_path_factory.mktemp("served")) as served:
        yield served


@pytest.fixture(scope="session")
def helpdesk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The help desk, served by the real command."""
    with running(tmp_path_factory.mktemp("helpdesk"), HELPDESK) as served:
        yield served


@pytest.fixture
def customer(page: Page, site: Running) -> Actor:
    """A person at the browser."""
    return Actor(page, site)
