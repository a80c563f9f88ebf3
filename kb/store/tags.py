"""Tags of cases."""

from sqlalchemy import Connection, delete, select

from kb.store.database import insert_once
from kb.store.desk_tables import case_tag


def of_case(conn: Connection, number: int) -> tuple[str, ...]:
    """Return the tags of a case in their alphabet."""
    query = select(case_tag.c.tag).where(case_tag.c.case_number == number)
    return tuple(conn.execute(query.order_by(case_tag.c.tag)).scalars())


def add(conn: Connection, number: int, tag: str) -> bool:
    """Give a case a tag; False when it has it."""
    return insert_once(conn, case_tag, {"tag": tag, "case_number": number}) is not None


def remove(conn: Connection, number: int, tag: str) -> bool:
    """Take a tag off a case; False when it has none such."""
    here = (case_tag.c.tag == tag) & (case_tag.c.case_number == number)
    return conn.execute(delete(case_tag).where(here)).rowcount == 1
