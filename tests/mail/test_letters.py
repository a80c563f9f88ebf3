"""Letters are written in every language, and their marks cannot be forged (R44, R46)."""

import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.actions.follow_news import Told
from kb.bundled import TEMPLATES
from kb.mail import Letters, fingerprint
from kb.mail.message import compose
from kb.rules.following import News
from kb.rules.texts import Text
from tests.mail.test_post import WRITTEN

SAID: dict[str, Any] = {
    "first_name": "Ana",
    "title": "La copia se detiene",
    "days": 3,
    "hours": 2,
    "product": "Norvault Backup Server 12",
    "severity": "A",
    "expected": "",
    "usual": "Lo habitual es un día",
    "author": "Irene Otero",
    "body": "Hola",
    "files": "captura.png",
    "waiting": True,
    "resolved": None,
    "state": "on_hold",
    "complaint": "R-10000001-1",
    "late": True,
    "into": 10000002,
    "case": 10000001,
    "name": "Ana Prieto",
    "email": "ana@example.com",
    "lang_of_customer": "es",
    "unassigned": True,
    "choice": True,
    "mailbox": "quejas@example.com",
    "text": "Nadie me responde.",
    "address": "new@example.com",
    "organisation": "Prieto",
    "host": "Irene Otero",
    "reference": "W7K3Q9RX2D",
    "what": "Pay per incident",
    "lines": [Told(News.CHANGED, "La copia", "https://help.example.com/es/kb/1", "A step")],
    "more": 2,
    "alert": False,
    "total": "20.00 USD",
    "tax_name": "No tax added",
    "tax": "0.00 USD",
    "how": "By bank transfer",
    "until": "2026-12-07",
    "given": {"credit": 1},
    "last4": "7777",
    "done": True,
    "elsewhere": False,
    "accepted": True,
    "answer": "We have seen it",
    "about": "key",
    "provider": "Norvault ID",
    "amount": "120.00 USD",
    "credit": True,
    "reason": "It is about a network",
    "url": "https://hooks.example.com/waypost",
    "failures": 60,
    "trouble": "it answers 500",
    "article": "La copia se detiene con E000101F4",
}
ONLY = {  # where one word means two things, or one kind alone says it
    "case-target": {"what": "first_response"},
    "chat-over": {
        "why": "agent-left",
        "goes_on": True,
        "zone": "Europe/Madrid",
        "lines": [{"at": "16:02", "name": "Ana", "body": "Hola", "files": "captura.png"}],
    },
    "article-report": {"id": 1042, "file": "articles/backup/1042-x/es.md", "text": "Falla."},
    "content-broken": {
        "branch": "main",
        "commits": [("0123456789", "Qué hacer", "Ana")],
        "problems": ["articles/backup/1042-x/es.md:5: there is no article 77; known: 78"],
        "more": 0,
    },
}
KINDS = sorted(path.stem for path in (TEMPLATES / "mail" / "en").glob("*.txt"))
LETTERS = Letters(
    (TEMPLATES / "mail",),
    "support@example.com",
    "https://help.example.com",
    "secret",
    Text({"es": "Norvault Soporte", "en": "Norvault Support"}),
)


def test_every_letter_exists_in_both_languages() -> None:
    assert sorted(path.stem for path in (TEMPLATES / "mail" / "es").glob("*.txt")) == KINDS
    assert len(KINDS) >= 7


def test_every_kind_that_is_written_has_its_template_and_no_template_is_left_over() -> None:
    code = "".join(path.read_text() for path in (TEMPLATES.parent / "kb").rglob("*.py"))
    named = set(re.findall(r'"([a-z]+(?:-[a-z]+)+|complaint|invitation)"', code))
    writing = r'(?:letters\.write|mail_requester)\(\s*(?:conn, letters, )?"([^"]+)"'
    asked = set(re.findall(writing, code))
    assert len(asked) > 10
    assert asked <= set(KINDS), "a kind without a template"
    assert set(KINDS) <= named, "a template that nobody writes"


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_letter_can_be_written(kind: str, lang: str) -> None:
    number = 10000001 if kind.startswith("case-") else None
    letter = LETTERS.write(
        kind,
        lang,
        "ana@example.com",
        case_number=number,
        path="my/page",
        **{**SAID, **ONLY.get(kind, {})},
    )
    assert letter.subject
    assert f"https://help.example.com/{lang}/my/page" in letter.text
    assert "{" not in letter.subject + letter.text
    assert "!" not in letter.text
    assert not re.search(r"\n{4,}", letter.text)
    assert ("Norvault Soporte" in letter.text) is (lang == "es")
    assert letter.headers["Content-Language"] == lang


@pytest.mark.parametrize(
    ("lang", "title", "told"),
    [
        ("en", "It stops with “No space”", "“It stops with ‘No space’”"),
        ("es", "Se para con «Sin espacio»", "«Se para con “Sin espacio”»"),
    ],
)
@pytest.mark.parametrize("kind", ["follow-agree", "case-article", "article-report"])
def test_a_title_that_quotes_is_quoted_as_on_the_pages(
    kind: str, lang: str, title: str, told: str
) -> None:
    said = {**SAID, **ONLY.get(kind, {}), "title": title}
    letter = LETTERS.write(kind, lang, "ana@example.com", path="my/page", **said)
    assert told in letter.text
    assert title not in letter.text


