"""What tests of incoming mail look at."""

from collections.abc import Callable

from kb.rules.cases import MessageKind
from kb.store import (
    Database,
    conversation,
    mail_in,
    outbox,
)
from kb.store.mail_in import MailIn, MailInState

Sort = Callable[..., MailIn]


def newest(db: Database) -> MailIn:
    with db.read() as conn:
        return mail_in.page(conn, tuple(MailInState), offset=0, limit=1)[0]


def replies(db: Database, number: int) -> list[str]:
    with db.read() as conn:
        return [one.body for one in conversation.messages_of(conn, number, (MessageKind.REPLY,))]


def mails(db: Database) -> list[str]:
    with db.read() as conn:
        return [one.kind for one in outbox.all_mail(conn)]
