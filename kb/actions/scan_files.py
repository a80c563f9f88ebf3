"""Having attached files looked at by the virus scanner; until then they are held (R43)."""

import logging
from datetime import datetime
from typing import IO, Protocol

from kb.actions.case_steps import SYSTEM, note_change
from kb.outside.clamd import ScannerTrouble
from kb.store import Database, attachments, audit, claims
from kb.store.file_store import FileStore

BATCH = 20

log = logging.getLogger("kb.scan")


class Scanner(Protocol):
    def scan(self, content: IO[bytes]) -> str | None:
        """Return what was found in a content, or None; raises ScannerTrouble."""


def scan_files(db: Database, files: FileStore, scanner: Scanner, now: datetime) -> int:
    """Scan what no scanner has seen yet; returns how many contents got a verdict.

    Files of cases and documents of claims are looked at alike. What is found is an event of each
    case, or stands on the trail of the claim; such a file is given to nobody any more.
    A scanner in trouble leaves everything held as it is, for the next time."""
    with db.read() as conn:
        found = (*attachments.unscanned(conn, BATCH), *claims.unscanned(conn, BATCH))
    waiting = tuple(dict.fromkeys(found))
    for count, sha256 in enumerate(waiting):
        try:
            with files.path(sha256).open("rb") as content:
                virus = scanner.scan(content)
        except FileNotFoundError:
            log.error("attachment %s is missing", files.path(sha256))
            virus = None  # there is nothing to hold, and nothing to give out
        except ScannerTrouble as trouble:
            log.error("virus scanner: %s; %d files are held", trouble, len(waiting) - count)
            return count
        _note(db, sha256, virus, now)
    return len(waiting)


def _note(db: Database, sha256: str, virus: str | None, now: datetime) -> None:
    with db.write() as conn:
        for file in attachments.scanned(conn, sha256, virus, now):
            if virus is not None:
                note_change(conn, file.case_number, SYSTEM, "virus", file.name, virus, now)
        for licence_id, document in claims.scanned(conn, sha256, virus, now):
            if virus is not None:
                said = {"claim": document.claim_id, "file": document.name, "virus": virus}
                audit.record(conn, None, "claim.virus", f"licence:{licence_id}", now, **said)
