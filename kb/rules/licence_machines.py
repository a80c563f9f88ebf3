"""What somebody has whose licences are counted: machines, hosts, and what cannot be (R52–R56)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

LARGEST = 100_000
"""More machines than this in one field are a slip of the hand, or an order worth talking about."""

_NUMBER = re.compile(r"[0-9]{1,12}|[1-9][0-9]{0,2}(?:[., \u00a0\u202f][0-9]{3}){1,3}")


@dataclass(frozen=True, slots=True)
class HostGroup:
    """`hosts` hosts, each with `machines` virtual machines; both at least 1."""

    hosts: int
    machines: int


@dataclass(frozen=True, slots=True)
class Machines:
    """What somebody has: numbers by the id of `Counted`, hosts, and what is deployed.

    `more_systems` are operating systems beside the first on the same machines (dual boot);
    `hosts_too`: the hosts themselves are backed up as well."""

    counts: Mapping[str, int] = field(default_factory=dict)
    more_systems: Mapping[str, int] = field(default_factory=dict)
    hosts: tuple[HostGroup, ...] = ()
    hosts_too: bool = False
    deployed: int = 0
    agents_there: int = 0
    agents_elsewhere: int = 0


class Contradiction(StrEnum):
    """What cannot be; the page says it in the reader's language."""

    NOTHING = "nothing"
    SYSTEMS_WITHOUT_MACHINES = "systems-without-machines"
    AGENTS_WITHOUT_MACHINES = "agents-without-machines"


def read_count(text: str) -> int | None:
    """Read a whole number as people write it ('1.500' and '1,500' are 1500), None when it is none;
    there is no part of a machine, so a group of three digits after a dot is thousands."""
    found = _NUMBER.fullmatch(text.strip())
    return int("".join(char for char in found.group() if char.isdigit())) if found else None


def contradictions(machines: Machines) -> dict[str, Contradiction]:
    """Return what cannot be, by what it is about: a kind's id, `agents`, or '' for the whole."""
    found = {
        id_: Contradiction.SYSTEMS_WITHOUT_MACHINES
        for id_, more in machines.more_systems.items()
        if more and not machines.counts.get(id_)
    }
    if machines.agents_there > machines.deployed:
        found["agents"] = Contradiction.AGENTS_WITHOUT_MACHINES
    counted = (*machines.counts.values(), *machines.more_systems.values(), len(machines.hosts))
    if not any((*counted, machines.deployed, machines.agents_there, machines.agents_elsewhere)):
        found[""] = Contradiction.NOTHING
    return found
