"""Entering never loses the way: who meets the sign-in on the way to support is led back there,
whether they sign in, make an account or have forgotten their password (R4)."""

from urllib.parse import parse_qs, quote, urlsplit

import pytest
from flask import Flask

from kb.actions.account_mail import ONWARD_MAX, onward_from
from kb.actions.demo import PASSWORD
from kb.store import outbox
from tests.pages.test_account import NEW, link_in
from tests.visitor import Visitor

WALK = "backup-fails@1f9c2d3e~when=midway&code=E000101F4"
ASKED = f"/en/contact/?request=technical&edition=full&walk={quote(WALK, safe='')}"
NEXT = f"next={quote(ASKED, safe='/')}"


def newest_link(app: Flask, address: str) -> str:
    with app.extensions["waypost"].db.read() as conn:
        return link_in([m for m in outbox.all_mail(conn) if m.recipient == address][-1])


def test_the_page_of_signing_in_says_what_it_is_for(visitor: Visitor) -> None:
    """R4: the sign-in that the wizard leads to says why, and that the answers are kept."""
    page = visitor.get("/en/contact/?request=technical&edition=full")
    assert page.title.startswith("Sign in")
    assert "To contact support you sign in or create an account" in page.text
    assert "What you have answered so far is kept" in page.text
    assert "Sign in to open the page you asked for" in visitor.get("/en/my/cases/12345678").text
    assert "need no account" in visitor.get("/en/account/sign-in").text


def test_a_new_account_goes_on_where_the_wizard_stopped(app: Flask, visitor: Visitor) -> None:
    """R1, R2, R4: the answers survive making an account, and a mail opened in another browser."""
    visitor.get(ASKED)
    page = visitor.follow("Create one")
    page = visitor.post(page.url, **NEW)
    assert "We have written to" in page.text
    other = Visitor(app)
    link = newest_link(app, NEW["email"])
    other.get(link)
    page = other.post(link)
    assert "Your account is confirmed" in page.text
    assert "What you have answered so far is kept" in page.text
    address = f"/en/account/sign-in?{NEXT}"
    page = other.post(address, email=NEW["email"], password=NEW["password"])
    assert "Which product is it?" in page.text
    assert "What you have answered goes along" in page.text


def test_a_forgotten_password_goes_on_there_too(app: Flask, visitor: Visitor) -> None:
    visitor.get(ASKED)
    page = visitor.follow("forgotten my password")
    visitor.post(page.url, email="premier@example.com")
    link = newest_link(app, "premier@example.com")
    visitor.get(link)
    page = visitor.post(link, password="seven quiet owls", confirm="seven quiet owls")
    assert "La contraseña nueva" in page.text  # the mail was in her language, and so is the page
    assert "Lo que ha respondido hasta ahora se conserva" in page.text


def test_an_account_that_was_known_or_waits_is_led_on_as_well(app: Flask, visitor: Visitor) -> None:
    sign_up = f"/en/account/sign-up?{NEXT}"
    visitor.get(sign_up)
    visitor.post(sign_up, **{**NEW, "email": "premier@example.com"})
    assert newest_link(app, "premier@example.com") == f"/es/account/sign-in?{NEXT}"
    sign_in = f"/en/account/sign-in?{NEXT}"
    visitor.get(sign_in)
    page = visitor.post(sign_in, email="unverified@example.com", password=PASSWORD)
    assert "not confirmed yet" in page.text
    assert newest_link(app, "unverified@example.com").endswith(f"?{NEXT}")


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_nobody_is_led_elsewhere_by_a_mail(app: Flask, visitor: Visitor, target: str) -> None:
    sign_up = f"/en/account/sign-up?next={quote(target, safe='')}"
    visitor.get(sign_up)
    visitor.post(sign_up, **NEW)
    assert "next" not in newest_link(app, NEW["email"])


def test_an_address_too_long_for_a_mail_is_left_out() -> None:
    assert onward_from("account/sign-in", "/x" + "y" * ONWARD_MAX) == "account/sign-in"
    assert onward_from("account/sign-in", "") == "account/sign-in"


def test_only_strangers_are_told_that_an_account_is_needed(visitor: Visitor) -> None:
    """R4: the wizard offers a stranger both doors, with the way back; a customer sees neither."""
    page = visitor.get("/en/contact/?request=technical")
    back = parse_qs(urlsplit(page.link("Create an account")).query)
    assert back == {"next": ["/en/contact/?request=technical"]}
    assert "No account yet?" in page.text
    page = visitor.as_customer("premier").get("/en/contact/?request=technical")
    assert "No account yet?" not in page.text


@pytest.mark.parametrize(
    ("changed", "kept"),
    [
        pytest.param({"confirm": "seven quiet crows"}, "only passwords are typed again", id="typo"),
        pytest.param({"email": "ana@"}, "only passwords are typed again", id="address"),
    ],
)
def test_what_a_form_says_it_has_kept_is_true(
    visitor: Visitor, changed: dict[str, str], kept: str
) -> None:
    """Passwords are never sent back, so the summary must not say that they were kept."""
    visitor.get("/en/account/sign-up")
    page = visitor.post("/en/account/sign-up", **(NEW | changed))
    assert kept in page.text
    assert 'value="Ana"' in page.html
    assert "seven quiet" not in page.html


@pytest.mark.parametrize("form", ["sign-up", "password"])
def test_a_mistyped_address_can_be_written_again(visitor: Visitor, form: str) -> None:
    """Who sees the slip only on the next page goes back to the form, and on to where they were."""
    url = f"/en/account/{form}?{NEXT}"
    visitor.get(url)
    sent = (
        {**NEW, "email": "ana@exmaple.org"} if form == "sign-up" else {"email": "ana@exmaple.org"}
    )
    page = visitor.post(url, **sent)
    assert "ana@exmaple.org" in page.text
    again = page.link("That is not my address")
    assert urlsplit(again).path == f"/en/account/{form}"
    assert parse_qs(urlsplit(again).query)["next"] == [ASKED]


def test_without_a_form_before_there_is_no_address_to_mend(visitor: Visitor) -> None:
    assert "That is not my address" not in visitor.get("/en/account/check-mail").text
