"""Whose products and cases are whose: a change of one organisation touches no other, nor what its
members have for themselves."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import Connection, func, select

from kb.rules.organisations import MemberRole
from kb.store import Database, assets, case_search, cases, licences, organisations
from kb.store.account_tables import organisation
from kb.store.cases import NewCase
from kb.store.organisations import has_asset, sees_case
from kb.store.tables import asset, case
from tests.actions.people import NOW, customer, days_ago

_numbers = count()


@dataclass
class Town:
    """Two organisations and people: House has Ana, an owner who sees by that alone, Bo, a contact,
    and Eva, a contact who sees cases; Mill has Max; Zed has left House."""

    db: Database
    people: dict[str, int] = field(default_factory=dict)
    places: dict[str, int | None] = field(default_factory=lambda: {"own": None})
    things: dict[str, int] = field(default_factory=dict)

    def who(self, name: str) -> int:
        return self.people[name]

    def place(self, name: str) -> int:
        place = self.places[name]
        assert place is not None
        return place


def _opened(conn: Connection, user_id: int, place: int | None) -> int:
    new = NewCase(
        user_id, f"form-{next(_numbers)}", "technical", "", "full", None, None, None, None, "B",
        "email", "It stops", "en", {"email": f"at{user_id}@example.net"}, {}, {}, "1", place,
    )  # fmt: skip
    number = cases.add(conn, new, NOW, person=("Ana",), said="", owed_at=None, turn=0)
    assert number is not None
    return number


def _registered(conn: Connection, user_id: int, place: int | None) -> int:
    mark = f"hash-{next(_numbers)}"
    sold = licences.add(conn, licences.NewLicence(mark, "1111", "backup-server", days_ago(9)))
    assert sold is not None
    made = assets.add(conn, user_id, sold, NOW, organisation_id=place)
    assert made is not None
    return made


OWNED = ["ana own", "bo own", "bo House", "eva House", "zed House", "bo Mill", "max Mill"]


@pytest.fixture
def town(db: Database) -> Town:
    town = Town(db)
    for name in ("ana", "bo", "eva", "max", "zed"):
        town.people[name] = customer(db, f"{name}@example.com", first_name=name.title())
    with db.write() as conn:
        town.places["House"] = organisations.found(conn, "House", town.who("ana"), NOW)
        town.places["Mill"] = organisations.found(conn, "Mill", town.who("max"), NOW)
        house = town.place("House")
        organisations.set_member(conn, house, town.who("ana"), MemberRole.OWNER, False)
        for name, sees, days in (("bo", False, 2), ("eva", True, 1)):
            at = NOW + timedelta(days=days)
            contact = MemberRole.CONTACT
            assert organisations.join(conn, house, town.who(name), contact, sees, at)
        for one in OWNED:
            name, place = one.split()
            town.things[f"case {one}"] = _opened(conn, town.who(name), town.places[place])
            town.things[f"asset {one}"] = _registered(conn, town.who(name), town.places[place])
    return town


def _named(town: Town, kind: str, ids: set[int]) -> set[str]:
    told = {town.things[f"{kind} {one}"]: one for one in OWNED}
    return {told[one] for one in ids}


@pytest.mark.parametrize(
    ("name", "products", "seen"),
    [
        pytest.param("ana", "ana own|House", "ana own|House", id="an owner"),
        pytest.param("bo", "bo own|House", "bo own|bo House", id="a contact"),
        pytest.param("eva", "House", "House", id="a contact who sees cases"),
        pytest.param("max", "Mill", "Mill", id="somebody of another"),
        pytest.param("zed", "", "", id="who has left"),
    ],
)
def test_what_is_whose(town: Town, name: str, products: str, seen: str) -> None:
    house = "bo House|eva House|zed House"
    with town.db.read() as conn:
        who = town.who(name)
        mine = set(conn.execute(select(asset.c.id).where(has_asset(who))).scalars())
        read = set(conn.execute(select(case.c.number).where(sees_case(who))).scalars())
    for found, said in (
        (_named(town, "asset", mine), products),
        (_named(town, "case", read), seen),
    ):
        whole = said if "bo House" in said else said.replace("House", house)
        assert found == set(whole.replace("Mill", "bo Mill|max Mill").split("|")) - {""}


def test_who_leaves_hands_over_what_is_the_organisations_and_nothing_else(town: Town) -> None:
    with town.db.write() as conn:
        organisations.remove(conn, town.place("House"), town.who("bo"), town.who("ana"))
    with town.db.read() as conn:
        for table, key, kind in ((asset, asset.c.id, "asset"), (case, case.c.number, "case")):
            whose = {row[0]: row[1] for row in conn.execute(select(key, table.c.user_id))}
            kept = {one: whose[town.things[f"{kind} {one}"]] for one in OWNED}
            as_before = {one: town.who(one.split()[0]) for one in OWNED}
            assert kept == {**as_before, "bo House": town.who("ana")}
        reached = {one: cases.by_number(conn, town.things[f"case {one}"]) for one in OWNED}
        empty = {one for one, found in reached.items() if found and not found.contact["email"]}
        assert empty == {"bo House"}
        matched = case_search.matches(conn, f"at{town.who('bo')}")
        assert matched is not None
        numbers = set(conn.execute(select(case_search.key(conn)).where(matched)).scalars())
        assert _named(town, "case", numbers) == {"bo own", "bo Mill"}
        names = [one.name.split()[0] for one in organisations.members(conn, town.place("House"))]
        assert names == ["Ana", "Eva"]
        assert organisations.of_user(conn, town.who("max"))


def test_a_change_of_one_member_or_name_is_no_others(town: Town) -> None:
    house, mill = town.place("House"), town.place("Mill")
    with town.db.write() as conn:
        organisations.set_member(conn, house, town.who("bo"), MemberRole.OWNER, True)
        organisations.rename(conn, house, "Palace")
    with town.db.write() as conn:
        told = {
            one.first_name: (one.role, one.sees_cases)
            for place in (house, mill)
            for one in organisations.members(conn, place)
        }
        names = [organisations.name_of(conn, one) for one in (house, mill, house + mill)]
        assert names == ["Palace", "Mill", ""]
        assert [organisations.lock(conn, one) for one in (house, mill)] == ["Palace", "Mill"]
    assert list(told) == ["Ana", "Eva", "Bo", "Max"], "who joined first, first"
    owner, contact = MemberRole.OWNER, MemberRole.CONTACT
    assert (told["Ana"], told["Bo"]) == ((owner, False), (owner, True))
    assert (told["Eva"], told["Max"]) == ((contact, True), (owner, True))


def test_who_is_in_one_founds_no_other(town: Town) -> None:
    with town.db.write() as conn:
        assert organisations.found(conn, "Third", town.who("bo"), NOW) is None
        assert conn.execute(select(func.count()).select_from(organisation)).scalar_one() == 2


def test_an_organisation_ends_alone(town: Town) -> None:
    house = town.place("House")
    with town.db.write() as conn:
        organisations.invite(conn, house, "new@example.com", False, NOW)
        kept = organisations.invite(conn, town.place("Mill"), "new@example.com", False, NOW)
        organisations.dissolve(conn, house)
        assert organisations.name_of(conn, house) == ""
        assert organisations.invitations(conn, house) == organisations.members(conn, house) == ()
        assert [one.id for one in organisations.invitations(conn, town.place("Mill"))] == [kept]
        assert len(organisations.members(conn, town.place("Mill"))) == 1
        for table in (asset, case):
            shared = select(func.count()).where(table.c.organisation_id == town.place("Mill"))
            rest = select(func.count()).where(table.c.organisation_id.is_(None))
            assert [conn.execute(one).scalar_one() for one in (shared, rest)] == [2, 5]


def test_only_ones_own_products_are_brought(town: Town) -> None:
    with town.db.write() as conn:
        assert organisations.bring_products(conn, town.place("House"), town.who("bo")) == 1
        whose = {row.id: row.organisation_id for row in conn.execute(select(asset))}
    house, mill = town.place("House"), town.place("Mill")
    assert whose[town.things["asset bo own"]] == house
    assert whose[town.things["asset ana own"]] is None
    assert whose[town.things["asset bo Mill"]] == mill


def test_an_invitation_ends_the_older_one_to_the_same_address_of_the_same(town: Town) -> None:
    house, mill = town.place("House"), town.place("Mill")
    with town.db.write() as conn:
        first = organisations.invite(conn, house, "New@example.com", False, NOW)
        other = organisations.invite(conn, house, "alt@example.com", False, NOW)
        theirs = organisations.invite(conn, mill, "new@example.com", False, NOW)
        again = organisations.invite(conn, house, "new@EXAMPLE.com", True, NOW)
        assert [one.id for one in organisations.invitations(conn, house)] == [again, other]
        assert [one.id for one in organisations.invitations(conn, mill)] == [theirs]
        assert organisations.invited(conn, first) is None
        assert not organisations.withdraw(conn, mill, again), "it is the other's"
