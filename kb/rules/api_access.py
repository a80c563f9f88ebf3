"""What a program may do with a token: closed scopes, who may have which, how often, how long."""

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum

from kb.rules.accounts import Limit, Role


class Scope(StrEnum):
    """One thing a token is for."""

    CASES_READ = "cases:read"
    CASES_WRITE = "cases:write"
    CASES_BEHALF = "cases:behalf"
    NOTES_WRITE = "notes:write"
    CUSTOMERS_READ = "customers:read"
    PRODUCTS_READ = "products:read"
    WEBHOOKS_MANAGE = "webhooks:manage"


_OF_CUSTOMERS = (Scope.CASES_READ, Scope.CASES_WRITE, Scope.PRODUCTS_READ)
_OF_ADMINS = (Scope.WEBHOOKS_MANAGE,)  # they send data of every case out

TOKEN_PREFIX = "kb_"  # noqa: S105 # by which a token that leaked is recognised
TOKEN_DAYS = (30, 90, 365)  # how long a token may live; none lives for ever
MOST_TOKENS = 20  # of one account that still work
LONGEST_NAME = 60
BY_TOKEN = Limit(300, timedelta(minutes=1))  # requests, counted by each server process
BY_STRANGER = Limit(60, timedelta(minutes=1))  # requests of an address without a good token
USE_IS_NOTED = timedelta(minutes=5)  # at most so often: writing at each request would cost


def scopes_for(role: str) -> tuple[Scope, ...]:
    """Return the scopes a token of this role may have; an admin's are all there are."""
    if role == Role.ADMIN:
        return tuple(Scope)
    if role == Role.AGENT:
        return tuple(one for one in Scope if one not in _OF_ADMINS)
    return _OF_CUSTOMERS


def granted(scopes: Iterable[str], role: str) -> frozenset[Scope]:
    """Return what a token with these scopes may do while its account has this role."""
    named = set(scopes)
    return frozenset(one for one in scopes_for(role) if one in named)
