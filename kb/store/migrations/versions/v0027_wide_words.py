"""Words of people have no length in the database; in those made in the first hour they had."""

import sqlalchemy as sa
from alembic import op

from kb.store.columns import Words

revision = "0027"
down_revision = "0026"

_WORDS = {
    "asset": ("name",),
    "case": ("submission_id", "title"),
    "case_message": ("submission_id",),
    "feedback": ("email",),
    "outbox": ("recipient",),
    "user": ("email", "email_key", "first_name", "last_name", "country"),
    "wizard_walk": ("tree", "outcome"),
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        return  # it holds nobody to a length, and would have to write these tables anew
    found = sa.inspect(op.get_bind())
    for table, names in _WORDS.items():
        for column in found.get_columns(table):
            if column["name"] in names and getattr(column["type"], "length", None):
                op.alter_column(table, column["name"], type_=Words)
