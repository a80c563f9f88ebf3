"""Cases that belong together."""

from datetime import datetime

from sqlalchemy import Connection, or_, select

from kb.store.desk_tables import case_link


def of_case(conn: Connection, number: int) -> tuple[int, ...]:
    """Return the numbers of the cases linked to this one."""
    here = or_(case_link.c.first == number, case_link.c.second == number)
    pairs = conn.execute(select(case_link.c.first, case_link.c.second).where(here)).all()
    return tuple(sorted(second if first == number else first for first, second in pairs))


def add(conn: Connection, one: int, other: int, now: datetime) -> bool:
    """Link two cases, which the caller has locked; False when they are linked already."""
    if other in of_case(conn, one):
        return False
    first, second = sorted((one, other))
    conn.execute(case_link.insert().values(first=first, second=second, at=now))
    return True
