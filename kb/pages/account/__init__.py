"""The account: entering it, looking after it, the organisation behind it (R1–R5)."""

from kb.pages.account import (
    address,
    entry,
    farewell,
    organisation,
    profile,
    providers,
    second_factor,
    second_step,
    tokens,
    ways_in,
)
from kb.pages.account.common import blueprint

__all__ = [
    "address",
    "blueprint",
    "entry",
    "farewell",
    "organisation",
    "profile",
    "providers",
    "second_factor",
    "second_step",
    "tokens",
    "ways_in",
]
