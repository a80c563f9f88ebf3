"""Who may leave an organisation."""

import pytest

from kb.rules.organisations import MemberRole, may_leave

OWNER, CONTACT = MemberRole.OWNER, MemberRole.CONTACT


@pytest.mark.parametrize(
    ("role", "owners", "members", "may"),
    [
        pytest.param(CONTACT, 1, 2, True, id="a contact always may"),
        pytest.param(OWNER, 1, 2, False, id="the last owner with others may not"),
        pytest.param(OWNER, 2, 2, True, id="one owner of two may"),
        pytest.param(OWNER, 1, 1, True, id="who is alone may"),
    ],
)
def test_who_may_leave(role: MemberRole, owners: int, members: int, may: bool) -> None:
    assert may_leave(role, owners, members) is may
