"""Demo data: the accounts, products and cases of a site's `demo.yaml`."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kb.actions import passwords
from kb.actions.account_mail import send_confirmation
from kb.actions.assets import key_hash, register_keys
from kb.actions.case_work import Who, add_note, assign, reply, set_state
from kb.actions.cases import CaseForm, Opened, Walked, open_case
from kb.actions.entitlements import office_day
from kb.content.demo_source import read_demo
from kb.content.site_source import load_site_file
from kb.mail import Letters, letters_for
from kb.rules.accounts import Role
from kb.rules.cases import Actor, CaseState
from kb.rules.consent import asked_for
from kb.rules.contact import Wish
from kb.rules.demo import Demo, DemoCase, DemoLicence, Person, Turn
from kb.rules.keys import last_four
from kb.rules.policy import Policy
from kb.settings import Settings
from kb.store import Database, assets, cases, licences, users
from kb.store.licences import NewLicence
from kb.store.users import NewUser

PASSWORD = "demo password"  # noqa: S105 # printed when the demo starts
_KEY_LETTERS = "23456789ACDEFGHJKMNPQRTVWXYZ"  # nothing that looks like something else


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A row to print: who to sign in as, with what, and what it shows."""

    email: str
    shows: str
    password: str = PASSWORD


def load_demo(
    db: Database, settings: Settings, policy: Policy, now: datetime
) -> Sequence[DemoAccount]:
    """Put the accounts, licences and cases of the site's demo in, as far as they are missing.

    Products that the site's policy does not have are left out with their cases. Licences with
    `redate` are dated anew, so “bought 10 days ago” stays true. Returns the accounts to print;
    raises ContentError."""
    demo = read_demo(settings.site)
    letters = _letters(settings)
    ids = _people(db, letters, demo, now)
    _licences(db, settings.secret_key, policy, demo, now)
    for person in demo.people:
        _products(db, settings.secret_key, policy, ids[person.name], person, now)
    agents = [Who(Actor.AGENT, ids[person.name]) for person in demo.people if person.agent]
    for person in demo.people:
        for index, story in enumerate(person.cases):
            _case(db, policy, letters, ids[person.name], person, story, index, agents, now)
    return [DemoAccount(person.email, person.shows) for person in demo.people]


def demo_key(licence: DemoLicence, owner: str = "free") -> str:
    """Return the licence key of a demo licence, always the same, in groups of five."""
    letters = ""
    number = 0
    while len(letters) < licence.tail:
        seed = f"{owner}:{licence.product}:{licence.version}:{number}".encode()
        digest = hashlib.sha256(seed).digest()
        letters += "".join(_KEY_LETTERS[byte % len(_KEY_LETTERS)] for byte in digest)
        number += 1
    key = licence.prefix + letters[: licence.tail]
    return "-".join(key[start : start + 5] for start in range(0, len(key), 5))


def _letters(settings: Settings) -> Letters:
    site = load_site_file(settings.site).site
    return letters_for(settings, site)


def _people(db: Database, letters: Letters, demo: Demo, now: datetime) -> dict[str, int]:
    """Make the accounts that are missing; hash the one password once, and only if needed."""
    with db.read() as conn:
        found = {person.name: users.by_email(conn, person.email) for person in demo.people}
    ids = {name: user.id for name, user in found.items() if user}
    missing = [person for person in demo.people if person.name not in ids]
    hashed = passwords.hash_password(PASSWORD) if missing else ""
    with db.write() as conn:
        for person in missing:
            users.add(conn, _account(person, hashed, now), now - timedelta(days=30))
            user = users.by_email(conn, person.email)
            if user is None:
                raise RuntimeError(f"the demo account {person.email} vanished while it was made")
            ids[person.name] = user.id
            if not person.confirmed:
                send_confirmation(conn, letters, user, now)
    return ids


def _account(person: Person, hashed: str, now: datetime) -> NewUser:
    return NewUser(
        email=person.email,
        email_key=person.email,
        first_name=person.first_name,
        last_name=person.last_name,
        country=person.country,
        lang=person.lang,
        password_hash=hashed,
        role=_role(person),
        confirmed_at=now - timedelta(days=30) if person.confirmed else None,
    )


