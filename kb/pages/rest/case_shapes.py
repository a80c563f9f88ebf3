"""The shapes of cases: what is sent about them and what is told."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from kb.pages.shapes import INTEGRAL, WHOLE, Moment, Shape, Told
from kb.rules.cases import Actor, CaseState, MessageKind
from kb.rules.milestones import MilestoneKind
from kb.rules.policy import Channel, Severity
from kb.rules.uploads import MESSAGE_FILES

Number = Annotated[int, Field(ge=1, le=9_999_999_999), INTEGRAL]
WholeNumber = Annotated[int, Field(ge=1, le=9_999_999_999), WHOLE]
Name = Annotated[str, Field(max_length=80)]
Body = Annotated[str, Field(min_length=1, max_length=20_000, pattern=r"\S")]
Tag = Annotated[str, Field(min_length=1, max_length=40)]
Tickets = Annotated[
    tuple[Annotated[str, Field(min_length=1, max_length=1_000)], ...],
    Field(max_length=MESSAGE_FILES),
]


class ListQuery(Shape):
    """Which cases; every filter narrows. `assignee` and `customer` are for agents."""

    state: tuple[CaseState, ...] = ()
    severity: tuple[Severity, ...] = ()
    request: Name = ""
    product: Name = ""
    tag: Name = ""
    customer: WholeNumber | None = None
    assignee: Annotated[str, Field(pattern=r"^(me|nobody|[1-9][0-9]{0,9})$")] | None = None
    opened_since: Moment | None = None
    updated_since: Moment | None = None
    limit: Annotated[int, Field(ge=1, le=100), WHOLE] = 25
    cursor: Annotated[str, Field(pattern=r"^n[0-9]{1,18}$")] | None = None


class NewCase(Shape):
    """A case to be opened; what may be asked for, with which fields and consents, is told by
    `GET /requests`. `on_behalf_of` is a customer's id, for agents."""

    request: Name
    title: Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]
    description: Body
    channel: Channel = Channel.EMAIL
    edition: Literal["", "full", "trial"] = ""
    asset: Number | None = None
    product: Name = ""
    topic: Name = ""
    severity: Severity | None = None
    lang: Annotated[str, Field(max_length=12)] = ""
    phone: Annotated[str, Field(max_length=200)] = ""
    details: dict[str, Annotated[str, Field(max_length=20_000)]] = Field(default_factory=dict)
    agreed: tuple[Annotated[str, Field(max_length=60)], ...] = ()
    on_behalf_of: Number | None = None
    files: Tickets = ()


class NewReply(Shape):
    """Words to the other side, with `files` by the tickets of `POST /uploads`; an agent's, with
    `wait`, leaves the case waiting for them."""

    body: Body
    wait: bool = False
    files: Tickets = ()


class NewNote(Shape):
    """Words that only agents read, with their files."""

    body: Body
    files: Tickets = ()


class CaseChange(Shape):
    """What is to be otherwise; all of it is done, or nothing. `version` is the one that was read:
    a case that changed since is not overwritten. A customer may only set the state."""

    version: Annotated[str, Field(max_length=60)]
    state: CaseState | None = None
    severity: Severity | None = None
    reason: Annotated[str, Field(max_length=500)] = ""
    assignee: Number | None = None
    tags: Annotated[tuple[Tag, ...], Field(max_length=20)] | None = None


class Person(Told):
    """Somebody, by number and name."""

    id: int
    name: str


class Contact(Told):
    """How the requester is reached about this case, as it was said in its form."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    country: str = ""


class CaseCard(Told):
    """A case as a list has it; `tags` and `assignee` are told to agents only."""

    number: int
    url: str
    title: str
    state: CaseState
    severity: Severity
    request: str
    topic: str
    product: str | None
    version_of_product: str | None
    plan: str | None
    channel: str
    lang: str
    requester: Person
    assignee: Person | None
    tags: tuple[str, ...]
    customer_spoke_last: bool
    opened_at: datetime
    updated_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None
    follows: int | None
    merged_into: int | None


class CasePage(Told):
    """Some cases, the newest first; `next` is the cursor of those after them, null at the end."""

    items: tuple[CaseCard, ...]
    next: str | None


class File(Told):
    """A file of a message; one that a virus scanner holds back cannot be fetched: `held`."""

    id: int
    message: int
    name: str
    media_type: str
    size: int
    sha256: str
    at: datetime
    held: bool
    url: str


class Message(Told):
    """One line of a case's story; an event has no words but says what changed."""

    id: int
    kind: MessageKind
    actor: Actor
    author: str
    body: str
    event: dict[str, Any] | None
    at: datetime


class Milestone(Told):
    """A promise; without `due_at` it is paused, or kept."""

    kind: MilestoneKind
    started_at: datetime
    due_at: datetime | None
    met_at: datetime | None


class Case(CaseCard):
    """A case with its story; `contact` is told to agents with `customers:read`."""

    version: str
    details: dict[str, str]
    contact: Contact | None
    messages: tuple[Message, ...]
    attachments: tuple[File, ...]
    milestones: tuple[Milestone, ...]
    continued_by: tuple[int, ...]


class OpenedCase(Told):
    """The case that was opened; with `again` this very key had opened it before."""

    number: int
    url: str
    again: bool


class Said(Told):
    """What was said is there; with `again` this very key had said it before."""

    number: int
    again: bool
    version: str


class Topic(Told):
    """What a request can be about."""

    id: str
    name: str
    in_scope: bool
    severity: Severity | None


class AskedField(Told):
    """A member of `details`."""

    id: str
    label: str
    kind: str
    required: bool


class Consent(Told):
    """What must be agreed to first; its `seal` goes into `agreed`."""

    id: str
    seal: str
    title: str
    words: tuple[str, ...]


class RequestType(Told):
    """Something a case can be opened for."""

    id: str
    name: str
    needs_product: bool
    topics: tuple[Topic, ...]
    details: tuple[AskedField, ...]
    consents: tuple[Consent, ...]


class RequestTypes(Told):
    """What a case can be opened for on this site."""

    items: tuple[RequestType, ...]
