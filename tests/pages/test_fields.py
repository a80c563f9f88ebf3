"""What forms share: fields that are made once, addresses looked at once, tokens made when shown."""

import gc
import weakref
from collections.abc import Iterator

import pytest
from flask import Flask, g, session
from werkzeug.datastructures import MultiDict
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired

from kb.pages.fields import Address, CopiedForm, Form, OneOf, choices

FLAWED = "Write an address like name@example.com"


class Asked(CopiedForm):
    title = StringField("Title", validators=[InputRequired("Write: Title")])
    words = TextAreaField("Words", render_kw={"rows": "4"})
    email = StringField("E-mail", validators=[Address()])
    country = OneOf("Country", choices=choices([("", "Choose"), ("ES", "Spain")]))


@pytest.fixture
def request_context(app: Flask) -> Iterator[None]:
    with app.test_request_context("/en/", method="POST", headers={"User-Agent": "Firefox"}):
        g.lang = "en"
        g.csrf_valid = True
        yield


def sent(**typed: str) -> Asked:
    return Asked(formdata=MultiDict({"email": "a@example.com", "country": "ES", **typed}))


@pytest.mark.usefixtures("request_context")
def test_forms_of_a_kind_share_nothing_that_was_typed_or_found_wrong() -> None:
    first = sent(email="nobody", title=" one \x00", words="secret")
    assert not first.validate()
    second = sent(title="two")
    assert second.validate(), second.errors
    assert (first.title.data, second.title.data) == ("one", "two")
    assert (first.email.errors, list(second.email.errors)) == ([FLAWED], [])
    assert not second.words.data
    assert vars(second.title)["_form"] is second
    assert second.meta is second.title.meta is not first.meta
    assert str(second.words()).startswith('<textarea id="words" name="words" rows="4">')


@pytest.mark.usefixtures("request_context")
def test_no_form_is_kept_by_its_class() -> None:
    form = weakref.ref(sent(words="secret"))
    gc.collect()
    assert form() is None


@pytest.mark.usefixtures("request_context")
def test_a_further_kind_of_form_has_fields_of_its_own() -> None:
    class More(Asked):
        title = StringField("Other")

    assert str(sent().title.label) == '<label for="title">Title</label>'
    assert str(More().title.label) == '<label for="title">Other</label>'


@pytest.mark.parametrize("again", [False, True], ids=["first", "again"])
@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("ana.ruiz@example.com", []),
        ("ana ruiz@example.com", [FLAWED]),
        ("ana@", [FLAWED]),
        ("", [FLAWED]),
        (f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 5}.org", []),
        (f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 15}.org", [FLAWED]),
    ],
)
@pytest.mark.usefixtures("request_context")
def test_an_address_is_judged_alike_however_often_it_comes(
    text: str, flaw: list[str], again: bool
) -> None:
    form = sent(title="one", email=text)
    form.validate()
    assert list(form.email.errors) == flaw


@pytest.mark.parametrize(("value", "fits"), [("ES", True), ("", True), ("XX", False)])
@pytest.mark.usefixtures("request_context")
def test_only_what_is_in_a_list_can_be_chosen(value: str, fits: bool) -> None:
    form = sent(title="one", country=value)
    form.validate()
    assert (form.country.errors == []) is fits


@pytest.mark.usefixtures("request_context")
def test_a_token_is_made_when_it_is_shown_and_stays_the_same_through_a_request() -> None:
    class Small(Form):
        title = StringField("Title")

    form = Small()
    form.validate()
    assert "csrf_token" not in session
    shown = str(form.csrf_token)
    assert session["csrf_token"]
    assert shown == str(Small().csrf_token)
