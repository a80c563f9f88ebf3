"""A worker killed in the middle of a letter loses none and writes none twice (R62)."""

import os
import signal
from dataclasses import replace
from datetime import date
from multiprocessing import get_context
from typing import Any

from kb.actions.follow_news import survey, tell
from kb.actions.following import Ask, agree
from kb.actions.live_site import LiveSite
from kb.content.compiled import CompiledSite
from kb.mail import Letter, Letters
from kb.rules.following import Pace, Subject
from kb.settings import Settings
from kb.store import Database, outbox
from tests.actions.people import NOW, SECRET


def changed(folder: Any, id_: int) -> CompiledSite:
    """The vendor's site with one Spanish article changed."""
    site = CompiledSite.open(folder)
    site.articles["es"][id_] = replace(site.articles["es"][id_], updated=date(2026, 11, 22))
    site.revision += "+"
    return site


class KilledLetters(Letters):
    """Kills its process in the middle of the third letter's transaction."""

    def write(self, *args: Any, **said: Any) -> Letter:
        if said["path"].startswith("follow/mine/"):
            KilledLetters.written += 1
            if KilledLetters.written == 3:
                os.kill(os.getpid(), signal.SIGKILL)
        return super().write(*args, **said)

    written = 0


def killed(url: str, folder: Any, letters: Letters, id_: int) -> None:
    """A worker that dies."""
    site, db = changed(folder, id_), Database(url)
    survey(db, site, NOW)
    fields = {name: getattr(letters, name) for name in Letters.__dataclass_fields__}
    tell(db, site, KilledLetters(**fields), NOW)


def recipients(db: Database) -> list[str]:
    with db.read() as conn:
        return sorted(mail.recipient for mail in outbox.all_mail(conn))


def test_a_killed_worker_loses_no_letter_and_writes_none_twice(
    db: Database, database_url: str, vendor_settings: Settings, letters: Letters
) -> None:
    site = LiveSite(vendor_settings.var).current().site
    one = next(a.id for a in site.articles["es"].values() if a.updated and not a.alert)
    survey(db, site, NOW)
    everybody = [f"a{number}@example.com" for number in range(6)]
    for email in everybody:
        agree(db, SECRET, Ask(email, Subject.ARTICLE, str(one), "es", Pace.DAILY), NOW)
    child = get_context("spawn").Process(
        target=killed, args=(database_url, site.folder, letters, one)
    )
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    assert recipients(db) == everybody[:2]
    assert tell(db, changed(site.folder, one), letters, NOW) == 4
    assert recipients(db) == everybody
