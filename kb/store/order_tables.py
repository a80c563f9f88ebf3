"""Tables of buying: orders, what was paid for them, what payment providers told us (R17, R28)."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from kb.store.columns import Id, UtcTime, Words
from kb.store.tables import metadata

# What somebody ordered, at the price of that moment. Amounts are texts with a point, so no
# database rounds them. `licence_id` stays when the product is moved to another account.
order = Table(
    "order",
    metadata,
    Column("id", Id, primary_key=True),
    Column("reference", String(16), nullable=False, unique=True),  # what people quote
    Column("user_id", Id, ForeignKey("user.id"), nullable=False, index=True),
    Column("asset_id", Id, ForeignKey("asset.id"), index=True),
    Column("licence_id", Id, ForeignKey("licence.id"), nullable=False),
    Column("submission_id", String(64), nullable=False),
    Column("offer", String(80), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("plan", String(80)),
    Column("net", String(20), nullable=False),
    Column("tax", String(20), nullable=False),
    Column("total", String(20), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("decimals", Integer, nullable=False),
    Column("tax_name", Words, nullable=False),
    Column("pay_by", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("lang", String(12), nullable=False),
    Column("policy_revision", String(80), nullable=False),
    Column("ordered_at", UtcTime, nullable=False),
    Column("pay_until", UtcTime, nullable=False),
    Column("paid_at", UtcTime),
    Column("ended_at", UtcTime),
    # Where it is being paid, at the provider; only one such place is open at a time.
    Column("checkout_id", Words),
    Column("checkout_url", Words),
    Column("checkout_until", UtcTime),
    # What it gave: the id of a credit or of a contract.
    Column("given", JSON, nullable=False),
    UniqueConstraint("user_id", "submission_id"),
    Index(None, "state", "pay_until"),
    sqlite_autoincrement=True,
)

# Money that came in or went back; a provider's reference counts once.
payment = Table(
    "payment",
    metadata,
    Column("id", Id, primary_key=True),
    Column("order_id", Id, ForeignKey("order.id"), nullable=False, index=True),
    Column("provider", String(20), nullable=False),
    Column("reference", String(255), nullable=False),
    Column("amount", String(20), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("state", String(20), nullable=False, index=True),
    Column("at", UtcTime, nullable=False),
    Column("actor_id", Id, ForeignKey("user.id")),
    UniqueConstraint("provider", "reference"),
)

# Each notice of a provider, once, however often it is sent.
payment_notice = Table(
    "payment_notice",
    metadata,
    Column("id", Id, primary_key=True),
    Column("provider", String(20), nullable=False),
    Column("notice", String(255), nullable=False),
    Column("kind", String(80), nullable=False),
    Column("at", UtcTime, nullable=False, index=True),
    UniqueConstraint("provider", "notice"),
)
