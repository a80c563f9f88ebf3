"""How many licences are needed (R52–R56): tables that read like the requirement, and properties."""

from dataclasses import replace

import pytest

from kb.rules.licence_machines import Contradiction, HostGroup, Machines, contradictions, read_count
from kb.rules.licensing import (
    Counting,
    Deployment,
    LicensingRules,
    Reason,
    Section,
    Tally,
    compare,
    fewest,
    tally,
)
from tests.rules.licences import ADVANCED, EACH, RULE, RULES, VIRTUAL, kind, servers


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
