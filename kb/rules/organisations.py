"""Organisations: who may do what in one, and when somebody may leave it."""

from enum import StrEnum


class MemberRole(StrEnum):
    """Owners invite, remove and see everything; contacts see the products and, where the owner
    says so, the cases."""

    OWNER = "owner"
    CONTACT = "contact"


def may_leave(role: MemberRole, owners: int, members: int) -> bool:
    """Tell whether a member may go: somebody must stay who may invite and remove the others.

    Whoever is alone may go: the organisation ends with them."""
    return role is MemberRole.CONTACT or owners > 1 or members == 1
