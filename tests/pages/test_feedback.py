"""Feedback: every suggestion, complaint, rating and compliment is recorded (R51)."""

import pytest
from flask import Flask

from kb.store.voices import Feedback
from tests import kept_voices
from tests.visitor import Page, Visitor

URL = "/en/feedback"


def kept(app: Flask) -> tuple[Feedback, ...]:
    with app.extensions["waypost"].db.read() as conn:
        return kept_voices.all_feedback(conn)


def send(visitor: Visitor, **fields: str) -> Page:
    visitor.get(URL)
    return visitor.post(URL, **fields)


@pytest.mark.parametrize("kind", ["suggestion", "complaint", "compliment"])
def test_what_is_said_is_recorded(app: Flask, visitor: Visitor, kind: str) -> None:
    page = send(visitor, kind=kind, words="Dark mode <b>", email="a@example.org")
    assert "no individual reply is promised" in page.text
    found = kept(app)[0]
    assert (found.kind, found.text, found.email) == (kind, "Dark mode <b>", "a@example.org")


def test_a_rating_needs_no_words(app: Flask, visitor: Visitor) -> None:
    send(visitor, kind="rating", rating="4")
    assert (kept(app)[0].kind, kept(app)[0].rating) == ("rating", 4)


def test_it_is_known_who_was_signed_in(app: Flask, visitor: Visitor) -> None:
    send(visitor.as_customer("premier"), kind="complaint", words="Case 1 took long")
    assert kept(app)[0].user_id is not None


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        pytest.param({"words": "Hello"}, "Choose what it is about", id="no kind"),
        pytest.param({"kind": "praise", "words": "Hello"}, "Not a valid choice", id="odd kind"),
        pytest.param({"kind": "complaint", "words": " "}, "Write a few words", id="no words"),
        pytest.param({"kind": "rating", "words": "Good"}, "Choose a rating", id="no rating"),
        pytest.param(
            {"kind": "complaint", "words": "Hello", "email": "me@"},
            "Write an address like",
            id="half an address",
        ),
        pytest.param({"kind": "complaint", "words": "x" * 5001}, "5000", id="a book"),
    ],
)
def test_a_bad_message_is_explained_and_kept(
    app: Flask, visitor: Visitor, fields: dict[str, str], complaint: str
) -> None:
    page = send(visitor, **fields)
    assert complaint in page.text
    assert page.title.startswith("Error:")
    assert fields["words"].strip() in page.html
    assert kept(app) == ()


def test_the_form_library_speaks_the_pages_language(visitor: Visitor) -> None:
    visitor.get("/es/feedback")
    page = visitor.post("/es/feedback", kind="praise", words="Hola")
    assert "Not a valid" not in page.text
    assert page.title.startswith("Error:")
