"""The HTML half of a mail: the same words, nothing from outside, nobody else's links."""

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.mail import Letter
from kb.mail.message import compose
from tests.mail.test_letters import KINDS, LETTERS, ONLY, SAID
from tests.mail.test_post import WRITTEN


class Read(HTMLParser):
    """What a mail program would see: words, links, and everything it would have to fetch."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if tag == "a":
            self.links.append(str(found["href"]))
        self.fetched += [str(found[name]) for name in ("src", "background") if name in found]

    def handle_data(self, data: str) -> None:
        self.words += data.split()


def letter(kind: str = "case-opened", lang: str = "es", **said: object) -> Letter:
    number = 10000001 if kind.startswith("case-") else None
    given_ = {**SAID, **ONLY.get(kind, {}), **said}
    return LETTERS.write(kind, lang, "ana@example.com", case_number=number, path="p", **given_)


def sent(one: Letter) -> EmailMessage:
    written = compose(
        recipient=one.recipient,
        subject=one.subject,
        text=one.text,
        html=one.html,
        message_id=one.message_id,
        headers=one.headers,
        written_at=WRITTEN,
    )
    return message_from_bytes(written.as_bytes(), policy=policy.default)  # type: ignore[return-value]


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_both_halves_say_the_same(kind: str, lang: str) -> None:
    one = letter(kind, lang)
    read = Read(one.html or "")
    link = f"https://help.example.com/{lang}/p"
    assert link in read.links
    assert read.fetched == []
    words = " ".join(read.words)
    for line in one.text.split("\n"):
        if line.strip() != link:
            assert " ".join(line.split()) in words
    assert ("html", {"lang": lang}) in [(tag, {"lang": a.get("lang")}) for tag, a in read.tags]
    assert "title" in [tag for tag, _ in read.tags]
    assert any(found.get("role") == "article" for _, found in read.tags)


def test_a_mail_has_a_text_and_an_html_half_and_always_the_same_bytes() -> None:
    one = letter()
    message = sent(one)
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert message.get_body(("plain",)).get_content().splitlines() == one.text.splitlines()  # type: ignore[union-attr]
    assert sent(one).as_bytes() == message.as_bytes()


def test_names_and_titles_of_strangers_bring_no_link_of_their_own() -> None:
    said = {"first_name": "https://evil.example/win", "title": "<img src=x> http://evil.example"}
    for kind in ("account-known", "case-opened"):
        read = Read(letter(kind, **said).html or "")
        assert not [link for link in read.links if "evil" in link]
        assert read.fetched == []


def test_what_an_agent_writes_has_its_links() -> None:
    read = Read(letter("case-reply", body="Vea https://docs.example.org/a?b=1&c=2. Ya.").html or "")
    assert "https://docs.example.org/a?b=1&c=2" in read.links


def test_a_sites_own_html_and_layout_come_first(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "case-opened.html").write_text("<h1>{{ title }}</h1>")
    (tmp_path / "layout.html").write_text("<html lang={{ lang }}><b>{{ brand }}</b>{{ content }}")
    own = replace(LETTERS, folders=(tmp_path, *LETTERS.folders))
    made = own.write("case-opened", "en", "a@b.c", case_number=7, **{**SAID, "title": "<i>&"})
    assert made.html == "<html lang=en><b>Norvault Support</b><h1>&lt;i&gt;&amp;</h1>"


@settings(deadline=None)  # a busy machine is no flaw of a letter
@given(st.text(max_size=200), st.text(max_size=200))
def test_no_words_become_markup(title: str, body: str) -> None:
    read = Read(letter("case-reply", title=f"{title}<script>", body=f"<script>{body}").html or "")
    assert "script" not in [tag for tag, _ in read.tags]
    assert read.fetched == []


def test_machines_are_told_not_to_answer() -> None:
    """R46: away messages and lists stay quiet; an agent's own words look like a person's."""
    notice = letter("case-opened").headers
    assert notice["Auto-Submitted"] == "auto-generated"
    assert notice["Precedence"] == "bulk"
    assert notice["X-Auto-Response-Suppress"] == "All"
    answer = LETTERS.write("mail-stranger", "en", "a@b.c", path="", answers="<x@y>")
    assert answer.headers["Auto-Submitted"] == "auto-replied"
    assert answer.headers["In-Reply-To"] == "<x@y>"
    assert not {"Auto-Submitted", "Precedence"} & set(letter("case-reply").headers)
