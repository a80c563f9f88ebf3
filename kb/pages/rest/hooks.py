"""Webhooks for programs: who is told of events, set up without a page."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from kb.actions import webhooks as actions
from kb.actions.api_tokens import Client
from kb.actions.webhooks import NotMade
from kb.pages.frame import now, wiring
from kb.pages.problem_details import ProblemError
from kb.pages.rest.operations import operation
from kb.pages.shapes import Shape, Told
from kb.rules.api_access import Scope
from kb.rules.webhooks import LONGEST_URL, MOST, UrlFlaw, WebhookEvent
from kb.store.webhooks import Webhook as Row

TAG = "Webhooks"
_FLAWS = {
    UrlFlaw.SHAPE: "Send an address like https://example.com/hook.",
    UrlFlaw.SCHEME: "The address must begin with https://.",
    UrlFlaw.LOGIN: "An address with a name or a password in it is not taken.",
    UrlFlaw.PRIVATE: "The address is private; the operator can allow its network.",
}


class NewWebhook(Shape):
    """Where which events are to be told. The address is https and public."""

    url: Annotated[str, Field(min_length=1, max_length=LONGEST_URL)]
    events: Annotated[tuple[WebhookEvent, ...], Field(min_length=1, max_length=20)]


class Webhook(Told):
    """A target; `failures` are those in a row, `stopped_at` is when it was switched off by
    itself, `given_up` counts events that did not arrive."""

    id: int
    url: str
    events: tuple[WebhookEvent, ...]
    is_active: bool
    failures: int
    given_up: int
    created_at: datetime
    stopped_at: datetime | None
    reached_at: datetime | None


class Webhooks(Told):
    """Every target."""

    items: tuple[Webhook, ...]


class MadeWebhook(Told):
    """A new target; its secret, which signs every event, is told this once."""

    id: int
    secret: str


@operation(
    "GET",
    "/webhooks",
    "List webhooks",
    tag=TAG,
    scope=Scope.WEBHOOKS_MANAGE,
    answer=Webhooks,
)
def list_webhooks(client: Client) -> Webhooks:
    """Every target with how it stands; for agents."""
    return Webhooks(items=tuple(_told(row, dead) for row, dead in actions.listed(wiring().db)))


@operation(
    "POST",
    "/webhooks",
    "Add a webhook",
    tag=TAG,
    scope=Scope.WEBHOOKS_MANAGE,
    answer=MadeWebhook,
    status=201,
    body=NewWebhook,
)
def add_webhook(client: Client, body: NewWebhook) -> MadeWebhook:
    """Tell events to an address from now on; 409 for one that is no public https address."""
    settings = wiring().settings
    made = actions.subscribe(
        wiring().db,
        settings.secret_key,
        settings.webhook_networks,
        client.user.id,
        body.url,
        [str(one) for one in body.events],
        now(),
    )
    if isinstance(made, NotMade):
        raise ProblemError(409, "no-target", _refused(made))
    return MadeWebhook(id=made.id, secret=made.secret)


@operation(
    "DELETE",
    "/webhooks/<int:id>",
    "Remove a webhook",
    tag=TAG,
    scope=Scope.WEBHOOKS_MANAGE,
    status=204,
)
def remove_webhook(client: Client, id: int) -> None:
    """Tell nothing to a target any more; what waits for it is dropped."""
    if not actions.remove(wiring().db, client.user.id, id, now()):
        raise ProblemError(404, "no-webhook", "There is no such webhook.")


def _refused(made: NotMade) -> str:
    return _FLAWS[made.url] if made.url else f"There are {MOST} webhooks already; drop one first."


def _told(row: Row, dead: int) -> Webhook:
    return Webhook(
        id=row.id,
        url=row.url,
        events=tuple(WebhookEvent(one) for one in row.events),
        is_active=row.is_active,
        failures=row.failures,
        given_up=dead,
        created_at=row.created_at,
        stopped_at=row.stopped_at,
        reached_at=row.reached_at,
    )
