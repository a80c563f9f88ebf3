"""Claims about products in words, for those who make them and those who decide them."""

from kb.pages.frame import live
from kb.pages.texts import gettext as _
from kb.rules.claims import ClaimKind, ClaimState, Proof
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


def contract_source(source: str) -> str:
    """Say where a contract comes from; a word of an older version stays as it is."""
    return {
        "included": _("included with the product"),
        "bought": _("bought"),
        "upgrade": _("from an upgrade"),
        "agent": _("given by an agent"),
    }.get(source, source)


def proof_state(proof: str | None) -> str:
    """Say how far the proof of a purchase is; a dash where none is asked for."""
    said: dict[str, str] = {
        Proof.NEEDED: _("Asked for"),
        Proof.SENT: _("Sent, not decided yet"),
        Proof.ACCEPTED: _("Accepted"),
        Proof.REFUSED: _("Refused"),
    }
    return said.get(proof or "", "–")


def claim_product(one: Claim) -> str:
    """Name the product it is about."""
    product = live().site.policy.products.get(one.product)
    return f"{product.name if product else one.product} {one.version or ''}".strip()
