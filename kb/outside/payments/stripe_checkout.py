"""Cards by Stripe Checkout: the customer pays on Stripe's page, signed notices tell us of it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import stripe

from kb.outside.payments.till import (
    Bill,
    Checkout,
    Notice,
    NoticeKind,
    PaymentTrouble,
    UntrueNotice,
)
from kb.settings import Stripe

TIMEOUT_SECONDS = 10
TOLERANCE_SECONDS = 300  # how old a signed notice may be
_LANGUAGES = {"es", "en"}  # that the page is asked for; else the browser's
_PAID = {"checkout.session.completed", "checkout.session.async_payment_succeeded"}


class StripeTill:
    """The official library against Stripe, or against another address for tests."""

    provider = "stripe"

    def __init__(self, about: Stripe) -> None:
        self._secret = about.webhook_secret
        self._client = stripe.StripeClient(
            about.secret_key,
            base_addresses={"api": about.api_url} if about.api_url else None,
            http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
            max_network_retries=1,
        )

    def open(self, bill: Bill) -> Checkout | None:
        """The idempotency key makes two browsers that pay the same order share one page."""
        options: Any = {"idempotency_key": f"order-{bill.reference}-{bill.previous or 'first'}"}
        session = self._ask(
            lambda: self._client.v1.checkout.sessions.create(_params(bill), options)
        )
        url, until = session.get("url"), session.get("expires_at")
        if not isinstance(url, str) or not isinstance(until, int) or not url.startswith("http"):
            raise PaymentTrouble("Stripe opened a checkout without an address")
        return Checkout(str(session["id"]), url, datetime.fromtimestamp(until, UTC))

    def look(self, checkout_id: str) -> Notice:
        session = self._ask(lambda: self._client.v1.checkout.sessions.retrieve(checkout_id))
        return _of_session(session, f"look-{checkout_id}")

    def shut(self, checkout_id: str) -> None:
        try:
            self._ask(lambda: self._client.v1.checkout.sessions.expire(checkout_id))
        except _Refused:  # it is complete or over already, and stays so
            return

    def read(self, body: bytes, signature: str) -> Notice:
        try:
            event = stripe.Webhook.construct_event(
                body, signature, self._secret, TOLERANCE_SECONDS
            ).to_dict()
        except (stripe.StripeError, ValueError, TypeError, AttributeError) as error:
            raise UntrueNotice(str(error)) from error
        return _read(event)

    def _ask(self, call: Any) -> Mapping[str, Any]:
        try:
            found = call().to_dict()
        except stripe.InvalidRequestError as error:
            raise _Refused(str(error)) from error
        except (stripe.StripeError, ValueError, AttributeError, TypeError) as error:
            raise PaymentTrouble(str(error)) from error
        if not isinstance(found, dict) or not isinstance(found.get("id"), str):
            raise PaymentTrouble("Stripe answered with something else")
        return found


class _Refused(PaymentTrouble):
    """Stripe understood and said no."""


def _params(bill: Bill) -> Any:
    about = {"order": bill.reference}
    return {
        "mode": "payment",
        "client_reference_id": bill.reference,
        "customer_email": bill.email,
        "metadata": about,
        "payment_intent_data": {"metadata": about},
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": bill.total.currency.lower(),
                    "unit_amount": bill.coins,
                    "product_data": {"name": bill.name},
                },
            }
        ],
        "success_url": bill.back,
        "cancel_url": bill.back,
        "locale": bill.lang if bill.lang in _LANGUAGES else "auto",
    }


def _read(event: Mapping[str, Any]) -> Notice:
    kind, id_ = str(event.get("type", "")), str(event.get("id", ""))
    thing = event.get("data", {}).get("object") if isinstance(event.get("data"), dict) else None
    if not id_ or not isinstance(thing, dict):
        raise UntrueNotice("a notice without an id or an object")
    if kind in _PAID:
        return _of_session(thing, id_, kind)
    if kind == "charge.refunded" and thing.get("refunded") is True:
        return Notice(
            id_,
            NoticeKind.REFUNDED,
            kind,
            _order_of(thing),
            str(thing.get("payment_intent") or thing.get("id") or ""),
            _coins(thing.get("amount_refunded")),
            str(thing.get("currency") or "").upper(),
        )
    return Notice(id_, NoticeKind.OTHER, kind, _order_of(thing))


def _of_session(session: Mapping[str, Any], id_: str, name: str = "") -> Notice:
    paid = session.get("payment_status") == "paid"
    over = session.get("status") == "expired"
    kind = NoticeKind.PAID if paid else NoticeKind.OVER if over else NoticeKind.WAITING
    return Notice(
        id_,
        kind,
        name,
        _order_of(session) or str(session.get("client_reference_id") or ""),
        str(session.get("payment_intent") or session.get("id") or ""),
        _coins(session.get("amount_total")),
        str(session.get("currency") or "").upper(),
    )


def _order_of(thing: Mapping[str, Any]) -> str:
    about = thing.get("metadata")
    return str(about.get("order") or "") if isinstance(about, dict) else ""


def _coins(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
