"""The tills: what Stripe is asked, which notices are believed, what happens when it is away."""

import time
from decimal import Decimal
from typing import Any

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st

from kb.outside.payments import Bill, NoticeKind, PaymentTrouble, UntrueNotice, tills_for
from kb.outside.payments import stripe_checkout as stripe_checkout_module
from kb.outside.payments.invoice import InvoiceTill
from kb.outside.payments.stripe_checkout import StripeTill
from kb.rules.money import Money, PayBy
from kb.settings import SettingsError, Stripe, read_settings
from tests.conftest import ROOT
from tests.outside.stripe_twin import SECRET, StripeTwin
from tests.outside.web_server import PATIENCE

BILL = Bill(
    reference="W7K3Q9RX2D",
    name="Pay per incident",
    total=Money(Decimal("20.00"), "USD"),
    coins=2000,
    email="ana@example.com",
    lang="es",
    back="https://help.example.com/es/my/orders/W7K3Q9RX2D",
)


@pytest.fixture
def till(twin: StripeTwin) -> StripeTill:
    return StripeTill(twin.settings)


def test_a_checkout_names_the_order_the_price_and_the_way_back(
    till: StripeTill, twin: StripeTwin
) -> None:
    opened = till.open(BILL)
    assert opened is not None
    assert opened.url.startswith(twin.url)
    (method, path, form), *_ = twin.asked
    assert (method, path) == ("POST", "/v1/checkout/sessions")
    assert form["line_items[0][price_data][unit_amount]"] == "2000"
    assert form["line_items[0][price_data][currency]"] == "usd"
    assert form["payment_intent_data[metadata][order]"] == BILL.reference
    assert form["success_url"] == form["cancel_url"] == BILL.back
    assert form["locale"] == "es"
    assert not [name for name in form if "card" in name or "iban" in name]  # R5


def test_the_same_bill_has_one_page_and_the_next_one_another(till: StripeTill) -> None:
    first, again = till.open(BILL), till.open(BILL)
    assert first is not None
    assert again is not None
    assert first.id == again.id
    from dataclasses import replace

    later = till.open(replace(BILL, previous=first.id))
    assert later is not None
    assert later.id != first.id


def test_a_checkout_is_looked_at_and_shut(till: StripeTill, twin: StripeTwin) -> None:
    opened = till.open(BILL)
    assert opened is not None
    assert till.look(opened.id).kind is NoticeKind.WAITING
    till.shut(opened.id)
    assert till.look(opened.id).kind is NoticeKind.OVER
    till.shut(opened.id)  # over already: nothing happens


def test_a_paid_checkout_cannot_be_shut(till: StripeTill, twin: StripeTwin) -> None:
    opened = till.open(BILL)
    assert opened is not None
    twin.pay(opened.id)
    till.shut(opened.id)
    found = till.look(opened.id)
    assert (found.kind, found.reference, found.coins, found.currency) == (
        NoticeKind.PAID,
        BILL.reference,
        2000,
        "USD",
    )


@pytest.mark.parametrize("trouble", ["html", "half", "error", "empty", "nothing"])
def test_a_provider_in_trouble_is_said_to_be(
    till: StripeTill, twin: StripeTwin, trouble: str
) -> None:
    opened = till.open(BILL)
    assert opened is not None
    twin.trouble = trouble
    for ask in (
        lambda: till.open(BILL),
        lambda: till.look(opened.id),
        lambda: till.shut(opened.id),
    ):
        with pytest.raises(PaymentTrouble):
            ask()


