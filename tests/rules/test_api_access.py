"""Scopes are closed and follow the role: who is no agent any more has no agent's token."""

import pytest

from kb.rules.accounts import Role
from kb.rules.api_access import Scope, granted, scopes_for

CUSTOMERS = {Scope.CASES_READ, Scope.CASES_WRITE, Scope.PRODUCTS_READ}


def test_an_admin_may_have_every_scope_an_agent_those_of_cases_a_customer_their_own() -> None:
    assert set(scopes_for(Role.ADMIN)) == set(Scope)
    assert set(scopes_for(Role.AGENT)) == set(Scope) - {Scope.WEBHOOKS_MANAGE}
    assert set(scopes_for(Role.CUSTOMER)) == CUSTOMERS


@pytest.mark.parametrize(
    ("scopes", "role", "expected"),
    [
        pytest.param(["cases:read"], Role.AGENT, {Scope.CASES_READ}, id="what it names"),
        pytest.param(["webhooks:manage"], Role.AGENT, set(), id="an admin's, now an agent"),
        pytest.param(["notes:write"], Role.CUSTOMER, set(), id="an agent's, now a customer"),
        pytest.param(["cases:all"], Role.AGENT, set(), id="no such scope"),
        pytest.param([str(one) for one in Scope], Role.CUSTOMER, CUSTOMERS, id="all"),
    ],
)
def test_a_token_may_do_what_it_names_and_its_account_may(
    scopes: list[str], role: Role, expected: set[Scope]
) -> None:
    assert granted(scopes, role) == expected
