"""Every order of the queue has its index: a page sorts no cases, however many there are."""

from pathlib import Path

import pytest
from sqlalchemy import event

from kb.rules.cases import CaseState
from kb.store import Database, migrate, queue
from kb.store.queue import QueueFilter, Sort

WANTED = {
    "all": QueueFilter(),
    "one state": QueueFilter(states=(CaseState.OPEN,)),
    "an agent's": QueueFilter(assignee_id=3),
    "nobody's": QueueFilter(unassigned=True),
    "a request": QueueFilter(request="technical"),
    "a product": QueueFilter(product="backup-server"),
    **{f"by {sort}": QueueFilter(sort=sort) for sort in Sort},
    "one severity": QueueFilter(severity="A", sort=Sort.SEVERITY),
}


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Database:
    file: Path = tmp_path_factory.mktemp("plans") / "waypost.db"
    migrate(f"sqlite:///{file}")
    return Database(f"sqlite:///{file}")


@pytest.mark.parametrize("name", WANTED)
def test_no_page_of_the_queue_sorts(db: Database, name: str) -> None:
    asked: list[tuple[str, object]] = []
    with db.read() as conn:
        event.listen(conn, "before_cursor_execute", lambda *said: asked.append((said[2], said[3])))
        queue.page(conn, WANTED[name], offset=0, limit=25)
        statement, values = next(one for one in asked if "ORDER BY" in one[0])
        plan = conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)  # type: ignore[arg-type]
        steps = [row[3] for row in plan]
    assert steps
    assert not [step for step in steps if "TEMP B-TREE" in step], steps
