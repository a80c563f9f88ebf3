"""Orders as agents see them: all of them, and the money that is to be given back."""

from dataclasses import dataclass
from enum import StrEnum

from kb.rules.orders import OrderState
from kb.store import Database, order_list
from kb.store.order_list import OrderRow

PAGE = 25


class OrderList(StrEnum):
    """The lists of the desk."""

    OPEN = "open"  # to be paid
    SURPLUS = "surplus"  # money to be given back
    ALL = "all"


@dataclass(frozen=True, slots=True)
class OrderPage:
    """A page of orders; `more` says that another follows."""

    rows: tuple[OrderRow, ...]
    page: int
    more: bool


def order_page(db: Database, which: OrderList, words: str, page: int) -> OrderPage:
    """Return a page of a list, the newest order first."""
    states = (OrderState.NEW,) if which is OrderList.OPEN else tuple(OrderState)
    with db.read() as conn:
        found = order_list.listed(
            conn,
            states,
            words,
            offset=(page - 1) * PAGE,
            limit=PAGE + 1,
            surplus=which is OrderList.SURPLUS,
        )
    return OrderPage(found[:PAGE], page, len(found) > PAGE)
