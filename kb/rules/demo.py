"""The people, licences and cases with which a site is tried out, as its `demo.yaml` says."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Turn:
    """Something said in a case, so long before now: by the customer, an agent, or a note."""

    by: str
    ago: timedelta
    text: str
    wait: bool = False


@dataclass(frozen=True, slots=True)
class DemoCase:
    """A case of the demo; the first turn is the form's description, `tree` the one walked."""

    request: str
    topic: str
    severity: str
    title: str
    turns: tuple[Turn, ...]
    tree: str = ""
    walk: tuple[tuple[str, str], ...] = ()
    resolved: bool = False


@dataclass(frozen=True, slots=True)
class DemoLicence:
    """A licence sold `days_ago`; its key begins with `prefix` and goes on with `tail` signs.

    `paid_incident` gives its owner an unused one for this product (R28); `redate` keeps it as old
    as written each time the demo is loaded."""

    product: str
    version: str | None
    prefix: str
    days_ago: int
    plan: str | None = None
    tail: int = 20
    paid_incident: bool = False
    redate: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """An account of the demo; `name` is also the part of the address before the @."""

    name: str
    first_name: str
    last_name: str
    country: str
    shows: str
    lang: str
    licences: tuple[DemoLicence, ...] = ()
    cases: tuple[DemoCase, ...] = ()
    agent: bool = False
    confirmed: bool = True
    admin: bool = False

    @property
    def email(self) -> str:
        return f"{self.name}@example.com"


@dataclass(frozen=True, slots=True)
class Demo:
    """Everybody, and the licences that nobody has registered."""

    people: tuple[Person, ...] = ()
    free: tuple[DemoLicence, ...] = ()
