"""From the person a sign-in provider names to an account of ours."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from kb.actions.accounts import normal_email
from kb.outside.sign_in import Person
from kb.rules.accounts import Role
from kb.settings import SignInProvider
from kb.store import Database, audit, identities, users
from kb.store.users import NO_PASSWORD, NewUser, User


class EntryOutcome(StrEnum):
    """How it ended; `user` comes with WELCOME only."""

    WELCOME = "welcome"
    UNVERIFIED = "unverified"  # the provider does not vouch for the address
    NOT_HERE = "not-here"  # an agent's account, and a provider for customers


@dataclass(frozen=True, slots=True)
class Entered:
    outcome: EntryOutcome
    user: User | None = None
    made: bool = False


def enter(
    db: Database, provider: SignInProvider, person: Person, lang: str, now: datetime
) -> Entered:
    """Find, link or make the account of a person whom a provider has signed in.

    A person who is linked stays linked whatever their address becomes. Otherwise only an address
    that the provider verified finds an account. One for customers opens no agent's account."""
    with db.write() as conn:
        known = identities.user_of(conn, provider.name, person.subject)
        user = users.by_id(conn, known) if known else None
        made = False
        if user is None:
            email = normal_email(person.email)
            if email is None or not person.email_verified:
                return Entered(EntryOutcome.UNVERIFIED)
            user, made = _by_address(conn, provider, person, email, lang, now)
        if user is None or (user.is_agent and provider.role != Role.AGENT):
            return Entered(EntryOutcome.NOT_HERE)
        if not known:
            identities.link(conn, user.id, provider.name, person.subject, now)
            audit.record(
                conn, user.id, "account.link", f"user:{user.id}", now, provider=provider.name
            )
        users.note_sign_in(conn, user.id, now)
    return Entered(EntryOutcome.WELCOME, user, made)


def _by_address(
    conn: Connection,
    provider: SignInProvider,
    person: Person,
    email: str,
    lang: str,
    now: datetime,
) -> tuple[User | None, bool]:
    new = NewUser(
        email=email,
        email_key=email.lower(),
        first_name=person.first_name or email.partition("@")[0],
        last_name=person.last_name,
        country="",
        lang=lang,
        password_hash=NO_PASSWORD,
        role=Role(provider.role),
        confirmed_at=now,
    )
    made = users.add(conn, new, now) is not None
    user = users.by_email(conn, new.email_key)
    if user and not user.is_confirmed:
        # Whoever signed up with this address never showed that it is theirs. Their password must
        # not open, nor their name stand on, the account of the person who has just shown it.
        users.set_password(conn, user.id, user.password_hash, NO_PASSWORD)
        users.set_profile(
            conn,
            user.id,
            first_name=new.first_name,
            last_name=new.last_name,
            country=new.country,
            lang=lang,
        )
        users.confirm(conn, user.id, now)
        user = users.by_id(conn, user.id)
    return user, made
