"""`kb token`: tokens of the API, made and ended by the operator."""

import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click

from kb.actions.accounts import normal_email
from kb.actions.api_tokens import TokenFlaw, make_token, revoke_token, tokens_of
from kb.cli.errors import friendly
from kb.rules.api_access import TOKEN_DAYS, Scope, scopes_for
from kb.settings import read_settings
from kb.store import Database, migrate, users
from kb.store.users import User


@click.group("token")
def token_group() -> None:
    """Make, list and end tokens of the API."""


@token_group.command()
@click.argument("email")
@click.option("--name", required=True, help="What the token is for.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice([str(one) for one in Scope]),
    help="What it may do; may be repeated.",
)
@click.option(
    "--days",
    type=click.Choice([str(days) for days in TOKEN_DAYS]),
    default=str(TOKEN_DAYS[1]),
    show_default=True,
    help="How long it works.",
)
@click.pass_obj
@friendly
def create(site: Path, email: str, name: str, scopes: tuple[str, ...], days: str) -> None:
    """Make a token that acts for the account of EMAIL, and print it this once.

    \b
    Examples:
      kb token create agent@example.com --name "nightly report" --scope cases:read
    """
    with closing(_database(site)) as db:
        user = _user(db, email)
        made = make_token(db, user.id, name, scopes, int(days), datetime.now(UTC))
    if isinstance(made, TokenFlaw):
        _stop(_why(made, user))
    click.echo(f"{user.email}: works until {made.expires_at:%Y-%m-%d}; shown this once:", err=True)
    click.echo(made.token)


@token_group.command("list")
@click.argument("email")
@click.pass_obj
@friendly
def list_(site: Path, email: str) -> None:
    """List the tokens of the account of EMAIL, those that ended too.

    \b
    Examples:
      kb token list agent@example.com
    """
    with closing(_database(site)) as db:
        found = tokens_of(db, _user(db, email).id)
    now = datetime.now(UTC)
    for one in found:
        state = "works" if one.works_at(now) else "ended"
        used = f"{one.last_used_at:%Y-%m-%d}" if one.last_used_at else "never"
        click.echo(
            f"{one.id}  …{one.hint}  {state} until {one.expires_at:%Y-%m-%d}, used {used}  "
            f"{one.name}  {' '.join(one.scopes)}"
        )
    if not found:
        click.echo("no tokens")


@token_group.command()
@click.argument("email")
@click.argument("token_id", type=int)
@click.pass_obj
@friendly
def revoke(site: Path, email: str, token_id: int) -> None:
    """End the token with the number TOKEN_ID of the account of EMAIL at once.

    \b
    Examples:
      kb token revoke agent@example.com 7
    """
    with closing(_database(site)) as db:
        ended = revoke_token(db, _user(db, email).id, token_id, datetime.now(UTC))
    if not ended:
        _stop(f"{email} has no token {token_id} that works; kb token list {email} shows them")
    click.echo(f"token {token_id} opens nothing any more")


def _database(site: Path) -> Database:
    settings = read_settings(site=site)
    migrate(settings.database_url)
    return Database(settings.database_url)


def _user(db: Database, email: str) -> User:
    address = normal_email(email)
    with db.read() as conn:
        found = users.by_email(conn, address.lower()) if address else None
    if found is None:
        _stop(f"there is no account of “{email}”; kb user add makes one")
    return found


def _why(flaw: TokenFlaw, user: User) -> str:
    if flaw is TokenFlaw.SCOPES:
        known = ", ".join(scopes_for(user.role))
        return f"a token of this {user.role} may only have: {known}"
    if flaw is TokenFlaw.TOO_MANY:
        return f"{user.email} has too many tokens; end one with kb token revoke"
    return "write what the token is for with --name"


def _stop(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(1)
