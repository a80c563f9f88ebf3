"""The arithmetic in words: what somebody has, which rule counts it, the sum (R52–R56)."""

from dataclasses import dataclass

from kb.pages.formats import show_number
from kb.pages.frame import lang, live
from kb.pages.names import joined
from kb.pages.texts import gettext as _
from kb.pages.texts import ngettext
from kb.rules.licence_machines import HostGroup
from kb.rules.licensing import Edition, Line, Reason, Section, Tally

TITLE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the sum as the page shows it."""

    what: str
    rule: str
    sum: str
    product: str


def section_name(section: Section) -> str:
    """Name a part of the calculator."""
    return {
        Section.SYSTEMS: _("Machines with the product installed"),
        Section.HOSTS: _("Virtual machines on their hosts"),
        Section.RESCUE: _("Rescue media"),
        Section.DEPLOYMENT: _("Deployment"),
        Section.ADD_ONS: _("Add-ons"),
    }[section]


def product_name(product: str, versions: tuple[str, ...] = ()) -> str:
    """Name a product line without the brand in front, with the versions that are meant."""
    found = live().site.policy.products[product]
    short = found.name.removeprefix(live().site.site.brand).strip()
    return f"{short} {joined(list(versions))}" if versions else short


def edition_name(edition: Edition) -> str:
    """Name an edition with its versions."""
    return product_name(edition.product, edition.versions)


def edition_words(edition: Edition) -> str:
    """Say what one licence of an edition covers, with what else is to know about it."""
    note = edition.note.in_(lang())
    return f"{_covers(edition)}. {note}" if note else f"{_covers(edition)}."


def row(line: Line) -> Row:
    """Tell one line of the sum."""
    factors = " × ".join(show_number(factor) for factor in line.factors)
    return Row(
        what=_what(line),
        rule=_rule(line),
        sum=f"{factors} = {show_number(line.licences)}",
        product=product_name(line.product, line.versions),
    )


def licences(number: int) -> str:
    """Write a number of licences: “3 licences”."""
    return ngettext("%(count)s licence", "%(count)s licences", number, count=show_number(number))


def title(tally: Tally) -> str:
    """Sum a result up in the title of a question about it, cut to what a case's title holds."""
    parts = (
        f"{show_number(number)} {product_name(*product)}"
        for product, number in tally.by_product().items()
    )
    whole = _("Licences: %(list)s", list=", ".join(parts))
    return whole if len(whole) <= TITLE_LIMIT else f"{whole[: TITLE_LIMIT - 1]}…"


def _what(line: Line) -> str:
    number = line.factors[0]
    shown = show_number(number)
    if line.kind is not None:
        name = line.kind.name.in_(lang())
        if line.reason is Reason.MORE_SYSTEMS:
            return _("%(name)s, further systems: %(number)s", name=name, number=shown)
        return _("%(name)s: %(number)s", name=name, number=shown)
    if line.reason is Reason.HOST_ITSELF:
        return ngettext("%(count)s host itself", "%(count)s hosts themselves", number, count=shown)
    if line.group is not None:
        return _hosts(line.group)
    return _deployed(line.reason, number)


def _deployed(reason: Reason, number: int) -> str:
    shown = show_number(number)
    if reason is Reason.DEPLOYED:
        return ngettext(
            "%(count)s machine deployed to", "%(count)s machines deployed to", number, count=shown
        )
    if reason is Reason.AGENTS_THERE:
        return ngettext(
            "%(count)s agent on these machines",
            "%(count)s agents on these machines",
            number,
            count=shown,
        )
    return ngettext(
        "%(count)s agent on other machines",
        "%(count)s agents on other machines",
        number,
        count=shown,
    )


def _hosts(group: HostGroup) -> str:
    return ngettext(
        "%(count)s host with %(machines)s",
        "%(count)s hosts with %(machines)s each",
        group.hosts,
        count=show_number(group.hosts),
        machines=_virtual(group.machines),
    )


def _virtual(number: int) -> str:
    return ngettext(
        "%(count)s virtual machine",
        "%(count)s virtual machines",
        number,
        count=show_number(number),
    )


def _rule(line: Line) -> str:
    if line.reason is Reason.HOST_ITSELF:
        return _("This edition does not cover the host: one licence for each")
    if line.edition is not None and line.group is not None:
        return _covers(line.edition) + _beyond(line.edition, line.group)
    if line.reason is Reason.AGENTS_THERE and not line.licences:
        return _("They use the licence their machine was given at deployment")
    return _each(line)


def _each(line: Line) -> str:
    each = line.factors[1]
    if line.reason is Reason.DEPLOYED:
        return ngettext(
            "One licence for each machine deployed to",
            "%(num)s licences for each machine deployed to",
            each,
        )
    if line.reason in (Reason.AGENTS_THERE, Reason.AGENTS_ELSEWHERE):
        return ngettext(
            "One licence for each management agent",
            "%(num)s licences for each management agent",
            each,
        )
    if line.section is Section.SYSTEMS:
        return ngettext(
            "One licence for each operating system",
            "%(num)s licences for each operating system",
            each,
        )
    return ngettext("One licence for each machine", "%(num)s licences for each machine", each)


def _covers(edition: Edition) -> str:
    if edition.machines is None:
        if edition.host:
            return _("One licence covers the host and all its virtual machines")
        return _("One licence covers all virtual machines of a host")
    if edition.host:
        virtual = _virtual(edition.machines)
        return _("One licence covers the host and up to %(machines)s", machines=virtual)
    return ngettext(
        "One licence for each virtual machine",
        "One licence for every %(num)s virtual machines of a host",
        edition.machines,
    )


def _beyond(edition: Edition, group: HostGroup) -> str:
    """Say which machines need more than the first licence of their host."""
    covered = edition.machines
    if covered is None or not edition.host or group.machines <= covered:
        return ""
    first, last = show_number(covered + 1), show_number(group.machines)
    if first == last:
        return _("; machine %(first)s needs one more", first=first)
    return ngettext(
        "; machines %(first)s to %(last)s need one more",
        "; machines %(first)s to %(last)s need %(num)s more",
        -(-group.machines // covered) - 1,
        first=first,
        last=last,
    )
