"""The people and licences of the demo data; kb.actions.demo puts them in."""

from dataclasses import dataclass

from kb.actions.demo_cases import HOME_CASES, OEM_CASES, PREMIER_CASES, STANDARD_CASES, DemoCase

PASSWORD = "demo password"  # noqa: S105 # printed when the demo starts


@dataclass(frozen=True, slots=True)
class DemoLicence:
    """A licence sold `days_ago`; its key begins with `prefix`. `paid_incident` gives its owner
    an unused one for this product (R28)."""

    product: str
    version: str | None
    prefix: str
    days_ago: int
    plan: str | None = None
    tail: int = 20
    paid_incident: bool = False


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

    @property
    def email(self) -> str:
        return f"{self.name}@example.com"


PEOPLE = (
    Person(
        "premier",
        "Marta",
        "Ruiz",
        "ES",
        "Premier plan: phone, chat and e-mail around the clock; two open cases",
        licences=(
            DemoLicence("backup-server", "12", "NBS12", 200, plan="premier"),
            DemoLicence("backup-advanced-server", "9", "NAS09", 1900, plan="standard"),
        ),
        cases=PREMIER_CASES,
        lang="es",
    ),
    Person(
        "standard",
        "David",
        "Okafor",
        "GB",
        "Standard plan, in its included first year; a case waiting for the agent",
        licences=(DemoLicence("backup-workstation", "12", "NBW12", 100),),
        cases=STANDARD_CASES,
        lang="en",
    ),
    Person(
        "lapsed",
        "Lucía",
        "Fernández",
        "MX",
        "Business product, plan expired: refused, with the ways to renew",
        licences=(DemoLicence("backup-server", "11.5", "NBS11", 400),),
        lang="es",
    ),
    Person(
        "home-10",
        "Emma",
        "Clarke",
        "IE",
        "Home product bought 10 days ago: chat and e-mail",
        licences=(DemoLicence("home", "2027", "NHM27", 10, tail=59),),
        cases=HOME_CASES,
        lang="en",
    ),
    Person(
        "home-40",
        "Pablo",
        "Vega",
        "AR",
        "Home product bought 40 days ago: recovery help only, or pay per incident",
        licences=(DemoLicence("home", "2027", "NHM27", 40, tail=59),),
        lang="es",
    ),
    Person(
        "incident",
        "Nora",
        "Lindqvist",
        "SE",
        "Home product with one paid incident left: phone, chat and e-mail for one case",
        licences=(DemoLicence("home-office", "2027", "NHF27", 120, tail=59, paid_incident=True),),
        lang="en",
    ),
    Person(
        "oem",
        "Andrés",
        "Salas",
        "CO",
        "Edition bundled with a drive: pay per incident only",
        licences=(DemoLicence("calder-diskstart", "5", "CDS05", 60, tail=15),),
        cases=OEM_CASES,
        lang="es",
    ),
    Person(
        "home-30",
        "Rui",
        "Tavares",
        "PT",
        "Home product bought 30 days ago: chat and e-mail for the last day",
        licences=(DemoLicence("home", "2027", "NHM27", 30, tail=59),),
        lang="en",
    ),
    Person(
        "two-keys",
        "Helen",
        "Sato",
        "US",
        "Two keys of one product, one lapsed and one on the Premier plan: the better decides",
        licences=(
            DemoLicence("backup-server", "11.5", "NBS11", 500),
            DemoLicence("backup-server", "12", "NBS12", 90, plan="premier"),
        ),
        lang="en",
    ),
    Person(
        "old-version",
        "Carlos",
        "Ibarra",
        "CL",
        "Plan in force, but a version that is no longer supported: upgrade or self-service",
        licences=(DemoLicence("backup-workstation", "10", "NBW10", 50),),
        lang="es",
    ),
    Person(
        "term",
        "Anke",
        "Brandt",
        "DE",
        "Product licensed for a year, supported for its term",
        licences=(DemoLicence("shield", "2027", "NSH27", 200, tail=59),),
        lang="en",
    ),
    Person(
        "trial",
        "Grace",
        "Muller",
        "US",
        "No product yet: free help with the trial by chat and e-mail",
        lang="en",
    ),
    Person(
        "unverified",
        "Iván",
        "Torres",
        "CL",
        "Address not confirmed yet: cannot sign in; the link is among the mails",
        lang="es",
        confirmed=False,
    ),
    Person(
        "agent",
        "Tomás",
        "Linde",
        "ES",
        "Support agent: the queue and every case",
        lang="es",
        agent=True,
    ),
    Person(
        "agent-2",
        "Irene",
        "Otero",
        "ES",
        "A second agent, to hand cases over",
        lang="es",
        agent=True,
    ),
)


# Licences nobody has registered: whoever tries the site pastes one of these.
FREE = (
    DemoLicence("backup-server", "12", "NBS12", 20, plan="premier"),
    DemoLicence("backup-workstation", "12", "NBW12", 20),
    DemoLicence("backup-server", "10", "NBS10", 2200),
)
