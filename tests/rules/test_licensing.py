"""How many licences are needed (R52–R56): tables that read like the requirement, and properties."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.rules.licence_machines import Contradiction, HostGroup, Machines, contradictions, read_count
from kb.rules.licensing import (
    Counted,
    Counting,
    Deployment,
    Edition,
    Hosts,
    LicensingRules,
    Line,
    Reason,
    Section,
    Tally,
    compare,
    fewest,
    tally,
)
from kb.rules.texts import Text

RULE = Text({"en": "rule"})


def kind(id_: str, product: str = "server", licences: int = 1) -> Counted:
    return Counted(id_, Text({"en": id_}), product, licences)


EACH = Edition("each", "server")
ADVANCED = Edition("advanced", "advanced", host=True, machines=4)
VIRTUAL = Edition("virtual", "virtual", ("11.5", "11"), host=True, machines=None)
OLDER = Edition("older", "virtual", ("10",), host=True, machines=99)
RULES = LicensingRules(
    systems=Counting(RULE, (kind("servers"), kind("workstations", "workstation"))),
    hosts=Hosts(RULE, (EACH, ADVANCED, VIRTUAL, OLDER)),
    rescue=Counting(RULE, (kind("rescue"),)),
    deployment=Deployment(RULE, "deploy"),
    add_ons=Counting(RULE, (kind("dedup", "dedup"),)),
)


def servers(number: int, more: int = 0) -> Machines:
    return Machines(counts={"servers": number}, more_systems={"servers": more})


def hosts(*groups: tuple[int, int], too: bool = False) -> Machines:
    return Machines(hosts=tuple(HostGroup(*group) for group in groups), hosts_too=too)


def deployed(machines: int, there: int = 0, elsewhere: int = 0) -> Machines:
    return Machines(deployed=machines, agents_there=there, agents_elsewhere=elsewhere)


@pytest.mark.parametrize(
    ("machines", "edition", "expected"),
    [
        pytest.param(
            replace(servers(1), hosts=(HostGroup(1, 2),)), "each", 3, id="R52 2 virtual, 1 physical"
        ),
        pytest.param(servers(1 + 2), "", 3, id="R52 1 local and 2 remote servers"),
        pytest.param(servers(1, more=1), "", 2, id="R52 dual boot"),
        pytest.param(servers(10, more=1), "", 11, id="R52 dual boot on 1 of 10"),
        pytest.param(hosts((1, 4)), "advanced", 1, id="R53 Advanced Server, host and 4"),
        pytest.param(hosts((1, 5)), "advanced", 2, id="R53 Advanced Server, the fifth machine"),
        pytest.param(hosts((1, 8)), "advanced", 2, id="R53 Advanced Server, host and 8"),
        pytest.param(hosts((1, 9)), "advanced", 3, id="R53 Advanced Server, the ninth machine"),
        pytest.param(hosts((2, 2)), "advanced", 2, id="R53 no licence covers two hosts"),
        pytest.param(hosts((1, 4), too=True), "advanced", 1, id="R53 the host is covered"),
        pytest.param(hosts((1, 99)), "older", 1, id="R53 Virtual Edition 10, host and 99"),
        pytest.param(hosts((1, 100)), "older", 2, id="R53 Virtual Edition 10, machine 100"),
        pytest.param(hosts((1, 5000)), "virtual", 1, id="R53 Virtual Edition, unlimited"),
        pytest.param(hosts((3, 5000)), "virtual", 3, id="R53 Virtual Edition, one for each host"),
        pytest.param(hosts((1, 6)), "each", 6, id="R53 any other, one for each machine"),
        pytest.param(hosts((1, 6), too=True), "each", 7, id="R53 any other, and the host"),
        pytest.param(Machines(counts={"rescue": 5}), "", 5, id="R54 rescue media on 5 machines"),
        pytest.param(deployed(20), "", 20, id="R55 one for each machine deployed to"),
        pytest.param(deployed(0, elsewhere=5), "", 5, id="R55 one for each agent"),
        pytest.param(deployed(20, there=20), "", 20, id="R55 the deployed licence is reused"),
        pytest.param(deployed(20, 20, 5), "", 25, id="R55 both, and 5 agents elsewhere"),
        pytest.param(
            Machines(counts={"servers": 4, "dedup": 4}), "", 8, id="R56 an add-on comes on top"
        ),
        pytest.param(Machines(), "", 0, id="nothing"),
    ],
)
def test_licences(machines: Machines, edition: str, expected: int) -> None:
    assert tally(RULES, machines, edition).total == expected


def test_licences_are_told_by_product() -> None:
    machines = replace(
        Machines(counts={"servers": 4, "workstations": 12, "rescue": 1, "dedup": 4}),
        hosts=(HostGroup(2, 6), HostGroup(1, 3)),
        deployed=1,
        agents_there=1,
    )
    assert tally(RULES, machines, "virtual").by_product() == {
        ("server", ()): 5,
        ("workstation", ()): 12,
        ("virtual", ("11.5", "11")): 3,
        ("deploy", ()): 1,
        ("dedup", ()): 4,
    }


def test_every_line_carries_its_factors_and_its_reason() -> None:
    machines = replace(
        servers(10, more=2), hosts=(HostGroup(2, 6),), hosts_too=True, deployed=3, agents_there=2
    )
    found = tally(RULES, machines, "each")
    assert [(line.section, line.reason, line.factors, line.licences) for line in found.lines] == [
        (Section.SYSTEMS, Reason.MACHINES, (10, 1), 10),
        (Section.SYSTEMS, Reason.MORE_SYSTEMS, (2, 1), 2),
        (Section.HOSTS, Reason.VIRTUAL, (2, 6), 12),
        (Section.HOSTS, Reason.HOST_ITSELF, (2, 1), 2),
        (Section.DEPLOYMENT, Reason.DEPLOYED, (3, 1), 3),
        (Section.DEPLOYMENT, Reason.AGENTS_THERE, (2, 0), 0),
    ]
    assert found.for_hosts == 14
    covered = tally(RULES, machines, "advanced").lines[2]
    assert (covered.reason, covered.factors) == (Reason.COVERED, (2, 2))


def test_agents_take_licences_of_their_own_where_the_rules_say_so() -> None:
    strict = replace(RULES, deployment=Deployment(RULE, "deploy", per_agent=2, reused=False))
    assert tally(strict, deployed(3, there=3, elsewhere=1)).total == 3 + 6 + 2


def test_a_kind_of_machine_may_take_more_than_one_licence() -> None:
    double = replace(RULES, systems=Counting(RULE, (kind("servers", licences=2),)))
    assert tally(double, servers(3, more=1)).total == 6 + 2


def test_editions_are_compared_in_the_order_of_the_rules() -> None:
    found = compare(RULES, hosts((1, 6), too=True))
    assert [(one.edition and one.edition.id, one.total) for one in found] == [
        ("each", 7),
        ("advanced", 2),
        ("virtual", 1),
        ("older", 1),
    ]
    assert fewest(found).edition is VIRTUAL


def test_of_equal_editions_the_first_is_proposed() -> None:
    assert tally(RULES, hosts((3, 1))).edition is EACH
    assert tally(RULES, hosts((3, 2))).edition is ADVANCED


def test_an_edition_that_is_gone_leaves_the_choice_to_the_sum() -> None:
    assert tally(RULES, hosts((1, 9)), "gone").edition is VIRTUAL


def test_without_hosts_no_edition_matters() -> None:
    assert tally(RULES, servers(3), "virtual") == tally(RULES, servers(3))
    assert tally(RULES, servers(3)).edition is None
    assert compare(RULES, servers(3)) == ()


def test_a_section_that_is_not_there_counts_nothing() -> None:
    little = LicensingRules(rescue=RULES.rescue)
    machines = replace(servers(9), hosts=(HostGroup(1, 1),), deployed=2)
    assert tally(little, machines) == Tally(())
    assert compare(little, machines) == ()
    assert [section for section, _ in little.sections()] == [Section.RESCUE]
    assert [section for section, _ in RULES.sections()] == list(Section)
    assert [section for section, _ in little.countings()] == [Section.RESCUE]
    counting = [Section.SYSTEMS, Section.RESCUE, Section.ADD_ONS]
    assert [section for section, _ in RULES.countings()] == counting


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("3", 3),
        (" 12 ", 12),
        ("0", 0),
        ("1.500", 1500),
        ("1,500", 1500),
        ("1 500", 1500),
        ("12.345.678", 12345678),
        ("", None),
        ("-4", None),
        ("1.5", None),
        ("0.500", None),
        ("1e3", None),
        ("many", None),
        ("٣", None),
        ("9" * 13, None),
    ],
)
def test_a_number_is_read_as_people_write_it(typed: str, expected: int | None) -> None:
    assert read_count(typed) == expected


@pytest.mark.parametrize(
    ("machines", "expected"),
    [
        (Machines(), {"": Contradiction.NOTHING}),
        (servers(1, more=3), {}),
        (servers(0, more=1), {"servers": Contradiction.SYSTEMS_WITHOUT_MACHINES}),
        (replace(servers(0, more=0), deployed=1), {}),
        (deployed(2, there=2), {}),
        (deployed(2, there=3), {"agents": Contradiction.AGENTS_WITHOUT_MACHINES}),
        (hosts((1, 1)), {}),
        (deployed(0, elsewhere=1), {}),
    ],
)
def test_what_cannot_be(machines: Machines, expected: dict[str, Contradiction]) -> None:
    assert contradictions(machines) == expected


numbers = st.integers(0, 500)
groups = st.builds(HostGroup, st.integers(1, 50), st.integers(1, 500))
things = st.builds(
    Machines,
    counts=st.dictionaries(
        st.sampled_from(["servers", "workstations", "rescue", "dedup"]), numbers
    ),
    more_systems=st.dictionaries(st.sampled_from(["servers", "workstations"]), numbers),
    hosts=st.lists(groups, max_size=5).map(tuple),
    hosts_too=st.booleans(),
    deployed=numbers,
    agents_there=numbers,
    agents_elsewhere=numbers,
)
editions = st.lists(
    st.builds(
        Edition,
        id=st.text("abcdef", min_size=1, max_size=4),
        product=st.sampled_from(["one", "two"]),
        host=st.booleans(),
        machines=st.none() | st.integers(1, 100),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda edition: edition.id,
).map(tuple)
rules = st.builds(
    lambda found, reused, per_agent: replace(
        RULES,
        hosts=Hosts(RULE, found),
        deployment=Deployment(RULE, "deploy", 1, per_agent, reused),
    ),
    editions,
    st.booleans(),
    st.integers(1, 3),
)


def plus(one: Machines, other: Machines) -> Machines:
    """Everything of both."""
    names = {*one.counts, *other.counts}
    more = {*one.more_systems, *other.more_systems}
    return Machines(
        {name: one.counts.get(name, 0) + other.counts.get(name, 0) for name in names},
        {name: one.more_systems.get(name, 0) + other.more_systems.get(name, 0) for name in more},
        one.hosts + other.hosts,
        one.hosts_too or other.hosts_too,
        one.deployed + other.deployed,
        one.agents_there + other.agents_there,
        one.agents_elsewhere + other.agents_elsewhere,
    )


@given(rules, things, things)
def test_more_machines_never_need_fewer_licences(
    found: LicensingRules, one: Machines, other: Machines
) -> None:
    both = plus(one, other)
    assert tally(found, both).total >= tally(found, one).total
    for edition in found.hosts.editions if found.hosts else ():
        assert tally(found, both, edition.id).total >= tally(found, one, edition.id).total


@given(rules, things, st.integers(1, 50))
def test_more_virtual_machines_on_a_host_never_need_fewer(
    found: LicensingRules, machines: Machines, added: int
) -> None:
    grown = tuple(HostGroup(group.hosts, group.machines + added) for group in machines.hosts)
    assert tally(found, replace(machines, hosts=grown)).total >= tally(found, machines).total


@given(rules, things)
def test_the_fewest_is_never_worse_than_any_edition(
    found: LicensingRules, machines: Machines
) -> None:
    best = tally(found, machines).total
    assert all(best <= one.total for one in compare(found, machines))


@given(rules, things)
def test_the_lines_the_products_and_the_total_say_the_same(
    found: LicensingRules, machines: Machines
) -> None:
    answer = tally(found, machines)
    assert answer.total == sum(answer.by_product().values())
    assert all(number > 0 for number in answer.by_product().values())
    assert all(isinstance(line, Line) and line.factors[0] > 0 for line in answer.lines)


@given(rules, things)
def test_a_licence_covers_what_the_edition_says(found: LicensingRules, machines: Machines) -> None:
    for answer in compare(found, machines):
        assert answer.edition is not None
        for line in answer.lines:
            if line.reason in (Reason.COVERED, Reason.VIRTUAL):
                assert line.group is not None
                full, most = line.factors[1], answer.edition.machines
                assert most is None or (full - 1) * most < line.group.machines <= full * most
