"""Paying an invoice: the money goes to the bank, and an agent says that it came."""

from kb.outside.payments.till import Bill, Checkout, Notice, NoticeKind, UntrueNotice


class InvoiceTill:
    """Needs no provider, so it is also what a site has that is set up for nothing else."""

    provider = "invoice"

    def open(self, bill: Bill) -> Checkout | None:
        return None

    def look(self, checkout_id: str) -> Notice:
        return Notice(checkout_id, NoticeKind.OVER)

    def shut(self, checkout_id: str) -> None:
        return None

    def read(self, body: bytes, signature: str) -> Notice:
        raise UntrueNotice("nobody sends notices about invoices")
