"""Each change is told once to everybody who follows it, whatever becomes of the worker (R62)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest

from kb.actions.follow_news import survey, tell
from kb.actions.following import Ask, agree, end, mine
from kb.actions.live_site import LiveSite
from kb.content.compiled import CompiledSite
from kb.mail import Letters
from kb.mail.message import compose
from kb.rules.articles import AlertPeriod, Audience
from kb.rules.following import IN_ONE_LETTER, Pace, Subject
from kb.rules.history import Change as History
from kb.rules.history import Shown
from kb.settings import Settings
from kb.store import Database, mail_bounces, outbox
from tests.actions.people import NOW, SECRET

TOMORROW = NOW + timedelta(days=1)


@pytest.fixture
def site(vendor_settings: Settings) -> CompiledSite:
    """The vendor's site, opened for this test alone: it changes it."""
    return CompiledSite.open(LiveSite(vendor_settings.var).current().site.folder)


def ids(site: CompiledSite, line: str = "backup-server") -> list[int]:
    return [
        article.id
        for article in site.articles["es"].values()
        if any(range_.line == line for range_ in article.products)
        and article.audience is Audience.PUBLIC
        and not article.alert
        and article.status == "published"
    ]


def edit(site: CompiledSite, id_: int, **changes: Any) -> None:
    """Publish the site with one Spanish article changed."""
    site.articles["es"][id_] = replace(site.articles["es"][id_], **changes)
    site.revision += "+"


def touch(site: CompiledSite, *numbers: int, day: int = 22) -> None:
    for id_ in numbers:
        edit(site, id_, updated=date(2026, 11, day))


def follow(
    db: Database,
    subject: Subject,
    target: object,
    pace: Pace = Pace.DAILY,
    email: str = "ana@example.com",
) -> str:
    return agree(db, SECRET, Ask(email, subject, str(target), "es", pace), NOW)[1]


def sent(db: Database) -> list[outbox.Mail]:
    with db.read() as conn:
        return list(outbox.all_mail(conn))


def round_(db: Database, site: CompiledSite, letters: Letters, now: datetime = NOW) -> int:
    survey(db, site, now)
    return tell(db, site, letters, now)


@pytest.fixture
def one(db: Database, site: CompiledSite) -> int:
    """An article, after the first look."""
    assert survey(db, site, NOW) == 0, "all there was is no news"
    return ids(site)[0]


def test_a_change_is_told_once(
    db: Database, site: CompiledSite, letters: Letters, one: int
) -> None:
    token = follow(db, Subject.ARTICLE, one)
    assert round_(db, site, letters) == 0
    touch(site, one)
    assert [round_(db, site, letters) for _ in range(3)] == [1, 0, 0]
    (mail,) = sent(db)
    article = site.articles["es"][one]
    assert mail.subject == f"Ha cambiado: {article.title}"
    assert f"https://help.example.com/es/kb/{one}-{article.slug}" in mail.text
    assert f"/es/follow/mine/{token}" in mail.text
    assert mail.headers["List-Unsubscribe"] == f"<https://help.example.com/es/follow/end/{token}>"
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_mail_programs_read_the_address_that_ends_it(
    db: Database, site: CompiledSite, letters: Letters, one: int
) -> None:
    """RFC 8058: the library would write so long a line as an encoded word."""
    follow(db, Subject.ARTICLE, one)
    touch(site, one)
    round_(db, site, letters)
    (mail,) = sent(db)
    raw = compose(
        recipient=mail.recipient, subject=mail.subject, text=mail.text, html=mail.html,
        message_id=mail.message_id, headers=mail.headers, written_at=NOW,
    ).as_bytes(policy=policy.SMTP)  # fmt: skip
    line = next(row for row in raw.split(b"\r\n") if row.startswith(b"List-Unsubscribe:"))
    assert line.startswith(b"List-Unsubscribe: <https://help.example.com/es/follow/end/")
    assert line.endswith(b">")
    assert message_from_bytes(raw)["List-Unsubscribe"] == mail.headers["List-Unsubscribe"]


def test_a_day_has_one_letter_and_no_change_is_left_out(
    db: Database, site: CompiledSite, letters: Letters, one: int
) -> None:
    follow(db, Subject.PRODUCT, "backup-server")
    first, second, third = ids(site)[:3]
    touch(site, first)
    assert round_(db, site, letters) == 1
    touch(site, second)
    assert round_(db, site, letters, NOW + timedelta(hours=5)) == 0
    touch(site, third)
    assert round_(db, site, letters, NOW + timedelta(hours=25)) == 1
    assert round_(db, site, letters, NOW + timedelta(hours=60)) == 0
    told = sent(db)[1]
    assert told.subject == "2 novedades en lo que usted sigue"
    assert all(site.articles["es"][id_].title in told.text for id_ in (second, third))
    assert site.articles["es"][first].title not in told.text


def test_who_wants_it_at_once_gets_it_at_once(
    db: Database, site: CompiledSite, letters: Letters, one: int
) -> None:
    follow(db, Subject.PRODUCT, "backup-server", Pace.AT_ONCE)
    for id_ in ids(site)[:3]:
        touch(site, id_)
        assert round_(db, site, letters) == 1


