"""A door for the mail server of this machine: LMTP, which says yes only to what is stored."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP as Server
from aiosmtpd.smtp import Envelope, Session

from kb.rules.mail_limits import MAIL_BYTES

log = logging.getLogger("kb.mail.lmtp")

Take = Callable[[bytes], bool]


class _Door:
    """Stores each mail before it is acknowledged; trouble is said to be temporary."""

    def __init__(self, take: Take) -> None:
        self._take = take

    async def handle_RCPT(
        self, _server: Server, _session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if envelope.rcpt_tos:  # LMTP answers for each recipient; with one there is no doubt
            return "452 4.5.3 one recipient at a time"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: Server, _session: Session, envelope: Envelope) -> str:
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode("utf-8", "replace")
        try:
            new = await asyncio.get_running_loop().run_in_executor(None, self._take, raw)
        except Exception:
            log.exception("a mail could not be stored; its server keeps it and tries again")
            return "451 4.3.0 not stored; try again later"
        return "250 2.0.0 stored" if new else "250 2.0.0 stored before"


class LmtpDoor(Controller):
    """An LMTP server in a thread of its own; `start()` and `stop()` are of aiosmtpd."""

    def __init__(self, take: Take, host: str, port: int) -> None:
        super().__init__(_Door(take), hostname=host, port=port, data_size_limit=MAIL_BYTES)

    def factory(self) -> LMTP:
        """Make the protocol for one connection."""
        return LMTP(self.handler, **self.SMTP_kwargs)
