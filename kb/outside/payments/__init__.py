"""Taking money: one face for every way of paying (R5: card data is only ever typed elsewhere)."""

from kb.outside.payments.till import (
    Bill,
    Checkout,
    Notice,
    NoticeKind,
    PaymentTrouble,
    Till,
    UntrueNotice,
)
from kb.rules.money import PayBy
from kb.settings import Settings

__all__ = [
    "Bill",
    "Checkout",
    "Notice",
    "NoticeKind",
    "PaymentTrouble",
    "Till",
    "UntrueNotice",
    "tills_for",
]


def tills_for(settings: Settings) -> dict[PayBy, Till]:
    """Return the ways of paying that this site is set up for: an invoice needs nothing, cards
    need KB_STRIPE_SECRET_KEY and KB_STRIPE_WEBHOOK_SECRET."""
    from kb.outside.payments.invoice import InvoiceTill

    tills: dict[PayBy, Till] = {PayBy.INVOICE: InvoiceTill()}
    if settings.stripe is not None:
        from kb.outside.payments.stripe_checkout import StripeTill  # slow to import

        tills[PayBy.CARD] = StripeTill(settings.stripe)
    return tills
