"""What programs do with cases: the very deeds of the pages, put together for one request."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from kb.actions.api_tokens import Client
from kb.actions.case_marks import tag_in, untag_in
from kb.actions.case_steps import Answer, Who, open_to
from kb.actions.case_terms import set_terms_in
from kb.actions.case_views import CaseView, case_for, case_for_agent
from kb.actions.case_work import assign_in, set_state_in
from kb.actions.cases import CaseForm, CreditGone, NotOpened, Opened, open_in
from kb.actions.entitlements import decide_in
from kb.mail import Letters
from kb.rules.accounts import Role
from kb.rules.cases import CaseState
from kb.rules.contact import Wish
from kb.rules.policy import Policy, Severity
from kb.rules.tags import tag_of
from kb.store import Database, audit, case_list, cases, tags, users
from kb.store.case_list import CaseQuery
from kb.store.cases import Case
from kb.store.users import User


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of cases with the people and tags they name; `more` says that there are others."""

    cases: tuple[Case, ...]
    people: dict[int, User]
    tags: dict[int, list[str]]
    more: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """A case as this client sees it, with the name of its state and its tags."""

    view: CaseView
    version: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be otherwise; None leaves it. `assign` with `assignee_id` None gives the case
    back to the queue."""

    version: str
    state: CaseState | None = None
    severity: Severity | None = None
    reason: str = ""
    assign: bool = False
    assignee_id: int | None = None
    tags: tuple[str, ...] | None = None


class Refused(Exception):
    """One part of a change cannot be done, so none is; `part` names it."""

    def __init__(self, part: str, answer: Answer) -> None:
        super().__init__(f"{part}: {answer}")
        self.part, self.answer = part, answer


def who(client: Client) -> Who:
    """Return the client as whoever works on a case."""
    return Who(client.actor, client.user.id)


def list_cases(
    db: Database, client: Client, wanted: CaseQuery, before: int | None, limit: int
) -> Listed:
    """Return the cases this client may see; a customer's are theirs and their organisation's."""
    seen = wanted if client.is_agent else replace(wanted, seen_by=client.user.id)
    with db.read() as conn:
        found = case_list.page(conn, seen, before, limit + 1)
        shown = found[:limit]
        ids = {one.user_id for one in shown} | {one.assignee_id for one in shown}
        people = {id_: user for id_ in ids if id_ and (user := users.by_id(conn, id_))}
        known = case_list.tags_of(conn, [one.number for one in shown])
    return Listed(shown, people, known, len(found) > limit)


def see_case(db: Database, client: Client, number: int) -> Seen | None:
    """Return a case with its story; None for one this client may not see."""
    view = case_for_agent(db, number) if client.is_agent else case_for(db, client.user.id, number)
    if view is None:
        return None
    with db.read() as conn:
        version = case_list.version_of(conn, number, view.case.updated_at)
        return Seen(view, version, tags.of_case(conn, number))


def version_of(db: Database, number: int) -> str:
    """Return the name of a case's state, '' for no case."""
    with db.read() as conn:
        case = cases.by_number(conn, number)
        return case_list.version_of(conn, number, case.updated_at) if case else ""


def change_case(
    db: Database,
    policy: Policy,
    letters: Letters,
    client: Client,
    number: int,
    wanted: Change,
    now: datetime,
) -> str | None:
    """Change a case by the same rules as the desk, all or nothing, and return its new version;
    None when it is not the version that was read. Raises Refused, also for a case that this
    client does not see."""
    with db.write() as conn:
        case = open_to(conn, who(client), number)
        if case is None:
            raise Refused("number", Answer.NOT_FOUND)
        if case_list.version_of(conn, number, case.updated_at) != wanted.version:
            return None
        _change(conn, policy, letters, client, case, wanted, now)
        changed = cases.by_number(conn, number) or case
        return case_list.version_of(conn, number, changed.updated_at)


def _change(
    conn: Connection,
    policy: Policy,
    letters: Letters,
    client: Client,
    case: Case,
    wanted: Change,
    now: datetime,
) -> None:
    me, number = who(client), case.number
    if not client.is_agent and (wanted.severity or wanted.assign or wanted.tags is not None):
        raise Refused("state", Answer.NOT_ALLOWED)
    if wanted.severity is not None:
        given = {"severity": wanted.severity, "plan": case.plan, "reason": wanted.reason}
        _done("severity", set_terms_in(conn, policy, me, number, now=now, **given))  # type: ignore[arg-type]
    if wanted.assign:
        _done("assignee", assign_in(conn, me, number, wanted.assignee_id, now))
    if wanted.tags is not None:
        _tag(conn, me, number, wanted.tags, now)
    if wanted.state is not None:
        _done("state", set_state_in(conn, policy, letters, me, number, wanted.state, now))


def _tag(conn: Connection, me: Who, number: int, names: Sequence[str], now: datetime) -> None:
    """Give the case these tags and no others."""
    before = set(tags.of_case(conn, number))
    after = {tag_of(name) or "" for name in names}
    for name in sorted(before - after):
        _done("tags", untag_in(conn, me, number, name, now))
    for name in sorted(after - before):
        _done("tags", tag_in(conn, me, number, name, now))


def _done(part: str, answer: Answer) -> None:
    if answer not in (Answer.DONE, Answer.AGAIN):
        raise Refused(part, answer)


def customer_of(db: Database, user_id: int) -> User | None:
    """Return a customer with a confirmed account, for whom an agent may open a case."""
    with db.read() as conn:
        found = users.by_id(conn, user_id)
    if found is None or found.deleted_at or not found.is_confirmed:
        return None
    return found if found.role == Role.CUSTOMER else None


def open_for(
    db: Database,
    policy: Policy,
    letters: Letters,
    client: Client,
    customer: User,
    wish: Wish,
    form: CaseForm,
    *,
    key: str,
    now: datetime,
) -> Opened | NotOpened:
    """Open a case for a customer by the decision and the consents of the page (R64), in one
    transaction; the same key of a customer gives the same case. That an agent did it is kept."""
    for _ in range(2):
        try:
            with db.write() as conn:
                done = open_in(
                    conn, policy, letters, customer.id, wish, form, None, f"api:{key}", now
                )
                if isinstance(done, Opened) and not done.again and customer.id != client.user.id:
                    subject = f"case:{done.number}"
                    audit.record(conn, client.user.id, "case.open-for", subject, now)
                return done
        except CreditGone:
            continue
    with db.read() as conn:
        return NotOpened(decide_in(conn, policy, customer.id, wish, now))
