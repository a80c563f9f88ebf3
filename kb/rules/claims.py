"""Claims about products: what a customer asks and a person decides (R7, R58, R60)."""

from enum import StrEnum


class ClaimKind(StrEnum):
    KEY = "key"  # a key that another account has registered
    PROOF = "proof"  # of purchase, R7
    MOVE = "move"  # to another machine, R58
    SWAP = "swap"  # of product or language, R60
    UPGRADE = "upgrade"  # the key of the newer version, where none is there yet, R10


class ClaimState(StrEnum):
    NEW = "new"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Proof(StrEnum):
    """How far the proof of a purchase is, where the product asks for one."""

    NEEDED = "needed"
    SENT = "sent"
    ACCEPTED = "accepted"
    REFUSED = "refused"


DOCUMENTED = frozenset({ClaimKind.PROOF, ClaimKind.MOVE})  # a document must come with these


def needs_document(kind: ClaimKind) -> bool:
    """Tell whether a claim is nothing without a document."""
    return kind in DOCUMENTED


def purchase_is_proven(proof: str | None) -> bool:
    """Tell whether the day of a purchase counts: none is asked for, or it was accepted."""
    return proof is None or proof == Proof.ACCEPTED
