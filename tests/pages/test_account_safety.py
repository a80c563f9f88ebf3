"""The account beyond entering: second factor, providers, address, organisation, farewell."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from kb.actions.demo import PASSWORD
from kb.app import create_app
from kb.rules import totp
from kb.settings import Settings
from kb.store import outbox
from tests.conftest import NOW
from tests.visitor import Page, Visitor

ACCOUNT, SIGN_IN = "/en/account", "/en/account/sign-in"


def link_to(app: Flask, address: str) -> str:
    """The path in the newest mail to an address."""
    with app.extensions["waypost"].db.read() as conn:
        mails = [mail for mail in outbox.all_mail(conn) if mail.recipient == address]
    found = re.search(r"http://localhost(/\S+)", mails[-1].text)
    assert found, mails[-1].text
    return found[1].replace("/es/", "/en/")  # whoever reads English follows it there


def sign_in(visitor: Visitor, name: str, url: str = SIGN_IN) -> Page:
    visitor.get(url)
    return visitor.post(url, email=f"{name}@example.com", password=PASSWORD)


def key_on(page: Page) -> bytes:
    found = re.search(r'<code class="key">([^<]+)</code>', page.html)
    assert found
    key = totp.key_from_text(found[1])
    assert key
    return key


def code(key: bytes, steps: int = 0) -> str:
    return totp.code_of(key, totp.step_at(NOW) + steps)


def turn_on(visitor: Visitor) -> tuple[bytes, list[str]]:
    """Set the second factor up; returns the key and the recovery codes."""
    page = visitor.get(f"{ACCOUNT}/second-factor")
    assert "<svg" in page.html
    key = key_on(page)
    without = visitor.post(f"{ACCOUNT}/second-factor", code=code(key, -1), password="x")
    assert "not your password" in without.text  # whoever sits at an open session locks nobody out
    shown = visitor.post(f"{ACCOUNT}/second-factor", code=code(key, -1), password=PASSWORD)
    assert "Keep your recovery codes" in shown.text
    return key, re.findall(r"<li><code>([^<]+)</code>", shown.html)


def test_a_second_factor_from_on_to_off(visitor: Visitor, another: Callable[[], Visitor]) -> None:
    elsewhere = another().as_customer("premier")
    visitor.as_customer("premier")
    key, codes = turn_on(visitor)
    assert len(codes) == 10
    assert elsewhere.client.get(f"{ACCOUNT}/").status_code == 302  # opened without a code
    assert "10 recovery codes are left" in visitor.get(f"{ACCOUNT}/security").text
    visitor.post(f"{ACCOUNT}/sign-out")
    assert "Enter the code" in sign_in(visitor, "premier").text
    assert visitor.client.get(f"{ACCOUNT}/").status_code == 302  # the password alone opens nothing
    wrong = visitor.post(f"{ACCOUNT}/second-step", code="000000x")
    assert "This code does not fit" in wrong.text
    assert "My account" in visitor.post(f"{ACCOUNT}/second-step", code=code(key)).text
    visitor.post(f"{ACCOUNT}/sign-out")
    sign_in(visitor, "premier")
    again = visitor.post(f"{ACCOUNT}/second-step", code=code(key))
    assert "This code does not fit" in again.text  # no code twice
    recovered = visitor.post(f"{ACCOUNT}/second-step", code=codes[0].upper())
    assert "9 are left" in recovered.text
    visitor.get(f"{ACCOUNT}/second-factor/end")
    assert "not your password" in visitor.post(f"{ACCOUNT}/second-factor/end", password="x").text
    off = visitor.post(f"{ACCOUNT}/second-factor/end", password=PASSWORD)
    assert "The second factor is off" in off.text


def test_the_second_step_goes_on_where_one_was_and_ends(app: Flask, visitor: Visitor) -> None:
    visitor.as_customer("premier")
    key, _ = turn_on(visitor)
    visitor.post(f"{ACCOUNT}/sign-out")
    sign_in(visitor, "premier", f"{SIGN_IN}?next=/en/my/cases")
    assert visitor.page
    address = f"{ACCOUNT}/second-step?next=/en/my/cases"
    app.config["NOW"] = NOW + timedelta(minutes=10)
    assert "took too long" in visitor.post(address, code=code(key, 20)).text
    app.config["NOW"] = NOW
    sign_in(visitor, "premier", f"{SIGN_IN}?next=/en/my/cases")
    app.config["NOW"] = NOW + timedelta(minutes=10, seconds=-1)
    assert "My cases" in visitor.post(address, code=code(key, 20)).title


def test_the_password_is_changed_on_the_own_page(
    app: Flask, visitor: Visitor, another: Callable[[], Visitor]
) -> None:
    url, new = f"{ACCOUNT}/security/password", "another horse entirely"
    elsewhere = another().as_customer("premier")
    visitor.as_customer("premier")
    visitor.get(visitor.get(f"{ACCOUNT}/security").link("Change the password"))
    wrong = visitor.post(url, current="x", password=new, confirm=new)
    assert "not your password" in wrong.text
    assert new not in wrong.html  # passwords are not sent back
    same = visitor.post(url, current=PASSWORD, password=PASSWORD, confirm=PASSWORD)
    assert "another password than the one you have" in same.text
    unequal = visitor.post(url, current=PASSWORD, password=new, confirm="something else")
    assert unequal.title.startswith("Error:")
    simple = visitor.post(url, current=PASSWORD, password="1111111111", confirm="1111111111")
    assert "harder to guess" in simple.text
    assert (
        "The new password is set"
        in visitor.post(url, current=PASSWORD, password=new, confirm=new).text
    )
    assert "premier@example.com" in visitor.get(f"{ACCOUNT}/").text  # this session goes on
    assert elsewhere.client.get(f"{ACCOUNT}/").status_code == 302  # the others end
    with app.extensions["waypost"].db.read() as conn:
        mails = [mail for mail in outbox.all_mail(conn) if mail.recipient == "premier@example.com"]
    assert mails[-1].kind == "password-changed"
    assert "Contraseña actual" in visitor.get("/es/account/security/password").text


def test_new_recovery_codes_need_the_password(visitor: Visitor) -> None:
    visitor.as_customer("premier")
    _, old = turn_on(visitor)
    visitor.get(f"{ACCOUNT}/second-factor/codes")
    assert "not your password" in visitor.post(f"{ACCOUNT}/second-factor/codes", password="x").text
    page = visitor.post(f"{ACCOUNT}/second-factor/codes", password=PASSWORD)
    new = re.findall(r"<li><code>([^<]+)</code>", page.html)
    assert len(new) == 10
    assert not set(new) & set(old)


@pytest.fixture
def strict(settings: Settings) -> Iterator[Flask]:
    """A site that requires a second factor of agents."""
    made = create_app(replace(settings, require_agent_2fa=True))
    made.config["NOW"] = NOW
    yield made
    made.extensions["waypost"].db.close()


def test_agents_must_have_a_second_factor_where_the_site_says_so(strict: Flask) -> None:
    agent = Visitor(strict)
    assert "Agents sign in with a second factor here" in sign_in(agent, "agent").text
    assert agent.client.get("/en/desk/").location == f"{ACCOUNT}/second-factor"
    turn_on(agent)
    assert agent.get("/en/desk/").status == 200
    assert "Turn the second factor off" not in agent.get(f"{ACCOUNT}/security").text
    assert agent.client.get(f"{ACCOUNT}/second-factor/end").status_code == 302
    assert "My account" in sign_in(Visitor(strict), "premier").text  # customers need none


def test_an_address_changes_once_both_mailboxes_agree(
    app: Flask, visitor: Visitor, another: Callable[[], Visitor]
) -> None:
    visitor.as_customer("premier").get(f"{ACCOUNT}/email")
    wrong = visitor.post(f"{ACCOUNT}/email", email="new@example.org", password="x")
    assert "not your password" in wrong.text
    assert 'value="new@example.org"' in wrong.html
    visitor.post(f"{ACCOUNT}/email", email="new@example.org", password=PASSWORD)
    links = [link_to(app, address) for address in ("premier@example.com", "new@example.org")]
    assert "new@example.org" in visitor.get(f"{ACCOUNT}/").text
    mailbox = another()  # needs no session
    assert "This mailbox agrees" in mailbox.get(links[0]).text
    assert "One mailbox has agreed" in mailbox.post(links[0]).text
    assert "no longer works" in mailbox.post(links[0]).text
    assert "premier@example.com" in visitor.get(f"{ACCOUNT}/").text
    visitor.get(links[1])
    assert "Your e-mail address is changed" in visitor.post(links[1]).text
    assert "new@example.org" in visitor.get(f"{ACCOUNT}/").text


@pytest.mark.parametrize("path", ["email/nonsense", "invitation/nonsense"])
def test_a_dead_link_has_ways_on(visitor: Visitor, path: str) -> None:
    visitor.as_customer("premier").get(f"{ACCOUNT}/{path}")
    page = visitor.post(f"{ACCOUNT}/{path}")
    assert "This link no longer works" in page.text
    assert page.link("My account")


def test_an_organisation_from_founding_to_leaving(
    app: Flask, visitor: Visitor, another: Callable[[], Visitor]
) -> None:
    visitor.as_customer("premier").get(f"{ACCOUNT}/organisation")
    assert "Write the name" in visitor.post(f"{ACCOUNT}/organisation", name=" ").text
    visitor.post(f"{ACCOUNT}/organisation", name="Lind & Co", bring="y")
    page = visitor.post(
        f"{ACCOUNT}/organisation/invite", email="standard@example.com", lang="en", sees_cases="y"
    )
    assert "Invitation sent to standard@example.com" in page.text
    link = link_to(app, "standard@example.com")
    stranger, contact = another().as_customer("trial"), another().as_customer("standard")
    assert "another address" in stranger.get(link).text
    assert "Lind" not in stranger.get(link).text
    assert "You are invited to join Lind & Co" in contact.get(link).text
    assert "You belong to Lind & Co now" in contact.post(link).text
    assert "no longer works" in contact.post(link).text
    theirs = visitor.get("/en/my/products").text
    assert "Norvault Backup Server" in theirs
    cases = [href for _, href in visitor.get("/en/my/cases").links if "/my/cases/" in href]
    assert cases
    page = visitor.get(f"{ACCOUNT}/organisation")
    member = next(
        one for one in re.findall(r"/members/(\d+)\"", page.html) if f"{one}/remove" in page.html
    )
    for form in (f"members/{member}", f"members/{member}/remove", "invitations/1/withdraw"):
        for who in (stranger, contact):  # neither an owner
            answer = {"role": "owner", "csrf_token": who.get("/en/feedback").token()}
            sent = who.client.post(f"{ACCOUNT}/organisation/{form}", data=answer)
            assert sent.status_code == 404, form
    assert "Rename" not in contact.get(f"{ACCOUNT}/organisation").text
    visitor.get(f"{ACCOUNT}/organisation")
    assert "needs an owner" in visitor.post(f"{ACCOUNT}/organisation/leave").text
    removed = visitor.post(f"{ACCOUNT}/organisation/members/{member}/remove")
    assert "no longer in the organisation" in removed.text
    assert "An organisation has several contacts" in contact.get(f"{ACCOUNT}/organisation").text


def test_my_data_are_a_file(visitor: Visitor) -> None:
    visitor.as_customer("premier").get(f"{ACCOUNT}/export")
    token = visitor.page.token() if visitor.page else ""
    answer = visitor.client.post(f"{ACCOUNT}/export", data={"csrf_token": token})
    assert answer.content_type == "application/zip"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "no-store" in answer.headers["Cache-Control"]
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    answer.close()
    assert json.loads(archive.read("profile.json"))["email"] == "premier@example.com"
    assert json.loads(archive.read("cases.json"))


def test_deleting_says_what_stays_and_asks_twice(visitor: Visitor) -> None:
    page = visitor.as_customer("premier").get(f"{ACCOUNT}/delete")
    assert "Their messages stay" in page.text
    assert "because support learns from them" in page.text
    assert "Tick the box" in visitor.post(f"{ACCOUNT}/delete", password=PASSWORD).text
    assert "not your password" in visitor.post(f"{ACCOUNT}/delete", password="x", sure="y").text
    gone = visitor.post(f"{ACCOUNT}/delete", password=PASSWORD, sure="y")
    assert "Your account is deleted" in gone.text
    assert "do not match" in sign_in(visitor, "premier").text


def test_signing_out_everywhere(visitor: Visitor, another: Callable[[], Visitor]) -> None:
    elsewhere = another().as_customer("premier")
    visitor.as_customer("premier").get(f"{ACCOUNT}/security")
    visitor.post(f"{ACCOUNT}/sign-out-everywhere")
    for who in (visitor, elsewhere):
        assert who.client.get(f"{ACCOUNT}/").status_code == 302


def test_remember_me_outlives_the_browser_and_not_the_sign_out(visitor: Visitor) -> None:
    visitor.get(SIGN_IN)
    visitor.post(SIGN_IN, email="premier@example.com", password=PASSWORD, remember="y")
    kept = visitor.client.get_cookie("remember_token")
    assert kept
    assert kept.http_only
    visitor.client.delete_cookie("waypost")
    assert "premier@example.com" in visitor.get(f"{ACCOUNT}/").text
    visitor.get(f"{ACCOUNT}/security")
    visitor.post(f"{ACCOUNT}/sign-out-everywhere")
    visitor.client.set_cookie("remember_token", kept.value)
    assert visitor.client.get(f"{ACCOUNT}/").status_code == 302


@pytest.mark.parametrize("way", ["sign-out", "sign-out-everywhere", "delete"])
def test_who_signs_out_of_a_remembered_device_is_signed_out(visitor: Visitor, way: str) -> None:
    visitor.get(SIGN_IN)
    visitor.post(SIGN_IN, email="premier@example.com", password=PASSWORD, remember="y")
    visitor.get(f"{ACCOUNT}/delete")
    proof: dict[str, Any] = {"password": PASSWORD, "sure": "y"} if way == "delete" else {}
    visitor.post(f"{ACCOUNT}/{way}", **proof)
    assert visitor.client.get_cookie("remember_token") is None
    assert visitor.client.get(f"{ACCOUNT}/").status_code == 302


def test_times_follow_the_chosen_zone(visitor: Visitor) -> None:
    visitor.as_customer("premier").get(f"{ACCOUNT}/")
    told = {"first_name": "Eva", "last_name": "Lind", "country": "JP", "lang": "en"}
    page = visitor.post(f"{ACCOUNT}/", **told, time_zone="Asia/Tokyo")
    assert "Saved." in page.text
    case = next(href for _, href in visitor.get("/en/my/cases").links if "/my/cases/" in href)
    assert "Tokyo time" in visitor.get(case).text
    bad = visitor.post(f"{ACCOUNT}/", **told, time_zone="Mars/Olympus")
    assert bad.title.startswith("Error:")