def test_an_alert_does_not_wait_for_the_day(
    db: Database, site: CompiledSite, letters: Letters, one: int
) -> None:
    """R62: alerts are mailed to those who follow the product; when they begin, and once."""
    follow(db, Subject.PRODUCT, "backup-server")
    touch(site, one)
    assert round_(db, site, letters) == 1
    edit(site, ids(site)[1], alert=AlertPeriod(TOMORROW.date(), date(2026, 11, 30)))
    assert round_(db, site, letters) == 0, "it has not begun"
    soon = TOMORROW - timedelta(hours=10)
    assert [round_(db, site, letters, soon) for _ in range(2)] == [1, 0]
    assert sent(db)[1].subject.startswith("Alerta: ")
    assert round_(db, site, letters, NOW + timedelta(days=20)) == 0, "its end is no news"


def test_what_is_not_for_all_is_never_told(
    db: Database, site: CompiledSite, letters: Letters, one: int
) -> None:
    follow(db, Subject.PRODUCT, "backup-server", Pace.AT_ONCE)
    follow(db, Subject.ARTICLE, one, Pace.AT_ONCE)
    edit(site, one, audience=Audience.INTERNAL, updated=date(2026, 11, 22))
    assert round_(db, site, letters) == 0
    touch(site, ids(site)[1])
    survey(db, site, NOW)
    edit(site, ids(site)[1], audience=Audience.CUSTOMERS)  # before the letter was written
    assert tell(db, site, letters, NOW) == 0


def test_a_typo_without_a_new_day_is_no_news(
    db: Database, site: CompiledSite, letters: Letters, one: int
) -> None:
    follow(db, Subject.ARTICLE, one)
    day = site.articles["es"][one].updated
    assert day
    edit(site, one, title="Otro título")
    assert round_(db, site, letters) == 0
    edit(site, one, updated=None)
    survey(db, site, NOW)
    with db.write() as conn:
        last = outbox.counts(conn, NOW)
    edit(site, one, title="Palabras nuevas")
    round_(db, site, letters, NOW + timedelta(days=2))
    assert last["queued"] <= len(sent(db)) - 1, "an article without a day changes with its words"


def test_what_changed_before_one_followed_is_not_told(
    db: Database, site: CompiledSite, letters: Letters, one: int
) -> None:
    touch(site, one)
    survey(db, site, NOW - timedelta(hours=1))
    follow(db, Subject.ARTICLE, one)
    assert tell(db, site, letters, NOW) == 0


def test_a_letter_has_an_end(db: Database, site: CompiledSite, letters: Letters, one: int) -> None:
    follow(db, Subject.PRODUCT, "backup-server")
    article = site.articles["es"][one]
    for number in range(90_000, 90_000 + IN_ONE_LETTER + 5):
        site.articles["es"][number] = replace(article, id=number)
    site.revision += "+"
    assert round_(db, site, letters) == 1
    assert sent(db)[0].text.count("https://help.example.com/es/kb/9") == IN_ONE_LETTER
    assert "Y 5 más" in sent(db)[0].text


@pytest.mark.parametrize("how", ["bounced", "dead"])
def test_letters_that_come_back_stop(
    db: Database, site: CompiledSite, letters: Letters, one: int, how: str
) -> None:
    token = follow(db, Subject.ARTICLE, one, Pace.AT_ONCE)
    touch(site, one)
    assert round_(db, site, letters) == 1
    with db.write() as conn:
        if how == "bounced":
            mail_bounces.mark(conn, "ana@example.com", "550 no such user", NOW)
        else:
            (leased,) = outbox.lease(conn, NOW, lasts=timedelta(minutes=1), limit=1)
            outbox.failed(conn, leased, "550 no such user", None)
    touch(site, one, day=23)
    assert round_(db, site, letters) == 0
    found = mine(db, SECRET, token)
    assert found
    assert found.follower.stopped_at == NOW
    follow(db, Subject.ARTICLE, one, Pace.AT_ONCE)  # the mailbox agrees again
    assert round_(db, site, letters) == 0, "what it missed is not sent"
    touch(site, one, day=21)
    assert round_(db, site, letters) == 1


def test_who_has_ended_it_gets_nothing(
    db: Database, site: CompiledSite, letters: Letters, one: int
) -> None:
    token = follow(db, Subject.ARTICLE, one)
    touch(site, one)
    survey(db, site, NOW)
    end(db, SECRET, token)
    assert tell(db, site, letters, NOW) == 0


def test_workers_at_once_write_one_letter(
    db: Database, site: CompiledSite, letters: Letters, one: int
) -> None:
    for number in range(5):
        follow(db, Subject.ARTICLE, one, email=f"a{number}@example.com")
    touch(site, one)
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: round_(db, site, letters), range(4))) == 5
    assert sorted(mail.recipient for mail in sent(db)) == [f"a{n}@example.com" for n in range(5)]


@pytest.mark.parametrize(("shown", "told"), [(Shown.ALL, True), (Shown.AGENTS, False)])
def test_a_letter_says_what_changed_where_everybody_sees_the_history(
    db: Database,
    site: CompiledSite,
    letters: Letters,
    one: int,
    monkeypatch: pytest.MonkeyPatch,
    shown: Shown,
    told: bool,
) -> None:
    internal = History("c2", NOW, "Ana", "Secret plans", "p", "b", Audience.INTERNAL)
    public = History("c1", NOW, "Ana", "The step for version 12", "p", "b")
    monkeypatch.setattr(site, "history", lambda _lang, _id: (internal, public))
    monkeypatch.setattr(site, "site", replace(site.site, history=shown))
    follow(db, Subject.ARTICLE, one)
    touch(site, one)
    round_(db, site, letters)
    (mail,) = sent(db)
    assert ("Qué ha cambiado: The step for version 12" in mail.text) is told
    assert "Secret" not in mail.text
