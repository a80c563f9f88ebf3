"""Tokens: shown once, kept as a hash, as far as the account's role, until they end."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from kb.actions import links
from kb.actions.account_erase import delete_account
from kb.actions.account_mail import RESET
from kb.actions.accounts import Outcome, reset_password
from kb.actions.api_tokens import (
    MadeToken,
    TokenFlaw,
    client_of,
    make_token,
    revoke_token,
    tokens_of,
)
from kb.mail import Letters
from kb.rules.accounts import Role
from kb.rules.api_access import MOST_TOKENS, USE_IS_NOTED, Scope, scopes_for
from kb.rules.policy import Policy
from kb.store import Database, audit, users
from kb.store.integration_tables import api_token
from kb.store.users import NO_PASSWORD
from tests.actions.people import NOW, agent, customer

READ = [str(Scope.CASES_READ)]


def made(db: Database, user: int, scopes: list[str] = READ, days: int = 30) -> MadeToken:
    found = make_token(db, user, "nightly report", scopes, days, NOW, by=user)
    assert isinstance(found, MadeToken), found
    return found


def test_a_token_opens_what_it_names_until_it_expires(db: Database) -> None:
    user = customer(db)
    token = made(db, user)
    client = client_of(db, token.token, NOW)
    assert client is not None
    assert (client.user.id, client.scopes) == (user, {Scope.CASES_READ})
    assert client_of(db, token.token, NOW + timedelta(days=30, seconds=-1))
    assert client_of(db, token.token, NOW + timedelta(days=30)) is None


def test_it_is_kept_as_a_hash_only_and_its_life_is_in_the_audit(db: Database) -> None:
    user = customer(db)
    token = made(db, user)
    with db.read() as conn:
        assert token.token not in str(conn.execute(select(api_token)).all())
        told = audit.of_actor(conn, user)
    assert [(one.what, one.subject) for one in told] == [("token.make", f"token:{token.id}")]
    assert token.token not in str(told)


def test_what_is_no_token_opens_nothing(db: Database) -> None:
    token = made(db, customer(db)).token
    for wrong in ("", "kb_", token[:-1], token + "x", token.upper(), "\udcff\x00é"):
        assert client_of(db, wrong, NOW) is None


@pytest.mark.parametrize("known", [True, False], ids=["a forgotten password", "the first one"])
def test_a_password_that_is_reset_ends_the_tokens_made_under_the_old_one(
    db: Database, letters: Letters, known: bool
) -> None:
    user = customer(db, **({} if known else {"password_hash": NO_PASSWORD}))
    token = made(db, user).token
    with db.write() as conn:
        row = users.by_id(conn, user)
        assert row
        link = links.make(letters.secret, RESET, row, timedelta(hours=1), NOW)
    assert reset_password(db, letters, link, "four grey herons", NOW) is Outcome.DONE
    assert (client_of(db, token, NOW) is None) is known


def test_an_ended_token_opens_nothing_and_only_its_owner_ends_it(db: Database) -> None:
    user, other = customer(db), customer(db, "bo@example.com")
    token = made(db, user)
    assert not revoke_token(db, other, token.id, NOW, by=other)
    assert client_of(db, token.token, NOW)
    assert revoke_token(db, user, token.id, NOW, by=user)
    assert not revoke_token(db, user, token.id, NOW, by=user)
    assert client_of(db, token.token, NOW) is None
    assert [one.works_at(NOW) for one in tokens_of(db, user)] == [False]


def test_a_token_is_refused_rather_than_narrowed(db: Database) -> None:
    user = customer(db)
    asked = (
        (["notes:write"], "x", 30, TokenFlaw.SCOPES),
        ([], "x", 30, TokenFlaw.SCOPES),
        (["cases:read", "cases:all"], "x", 30, TokenFlaw.SCOPES),
        (READ, " ", 30, TokenFlaw.NAME),
        (READ, "x", 31, TokenFlaw.DAYS),
    )
    for scopes, name, days, flaw in asked:
        assert make_token(db, user, name, scopes, days, NOW) is flaw
    assert make_token(db, 999_999, "x", READ, 30, NOW) is TokenFlaw.NOBODY
    for _ in range(MOST_TOKENS):
        made(db, user)
    assert make_token(db, user, "x", READ, 30, NOW) is TokenFlaw.TOO_MANY


def test_who_is_no_agent_any_more_has_no_agents_token(db: Database) -> None:
    user = agent(db)
    token = made(db, user, [str(one) for one in scopes_for(Role.AGENT)]).token
    with db.write() as conn:
        users.set_role(conn, user, Role.CUSTOMER)
    client = client_of(db, token, NOW)
    assert client is not None
    assert not client.is_agent
    assert Scope.NOTES_WRITE not in client.scopes


def test_an_agent_who_owes_a_second_factor_has_no_token_either(db: Database) -> None:
    token = made(db, agent(db)).token
    assert client_of(db, token, NOW)
    assert client_of(db, token, NOW, require_2fa=True) is None
    with db.write() as conn:
        conn.execute(text('UPDATE "user" SET totp_since = created_at'))
    assert client_of(db, token, NOW, require_2fa=True)


def test_its_use_is_noted_and_not_at_every_request(db: Database) -> None:
    user = customer(db)
    token = made(db, user).token
    for after, noted in ((0, 0), (4, 0), (5, 5)):
        client_of(db, token, NOW + timedelta(minutes=after))
        assert tokens_of(db, user)[0].last_used_at == NOW + timedelta(minutes=noted)
    assert timedelta(minutes=5) == USE_IS_NOTED


def test_with_the_account_its_tokens_go(db: Database, policy: Policy, letters: Letters) -> None:
    user = customer(db)
    token = made(db, user).token
    delete_account(db, policy, letters, user, NOW)
    assert client_of(db, token, NOW) is None
    assert tokens_of(db, user) == ()
