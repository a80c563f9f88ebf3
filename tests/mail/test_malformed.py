"""Bad mail goes in without an exception and without loss; what is unclear is held."""

import random
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.actions.mail_room import Mailroom
from kb.actions.mail_sorting import sort_mail
from kb.actions.mail_taking import take_mail
from kb.mail import Letters
from kb.mail.html_text import text_of
from kb.mail.identity import identity
from kb.mail.incoming import ReadMail, read_mail
from kb.rules.mail_threading import Legible
from kb.rules.policy import Policy
from kb.store import Database, mail_in, outbox
from kb.store.file_store import FileStore
from kb.store.mail_in import MailIn, MailInState
from tests.actions.conftest import letters, policy  # noqa: F401 # fixtures used here too
from tests.actions.people import NOW, customer, own
from tests.mail.malformed import CORPUS, HEAD, ID, WORDS
from tests.work import calls

DONE = set(MailInState) - {MailInState.NEW}


@pytest.fixture
def room(policy: Policy, letters: Letters, tmp_path: Path) -> Mailroom:  # noqa: F811
    return Mailroom(policy, letters, FileStore(tmp_path / "files"), ("es", "en"))


def take_all(db: Database, room: Mailroom, raws: dict[str, bytes]) -> dict[str, MailIn]:
    """Take mails in, sort them, and check that each is there whole and decided."""
    for raw in raws.values():
        take_mail(db, raw, "pipe", NOW)
    while sort_mail(db, room, NOW):
        pass
    with db.read() as conn:
        found = {
            one.seen_key: one for one in mail_in.page(conn, tuple(MailInState), offset=0, limit=999)
        }
        decided = {name: found[identity(raw).seen_key] for name, raw in raws.items()}
        for name, raw in raws.items():
            assert mail_in.source_of(conn, decided[name].id) == raw, name
            assert decided[name].state in DONE, name
    return decided


def test_the_corpus_is_large_enough() -> None:
    assert len(CORPUS) >= 50
    assert len(set(CORPUS.values())) == len(CORPUS)


def test_the_corpus_goes_in_without_loss(db: Database, policy: Policy, room: Mailroom) -> None:  # noqa: F811
    own(db, policy, customer(db))
    decided = take_all(db, room, CORPUS)
    held = {name for name, one in decided.items() if one.state is MailInState.HELD}
    assert held >= {
        "empty", "not-a-mail", "from-missing", "from-twice", "from-two-addresses",
        "from-hidden-address", "from-parser-trap", "nested-100", "nested-2000", "parts-2000",
        "encrypted", "smime-opaque", "body-empty", "header-only",
    }  # fmt: skip
    with db.read() as conn:
        for sent in outbox.all_mail(conn):
            assert sent.recipient in {"ana@example.com"}, sent
            assert "\n" not in sent.subject
            assert "Bcc" not in sent.headers


@pytest.mark.parametrize("name", CORPUS)
def test_each_is_read_with_work_in_step_with_its_size(name: str) -> None:
    """bench/mail.py tells the seconds of the worst of them."""
    read = read_mail(CORPUS[name])  # Python keeps the patterns that this makes
    done = calls(lambda: read_mail(CORPUS[name]))
    assert done.total() < 2000 + 4 * len(CORPUS[name])
    assert "\x00" not in read.text + read.subject
    assert "\n" not in read.subject + read.sender + read.message_id
    (read.text + read.subject + read.sender).encode()


def test_hard_spaces_without_end_are_no_work() -> None:
    html = f"<p>uno{chr(160) * 60_000}dos</p>"
    assert text_of(html) == "uno dos"
    assert calls(lambda: text_of(html)).total() < 1000


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("charset-unknown", "ñandú"),
        ("charset-lies-utf8", "ñandú"),
        ("charset-lies-ascii", "ñandú"),
        ("charset-is-no-text", "ñandú"),
        ("charset-korean-old", "안녕"),
        ("charset-hebrew-visual", "שלום"),
        ("charset-null-bytes", "Hola"),
        ("encoding-8bit-raw", "ñandú"),
        ("base64-cut", "Hol"),
        ("boundary-not-closed", "ñandú"),
        ("headers-with-bare-lf", "ñandú"),
        ("nested-20", "hondo"),
        ("html-deep", "hola"),
    ],
)
def test_what_can_be_read_is_read(name: str, words: str) -> None:
    read = read_mail(CORPUS[name])
    assert read.legible is Legible.YES
    assert words in read.text


