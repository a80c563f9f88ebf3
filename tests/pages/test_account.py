"""Accounts: sign up, confirm, sign in and out, a new password, the profile (R1–R5)."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from kb.actions.demo import PASSWORD
from kb.store import outbox, users
from kb.store.outbox import Mail
from tests.visitor import Page, Visitor

SIGN_UP = "/en/account/sign-up"
SIGN_IN = "/en/account/sign-in"
NEW = {
    "first_name": "Ana",
    "last_name": "Prieto",
    "email": "ana@example.org",
    "country": "ES",
    "password": "seven quiet owls",
    "confirm": "seven quiet owls",
}


@pytest.fixture
def mails(app: Flask) -> Callable[[str], list[Mail]]:
    """What was mailed to an address, the oldest first."""

    def to(address: str) -> list[Mail]:
        with app.extensions["waypost"].db.read() as conn:
            return [mail for mail in outbox.all_mail(conn) if mail.recipient == address]

    return to


def link_in(mail: Mail) -> str:
    """The path of the link in a mail."""
    found = re.search(r"http://localhost(/\S+)", mail.text)
    assert found, mail.text
    return found.group(1)


def sign_up(visitor: Visitor, **changes: str) -> Page:
    visitor.get(SIGN_UP)
    return visitor.post(SIGN_UP, **{**NEW, **changes})


def sign_in(visitor: Visitor, email: str, password: str, url: str = SIGN_IN) -> Page:
    visitor.get(url)
    return visitor.post(url, email=email, password=password)


def test_from_sign_up_to_the_account(  # R1, R2
    visitor: Visitor, mails: Callable[[str], list[Mail]]
) -> None:
    assert "We have written to ana@example.org" in sign_up(visitor).text
    assert "not confirmed yet" in sign_in(visitor, NEW["email"], NEW["password"]).text
    link = link_in(mails(NEW["email"])[0])
    assert "Confirm your account" in visitor.get(link).text
    assert "Your account is confirmed" in visitor.post(link).text
    assert "My account" in sign_in(visitor, NEW["email"], NEW["password"]).text
    assert "This link no longer works" in visitor.post(link).text


def test_opening_the_link_alone_confirms_nothing(
    visitor: Visitor, mails: Callable[[str], list[Mail]]
) -> None:
    sign_up(visitor)
    visitor.get(link_in(mails(NEW["email"])[0]))  # as a mail scanner does
    assert "not confirmed yet" in sign_in(visitor, NEW["email"], NEW["password"]).text


def test_a_known_address_gets_the_same_answer(
    visitor: Visitor, mails: Callable[[str], list[Mail]]
) -> None:
    page = sign_up(visitor, email="premier@example.com")
    assert "We have written to premier@example.com" in page.text
    assert mails("premier@example.com")[-1].kind == "account-known"


def test_whoever_signs_up_with_an_address_does_not_learn_whether_it_had_an_account(
    visitor: Visitor,
) -> None:
    """R2: neither then, nor by trying to sign in with the password they gave."""
    told = set()
    for address in ("premier@example.com", "unverified@example.com", "nobody@example.org"):
        sign_up(visitor, email=address)
        page = sign_in(visitor, address, NEW["password"])
        told.add(page.text.replace(address, "…"))
    assert len(told) == 1


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        pytest.param({"first_name": ""}, "Write your first name", id="R1 no first name"),
        pytest.param({"first_name": "  "}, "Write your first name", id="spaces are no name"),
        pytest.param({"last_name": ""}, "Write your last name", id="R1 no last name"),
        pytest.param({"email": ""}, "Write your e-mail address", id="R1 no address"),
        pytest.param({"email": "ana@"}, "Write an address like", id="half an address"),
        pytest.param({"country": ""}, "Choose your country", id="R1 no country"),
        pytest.param({"password": "short"}, "Choose a password of 10", id="a short password"),
        pytest.param(
            {"password": "1" * 12, "confirm": "1" * 12}, "harder to guess", id="a simple one"
        ),
        pytest.param(
            {"confirm": "else"}, "The two passwords are not the same", id="R1 typed twice"
        ),
    ],
)
def test_a_bad_sign_up_is_explained_and_kept(
    visitor: Visitor, changes: dict[str, str], complaint: str
) -> None:
    page = sign_up(visitor, **changes)
    assert complaint in page.text
    assert page.title.startswith("Error:")
    for name in ("first_name", "last_name", "email"):
        kept = {**NEW, **changes}[name].strip()
        assert f'value="{kept}"' in page.html
    assert NEW["password"] not in page.html


def test_no_card_or_bank_data_is_asked_for(visitor: Visitor) -> None:  # R5
    page = visitor.get(SIGN_UP)
    fields = {f["name"] for form in page.forms for f in form["fields"] if f.get("name")}
    assert fields - {"q"} == {*NEW, "csrf_token"}


@pytest.mark.parametrize(
    ("email", "password"),
    [("premier@example.com", "wrong password"), ("nobody@example.com", PASSWORD)],
    ids=["wrong password", "unknown address"],
)
def test_a_wrong_sign_in_does_not_say_what_was_wrong(
    visitor: Visitor, email: str, password: str
) -> None:
    page = sign_in(visitor, email, password)
    assert "The e-mail or the password do not match" in page.text
    assert f'value="{email}"' in page.html
    assert password not in page.html


def test_guessing_has_an_end(visitor: Visitor) -> None:
    for _ in range(10):
        sign_in(visitor, "nobody@example.com", "wrong password")
    page = sign_in(visitor, "nobody@example.com", "wrong password")
    assert "Too many tries" in page.text


@pytest.mark.parametrize(
    ("target", "lands"),
    [
        pytest.param("/en/my/cases", "/en/my/cases", id="R4 back to the page one wanted"),
        pytest.param("https://example.org/", "/en/account/", id="never to another site"),
        pytest.param("//example.org/", "/en/account/", id="nor by a trick"),
        pytest.param("/\\example.org/", "/en/account/", id="nor by another"),
    ],
)
def test_after_signing_in_one_goes_on_here(visitor: Visitor, target: str, lands: str) -> None:
    url = f"{SIGN_IN}?next={target}"
    visitor.get(url)
    token = visitor.page.token() if visitor.page else ""
    answer = visitor.client.post(
        url,
        data={"email": "premier@example.com", "password": PASSWORD, "csrf_token": token},
    )
    assert answer.status_code == 302
    assert answer.location == lands


def test_signing_out_ends_the_session(visitor: Visitor) -> None:
    visitor.as_customer("premier")
    visitor.get("/en/account/")
    assert "You are signed out." in visitor.post("/en/account/sign-out").text
    assert visitor.client.get("/en/account/").status_code == 302


def test_a_new_password_by_mail_ends_other_sessions(
    visitor: Visitor, another: Callable[[], Visitor], mails: Callable[[str], list[Mail]]
) -> None:
    elsewhere = another().as_customer("standard")
    visitor.get("/en/account/password")
    visitor.post("/en/account/password", email="standard@example.com")
    link = link_in(mails("standard@example.com")[-1])
    visitor.get(link)
    wrong = visitor.post(link, password="seven quiet owls", confirm="eight quiet owls")
    assert "The two passwords are not the same" in wrong.text
    done = visitor.post(link, password="seven quiet owls", confirm="seven quiet owls")
    assert "The new password is set" in done.text
    assert elsewhere.client.get("/en/account/").status_code == 302
    assert "This link no longer works" in visitor.get(link).text
    assert "My account" in sign_in(visitor, "standard@example.com", "seven quiet owls").text


def test_asking_for_a_password_says_the_same_for_nobody(
    visitor: Visitor, mails: Callable[[str], list[Mail]]
) -> None:
    visitor.get("/en/account/password")
    page = visitor.post("/en/account/password", email="nobody@example.com")
    assert "We have written to nobody@example.com" in page.text
    assert mails("nobody@example.com") == []


@pytest.mark.parametrize("path", ["confirm/nonsense", "password/nonsense"])
def test_a_dead_link_has_ways_on(visitor: Visitor, path: str) -> None:
    page = visitor.get(f"/en/account/{path}")
    if "This link no longer works" not in page.text:  # confirming asks for a press first
        page = visitor.post(f"/en/account/{path}")
    assert page.link("Ask for a new password") == "/en/account/password"


def test_the_profile_is_completed_and_saved(visitor: Visitor) -> None:  # R3
    visitor.as_customer("trial").get("/en/account/")
    page = visitor.post(
        "/en/account/", first_name="Gracia", last_name="Müller", country="MX", lang="es"
    )
    assert "Saved." in page.text
    assert 'value="Gracia"' in page.html
    bad = visitor.post("/en/account/", first_name=" ", last_name="Müller", country="XX", lang="es")
    assert "Write your first name" in bad.text
    assert 'value="Gracia"' in visitor.get("/en/account/").html


def test_an_agent_says_in_the_profile_whether_answers_are_mailed(
    app: Flask, visitor: Visitor, another: Callable[[], Visitor]
) -> None:
    label = "E-mail me what customers answer in my cases"
    assert label not in another().as_customer("premier").get("/en/account/").text
    page = visitor.as_agent().get("/en/account/")
    assert label in page.text
    assert re.search(r'<input[^>]*\bchecked\b[^>]*name="mail_answers"', page.html)
    said = {"first_name": "Tomás", "last_name": "Linde", "country": "ES", "lang": "es"}

    def wanted() -> bool:
        with app.extensions["waypost"].db.read() as conn:
            agent = users.by_email(conn, "agent@example.com")
            assert agent
            return agent.mail_answers

    visitor.post("/en/account/", **said)  # a box that is not ticked is not sent
    assert not wanted()
    assert (
        "checked"
        not in re.findall(
            r'<input[^>]*name="mail_answers"[^>]*>', visitor.get("/en/account/").html
        )[0]
    )
    visitor.post("/en/account/", **said, mail_answers="y")
    assert wanted()


def test_the_header_shows_one_of_sign_in_and_my_account(visitor: Visitor) -> None:  # R4
    page = visitor.get("/en/feedback")
    assert "Sign in" in page.text
    assert "My account" not in page.text
    page = visitor.as_customer("premier").get("/en/feedback")
    assert "Sign in" not in page.text
    assert "My account" in page.text
