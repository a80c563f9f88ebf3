"""Accounts and sign-in providers: linked only where the address is shown to be theirs."""

from dataclasses import replace

import pytest

from kb.actions import passwords, provider_sign_in
from kb.actions.provider_sign_in import Entered, EntryOutcome
from kb.outside.sign_in import Person
from kb.rules.accounts import Role
from kb.settings import SignInProvider
from kb.store import Database, identities, users
from kb.store.users import User
from tests.actions.people import NOW, agent, customer

CUSTOMERS = SignInProvider("acme", "https://acme.example", "waypost", "s", "customer", "Acme")
STAFF = replace(CUSTOMERS, name="staff", role="agent")
ANA = Person("acme-17", "Ana@example.com", True, "Ana", "Prieto")


def enter(db: Database, person: Person = ANA, provider: SignInProvider = CUSTOMERS) -> Entered:
    return provider_sign_in.enter(db, provider, person, "es", NOW)


def row(db: Database, user_id: int) -> User:
    with db.read() as conn:
        found = users.by_id(conn, user_id)
    assert found
    return found


def test_a_new_person_gets_an_account(db: Database) -> None:
    entered = enter(db)
    assert entered.outcome is EntryOutcome.WELCOME
    assert entered.made
    assert entered.user
    assert (entered.user.name, entered.user.role, entered.user.lang) == (
        "Ana Prieto",
        "customer",
        "es",
    )
    assert entered.user.is_confirmed
    again = enter(db)
    assert again.user
    assert (again.user.id, again.made) == (entered.user.id, False)


def test_a_verified_address_finds_the_account_there_is(db: Database) -> None:
    ana = customer(db)
    entered = enter(db)
    assert entered.user
    assert (entered.user.id, entered.made) == (ana, False)
    assert row(db, ana).password_hash == "none"  # the password goes on


def test_an_address_that_is_not_verified_opens_and_makes_nothing(db: Database) -> None:
    customer(db)
    entered = enter(db, replace(ANA, email_verified=False))
    assert entered == Entered(EntryOutcome.UNVERIFIED)
    assert enter(db, replace(ANA, email="")) == Entered(EntryOutcome.UNVERIFIED)
    with db.read() as conn:
        assert identities.user_of(conn, "acme", ANA.subject) is None


def test_who_is_linked_stays_so_whatever_the_address_becomes(db: Database) -> None:
    ana, eva = customer(db), customer(db, "eva@example.com")
    enter(db)
    for changed in (
        replace(ANA, email="eva@example.com"),
        replace(ANA, email="", email_verified=False),
    ):
        entered = enter(db, changed)
        assert entered.user
        assert entered.user.id == ana
    assert row(db, eva).signed_in_at is None


def test_the_same_subject_of_another_provider_is_somebody_else(db: Database) -> None:
    ana = customer(db)
    enter(db)
    other = enter(db, replace(ANA, email="bo@example.com"), replace(CUSTOMERS, name="beta"))
    assert other.user
    assert other.user.id != ana


def test_a_password_set_by_whoever_never_confirmed_ends(db: Database) -> None:
    hashed = passwords.hash_password("set by a squatter")
    squatted = customer(db, password_hash=hashed, confirmed_at=None, first_name="Squatter")
    entered = enter(db)
    assert entered.user
    assert entered.user.id == squatted
    now = row(db, squatted)
    assert now.is_confirmed
    assert now.name == "Ana Prieto"
    assert not passwords.is_right(now.password_hash, "set by a squatter")
    assert now.session_epoch == 2


def test_a_provider_for_customers_opens_no_agent_s_account(db: Database) -> None:
    irene = agent(db)
    person = replace(ANA, email="irene@example.com")
    assert enter(db, person) == Entered(EntryOutcome.NOT_HERE)
    with db.read() as conn:
        assert identities.providers_of(conn, irene) == ()
    entered = enter(db, person, STAFF)
    assert entered.user
    assert entered.user.id == irene


def test_a_provider_for_agents_makes_agents_but_promotes_nobody(db: Database) -> None:
    ana = customer(db)
    entered = enter(db, ANA, STAFF)
    assert entered.user
    assert (entered.user.id, entered.user.role) == (ana, Role.CUSTOMER)
    made = enter(db, Person("s-1", "new@example.com", True, "", ""), STAFF)
    assert made.user
    assert (made.user.role, made.user.first_name) == (Role.AGENT, "new")


@pytest.mark.parametrize("email", ["no address", "a@b@c", "ana@example.com\nBcc: x@y.z"])
def test_an_address_that_is_none_makes_no_account(db: Database, email: str) -> None:
    assert enter(db, replace(ANA, email=email)) == Entered(EntryOutcome.UNVERIFIED)