def _role(person: Person) -> Role:
    if person.admin:
        return Role.ADMIN
    return Role.AGENT if person.agent else Role.CUSTOMER


def _licences(db: Database, secret: str, policy: Policy, demo: Demo, now: datetime) -> None:
    sold = [(licence, person.name) for person in demo.people for licence in person.licences]
    sold += [(licence, "free") for licence in demo.free]
    with db.write() as conn:
        for licence, owner in sold:
            if licence.product not in policy.products:
                continue
            key = demo_key(licence, owner)
            new = NewLicence(
                key_hash=key_hash(secret, key),
                key_last4=last_four(key),
                product=licence.product,
                version=licence.version,
                plan=licence.plan if licence.plan in policy.plans else None,
                sold_on=office_day(policy, now) - timedelta(days=licence.days_ago),
            )
            added = licences.add(conn, new)
            if added is None and licence.redate:
                licences.redate(conn, new.key_hash, new.sold_on)


def _products(
    db: Database, secret: str, policy: Policy, user_id: int, person: Person, now: datetime
) -> None:
    for licence in person.licences:
        key = demo_key(licence, person.name)
        answer = register_keys(db, policy, user_id, key, now, secret=secret)[0]
        if not licence.paid_incident or answer.outcome != "registered":
            continue
        with db.write() as conn:
            licences.add_credit(conn, user_id, answer.asset_id, now)


def _case(
    db: Database,
    policy: Policy,
    letters: Letters,
    user_id: int,
    person: Person,
    story: DemoCase,
    index: int,
    agents: Sequence[Who],
    now: datetime,
) -> None:
    submission = f"demo-{person.name}-{index}"
    with db.read() as conn:
        if cases.number_of_submission(conn, user_id, submission) is not None:
            return
    first, *rest = story.turns
    opened = open_case(
        db,
        policy,
        letters,
        user_id,
        _wish(db, policy, user_id, person, story),
        _form(policy, person, story, first),
        submission_id=submission,
        now=now - first.ago,
        walk=Walked(story.tree, "contact", story.walk) if story.walk else None,
    )
    if not isinstance(opened, Opened):
        return
    customer = Who(Actor.CUSTOMER, user_id)
    agent = agents[index % len(agents)]
    for turn in rest:
        _turn(db, policy, letters, opened.number, turn, customer, agent, now - turn.ago)
    if story.resolved:
        last = now - story.turns[-1].ago + timedelta(minutes=5)
        set_state(db, policy, letters, agent, opened.number, CaseState.RESOLVED, last)


def _turn(
    db: Database,
    policy: Policy,
    letters: Letters,
    number: int,
    turn: Turn,
    customer: Who,
    agent: Who,
    at: datetime,
) -> None:
    if turn.by == "note":
        assign(db, agent, number, agent.user_id, at)
        add_note(db, agent, number, turn.text, submission_id=None, now=at)
        return
    who = customer if turn.by == "customer" else agent
    reply(db, policy, letters, who, number, turn.text, submission_id=None, now=at, wait=turn.wait)


def _wish(db: Database, policy: Policy, user_id: int, person: Person, story: DemoCase) -> Wish:
    request = policy.requests.get(story.request)
    if request is None or not request.needs_product:
        return Wish(request=story.request, topic=story.topic)
    line = person.licences[0].product
    with db.read() as conn:
        owned = [asset.id for asset in assets.of_user(conn, user_id) if asset.product == line]
    asset_id = owned[0] if owned else None
    return Wish(request=story.request, topic=story.topic, edition="full", asset=asset_id)


def _form(policy: Policy, person: Person, story: DemoCase, first: Turn) -> CaseForm:
    return CaseForm(
        channel="email",
        severity=story.severity,
        title=story.title,
        description=first.text,
        lang=person.lang,
        first_name=person.first_name,
        last_name=person.last_name,
        email=person.email,
        country=person.country,
        agreed=[one.seal for one in asked_for(policy.consents, story.request)],
    )