def test_a_provider_that_hangs_is_asked_twice_and_left(
    till: StripeTill, twin: StripeTwin, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = till.open(BILL)
    assert opened is not None
    monkeypatch.setattr(stripe_checkout_module, "TIMEOUT_SECONDS", 0.3)
    hasty = StripeTill(twin.settings)
    for ask in (
        lambda: hasty.open(BILL),
        lambda: hasty.look(opened.id),
        lambda: hasty.shut(opened.id),
    ):
        twin.trouble = "hang"
        before = len(twin.asked)
        with pytest.raises(PaymentTrouble):
            ask()
        assert len(twin.asked) - before == 2
        assert all(twin.left.acquire(timeout=PATIENCE) for _ in range(2)), "it did not give up"


def test_nobody_there(twin: StripeTwin) -> None:
    with pytest.raises(PaymentTrouble):
        StripeTill(Stripe("sk", SECRET, "http://127.0.0.1:9")).open(BILL)


PAID: dict[str, Any] = {
    "id": "cs_1",
    "object": "checkout.session",
    "status": "complete",
    "payment_status": "paid",
    "payment_intent": "pi_1",
    "amount_total": 2000,
    "currency": "usd",
    "metadata": {"order": "W7K3Q9RX2D"},
}


def test_a_signed_notice_is_read(till: StripeTill, twin: StripeTwin) -> None:
    notice = till.read(*twin.notice(PAID))
    assert (notice.id, notice.kind, notice.reference) == ("evt_1", NoticeKind.PAID, "W7K3Q9RX2D")
    assert (notice.payment, notice.coins, notice.currency) == ("pi_1", 2000, "USD")


@pytest.mark.parametrize(
    ("thing", "kind", "expected"),
    [
        pytest.param({"payment_status": "unpaid"}, "checkout.session.completed", "waiting",
                     id="a bank transfer that is still on its way"),
        pytest.param({}, "checkout.session.async_payment_succeeded", "paid", id="it came"),
        pytest.param({"status": "expired", "payment_status": "unpaid"},
                     "checkout.session.expired", "other", id="over"),
        pytest.param({"refunded": True, "amount_refunded": 2000}, "charge.refunded", "refunded",
                     id="all of it back"),
        pytest.param({"refunded": False, "amount_refunded": 5}, "charge.refunded", "other",
                     id="a part of it back"),
        pytest.param({"metadata": None}, "customer.created", "other", id="something else"),
    ],
)  # fmt: skip
def test_what_notices_mean(
    till: StripeTill, twin: StripeTwin, thing: dict[str, Any], kind: str, expected: str
) -> None:
    assert str(till.read(*twin.notice({**PAID, **thing}, kind)).kind) == expected


def _forged(twin: StripeTwin) -> dict[str, tuple[bytes, str]]:
    body, signature = twin.notice(PAID)
    return {
        "no signature": (body, ""),
        "another secret": twin.notice(PAID, secret="whsec_guessed"),
        "another body": (body.replace(b"2000", b"2001"), signature),
        "old": twin.notice(PAID, at=time.time() - 301),
        "nonsense": (body, "t=now,v1=abc"),
        "not ascii": (body, "t=1,v1=ñ"),
        "not utf-8": (b"\xff\xfe", signature),
        "empty": (b"", signature),
        "signed, no object": _signed(b'{"id": "evt", "object": "event", "type": "x", "data": 1}'),
        "signed, no id": _signed(b'{"object": "event", "type": "x", "data": {"object": {}}}'),
        "signed, a list": _signed(b"[]"),
        "signed, no json": _signed(b"<html>"),
    }


def _signed(body: bytes) -> tuple[bytes, str]:
    made = stripe.WebhookSignature.generate_signature_header(body.decode(), SECRET)
    return body, made


@pytest.mark.parametrize("name", list(_forged(StripeTwin())))
def test_what_is_not_signed_is_not_believed(till: StripeTill, twin: StripeTwin, name: str) -> None:
    with pytest.raises(UntrueNotice):
        till.read(*_forged(twin)[name])


_TILL = StripeTill(Stripe("sk", SECRET, "http://127.0.0.1:9"))


@given(st.binary(max_size=200), st.text(max_size=80))
def test_no_bytes_bring_it_down(body: bytes, signature: str) -> None:
    with pytest.raises(UntrueNotice):
        _TILL.read(body, signature)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from([*PAID, "data", "type", "refunded"]), inner, max_size=5
            )
        ),
        max_leaves=20,
    )
)
def test_nothing_signed_brings_it_down(thing: Any) -> None:
    import json

    for kind in ("checkout.session.completed", "charge.refunded", "x"):
        event = {"id": "e", "object": "event", "type": kind, "data": {"object": thing}}
        try:
            _TILL.read(*_signed(json.dumps(event).encode()))
        except UntrueNotice:
            continue


def test_an_invoice_needs_nothing_and_believes_nobody() -> None:
    till = InvoiceTill()
    assert till.open(BILL) is None
    till.shut("x")
    assert till.look("x").kind is NoticeKind.OVER
    with pytest.raises(UntrueNotice):
        till.read(b"", "")


def test_cards_need_both_settings() -> None:
    assert list(tills_for(read_settings({"KB_SECRET_KEY": "s"}, ROOT))) == [PayBy.INVOICE]
    keys = {"KB_STRIPE_SECRET_KEY": "sk", "KB_STRIPE_WEBHOOK_SECRET": "whsec"}
    both = read_settings({"KB_SECRET_KEY": "s", **keys}, ROOT)
    assert set(tills_for(both)) == {PayBy.INVOICE, PayBy.CARD}
    assert "sk" not in repr(both.stripe)
    for name in keys:
        with pytest.raises(SettingsError, match="is missing"):
            read_settings(
                {"KB_SECRET_KEY": "s", **{k: v for k, v in keys.items() if k != name}}, ROOT
            )
