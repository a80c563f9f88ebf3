"""What happened to a product, a licence or an order is told in sentences, in each language."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from flask import Flask

from kb.pages.trail_words import _SENTENCES, trail_row
from kb.rules.claims import ClaimKind, ClaimState
from kb.rules.orders import OrderState
from kb.store.audit import AuditEvent
from tests.conftest import ROOT

AT = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
SAID = {
    "before": "2026-11-03",
    "after": "2026-11-20",
    "plan": "premier",
    "starts": "2026-11-01",
    "ends": "2027-10-31",
    "reason": "Told by phone",
    "kind": str(ClaimKind.PROOF),
    "amount": "20.00 USD",
    "total": "20.00 USD",
    "payment": "BANK 77",
    "offer": "pay-per-incident",
    "file": "factura.pdf",
}


def told(app: Flask, lang: str, what: str, said: Mapping[str, object]) -> tuple[str, ...]:
    with app.test_request_context(f"/{lang}/"):
        app.preprocess_request()
        return trail_row(AuditEvent(1, None, what, "asset:1", said, AT), "nobody")


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("what", sorted(_SENTENCES))
def test_no_code_is_shown(app: Flask, lang: str, what: str) -> None:
    said = {**SAID, "before": "11", "after": "12"} if what == "asset.upgrade" else SAID
    _when, sentence, who, why = told(app, lang, what, said)
    assert what not in sentence
    assert not re.search(r"\d{4}-\d\d-\d\d|USD|premier\b|%\(", sentence)
    assert who == "nobody"
    assert "Told by phone" in why
    assert "BANK 77" in why
    empty = told(app, lang, what, {})  # one of an older version, which kept less
    assert "None" not in empty[1]


@pytest.mark.parametrize(
    ("lang", "what", "sentence"),
    [
        ("en", "contract.add", "Contract added: Premier plan from 1 November 2026"),
        ("es", "contract.add", "Contrato añadido: Plan Premier del 1 de noviembre de 2026"),
        ("en", "asset.bought-on", "from 3 November 2026 to 20 November 2026"),
        ("es", "order.paid", "Pagado: 20,00"),
        ("en", "claim.accepted", "Claim accepted: Proof of purchase"),
    ],
)
def test_what_is_said(app: Flask, lang: str, what: str, sentence: str) -> None:
    assert sentence in told(app, lang, what, SAID)[1]


def test_whatever_is_written_down_of_them_has_its_sentence() -> None:
    """A code that an action writes and nobody has put into words would be shown as it is."""
    about = r'"((?:asset|box|claim|contract|credit|order)\.[a-z-]+)"'
    sources = (path.read_text() for path in (ROOT / "kb" / "actions").glob("*.py"))
    written = {what for source in sources for what in re.findall(about, source)}
    written |= {f"claim.{one}" for one in ClaimState if one is not ClaimState.NEW}
    written |= {f"order.{one}" for one in (OrderState.CANCELLED, OrderState.LAPSED)}
    assert len(written) > 10
    assert written <= set(_SENTENCES), written - set(_SENTENCES)
