"""Administrators: who is an agent, given and withdrawn, sessions and tokens of others."""

from collections.abc import Callable

import pytest
from flask import Flask

from kb.actions.api_tokens import tokens_of
from kb.rules.accounts import Role
from kb.store import audit, outbox, queue, users
from kb.store.users import User
from tests.conftest import NOW
from tests.pages.programs import program
from tests.visitor import Visitor

Another = Callable[[], Visitor]
PEOPLE = "/en/desk/people"


@pytest.fixture
def admin(visitor: Visitor) -> Visitor:
    return visitor.as_admin()


def account(app: Flask, name: str) -> User:
    with app.extensions["waypost"].db.read() as conn:
        found = users.by_email(conn, f"{name}@example.com")
    assert found is not None
    return found


def page_of(app: Flask, name: str) -> str:
    return f"{PEOPLE}/{account(app, name).id}"


def test_the_list_has_agents_and_admins_with_what_an_admin_asks(
    app: Flask, admin: Visitor, another: Another
) -> None:
    another().as_agent().get("/en/desk/")
    page = admin.get(PEOPLE)
    for told in ("Tomás Linde", "agent@example.com", "Vera Solano (you)", "Administrator", "Off"):
        assert told in page.text
    assert "Marta Ruiz" not in page.text
    assert "premier@example.com" not in page.text
    assert account(app, "agent").seen_at == NOW
    assert "Personas y permisos" in admin.get("/es/desk/people").text


def test_the_way_there_is_shown_to_admins_alone(admin: Visitor, another: Another) -> None:
    desk = admin.get("/en/desk/")
    agents = another().as_agent().get("/en/desk/")
    for words in ("People and rights", "Webhooks", "Take this selection along"):
        assert words in desk.text
        assert words not in agents.text
    assert "Administrator" in admin.get("/en/account/").text


def test_a_customers_account_becomes_an_agents_and_back(
    app: Flask, admin: Visitor, another: Another
) -> None:
    marta = another().as_customer("premier")
    admin.get(PEOPLE)
    page = admin.post(PEOPLE, email="Premier@Example.com", language="es")
    assert "This account is an agent's now" in page.text
    assert marta.client.get("/en/desk/").status_code == 302  # her session has ended
    marta = another().as_customer("premier")
    assert marta.client.get("/en/desk/").status_code == 200
    tokens = program(app, "premier")
    page = admin.get(page_of(app, "premier"))
    assert "Made an agent" in page.text
    assert "Vera Solano" in page.text  # who did it
    page = admin.post(f"{page_of(app, 'premier')}/withdraw")
    assert "Role withdrawn" in page.text
    assert "premier@example.com" not in page.text
    assert account(app, "premier").role == Role.CUSTOMER
    assert marta.client.get("/en/desk/").status_code == 302
    tokens.ask("GET", "/cases", 401)
    with app.extensions["waypost"].db.read() as conn:
        told = audit.of_subject(conn, f"user:{account(app, 'premier').id}")
    assert [one.actor for one in told if one.what == "account.role"] == ["Vera Solano"]


def test_somebody_new_is_mailed_a_link(app: Flask, admin: Visitor) -> None:
    admin.get(PEOPLE)
    page = admin.post(PEOPLE, email="nora@example.com", first_name="Nora", language="en")
    assert "A link to set a password is mailed" in page.text
    assert account(app, "nora").is_agent
    with app.extensions["waypost"].db.read() as conn:
        assert [one for one in outbox.all_mail(conn) if one.recipient == "nora@example.com"]


@pytest.mark.parametrize(
    ("email", "said"),
    [
        pytest.param("nobody", "Write an address like", id="no address"),
        pytest.param("agent@example.com", "an agent's already", id="an agent"),
        pytest.param("unconfirmed@example.com", "has not confirmed it yet", id="unconfirmed"),
        pytest.param("", "Write the address", id="nothing"),
    ],
)
def test_who_cannot_become_an_agent_is_told_why_and_nothing_typed_is_lost(
    app: Flask, admin: Visitor, email: str, said: str
) -> None:
    with app.extensions["waypost"].db.write() as conn:
        new = users.NewUser(
            "unconfirmed@example.com", "unconfirmed@example.com", "U", "U", "ES", "en", "x"
        )
        users.add(conn, new, NOW)
    admin.get(PEOPLE)
    page = admin.post(PEOPLE, email=email, first_name="Kept", language="en")
    assert said in page.text
    assert 'value="Kept"' in page.html
    assert not account(app, "unconfirmed").is_agent


