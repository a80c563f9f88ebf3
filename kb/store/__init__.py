"""Tables, queries and migrations; all SQL is here."""

from kb.store.database import Database, StoreError
from kb.store.migrate import migrate

__all__ = ["Database", "StoreError", "migrate"]
