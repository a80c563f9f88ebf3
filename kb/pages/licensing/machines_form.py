"""The calculator's form: fields from `policy/licensing.yaml`, numbers from the address."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, RadioField, StringField

from kb.pages.fields import Form, choices, said
from kb.pages.formats import show_number
from kb.pages.frame import lang
from kb.pages.licensing.words import edition_name
from kb.pages.texts import gettext as _
from kb.rules.licence_machines import (
    LARGEST,
    Contradiction,
    HostGroup,
    Machines,
    contradictions,
    read_count,
)
from kb.rules.licensing import Counted, Counting, LicensingRules

FIRST_LINES = 3
MOST_LINES = 20
LINES = "lines"
COUNT, MORE, HOSTS, MACHINES = "n-", "more-", "hosts-", "machines-"
EDITION, HOSTS_TOO = "edition", "hosts-too"
DEPLOYED, AGENTS_THERE, AGENTS_ELSEWHERE = "deployed", "agents-there", "agents-elsewhere"


@dataclass(frozen=True, slots=True)
class MachinesForm:
    """The form, and what the page needs to lay it out: how many lines of hosts it has."""

    form: Form
    rules: LicensingRules
    lines: int

    def counted(self, counting: Counting) -> list[tuple[Counted, Field]]:
        """Return the fields of a section that only counts machines."""
        return [(kind, self.form[f"{COUNT}{kind.id}"]) for kind in counting.machines]

    def more_systems(self, kind: Counted) -> Field:
        """Return the field for the systems beside the first of a kind of machine (R52)."""
        field: Field = self.form[f"{MORE}{kind.id}"]
        return field

    def host_lines(self) -> list[tuple[int, Field, Field]]:
        """Return the pairs of fields of the hosts: how many, and machines on each (R53)."""
        numbers = range(1, self.lines + 1)
        return [(n, self.form[f"{HOSTS}{n}"], self.form[f"{MACHINES}{n}"]) for n in numbers]

    @property
    def more_lines(self) -> int:
        """How many lines a press of the button leads to; 0 when there are all."""
        return min(self.lines + FIRST_LINES, MOST_LINES) if self.lines < MOST_LINES else 0

    @property
    def edition(self) -> str:
        return said(self.form[EDITION]) if self.rules.hosts else ""

    def asked(self, args: Mapping[str, str]) -> bool:
        """Tell whether somebody wants a result, not the empty form or one with more lines."""
        return LINES not in args and any(name in args for name in self.form._fields)

    def read(self) -> Machines | None:
        """Return what was typed; None when something is wrong, which its field then says."""
        numbers = {field.name: self._number(field) for field in self._numbers()}
        machines = self._machines(numbers)
        for about, what in contradictions(machines).items():
            self._contradict(about, what)
        return None if self.form.errors else machines

    def faults(self) -> list[tuple[str, str, str]]:
        """Return what is wrong, for the summary: a field's id, its name, the sentence."""
        names = {field.name: str(field.label.text) for field in self.form}
        for line, hosts, machines in self.host_lines() if self.rules.hosts else ():
            for field in (hosts, machines):
                names[field.name] = _("Hosts, line %(number)s", number=line)
        for kind in self.rules.systems.machines if self.rules.systems else ():
            names[f"{MORE}{kind.id}"] = f"{kind.name.in_(lang())}, {names[f'{MORE}{kind.id}']}"
        return [(f.id, names[f.name], str(f.errors[0])) for f in self.form if f.errors]

    def address(self) -> dict[str, str]:
        """Return the shortest query of an address that shows the same result."""
        typed = ((field.name, read_count(said(field)) or 0) for field in self._numbers())
        query = {name: str(number) for name, number in typed if number}
        if self.rules.hosts and any(name.startswith(HOSTS) for name in query):
            query |= {HOSTS_TOO: "y"} if self.form[HOSTS_TOO].data else {}
            query |= {EDITION: self.edition} if self.edition else {}
        return query

    def _numbers(self) -> list[Field]:
        return [field for field in self.form if isinstance(field, StringField)]

    def _number(self, field: Field) -> int:
        text = said(field)
        number = read_count(text) if text else 0
        if number is None:
            _say(field, _("Write a whole number, such as 3, or leave it empty"))
        elif number > LARGEST:
            many = _("Write at most %(most)s; for more, ask us", most=show_number(LARGEST))
            _say(field, many)
        return number or 0

    def _machines(self, numbers: Mapping[str, int]) -> Machines:
        return Machines(
            counts=_after(numbers, COUNT),
            more_systems=_after(numbers, MORE),
            hosts=tuple(self._groups(numbers)),
            hosts_too=bool(self.rules.hosts and self.form[HOSTS_TOO].data),
            deployed=numbers.get(DEPLOYED, 0),
            agents_there=numbers.get(AGENTS_THERE, 0),
            agents_elsewhere=numbers.get(AGENTS_ELSEWHERE, 0),
        )

    def _groups(self, numbers: Mapping[str, int]) -> Iterable[HostGroup]:
        for _number, hosts, machines in self.host_lines() if self.rules.hosts else ():
            group = HostGroup(numbers[hosts.name], numbers[machines.name])
            if group.hosts and group.machines:
                yield group
            elif group.hosts and not machines.errors:
                _say(machines, _missing_machines(said(machines)))
            elif group.machines and not hosts.errors:
                _say(hosts, _("Write how many hosts have that many machines"))

    def _contradict(self, about: str, what: Contradiction) -> None:
        """Say what cannot be, unless its field is wrong by itself already."""
        if what is Contradiction.NOTHING:
            if not self.form.errors:
                self.form.form_errors.append(_("Write at least one number"))
        elif what is Contradiction.SYSTEMS_WITHOUT_MACHINES:
            field = self.form[f"{COUNT}{about}"]
            if not field.errors:
                _say(field, _("Write how many machines have these further systems"))
        elif not self.form[DEPLOYED].errors:
            text = _("There cannot be more of these agents than machines you deploy to")
            _say(self.form[AGENTS_THERE], text)


