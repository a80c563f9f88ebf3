"""Paid incidents, contracts and dates of sale: a change touches the one it is about (R28, R8)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event

from kb.store import Database, assets, cases, licences
from kb.store.cases import NewCase
from kb.store.licences import Contract, NewLicence
from tests.actions.people import NOW, customer

DAY = timedelta(days=1)
YEAR = Contract("standard", date(2026, 1, 1), date(2026, 12, 31))


SOLD = NewLicence("hash-1", "1111", "backup-server", date(2026, 1, 1), box_hash="box-1")
OTHER = replace(SOLD, key_hash="hash-2", key_last4="2222", box_hash="box-2")


def sold(db: Database, *these: NewLicence) -> list[int]:
    with db.write() as conn:
        made = [licences.add(conn, one) for one in these]
    return [one for one in made if one is not None]


def open_case(conn: Connection, user_id: int, asset_id: int | None) -> int:
    """Open a case; return its number."""
    new = NewCase(
        user_id, f"form-{len(cases.of_user(conn, user_id))}", "technical", "", "full", asset_id,
        None, None, None, "B", "email", "It stops", "en", {}, {}, {}, "1",
    )  # fmt: skip
    number = cases.add(conn, new, NOW, person=(), said="", owed_at=None, turn=0)
    assert number is not None
    return number


def spend(db: Database, user_id: int, asset_id: int | None) -> int | None:
    """Open a case with a paid incident; return the incident it has used."""
    with db.write() as conn:
        number = open_case(conn, user_id, asset_id)
        before = {one.id for one in licences.all_unused_credits(conn)}
        used = licences.use_credit(conn, user_id, asset_id, number, NOW)
        gone = before - {one.id for one in licences.all_unused_credits(conn)}
        assert used is bool(gone)
    return gone.pop() if gone else None


@pytest.fixture
def ana(db: Database) -> int:
    return customer(db)


@pytest.fixture
def product(db: Database, ana: int) -> int:
    """A product that Ana has registered."""
    (licence_id,) = sold(db, SOLD)
    with db.write() as conn:
        made = assets.add(conn, ana, licence_id, NOW)
    assert made is not None
    return made


def test_a_licence_is_found_by_its_own_key_box_and_predecessor(db: Database) -> None:
    newer = replace(OTHER, key_hash="hash-3", box_hash=None, upgrade_of="hash-2")
    one, other, third = sold(db, SOLD, OTHER, newer)
    assert not sold(db, SOLD), "its key is known already"
    with db.read() as conn:
        found = [
            licences.by_hash(conn, "hash-2"), licences.by_box(conn, "box-2"),
            licences.by_id(conn, other), *licences.upgrades_of(conn, "hash-2"),
        ]  # fmt: skip
        assert [licence.id for licence in found if licence] == [other, other, other, third]
        assert licences.by_hash(conn, "hash-9") is licences.by_box(conn, "box-9") is None
        assert not licences.upgrades_of(conn, "hash-1")
        assert licences.by_id(conn, one + other + third) is None


def test_a_contract_ends_alone(db: Database) -> None:
    one, other = sold(db, SOLD, OTHER)
    with db.write() as conn:
        first = licences.add_contract(conn, one, YEAR)
        second = licences.add_contract(conn, one, replace(YEAR, plan="premier"))
        licences.add_contract(conn, other, YEAR)
        assert licences.end_contract(conn, first)
        assert not licences.end_contract(conn, first), "it has ended before"
        assert [held.id for held in licences.held_contracts(conn, one)] == [second]
        assert licences.contracts_of(conn, other) == (YEAR,)


def test_a_licence_is_dated_anew_alone(db: Database) -> None:
    one, other = sold(db, SOLD, OTHER)
    with db.write() as conn:
        licences.redate(conn, "hash-1", date(2026, 11, 1))
        dated = [licences.by_id(conn, id_) for id_ in (one, other)]
    assert [found.sold_on for found in dated if found] == [date(2026, 11, 1), SOLD.sold_on]


def test_R28_the_incident_of_the_product_is_spent_before_one_for_any_the_oldest_first(
    db: Database, ana: int, product: int
) -> None:
    with db.write() as conn:
        anywhere = licences.add_credit(conn, ana, None, NOW - 9 * DAY)
        newer = licences.add_credit(conn, ana, product, NOW)
        older = licences.add_credit(conn, ana, product, NOW - DAY)
    assert [spend(db, ana, product) for _ in range(4)] == [older, newer, anywhere, None]


def test_R28_an_incident_for_another_product_or_person_is_not_spent(
    db: Database, ana: int, product: int
) -> None:
    eva = customer(db, "eva@example.com")
    with db.write() as conn:
        licences.add_credit(conn, ana, product, NOW)
        licences.add_credit(conn, eva, None, NOW)
    with db.read() as conn:
        assert [one.user_id for one in licences.unused_credits(conn, ana)] == [ana]
    assert spend(db, ana, None) is None
    assert spend(db, eva, product) is not None, "her own, for any product"


def test_R28_what_is_given_back_is_unused_and_what_is_used_is_not_taken_away(
    db: Database, ana: int
) -> None:
    with db.write() as conn:
        first, second = (licences.add_credit(conn, ana, None, NOW + at * DAY) for at in (0, 1))
    assert [spend(db, ana, None) for _ in range(2)] == [first, second]
    with db.write() as conn:
        used, later = (licences.credit(conn, one) for one in (first, second))
        assert used is not None
        assert used.case_number is not None
        assert later is not None
        assert (used.id, later.id) == (first, second)
        assert not licences.void_credit(conn, first, NOW)
        assert licences.give_back_credit(conn, used.case_number) == first
        assert licences.give_back_credit(conn, used.case_number) is None
        assert [one.id for one in licences.unused_credits(conn, ana)] == [first]
        assert licences.void_credit(conn, first, NOW)
        assert not licences.unused_credits(conn, ana)
        assert not licences.void_credit(conn, first, NOW)
    assert spend(db, ana, None) is None, "it was taken away"


def test_R28_an_incident_that_is_gone_at_that_moment_leads_to_the_next(
    db: Database, ana: int
) -> None:
    """However many others are faster between looking for one and spending it."""
    with db.write() as conn:
        last = [licences.add_credit(conn, ana, None, NOW + at * DAY) for at in range(4)][-1]
    faster = [
        "UPDATE incident_credit SET void_at = bought_at WHERE bought_at = "
        "(SELECT min(bought_at) FROM incident_credit WHERE void_at IS NULL)"
    ] * 3

    def somebody(_conn: Any, cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith("UPDATE incident_credit") and faster:
            cursor.execute(faster.pop())

    with db.write() as conn:
        event.listen(conn, "before_cursor_execute", somebody)
        case = open_case(conn, ana, None)
        assert licences.use_credit(conn, ana, None, case, NOW)
        assert not licences.all_unused_credits(conn)
        spent = licences.credit(conn, last)
        assert spent is not None
        assert spent.case_number == case
