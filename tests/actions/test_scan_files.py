"""R43: files wait for the scanner: held while it is in trouble, never lost, never given out."""

import io
import os
from datetime import timedelta
from pathlib import Path
from typing import IO

import pytest

from kb.actions.attachments import Sent, receive
from kb.actions.cases import attachment_for, case_for_agent, reply
from kb.actions.claims import claim_view
from kb.actions.housekeeping import tidy
from kb.actions.scan_files import scan_files
from kb.mail import Letters
from kb.outside.clamd import Clamd, ScannerTrouble
from kb.rules.claims import ClaimKind
from kb.rules.policy import Policy
from kb.store import Database, assets, claims
from kb.store.attachments import Attachment
from kb.store.file_store import FileStore
from tests.actions.case_stories import Story, after, story
from tests.actions.people import NOW
from tests.outside.test_clamd import MARK, clamd, hangs, hangs_up, says, served

__all__ = ["clamd"]


class Finds:
    """A scanner that finds a word."""

    def __init__(self, word: bytes, trouble: str = "") -> None:
        self.word, self.trouble, self.asked = word, trouble, 0

    def scan(self, content: IO[bytes]) -> str | None:
        self.asked += 1
        if self.trouble:
            raise ScannerTrouble(self.trouble)
        return "Bad.Word" if self.word in content.read() else None


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "attachments")


@pytest.fixture
def case(db: Database, full_policy: Policy, letters: Letters, files: FileStore) -> Story:
    """A case with two files: a good one and one with the mark."""
    made = story(db, full_policy, letters)
    sent = [
        Sent("good.log", io.BytesIO(b"all is well\n")),
        Sent("bad.log", io.BytesIO(b"here: " + MARK + b"\n")),
    ]
    assert made.ana.user_id is not None
    got = receive(db, files, sent, user_id=made.ana.user_id, now=NOW, number=made.number)
    assert not got.refused
    said = reply(
        db,
        full_policy,
        letters,
        made.ana,
        made.number,
        "Los registros",
        submission_id="f",
        now=after(1),
        files=got.kept,
    )
    assert said == "done"
    return made


def attached(case: Story) -> dict[str, Attachment]:
    view = case_for_agent(case.db, case.number)
    assert view
    return {file.name: file for some in view.files.values() for file in some}


def test_a_verdict_is_kept_and_told(case: Story, files: FileStore) -> None:
    assert scan_files(case.db, files, Finds(MARK), after(2)) == 2
    found = attached(case)
    assert (found["good.log"].virus, found["good.log"].scanned_at) == (None, after(2))
    assert found["bad.log"].virus == "Bad.Word"
    assert ("virus", "bad.log", "Bad.Word") in case.events


def test_each_content_is_scanned_once(case: Story, files: FileStore) -> None:
    scanner = Finds(MARK)
    scan_files(case.db, files, scanner, after(2))
    assert scan_files(case.db, files, scanner, after(3)) == 0
    assert scanner.asked == 2


def test_trouble_holds_all_and_loses_none(case: Story, files: FileStore) -> None:
    broken = Finds(MARK, trouble="it is not there")
    for minute in range(3):
        assert scan_files(case.db, files, broken, after(2 + minute)) == 0
    assert broken.asked == 3, "one file each time: the others would fail too"
    assert all(file.scanned_at is None for file in attached(case).values())
    assert scan_files(case.db, files, Finds(MARK), after(60)) == 2


@pytest.mark.parametrize(
    "serve", [hangs, hangs_up, says(b"nonsense\0"), says(b"")], ids=["hangs", "ends", "odd", "mute"]
)
def test_a_server_that_misbehaves_holds_them(case: Story, files: FileStore, serve) -> None:  # type: ignore[no-untyped-def]
    with served(serve) as address:
        assert scan_files(case.db, files, Clamd(address, seconds=0.5), after(2)) == 0
    assert all(file.scanned_at is None for file in attached(case).values())
    assert all(files.path(file.sha256).is_file() for file in attached(case).values())


def test_what_a_virus_is_in_is_swept_in_a_day(case: Story, files: FileStore) -> None:
    scan_files(case.db, files, Finds(MARK), after(2))
    found = attached(case)
    for file in found.values():
        os.utime(files.path(file.sha256), (NOW.timestamp(), NOW.timestamp()))
    tidy(case.db, files, NOW + timedelta(days=2))
    assert files.path(found["good.log"].sha256).is_file()
    assert not files.path(found["bad.log"].sha256).exists()
    assert case.ana.user_id is not None
    assert attachment_for(case.db, case.ana.user_id, case.number, found["bad.log"].id), "its row"


def test_a_file_that_is_gone_stops_nobody(case: Story, files: FileStore) -> None:
    files.path(attached(case)["good.log"].sha256).unlink()
    assert scan_files(case.db, files, Finds(MARK), after(2)) == 2


def test_with_a_real_clamd(case: Story, files: FileStore, clamd: Path) -> None:
    assert scan_files(case.db, files, Clamd(f"unix://{clamd}"), after(2)) == 2
    assert attached(case)["good.log"].virus is None
    assert attached(case)["bad.log"].virus == "Waypost.Test.UNOFFICIAL"


def claimed(case: Story, files: FileStore, content: bytes) -> int:
    """A proof of purchase with this content; returns the claim's id."""
    assert case.ana.user_id is not None
    sent = [Sent("receipt.txt", io.BytesIO(content))]
    got = receive(case.db, files, sent, user_id=case.ana.user_id, now=NOW, submission_id="proof")
    assert not got.refused
    with case.db.write() as conn:
        (mine, *_rest) = assets.of_user(conn, case.ana.user_id)
        licence = mine.licence_id
        who = case.ana.user_id
        proof = claims.NewClaim(ClaimKind.PROOF, who, licence, "es", "", {}, got.kept)
        return claims.add(conn, proof, NOW)


def test_documents_of_claims_are_scanned_as_well(case: Story, files: FileStore) -> None:
    bad = claimed(case, files, b"an invoice with " + MARK)
    scan_files(case.db, files, Finds(MARK), after(2))
    found = claim_view(case.db, bad)
    assert found is not None
    assert (found.files[0].virus, found.files[0].scanned_at) == ("Bad.Word", after(2))
    assert ("claim.virus", "Bad.Word") in [(e.what, e.data.get("virus")) for e in found.trail]
    os.utime(files.path(found.files[0].sha256), (NOW.timestamp(), NOW.timestamp()))
    tidy(case.db, files, NOW + timedelta(days=2))
    assert not files.path(found.files[0].sha256).exists()


def test_a_document_waits_while_the_scanner_is_in_trouble(case: Story, files: FileStore) -> None:
    good = claimed(case, files, b"an invoice")
    scan_files(case.db, files, Finds(MARK, trouble="it is not there"), after(2))
    held = claim_view(case.db, good)
    assert held is not None
    assert held.files[0].scanned_at is None
    scan_files(case.db, files, Finds(MARK), after(9))
    seen = claim_view(case.db, good)
    assert seen is not None
    assert (seen.files[0].virus, seen.files[0].scanned_at) == (None, after(9))
