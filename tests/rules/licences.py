"""Machines and editions to count."""

from hypothesis import strategies as st

from kb.rules.licence_machines import HostGroup, Machines
from kb.rules.licensing import Counted, Counting, Deployment, Edition, Hosts, LicensingRules
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


groups = st.builds(HostGroup, st.integers(1, 50), st.integers(1, 500))
