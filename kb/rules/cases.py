"""The life of a case: states and who may move it where (DESIGN §3)."""

from enum import StrEnum


class CaseState(StrEnum):
    NEW = "new"
    OPEN = "open"
    PENDING_CUSTOMER = "pending_customer"
    ON_HOLD = "on_hold"
    ESCALATED_TO_SALES = "escalated_to_sales"
    RESOLVED = "resolved"
    CLOSED = "closed"


class MessageKind(StrEnum):
    REPLY = "reply"
    NOTE = "note"
    EVENT = "event"


class Actor(StrEnum):
    CUSTOMER = "customer"
    AGENT = "agent"
    SYSTEM = "system"
