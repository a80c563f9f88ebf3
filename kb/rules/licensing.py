"""How many licences a set of machines needs, and the arithmetic that says so (R52–R56)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from math import prod

from kb.rules.licence_machines import HostGroup, Machines
from kb.rules.texts import NO_TEXT, Text


class Section(StrEnum):
    """The parts of the calculator; each has a rule of its own."""

    SYSTEMS = "systems"
    HOSTS = "hosts"
    RESCUE = "rescue"
    DEPLOYMENT = "deployment"
    ADD_ONS = "add_ons"


@dataclass(frozen=True, slots=True)
class Counted:
    """Machines of one kind: each, or each system on them (R52), takes `licences` of a product."""

    id: str
    name: Text
    product: str
    licences: int = 1
    hint: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class Counting:
    """Kinds of machines that are counted alike; `rule` says how, in a sentence, and `article` at
    length."""

    rule: Text
    machines: tuple[Counted, ...]
    article: int | None = None


@dataclass(frozen=True, slots=True)
class Edition:
    """What one licence of an edition covers on one host (R53): `machines` virtual machines (None:
    all of them) and, where `host` is true, the host itself."""

    id: str
    product: str
    versions: tuple[str, ...] = ()
    host: bool = False
    machines: int | None = 1
    note: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class Hosts:
    """The editions to choose from; of two that need as many licences the first is proposed."""

    rule: Text
    editions: tuple[Edition, ...]
    article: int | None = None

    def edition(self, id_: str) -> Edition | None:
        """Return the edition with this id, or None."""
        return next((edition for edition in self.editions if edition.id == id_), None)


@dataclass(frozen=True, slots=True)
class Deployment:
    """R55; with `reused` an agent uses the licence that its machine was given at deployment."""

    rule: Text
    product: str
    per_machine: int = 1
    per_agent: int = 1
    reused: bool = True
    article: int | None = None


@dataclass(frozen=True, slots=True)
class LicensingRules:
    """All of `policy/licensing.yaml`, checked: what is counted and by which rule; at least one
    section is there. `guide` is the tree that explains, `request` and `topic` who answers
    questions about the result."""

    systems: Counting | None = None
    hosts: Hosts | None = None
    rescue: Counting | None = None
    deployment: Deployment | None = None
    add_ons: Counting | None = None
    guide: str = ""
    request: str = ""
    topic: str = ""
    note: Text = NO_TEXT

    def countings(self) -> Iterator[tuple[Section, Counting]]:
        """Yield the sections that only count machines."""
        named = (
            (Section.SYSTEMS, self.systems),
            (Section.RESCUE, self.rescue),
            (Section.ADD_ONS, self.add_ons),
        )
        yield from ((section, counting) for section, counting in named if counting is not None)

    def sections(self) -> Iterator[tuple[Section, Counting | Hosts | Deployment]]:
        """Yield what is there, in the order of the page."""
        for section in Section:
            found: Counting | Hosts | Deployment | None = getattr(self, section)
            if found is not None:
                yield section, found


class Reason(StrEnum):
    """Why a line of the sum is there."""

    MACHINES = "machines"
    MORE_SYSTEMS = "more-systems"
    COVERED = "covered"
    VIRTUAL = "virtual"
    HOST_ITSELF = "host-itself"
    DEPLOYED = "deployed"
    AGENTS_THERE = "agents-there"
    AGENTS_ELSEWHERE = "agents-elsewhere"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the sum: its `factors` multiplied are the licences of `product` (at `versions`,
    where the edition names some) that it needs."""

    section: Section
    reason: Reason
    product: str
    factors: tuple[int, ...]
    versions: tuple[str, ...] = ()
    kind: Counted | None = None
    edition: Edition | None = None
    group: HostGroup | None = None

    @property
    def licences(self) -> int:
        return prod(self.factors)