@pytest.mark.parametrize(("lang", "amount"), [("es", "1.234,50\xa0US$"), ("en", "US$1,234.50")])
@pytest.mark.parametrize("kind", ["order-paid", "order-placed", "order-refunded", "case-quote"])
def test_money_is_written_as_readers_write_it(kind: str, lang: str, amount: str) -> None:
    said = {**SAID, "total": "1234.50 USD", "amount": "1234.50 USD"}
    letter = LETTERS.write(kind, lang, "ana@example.com", path="my/page", **said)
    assert amount in letter.text
    assert "1234.50" not in letter.text


@pytest.mark.parametrize(("lang", "words"), [("es", "vale 1 día y"), ("en", "for 1 day and")])
def test_a_quote_of_one_day_is_no_quote_of_days(lang: str, words: str) -> None:
    said = {**SAID, "days": 1}
    letter = LETTERS.write("case-quote", lang, "ana@example.com", path="my/page", **said)
    assert words in letter.text


def test_a_sites_own_template_comes_first(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "case-opened.txt").write_text(
        "Ours {{ number }}\nHello & goodbye {{ title }}\n"
    )
    own = replace(LETTERS, folders=(tmp_path, *LETTERS.folders))
    letter = own.write("case-opened", "en", "a@example.com", case_number=7, title="<b> & “x”")
    assert letter.subject.startswith("Ours 7 [#7 · ")
    assert letter.text == "Hello & goodbye <b> & “x”\n"


def test_a_language_without_templates_gets_english() -> None:
    letter = LETTERS.write("password-reset", "pt", "a@example.com", **SAID)
    assert letter.subject == "Set a new password for Norvault Soporte"


def test_the_mails_of_a_case_are_one_thread() -> None:
    first = LETTERS.write("case-opened", "es", "a@example.com", case_number=7, **SAID)
    again = LETTERS.write("case-opened", "es", "a@example.com", case_number=7, **SAID)
    answer = LETTERS.write("case-reply", "es", "a@example.com", case_number=7, **SAID)
    other = LETTERS.write("case-reply", "es", "a@example.com", case_number=8, **SAID)
    assert first.message_id == again.message_id
    assert answer.headers["References"] == answer.headers["In-Reply-To"] == first.message_id
    assert other.headers["References"] != first.message_id
    assert len({first.message_id, answer.message_id, other.message_id}) == 3


def test_the_sender_is_the_site_whatever_its_name() -> None:
    named = replace(LETTERS, brand=Text({"es": 'Soporte, "S.A." <x@y>\nBcc: z'}))
    letter = named.write("password-reset", "es", "a@example.com", **SAID)
    assert parseaddr(letter.headers["From"])[1] == "support@example.com"
    assert "\n" not in letter.headers["From"]


@settings(deadline=None)  # a busy machine is no flaw of a letter
@given(st.text(max_size=300))
def test_no_title_breaks_a_mail(title: str) -> None:
    said = {**SAID, "title": title}
    letter = LETTERS.write("case-opened", "es", "ana@example.com", case_number=7, **said)
    message = compose(
        recipient=letter.recipient,
        subject=letter.subject,
        text=letter.text,
        message_id=letter.message_id,
        headers=letter.headers,
        written_at=WRITTEN,
    )
    read = message_from_bytes(message.as_bytes(), policy=policy.default)
    assert read["To"] == "ana@example.com"
    assert read["Bcc"] is None
    assert read["Subject"].count("[#7") >= 1


@settings(deadline=None)  # a busy machine is no flaw of a letter
@given(st.integers(min_value=1, max_value=10**17), st.text(min_size=1, max_size=40))
def test_r46_a_mark_is_found_again_and_only_ours(number: int, around: str) -> None:
    mark = fingerprint.subject_mark("secret", number)
    address = fingerprint.reply_address("secret", number, "support@example.com")
    for subject in (f"Re: {around} {mark}", f"RV: {mark.upper()} {around}"):
        assert fingerprint.marks_in("secret", subject, "", "").numbers == {number}
        forged = fingerprint.marks_in("another secret", subject, "", "")
        assert (forged.numbers, forged.forged) == (set(), True)
    to = f'"{around}" <{address}>'
    assert fingerprint.marks_in("secret", "", to, "").numbers == {number}
    assert not fingerprint.marks_in("another secret", "", to, "").numbers
    assert not fingerprint.marks_in("secret", to, mark, "").numbers, "each only where it belongs"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[#10000001]",
        "[#10000001 · aaaaaaaaaaaa]",
        "support+10000001.aaaaaaaaaaaa@example.com",
        fingerprint.subject_mark("secret", 10000001).replace("10000001", "10000002"),
        "[#" + "9" * 400 + " · aaaaaaaaaaaa]",
        "[#10000001 · ſaaaaaaaaaaa]",  # letters that a pattern takes for s and i where case does
        "support+10000001.aaaaaaıaaaaa@example.com",  # not count, and nobody compares as text
    ],
)
def test_r46_a_forged_mark_is_none(text: str) -> None:
    assert not fingerprint.marks_in("secret", text, text, text).numbers


@pytest.mark.parametrize(
    ("lang", "until"), [("es", "7 de diciembre de 2026"), ("en", "7 December 2026")]
)
@pytest.mark.parametrize("kind", ["order-placed", "support-ends"])
def test_a_day_is_written_as_the_reader_writes_it(kind: str, lang: str, until: str) -> None:
    letter = LETTERS.write(kind, lang, "ana@example.com", path="my", **SAID)
    assert until in letter.text
    assert "2026-12-07" not in letter.text
