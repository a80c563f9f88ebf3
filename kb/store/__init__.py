"""Tables, queries and migrations; all SQL is here."""

from kb.store.database import Crossed, Database, StoreError
from kb.store.migrate import migrate

__all__ = ["Crossed", "Database", "StoreError", "migrate"]
