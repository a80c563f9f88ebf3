"""Claims about products in words, for those who make them and those who decide them."""

from kb.pages.frame import live
from kb.pages.texts import gettext as _
from kb.rules.claims import ClaimKind, ClaimState
from kb.store.claims import Claim


def claim_kind(kind: ClaimKind) -> str:
    """Name what is asked."""
    return {
        ClaimKind.KEY: _("Key of another account"),
        ClaimKind.PROOF: _("Proof of purchase"),
        ClaimKind.MOVE: _("Move to another machine"),
        ClaimKind.SWAP: _("Swap of product or language"),
        ClaimKind.UPGRADE: _("Key for the free upgrade"),
    }[kind]


def claim_state(state: ClaimState) -> str:
    """Name how far it is."""
    return {
        ClaimState.NEW: _("Waiting"),
        ClaimState.ACCEPTED: _("Accepted"),
        ClaimState.REFUSED: _("Refused"),
    }[state]


def claim_product(one: Claim) -> str:
    """Name the product it is about."""
    product = live().site.policy.products.get(one.product)
    return f"{product.name if product else one.product} {one.version or ''}".strip()