@pytest.mark.parametrize(
    ("name", "sender"),
    [
        ("from-hidden-address", ""),
        ("from-parser-trap", ""),
        ("from-two-addresses", ""),
        ("from-twice", ""),
        ("from-no-domain", ""),
        ("charset-unknown", "ana@example.com"),
    ],
)
def test_who_wrote_it_is_never_guessed(name: str, sender: str) -> None:
    assert read_mail(CORPUS[name]).sender == sender


def test_headers_are_words() -> None:
    assert read_mail(CORPUS["header-encoded-word-split-letter"]).headers["subject"][1] == "ñ"
    assert read_mail(CORPUS["header-8-bit"]).subject == "ñandú"
    assert "Bcc" in read_mail(CORPUS["header-injection-encoded"]).headers["subject"][1]


def test_files_keep_their_names_as_they_were_sent() -> None:
    assert [file.name for file in read_mail(CORPUS["winmail"]).files] == ["winmail.dat"]
    assert len(read_mail(CORPUS["files-300"]).left_out) == 280


def pythons_own() -> Iterator[Path]:
    spec = find_spec("test.test_email")
    for place in spec.submodule_search_locations or () if spec else ():
        yield from sorted((Path(place) / "data").glob("msg_*.txt"))


def test_pythons_own_test_mails(db: Database, room: Mailroom) -> None:
    raws = {path.name: path.read_bytes() for path in pythons_own()}
    if not raws:
        pytest.skip("this Python comes without its email tests (test.test_email data)")
    assert len(raws) > 40
    take_all(db, room, raws)


PIECES = (
    HEAD,
    ID,
    WORDS,
    b"\r\n",
    b"\r\n\r\n",
    b"--b\r\n",
    b"--b--\r\n",
    b"\x00",
    b"\xff",
    b"=?utf-8?b?",
    b"Content-Type: multipart/mixed; boundary=b\r\n",
    b"Content-Type: text/html\r\n",
    b"Content-Type: message/rfc822\r\n",
    b"Content-Type: message/delivery-status\r\n",
    b"Content-Transfer-Encoding: base64\r\n",
    b"Content-Disposition: attachment; filename*0*=a''%\r\n",
    b"Subject: [#1 \xc2\xb7 abcdefghijkl]\r\n",
    b"From: a@b.c, d@e.f\r\n",
    b"<div><p>",
    b"> On 1 wrote:\r\n",
)
PIECE = st.sampled_from(PIECES)


@settings(deadline=None, max_examples=300)
@given(st.lists(st.one_of(PIECE, st.binary(max_size=40)), max_size=25))
def test_any_bytes_are_read(pieces: list[bytes]) -> None:
    raw = b"".join(pieces)
    read = read_mail(raw)
    assert isinstance(read, ReadMail)
    assert read.sender.count("@") in (0, 1)
    assert identity(raw) == identity(raw)


def test_damaged_mails(db: Database, room: Mailroom) -> None:
    """Real mails with bytes changed, cut out and doubled, through the whole way."""
    chance = random.Random(7)  # noqa: S311 # the same damage each time
    sound = [raw for raw in CORPUS.values() if len(raw) < 3000]
    damaged: dict[str, bytes] = {}
    for number in range(300):
        raw = bytearray(chance.choice(sound))
        for _ in range(chance.randint(1, 8)):
            at = chance.randrange(len(raw) + 1)
            cut = raw[at : at + chance.randint(0, 20)]
            raw[at : at + chance.choice((0, len(cut)))] = chance.choice(
                (cut * 2, b"\r\n", b"\xe9=")
            )
        damaged[f"{number}"] = bytes(raw)
    take_all(db, room, damaged)
