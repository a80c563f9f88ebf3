"""Reading cases, as their owner and as an agent (R47–R49)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from sqlalchemy import Connection

from kb.rules.cases import ALIKE, MessageKind, concerns_customer, similarity
from kb.store import (
    Database,
    assets,
    attachments,
    cases,
    complaints,
    consents,
    conversation,
    milestones,
    users,
)
from kb.store import queue as queues
from kb.store.assets import Asset
from kb.store.attachments import Attachment
from kb.store.cases import Case
from kb.store.complaints import Complaint
from kb.store.consents import Agreed
from kb.store.conversation import Message, StoredWalk
from kb.store.milestones import Milestone
from kb.store.queue import COUNTED, FOUND, QueueCounts, QueueFilter, QueueRow
from kb.store.users import User

PAGE = 25
_FOR_CUSTOMERS = (MessageKind.REPLY, MessageKind.EVENT)


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case with its story; a customer's view has no internal notes. `files` are by message;
    `continued_by` are the cases that go on from it or were merged into it."""

    case: Case
    messages: tuple[Message, ...]
    files: Mapping[int, tuple[Attachment, ...]]
    milestones: tuple[Milestone, ...]
    walk: StoredWalk | None
    asset: Asset | None
    requester: User
    assignee: User | None
    continued_by: tuple[int, ...] = ()
    complaints: tuple[Complaint, ...] = ()
    agreed: tuple[Agreed, ...] = ()


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of the queue; with `more` there are more cases than `total`, which nobody counted."""

    rows: tuple[QueueRow, ...]
    total: int
    page: int
    pages: int
    more: bool = False


def similar_cases(db: Database, user_id: int, title: str) -> tuple[Case, ...]:
    """Return the customer's own living cases with a title like this, the most alike first (R47)."""
    with db.read() as conn:
        mine = cases.of_user(conn, user_id, alive_only=True)
    alike = [(similarity(title, case.title), case) for case in mine]
    found = [pair for pair in alike if pair[0] >= ALIKE]
    return tuple(case for _, case in sorted(found, key=lambda pair: -pair[0]))


def cases_of(db: Database, user_id: int) -> tuple[Case, ...]:
    """Return a customer's cases, the one touched last first."""
    with db.read() as conn:
        return cases.of_user(conn, user_id)


def case_for(db: Database, user_id: int, number: int) -> CaseView | None:
    """Return a case as its owner sees it; None for everybody else's."""
    with db.read() as conn:
        case = cases.of_owner(conn, number, user_id)
        return _for_customer(_view(conn, case, _FOR_CUSTOMERS)) if case else None


def _for_customer(view: CaseView | None) -> CaseView | None:
    """Leave out the events that are the agents' own."""
    if view is None:
        return None
    shown = tuple(one for one in view.messages if concerns_customer(one.event or {}))
    return replace(view, messages=shown)


def case_for_agent(db: Database, number: int) -> CaseView | None:
    """Return any case with everything in it, as an agent sees it (R48)."""
    with db.read() as conn:
        case = cases.by_number(conn, number)
        return _view(conn, case, tuple(MessageKind)) if case else None


def attachment_for(db: Database, user_id: int, number: int, id_: int) -> Attachment | None:
    """Return a file of a case to the case's owner; None for all others and files of notes."""
    with db.read() as conn:
        mine = cases.of_owner(conn, number, user_id)
        return attachments.one_of_case(conn, number, id_, _FOR_CUSTOMERS) if mine else None


def attachment_for_agent(db: Database, number: int, id_: int) -> Attachment | None:
    """Return any file of this case, those of internal notes too."""
    with db.read() as conn:
        return attachments.one_of_case(conn, number, id_)


def _view(conn: Connection, case: Case, kinds: tuple[MessageKind, ...]) -> CaseView | None:
    requester = users.by_id(conn, case.user_id)
    if requester is None:
        return None
    return CaseView(
        case=case,
        messages=conversation.messages_of(conn, case.number, kinds),
        files=_by_message(attachments.of_case(conn, case.number, kinds)),
        milestones=milestones.of_case(conn, case.number),
        walk=conversation.walk_of(conn, case.number),
        asset=assets.by_id(conn, case.asset_id, case.user_id) if case.asset_id else None,
        requester=requester,
        assignee=users.by_id(conn, case.assignee_id) if case.assignee_id else None,
        continued_by=cases.followed_by(conn, case.number),
        complaints=complaints.of_case(conn, case.number),
        agreed=consents.of_case(conn, case.number),
    )


def _by_message(files: tuple[Attachment, ...]) -> dict[int, tuple[Attachment, ...]]:
    ordered = sorted(files, key=lambda file: (file.message_id, file.id))
    return {of: tuple(some) for of, some in groupby(ordered, key=lambda file: file.message_id)}


def queue_page(db: Database, wanted: QueueFilter, page: int = 1, size: int = PAGE) -> QueuePage:
    """Return one page of the agents' queue, the most urgent first; a page too far is the last.
    Words that are in no case are tried once more with the last one as a beginning."""
    with db.read() as conn:
        return _page(conn, wanted, page, size)


def _page(conn: Connection, wanted: QueueFilter, page: int, size: int) -> QueuePage:
    most = FOUND if wanted.words.strip() else COUNTED
    total = queues.count(conn, wanted, max(most, page * size + 1))
    if not total and wanted.words.strip() and not wanted.beginning:
        return _page(conn, replace(wanted, beginning=True), page, size)
    more = total >= most and page * size < total
    pages = max(1, -(-total // size))
    page = min(max(page, 1), pages)
    rows = queues.page(conn, wanted, offset=(page - 1) * size, limit=size, few=total < FOUND)
    return QueuePage(rows, total, page, pages, more)


def queue_counts(db: Database, agent_id: int, requests: Sequence[str] = ()) -> QueueCounts:
    """Count the living cases for the list of queues, those of each of `requests` too."""
    with db.read() as conn:
        return queues.counts(conn, agent_id, requests)
