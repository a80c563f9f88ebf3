"""Customers, organisations and registered products for programs."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from kb.actions import api_people as actions
from kb.actions.api_people import Known
from kb.actions.api_tokens import Client
from kb.actions.entitlements import office_day
from kb.pages.frame import live, now, wiring
from kb.pages.problem_details import ProblemError
from kb.pages.rest.operations import operation
from kb.pages.shapes import WHOLE, Shape, Told
from kb.rules.api_access import Scope
from kb.store.assets import Asset

_ID = "<int:id>"
TAG = "Customers and products"


class CustomerQuery(Shape):
    """Which customers; with `email` the one who has this address."""

    email: Annotated[str, Field(max_length=254)] = ""
    limit: Annotated[int, Field(ge=1, le=100), WHOLE] = 25
    cursor: Annotated[str, Field(pattern=r"^n[0-9]{1,18}$")] | None = None


class Place(Told):
    """Somebody's place in an organisation."""

    id: int
    name: str
    role: str


class Customer(Told):
    """A person with an account."""

    id: int
    first_name: str
    last_name: str
    email: str
    country: str
    lang: str
    created_at: datetime
    confirmed_at: datetime | None
    organisation: Place | None


class CustomerPage(Told):
    """Some customers, the newest first; `next` is the cursor of those after them."""

    items: tuple[Customer, ...]
    next: str | None


class MemberOf(Told):
    """A member of an organisation."""

    id: int
    name: str
    email: str
    role: str
    sees_cases: bool


class Organisation(Told):
    """An organisation with its members."""

    id: int
    name: str
    members: tuple[MemberOf, ...]


class Product(Told):
    """A registered product; of its key only the last signs are known. `organisation` has it, else
    the account."""

    id: int
    product: str
    version: str | None
    edition: str
    name: str
    key_last4: str
    registered_at: datetime
    bought_on: date | None
    support_ends_on: date | None
    plan: str | None
    organisation: int | None


class Products(Told):
    """Registered products, the newest registration first."""

    items: tuple[Product, ...]


@operation(
    "GET",
    "/customers",
    "List customers",
    tag=TAG,
    scope=Scope.CUSTOMERS_READ,
    answer=CustomerPage,
    query=CustomerQuery,
)
def list_customers(client: Client, query: CustomerQuery) -> CustomerPage:
    """Customers, the newest first, page by page; for agents."""
    before = int(query.cursor[1:]) if query.cursor else None
    found, more = actions.list_customers(wiring().db, query.email, before, query.limit)
    items = tuple(_customer(one) for one in found)
    return CustomerPage(items=items, next=f"n{items[-1].id}" if more else None)


@operation(
    "GET",
    f"/customers/{_ID}",
    "Read a customer",
    tag=TAG,
    scope=Scope.CUSTOMERS_READ,
    answer=Customer,
)
def read_customer(client: Client, id: int) -> Customer:
    """One customer; for agents."""
    return _customer(_known(id))


@operation(
    "GET",
    f"/customers/{_ID}/products",
    "List a customer's products",
    tag=TAG,
    scope=Scope.CUSTOMERS_READ,
    answer=Products,
)
def list_customer_products(client: Client, id: int) -> Products:
    """What a customer and their organisation have registered; for agents."""
    return _products(_known(id).user.id)


@operation(
    "GET",
    f"/organisations/{_ID}",
    "Read an organisation",
    tag=TAG,
    scope=Scope.CUSTOMERS_READ,
    answer=Organisation,
)
def read_organisation(client: Client, id: int) -> Organisation:
    """An organisation with its members; for agents."""
    house = actions.see_organisation(wiring().db, id)
    if house is None:
        raise ProblemError(404, "no-organisation", "There is no such organisation.")
    return Organisation(
        id=house.id,
        name=house.name,
        members=tuple(
            MemberOf(
                id=one.user_id,
                name=one.name,
                email=one.email,
                role=str(one.role),
                sees_cases=one.sees_cases,
            )
            for one in house.members
        ),
    )


@operation(
    "GET",
    "/products",
    "List my products",
    tag=TAG,
    scope=Scope.PRODUCTS_READ,
    answer=Products,
)
def list_products(client: Client) -> Products:
    """What the token's account and its organisation have registered; their ids are the `asset` of
    a new case."""
    return _products(client.user.id)


def _known(id_: int) -> Known:
    found = actions.see_customer(wiring().db, id_)
    if found is None:
        raise ProblemError(404, "no-customer", "There is no such customer.")
    return found


def _customer(known: Known) -> Customer:
    user, place = known.user, known.place
    return Customer(
        id=user.id,
        first_name=user.first_name,
        last_name=user.last_name,
        email=user.email,
        country=user.country,
        lang=user.lang,
        created_at=user.created_at,
        confirmed_at=user.confirmed_at,
        organisation=Place(id=place.organisation_id, name=place.organisation, role=str(place.role))
        if place
        else None,
    )


def _products(user_id: int) -> Products:
    today = office_day(live().site.policy, now())
    found = actions.products_of(wiring().db, user_id)
    return Products(items=tuple(_product(one, today) for one in found))


def _product(one: Asset, today: date) -> Product:
    contract = one.contract_on(today)
    return Product(
        id=one.id,
        product=one.product,
        version=one.version,
        edition=one.edition,
        name=one.name,
        key_last4=one.key_last4,
        registered_at=one.registered_at,
        bought_on=one.purchased_on,
        support_ends_on=one.support_ends_on,
        plan=contract.plan if contract else None,
        organisation=one.organisation_id,
    )
