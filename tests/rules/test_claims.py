"""Claims: which need a document, when a purchase is proven (R7, R58, R60)."""

import pytest

from kb.rules.claims import ClaimKind, Proof, needs_document, purchase_is_proven


@pytest.mark.parametrize("kind", ClaimKind)
def test_which_claims_need_a_document(kind: ClaimKind) -> None:
    assert needs_document(kind) == (kind in {"proof", "move"})  # R7; R58: documented


@pytest.mark.parametrize(
    ("proof", "proven"),
    [(None, True), (Proof.NEEDED, False), (Proof.SENT, False), (Proof.REFUSED, False),
     (Proof.ACCEPTED, True)],
)  # fmt: skip
def test_when_the_day_of_a_purchase_counts(proof: Proof | None, proven: bool) -> None:
    assert purchase_is_proven(proof) is proven
