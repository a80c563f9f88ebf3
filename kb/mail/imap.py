"""Reading the support mailbox by IMAP; waiting for mail by IDLE where the server offers it."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from imaplib import IMAP4
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

TIMEOUT_SECONDS = 30
IDLE_SECONDS = 25 * 60  # servers end an IDLE after half an hour
GROUP = 50  # mails fetched at once, if they are small
GROUP_BYTES = 4 * 1024 * 1024


class ImapTrouble(Exception):
    """The mailbox cannot be read now; the message says why."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A mail of the mailbox. Of one that is `too_large`, `raw` has only the header lines."""

    uid: int
    size: int
    raw: bytes
    too_large: bool


@dataclass(frozen=True, slots=True)
class ImapServer:
    """`imaps://user:password@host[:port][/FOLDER][?done=FOLDER]` or `imap://…[&starttls=no]`.

    With `imap:` the connection must turn to TLS by STARTTLS before the password is sent;
    certificates are checked. Mails are moved to the folder `done` once they are stored."""

    url: str
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    @contextmanager
    def connect(self) -> "Iterator[Mailbox]":
        """Sign in and open the folder; raises ImapTrouble, also for what goes wrong inside."""
        client: IMAPClient | None = None
        try:
            client = self._signed_in()
            yield self._open(client)
        except (OSError, IMAPClientError, IMAP4.error) as error:
            raise ImapTrouble(f"{urlsplit(self.url).hostname}: {_words(error)}") from error
        finally:
            if client is not None:
                _close(client)

    def _signed_in(self) -> IMAPClient:
        parts = urlsplit(self.url)
        secure = parts.scheme == "imaps"
        client = IMAPClient(
            parts.hostname or "localhost",
            port=parts.port or (993 if secure else 143),
            ssl=secure,
            ssl_context=self.tls if secure else None,
            timeout=TIMEOUT_SECONDS,
        )
        try:
            if not secure and _option(self.url, "starttls", "yes") != "no":
                client.starttls(self.tls)
            client.login(unquote(parts.username or ""), unquote(parts.password or ""))
        except BaseException:
            _close(client)
            raise
        return client

    def _open(self, client: IMAPClient) -> "Mailbox":
        folder = unquote(urlsplit(self.url).path.strip("/")) or "INBOX"
        done = _option(self.url, "done", "Waypost")
        if not client.folder_exists(done):
            client.create_folder(done)
        client.select_folder(folder)
        return Mailbox(client, done)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An open folder."""

    client: Any  # imapclient is untyped
    done: str

    def fetch(self, largest: int) -> Iterator[tuple[Fetched, ...]]:
        """Give what is in the folder, in groups; `moved` must be called for each group."""
        self.client.noop()
        uids = self.client.search(["NOT", "DELETED"])
        for start in range(0, len(uids), GROUP):
            sizes = self.client.fetch(uids[start : start + GROUP], ["RFC822.SIZE"])
            for group in _groups({uid: int(one[b"RFC822.SIZE"]) for uid, one in sizes.items()}):
                yield tuple(self._mails(group, largest))

    def _mails(self, group: dict[int, int], largest: int) -> Iterator[Fetched]:
        whole = [uid for uid, size in group.items() if size <= largest]
        heads = [uid for uid, size in group.items() if size > largest]
        for uids, part in ((whole, b"BODY[]"), (heads, b"BODY[HEADER]")):
            if not uids:
                continue
            wanted = part.replace(b"BODY", b"BODY.PEEK").decode()
            for uid, one in self.client.fetch(uids, [wanted]).items():
                if part in one:  # else somebody has just deleted it
                    yield Fetched(uid, group[uid], bytes(one[part]), uid in heads)

    def moved(self, uids: list[int]) -> None:
        """Move mails that are stored out of the folder."""
        if self.client.has_capability("MOVE"):
            self.client.move(uids, self.done)
            return
        self.client.copy(uids, self.done)
        self.client.delete_messages(uids)
        if self.client.has_capability("UIDPLUS"):
            self.client.uid_expunge(uids)
        else:
            self.client.expunge()

    def wait(self, stopped: Callable[[], bool]) -> bool:
        """Wait until there may be mail; False when the server cannot tell."""
        if not self.client.has_capability("IDLE"):
            return False
        self.client.idle()
        try:
            for _ in range(IDLE_SECONDS):
                if stopped() or _news(self.client.idle_check(timeout=1)):
                    break
        finally:
            self.client.idle_done()
        return True


def _news(answers: list[Any]) -> bool:
    return any(len(one) > 1 and one[1] in (b"EXISTS", b"RECENT") for one in answers)


def _groups(sizes: dict[int, int]) -> Iterator[dict[int, int]]:
    """Cut into groups that are not too large to hold at once; a large mail is alone."""
    group: dict[int, int] = {}
    for uid, size in sorted(sizes.items()):
        if group and sum(group.values()) + size > GROUP_BYTES:
            yield group
            group = {}
        group[uid] = size
    if group:
        yield group


def _option(url: str, name: str, otherwise: str) -> str:
    return parse_qs(urlsplit(url).query).get(name, [otherwise])[0]


def _close(client: IMAPClient) -> None:
    try:
        client.logout()
    except (OSError, IMAPClientError, IMAP4.error):
        client.shutdown()


def _words(error: BaseException) -> str:
    said = error.args[0] if error.args else ""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(error) or "no answer"