@dataclass(frozen=True, slots=True)
class Tally:
    """The answer: the lines of the sum and, where hosts were counted, with which edition."""

    lines: tuple[Line, ...]
    edition: Edition | None = None

    @property
    def total(self) -> int:
        return sum(line.licences for line in self.lines)

    @property
    def for_hosts(self) -> int:
        """The part that depends on the edition."""
        return sum(line.licences for line in self.lines if line.section is Section.HOSTS)

    def by_product(self) -> dict[tuple[str, tuple[str, ...]], int]:
        """Return the licences to have by product and versions, without what needs none."""
        found: dict[tuple[str, tuple[str, ...]], int] = {}
        for line in self.lines:
            if line.licences:
                key = (line.product, line.versions)
                found[key] = found.get(key, 0) + line.licences
        return found


def tally(rules: LicensingRules, machines: Machines, edition: str = "") -> Tally:
    """Count the licences with an edition for the hosts; without one, or with one that is not
    known, with that which needs the fewest."""
    chosen = rules.hosts.edition(edition) if rules.hosts else None
    if chosen is None and rules.hosts and machines.hosts:
        return fewest(compare(rules, machines))
    return _tally(rules, machines, chosen if machines.hosts else None)


def compare(rules: LicensingRules, machines: Machines) -> tuple[Tally, ...]:
    """Count with every edition, in the order of the rules; nothing where no edition matters."""
    if rules.hosts is None or not machines.hosts:
        return ()
    return tuple(_tally(rules, machines, edition) for edition in rules.hosts.editions)


def fewest(tallies: Iterable[Tally]) -> Tally:
    """Return the tally with the fewest licences, the first of equals; there must be one."""
    return min(tallies, key=lambda found: found.total)


def _tally(rules: LicensingRules, machines: Machines, edition: Edition | None) -> Tally:
    lines = [
        *_counted(Section.SYSTEMS, rules.systems, machines),
        *(_hosts(edition, machines) if edition else ()),
        *_counted(Section.RESCUE, rules.rescue, machines),
        *(_deployment(rules.deployment, machines) if rules.deployment else ()),
        *_counted(Section.ADD_ONS, rules.add_ons, machines),
    ]
    return Tally(tuple(lines), edition)


def _counted(section: Section, counting: Counting | None, machines: Machines) -> Iterator[Line]:
    """R52, R54, R56: so many machines (or systems on them), so many times the licences of each."""
    for kind in counting.machines if counting else ():
        for reason, numbers in (
            (Reason.MACHINES, machines.counts),
            (Reason.MORE_SYSTEMS, machines.more_systems),
        ):
            number = numbers.get(kind.id, 0)
            if number:
                factors = (number, kind.licences)
                yield Line(section, reason, kind.product, factors, kind=kind)


def _hosts(edition: Edition, machines: Machines) -> Iterator[Line]:
    """R53: a licence never covers machines of two hosts, so each host is counted by itself."""
    for group in machines.hosts:
        full = 1 if edition.machines is None else -(-group.machines // edition.machines)
        reason = Reason.COVERED if edition.host else Reason.VIRTUAL
        yield _host_line(reason, (group.hosts, full), edition, group)
        if machines.hosts_too and not edition.host:
            yield _host_line(Reason.HOST_ITSELF, (group.hosts, 1), edition, group)


def _host_line(
    reason: Reason, factors: tuple[int, ...], edition: Edition, group: HostGroup
) -> Line:
    return Line(
        Section.HOSTS,
        reason,
        edition.product,
        factors,
        versions=edition.versions,
        edition=edition,
        group=group,
    )


def _deployment(rule: Deployment, machines: Machines) -> Iterator[Line]:
    """R55: an agent on a machine that was deployed to uses the licence it was given then."""
    there = 0 if rule.reused else rule.per_agent
    for reason, number, licences in (
        (Reason.DEPLOYED, machines.deployed, rule.per_machine),
        (Reason.AGENTS_THERE, machines.agents_there, there),
        (Reason.AGENTS_ELSEWHERE, machines.agents_elsewhere, rule.per_agent),
    ):
        if number:
            yield Line(Section.DEPLOYMENT, reason, rule.product, (number, licences))
