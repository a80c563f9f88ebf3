"""What tests of pages look at behind the pages."""

import pytest
from flask import Flask

from kb.store import Database


@pytest.fixture
def db(app: Flask) -> Database:
    """The database of the application itself."""
    found: Database = app.extensions["waypost"].db
    return found
