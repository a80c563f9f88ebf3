"""What holds for every number of licences (R52–R56): more machines never need fewer."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kb.rules.licence_machines import HostGroup, Machines
from kb.rules.licensing import (
    Deployment,
    Edition,
    Hosts,
    LicensingRules,
    Line,
    Reason,
    compare,
    tally,
)
from tests.rules.licences import RULE, RULES, groups

numbers = st.integers(0, 500)

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
