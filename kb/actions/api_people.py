"""Customers, organisations and registered products, as programs read them."""

from dataclasses import dataclass

from kb.store import Database, assets, organisations, people_list, users
from kb.store.assets import Asset
from kb.store.organisations import Member, Membership
from kb.store.users import User


@dataclass(frozen=True, slots=True)
class Known:
    """A customer with their place in an organisation, if any."""

    user: User
    place: Membership | None


@dataclass(frozen=True, slots=True)
class House:
    """An organisation with its members."""

    id: int
    name: str
    members: tuple[Member, ...]


def list_customers(
    db: Database, email: str, before: int | None, limit: int
) -> tuple[tuple[Known, ...], bool]:
    """Return a page of customers, the newest first, and whether others follow."""
    with db.read() as conn:
        found = people_list.customers(conn, email, before, limit + 1)
        known = tuple(Known(one, organisations.of_user(conn, one.id)) for one in found[:limit])
    return known, len(found) > limit


def see_customer(db: Database, user_id: int) -> Known | None:
    """Return one customer; None for an agent, a deleted account and nobody."""
    with db.read() as conn:
        found = users.by_id(conn, user_id)
        if found is None or found.deleted_at or found.is_agent:
            return None
        return Known(found, organisations.of_user(conn, user_id))


def see_organisation(db: Database, id_: int) -> House | None:
    """Return an organisation with its members; None where there is none."""
    with db.read() as conn:
        name = people_list.organisation_name(conn, id_)
        return House(id_, name, organisations.members(conn, id_)) if name is not None else None


def products_of(db: Database, user_id: int) -> tuple[Asset, ...]:
    """Return what an account and its organisation have registered."""
    with db.read() as conn:
        return assets.of_user(conn, user_id)


def product_of(db: Database, user_id: int, asset_id: int) -> Asset | None:
    """Return one product of an account or its organisation; None for anybody else's."""
    with db.read() as conn:
        return assets.by_id(conn, asset_id, user_id)
