"""Orders as agents see them: all of them, and the money that is to be given back."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kb.actions.payments import Done
from kb.rules.orders import OrderState
from kb.store import Database, audit, order_list, orders
from kb.store.order_list import OrderRow

PAGE = 25


class OrderList(StrEnum):
    """The lists of the desk."""

    OPEN = "open"  # to be paid
    SURPLUS = "surplus"  # money to be given back
    UNPAID_CASES = "unpaid-cases"  # money went back after a case had used what it bought
    ALL = "all"


@dataclass(frozen=True, slots=True)
class OrderPage:
    """A page of orders; `more` says that another follows."""

    rows: tuple[OrderRow, ...]
    page: int
    more: bool


def order_page(db: Database, which: OrderList, words: str, page: int) -> OrderPage:
    """Return a page of a list, the newest order first."""
    only = {OrderList.OPEN: (OrderState.NEW,), OrderList.UNPAID_CASES: (OrderState.REFUNDED,)}
    states = only.get(which, tuple(OrderState))
    with db.read() as conn:
        found = order_list.listed(
            conn,
            states,
            words,
            offset=(page - 1) * PAGE,
            limit=PAGE + 1,
            surplus=which is OrderList.SURPLUS,
            used=which is OrderList.UNPAID_CASES,
        )
    return OrderPage(found[:PAGE], page, len(found) > PAGE)


def order_counts(db: Database) -> dict[OrderList, int]:
    """Return how many orders wait in each of the lists that ask for a deed."""
    with db.read() as conn:
        return {
            OrderList.OPEN: order_list.count(conn, (OrderState.NEW,)),
            OrderList.SURPLUS: order_list.count(conn, tuple(OrderState), surplus=True),
            OrderList.UNPAID_CASES: order_list.count(conn, (OrderState.REFUNDED,), used=True),
        }


def write_off(db: Database, agent_id: int, reference: str, reason: str, now: datetime) -> Done:
    """Let go of the money for a case that was opened with a paid incident whose money went back,
    with a reason that is kept."""
    if not reason.strip():
        return Done.NOT_ALLOWED
    with db.write() as conn:
        order = orders.by_reference(conn, reference, lock=True)
        if order is None:
            return Done.UNKNOWN
        if order.state is not OrderState.REFUNDED or not order_list.write_off(conn, order.id, now):
            return Done.NOTHING
        said = {"reason": reason.strip()}
        audit.record(conn, agent_id, "order.written-off", f"order:{reference}", now, **said)
    return Done.WRITTEN_OFF
