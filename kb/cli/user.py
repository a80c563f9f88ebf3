"""`kb user add`: the operator makes accounts, above all those of agents."""

import re
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click

from kb.actions.people import add_user
from kb.actions.staff import staff
from kb.cli.errors import friendly
from kb.content.site_source import load_site_file
from kb.mail import letters_for
from kb.rules.accounts import Role
from kb.settings import read_settings
from kb.store import Database, migrate


@click.group("user")
def user_group() -> None:
    """Make accounts."""


@user_group.command("add")
@click.argument("email")
@click.option("--agent", is_flag=True, help="May work on cases; without it, a customer.")
@click.option(
    "--admin", is_flag=True, help="An agent who also has people, webhooks and exports of cases."
)
@click.option("--first-name", default="", help="First name.")
@click.option("--last-name", default="", help="Last name.")
@click.option("--country", default="ES", show_default=True, help="ISO 3166 code of two letters.")
@click.option("--lang", default=None, help="Language of the mails; default: the site's first.")
@click.pass_obj
@friendly
def add(
    site: Path,
    email: str,
    agent: bool,
    admin: bool,
    first_name: str,
    last_name: str,
    country: str,
    lang: str | None,
) -> None:
    """Make an account, or give one that exists another role.

    The person is mailed a link to set a password; the worker sends it. --agent for an admin, and
    neither for an agent, withdraws the role; the last admin keeps it.

    \b
    Examples:
      kb user add tomas@example.com --agent --first-name Tomás --last-name Linde --lang es
      kb user add vera@example.com --admin
      kb --site ./support user add someone@example.com --agent
    """
    settings = read_settings(site=site)
    about = load_site_file(settings.site).site
    if lang is not None and lang not in about.languages:
        known = ", ".join(about.languages)
        raise click.UsageError(f"“{lang}” is not a language of this site; known: {known}")
    if not re.fullmatch(r"[A-Z]{2}", country):
        raise click.UsageError(f"“{country}” is no country code; write two capitals, such as ES")
    migrate(settings.database_url)
    with closing(Database(settings.database_url)) as db:
        added = add_user(
            db,
            letters_for(settings, about),
            email,
            Role.ADMIN if admin else Role.AGENT if agent else Role.CUSTOMER,
            first_name=first_name or email.partition("@")[0],
            last_name=last_name,
            country=country,
            lang=lang or about.default_language,
            now=datetime.now(UTC),
        )
    if added is None:
        click.echo(f"“{email}” is no e-mail address; write it like name@example.com", err=True)
        sys.exit(1)
    if added.is_last_admin:
        said = "is the only admin and keeps the role; make another first with kb user add … --admin"
        click.echo(f"{added.email} {said}", err=True)
        sys.exit(1)
    told = "made; a link to set the password is queued" if added.made else "there already"
    click.echo(f"{added.email}: {told}; {added.role}.")


@user_group.command("list")
@click.pass_obj
@friendly
def list_(site: Path) -> None:
    """List who is an agent or an admin, and who has a second factor.

    \b
    Examples:
      kb user list
    """
    settings = read_settings(site=site)
    migrate(settings.database_url)
    with closing(Database(settings.database_url)) as db:
        found = staff(db)
    for one in found:
        second = "second factor" if one.has_second_factor else "no second factor"
        seen = f"seen {one.seen_at:%Y-%m-%d}" if one.seen_at else "never seen"
        click.echo(f"{one.role}  {one.email}  {one.name}  {second}, {seen}")
    if not any(one.is_admin for one in found):
        click.echo("nobody is an admin; kb user add EMAIL --admin makes one", err=True)