def test_cases_of_an_agent_whose_role_is_withdrawn_go_back_to_the_queue(
    app: Flask, admin: Visitor
) -> None:
    tomas = account(app, "agent")
    with app.extensions["waypost"].db.read() as conn:
        before = queue.alive_of(conn, tomas.id)
    assert before
    admin.get(page_of(app, "agent"))
    admin.post(f"{page_of(app, 'agent')}/withdraw")
    with app.extensions["waypost"].db.read() as conn:
        assert queue.alive_of(conn, tomas.id) == ()
        told = audit.of_subject(conn, f"case:{before[0]}")
    assert told[-1].actor == "Vera Solano"


def test_an_admins_own_role_and_another_admins_stay(app: Flask, admin: Visitor) -> None:
    with app.extensions["waypost"].db.write() as conn:
        users.set_role(conn, account(app, "agent-2").id, Role.ADMIN)
    for name in ("admin", "agent-2"):
        page = admin.get(page_of(app, name))
        assert "Withdraw the agent role" not in page.text
        page = admin.post(f"{page_of(app, name)}/withdraw")
        assert "Only the operator withdraws" in page.text
        assert account(app, name).is_admin


def test_sessions_are_ended_everywhere(app: Flask, admin: Visitor, another: Another) -> None:
    tomas = another().as_agent()
    admin.get(page_of(app, "agent"))
    page = admin.post(f"{page_of(app, 'agent')}/sessions")
    assert "Sessions ended" in page.text
    assert tomas.client.get("/en/desk/").status_code == 302
    admin.post(f"{page_of(app, 'admin')}/sessions")
    assert admin.client.get(PEOPLE).status_code == 302  # one's own, too


def test_a_token_of_a_colleague_is_seen_and_ended(app: Flask, admin: Visitor) -> None:
    theirs = program(app, "agent", ["cases:read"])
    theirs.ask("GET", "/cases", 200)
    page = admin.get(page_of(app, "agent"))
    assert "cases:read" in page.text
    (token,) = tokens_of(app.extensions["waypost"].db, theirs.user_id)
    page = admin.post(f"{page_of(app, 'agent')}/tokens/{token.id}/end")
    assert "The token opens nothing any more" in page.text
    theirs.ask("GET", "/cases", 401)
    page = admin.post(f"{page_of(app, 'agent')}/tokens/{token.id}/end")
    assert "had ended already" in page.text


@pytest.mark.parametrize("deed", ["", "/withdraw", "/sessions", "/tokens/1/end"])
def test_a_customer_is_nobody_here(app: Flask, admin: Visitor, deed: str) -> None:
    url = f"{page_of(app, 'premier')}{deed}"
    admin.get(PEOPLE)
    if deed:
        admin.post(url, expect=404)
    else:
        admin.get(url, expect=404)


def test_a_site_without_an_admin_says_how_the_first_is_made(app: Flask, visitor: Visitor) -> None:
    with app.extensions["waypost"].db.write() as conn:
        users.set_role(conn, account(app, "admin").id, Role.AGENT)
    page = visitor.as_agent().get("/en/desk/webhooks", expect=403)
    assert "kb user add agent@example.com --admin" in page.text


def test_a_role_is_not_withdrawn_by_one_press_and_it_says_what_goes_back(
    app: Flask, admin: Visitor
) -> None:
    agent = account(app, "agent")
    page = admin.get(page_of(app, "agent"))
    press = page.html.index("Withdraw it from Tomás Linde")
    fold = page.html.rindex("<details", 0, press)
    assert "</details>" not in page.html[fold:press]
    with app.extensions["waypost"].db.read() as conn:
        cases = len(queue.alive_of(conn, agent.id))
    assert cases > 1
    link = (f"{cases} cases go back to the queue", f"/en/desk/?assignee={agent.id}")
    assert link in page.links
