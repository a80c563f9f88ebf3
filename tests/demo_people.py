"""The people of the vendor site's demo, as its `demo.yaml` says."""

from kb.actions.demo import demo_key
from kb.content.demo_source import read_demo
from kb.rules.demo import DemoLicence
from tests.requirements.vendor import ROOT

DEMO = read_demo(ROOT)
PEOPLE = DEMO.people


def free_keys() -> tuple[tuple[DemoLicence, str], ...]:
    """The licences nobody has registered, with their keys."""
    return tuple((licence, demo_key(licence)) for licence in DEMO.free)
