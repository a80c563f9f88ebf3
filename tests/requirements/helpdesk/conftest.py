"""The free help desk, `examples/helpdesk`, a customer of it and a technician."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kb.settings import Settings
from tests.sites import HELPDESK, compiled, with_own_database
from tests.visitor import Visitor


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The help desk in place of the vendor site, for everything that asks for a site."""
    return with_own_database(compiled(HELPDESK), tmp_path)


@pytest.fixture
def noe(visitor: Visitor) -> Visitor:
    """A customer without cases."""
    return visitor.as_customer("noe")


@pytest.fixture
def technician(another: Callable[[], Visitor]) -> Visitor:
    """An agent of the help desk."""
    return another().as_agent()
