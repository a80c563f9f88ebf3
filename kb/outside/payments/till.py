"""What every way of paying has in common."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from kb.rules.money import Money


class PaymentTrouble(Exception):
    """The provider does not answer, or not in a way that can be relied on; try again later."""


class UntrueNotice(Exception):
    """A notice that the provider did not sign, or signed too long ago."""


@dataclass(frozen=True, slots=True)
class Bill:
    """What is to be paid, and where the customer comes back to. `previous` is the checkout that
    this one takes the place of."""

    reference: str
    name: str
    total: Money
    coins: int
    email: str
    lang: str
    back: str
    previous: str = ""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A page of the provider where a bill can be paid `until` then."""

    id: str
    url: str
    until: datetime


class NoticeKind(StrEnum):
    PAID = "paid"
    REFUNDED = "refunded"  # all of it
    WAITING = "waiting"  # nothing was paid, and it still can be
    OVER = "over"  # nothing was paid, and it cannot be any more
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Notice:
    """What a provider says about a bill: `payment` is its own reference for the money, `coins`
    the amount in the currency's smallest coins."""

    id: str
    kind: NoticeKind
    name: str = ""
    reference: str = ""
    payment: str = ""
    coins: int = 0
    currency: str = ""


class Till(Protocol):
    """One way of paying."""

    @property
    def provider(self) -> str: ...

    def open(self, bill: Bill) -> Checkout | None:
        """Open a page to pay at; None when the customer pays in another way. Asked twice for
        the same bill it is the same page. Raises PaymentTrouble."""

    def look(self, checkout_id: str) -> Notice:
        """Say what became of a checkout; raises PaymentTrouble."""

    def shut(self, checkout_id: str) -> None:
        """Close a checkout so that nothing can be paid there any more; one that is paid or over
        stays as it is. Raises PaymentTrouble."""

    def read(self, body: bytes, signature: str) -> Notice:
        """Read a notice that the provider sent; raises UntrueNotice."""