def machines_form(rules: LicensingRules, args: MultiDict[str, str]) -> MachinesForm:
    """Make the form filled from an address; what it does not know falls off."""

    class Made(Form):
        pass

    for name, label in _counts(rules):
        setattr(Made, name, _count(label))
    lines = _lines(args) if rules.hosts else 0
    for line in range(1, lines + 1):
        setattr(Made, f"{HOSTS}{line}", _count(_("Hosts")))
        setattr(Made, f"{MACHINES}{line}", _count(_("Virtual machines on each")))
    if rules.hosts:
        setattr(Made, HOSTS_TOO, BooleanField(_("The hosts themselves are backed up too")))
        setattr(Made, EDITION, _editions(rules))
    form = Made(formdata=args, meta={"csrf": False})
    if rules.hosts and not rules.hosts.edition(said(form[EDITION])):
        form[EDITION].data = ""
    form.form_errors = []
    return MachinesForm(form, rules, lines)


def _counts(rules: LicensingRules) -> Iterable[tuple[str, str]]:
    """Name and label of every field for a number but those of hosts."""
    for _section, counting in rules.countings():
        for kind in counting.machines:
            yield f"{COUNT}{kind.id}", kind.name.in_(lang())
    for kind in rules.systems.machines if rules.systems else ():
        yield f"{MORE}{kind.id}", _("Further systems on them")
    if rules.deployment:
        yield DEPLOYED, _("Machines you deploy an image to")
        yield AGENTS_THERE, _("Management agents on these machines")
        yield AGENTS_ELSEWHERE, _("Management agents on other machines")


def _count(label: str) -> StringField:
    keyboard = {"inputmode": "numeric", "autocomplete": "off", "class": "short"}
    return StringField(label, render_kw=keyboard)


def _editions(rules: LicensingRules) -> RadioField:
    editions = rules.hosts.editions if rules.hosts else ()
    pairs: list[tuple[Any, Any]] = [("", _("Whichever needs the fewest licences"))]
    pairs += [(edition.id, edition_name(edition)) for edition in editions]
    return RadioField(_("Edition"), choices=choices(pairs), default="", validate_choice=False)


def _lines(args: Mapping[str, str]) -> int:
    """As many lines as are filled and one more, or as many as the button asked for."""
    filled = [n for n in range(1, MOST_LINES + 1) if args.get(f"{HOSTS}{n}", "").strip()]
    filled += [n for n in range(1, MOST_LINES + 1) if args.get(f"{MACHINES}{n}", "").strip()]
    wanted = read_count(args.get(LINES, "")) or 0
    return min(max(FIRST_LINES, wanted, max(filled, default=0) + 1), MOST_LINES)


def _after(numbers: Mapping[str, int], prefix: str) -> dict[str, int]:
    found = {name: number for name, number in numbers.items() if name.startswith(prefix)}
    return {name.removeprefix(prefix): number for name, number in found.items() if number}


def _missing_machines(typed: str) -> str:
    if typed:
        return _("Write 1 or more; a host without virtual machines counts as a server")
    return _("Write how many virtual machines each of these hosts has")


def _say(field: Field, text: str) -> None:
    field.errors = [*field.errors, text]
