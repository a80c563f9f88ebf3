"""Signing in by a provider, from the button to the account, against a real one on this machine."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from kb.actions.demo import PASSWORD
from kb.app import create_app
from kb.settings import Settings
from kb.store import outbox
from tests.conftest import NOW
from tests.outside.openid_twin import OpenIdTwin, openid_twin
from tests.pages.test_account_safety import link_to, turn_on
from tests.visitor import Page, Visitor

ACCOUNT, SIGN_IN = "/en/account", "/en/account/sign-in"


@pytest.fixture
def twin() -> Iterator[OpenIdTwin]:
    with openid_twin(NOW) as made:
        made.person = {
            "sub": "acme-17",
            "email": "eva@example.org",
            "email_verified": True,
            "name": "Eva Lind",
        }
        yield made


@pytest.fixture
def linked(settings: Settings, twin: OpenIdTwin) -> Iterator[Flask]:
    """A site with a provider for customers and one for agents."""
    both = (twin.about(), twin.about("agent", "staff"))
    made = create_app(replace(settings, sign_in_providers=both))
    made.config["NOW"] = NOW
    yield made
    made.extensions["waypost"].db.close()


def by_provider(
    visitor: Visitor, twin: OpenIdTwin, name: str = "acme", *, expect: int = 200, **said: str
) -> Page:
    there = visitor.client.get(f"{ACCOUNT}/provider/{name}").location
    back = twin.return_url(there).replace("http://localhost", "")
    for part, value in said.items():
        back = re.sub(rf"{part}=[^&]*", f"{part}={value}", back)
    return visitor.get(back, expect=expect)


def test_a_provider_opens_an_account_and_makes_one(linked: Flask, twin: OpenIdTwin) -> None:
    visitor = Visitor(linked)
    assert f"{ACCOUNT}/provider/acme" in [href for _, href in visitor.get(SIGN_IN).links]
    page = by_provider(visitor, twin)
    assert "Your account is made" in page.text
    assert 'value="Eva"' in page.html
    assert "Acme" in visitor.get(f"{ACCOUNT}/security").text
    again = by_provider(Visitor(linked), twin)
    assert "My account" in again.text
    assert "Your account is made" not in again.text
    tokens = visitor.get(f"{ACCOUNT}/tokens")
    assert 'name="password"' not in tokens.html  # there is none that could be asked for
    wanted: dict[str, Any] = {"name": "Report", "scopes": ["cases:read"], "days": "30"}
    assert 'value="kb_' in visitor.post(f"{ACCOUNT}/tokens", **wanted).html


def test_a_provider_s_word_does_not_replace_the_second_factor(
    linked: Flask, twin: OpenIdTwin
) -> None:
    visitor = Visitor(linked).as_customer("premier")
    turn_on(visitor)
    twin.person["email"] = "premier@example.com"
    assert "Enter the code" in by_provider(Visitor(linked), twin).text


@pytest.mark.parametrize(
    ("spoil", "status", "told"),
    [
        pytest.param({"claims": {"nonce": "other"}}, 400, "did not belong", id="another nonce"),
        pytest.param({"claims": {"aud": "other"}}, 400, "did not belong", id="another audience"),
        pytest.param({"claims": {"exp": 1}}, 400, "did not belong", id="an expired token"),
        pytest.param({"said": {"state": "other"}}, 400, "did not belong", id="another state"),
        pytest.param({"said": {"code": ""}}, 400, "cancelled", id="no code"),
        pytest.param({"trouble": {"/token": "html"}}, 502, "does not answer", id="HTML"),
        pytest.param({"claims": {"email_verified": False}}, 403, "not verified", id="unverified"),
        pytest.param({"claims": {"email": "agent@example.com"}}, 403, "password", id="an agent's"),
    ],
)
def test_a_provider_in_the_wrong_opens_nothing(
    linked: Flask, twin: OpenIdTwin, spoil: dict[str, dict[str, str]], status: int, told: str
) -> None:
    visitor = Visitor(linked)
    twin.claims, twin.trouble = dict(spoil.get("claims", {})), spoil.get("trouble", {})
    page = by_provider(visitor, twin, expect=status, **spoil.get("said", {}))
    assert told in page.text
    assert page.link("Sign in")
    assert visitor.client.get(f"{ACCOUNT}/").status_code == 302


def test_a_return_that_was_not_begun_here_is_refused(linked: Flask, twin: OpenIdTwin) -> None:
    there = Visitor(linked).client.get(f"{ACCOUNT}/provider/acme").location
    back = twin.return_url(there).replace("http://localhost", "")
    victim = Visitor(linked)
    assert "no correspond" in victim.get(back, expect=400).text  # somebody else's sign-in
    assert victim.client.get(f"{ACCOUNT}/").status_code == 302
    assert victim.client.get(f"{ACCOUNT}/provider/nobody").status_code == 404


def test_a_provider_is_unlinked_and_never_the_last_way_in(linked: Flask, twin: OpenIdTwin) -> None:
    visitor, unlink = Visitor(linked), f"{ACCOUNT}/security/provider/acme"
    by_provider(visitor, twin)
    assert "has no password" in visitor.get(f"{ACCOUNT}/security").text
    only = visitor.get(unlink)
    assert "the only way into your account" in only.text
    assert only.link("Set a password")
    assert "the only way into your account" in visitor.post(unlink).text  # a form made by hand
    assert visitor.client.get(f"{ACCOUNT}/security/password").location == f"{ACCOUNT}/password"
    visitor.get(f"{ACCOUNT}/password")
    visitor.post(f"{ACCOUNT}/password", email="eva@example.org")
    reset = link_to(linked, "eva@example.org")
    visitor.get(reset)
    visitor.post(reset, password="a horse of its own", confirm="a horse of its own")
    there, elsewhere = Visitor(linked), Visitor(linked)
    for who in (there, elsewhere):
        by_provider(who, twin)
    there.get(there.get(f"{ACCOUNT}/security").link("Acme"))
    assert "not your password" in there.post(unlink, password="x").text
    done = there.post(unlink, password="a horse of its own")
    assert "Acme no longer opens your account" in done.text
    assert "eva@example.org" in there.get(f"{ACCOUNT}/").text  # this session goes on
    assert elsewhere.client.get(f"{ACCOUNT}/").status_code == 302  # the others end
    with linked.extensions["waypost"].db.read() as conn:
        assert outbox.all_mail(conn)[-1].kind == "provider-unlinked"


def test_somebody_else_s_provider_is_not_there(linked: Flask, twin: OpenIdTwin) -> None:
    by_provider(Visitor(linked), twin)
    other = Visitor(linked).as_customer("premier")
    unlink = f"{ACCOUNT}/security/provider/acme"
    other.get(unlink, expect=404)
    other.get(f"{ACCOUNT}/security")
    other.post(unlink, password=PASSWORD, expect=404)
    assert "Acme" not in other.get(f"{ACCOUNT}/security").text
    again = by_provider(Visitor(linked), twin)
    assert "Your account is made" not in again.text  # the link of its owner stands


def test_unlinking_is_told_in_spanish(linked: Flask, twin: OpenIdTwin) -> None:
    visitor = Visitor(linked)
    by_provider(visitor, twin)
    page = visitor.get("/es/account/security/provider/acme")
    assert "es la única manera de entrar en su cuenta" in page.text
    assert "Esta cuenta no tiene contraseña" in visitor.get("/es/account/security").text
