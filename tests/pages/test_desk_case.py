"""Writing an answer at the desk: ready answers, articles, notes that name people; tags, links."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest

from kb.actions.article_uses import uses_of_articles
from kb.store import Database, outbox
from tests.visitor import Page, Visitor

NEW = "La copia del servidor SQL"


@pytest.fixture
def agent(visitor: Visitor) -> Visitor:
    return visitor.as_agent()


@pytest.fixture
def desk(agent: Visitor) -> Page:
    agent.get("/en/desk/")
    return agent.follow(NEW)


def body_of(page: Page) -> str:
    found = re.search(r'<textarea[^>]*name="body"[^>]*>(.*?)</textarea>', page.html, re.S)
    assert found
    return found[1]


def composed(agent: Visitor, desk: Page, **fields: str) -> Page:
    fields.setdefault("submission_id", desk.hidden("submission_id"))
    return agent.post(f"{desk.url}/compose", **fields)


def test_a_ready_answer_goes_behind_what_was_typed(agent: Visitor, desk: Page) -> None:
    page = composed(agent, desk, body="Typed <b>", do="canned", canned="logs")
    said = body_of(page)
    assert "Typed &lt;b&gt;" in said
    assert "Hola, Marta:" in said
    assert desk.url.rsplit("/", 1)[1] in said
    assert "{" not in said
    assert page.html.count("Typed &lt;b&gt;") == 1  # nothing was sent


def test_an_unknown_answer_or_article_adds_nothing(agent: Visitor, desk: Page) -> None:
    for fields in ({"do": "canned", "canned": "nonsense"}, {"insert": "x"}, {"insert": "9999999"}):
        assert body_of(composed(agent, desk, body="Typed", **fields)).strip() == "Typed"


def test_an_article_is_found_inserted_sent_and_counted(
    agent: Visitor, desk: Page, db: Database
) -> None:
    page = composed(agent, desk, body="Typed", do="find", find="espacio en el disco")
    assert "Typed" in body_of(page)
    wanted = re.search(r'name="insert" value="(\d+)"', page.html)
    assert wanted
    page = composed(agent, desk, body="Typed", insert=wanted[1])
    said = body_of(page)
    assert f"/es/kb/{wanted[1]}-" in said
    for _ in range(2):
        shown = agent.get(desk.url)
        agent.post(f"{desk.url}/reply", body=said, submission_id=shown.hidden("submission_id"))
    ((use,), _more) = uses_of_articles(db)
    assert (use.article_id, use.cases) == (int(wanted[1]), 1)


def test_articles_fit_the_case_by_themselves(desk: Page) -> None:
    assert "Articles that fit" in desk.text
    assert re.search(r'name="insert" value="\d+"', desk.html)


def test_a_note_tells_the_colleague_it_names(agent: Visitor, desk: Page, db: Database) -> None:
    with db.read() as conn:
        from kb.store import users

        other = next(one for one in users.agents(conn) if one.email != "agent@example.com")
    page = agent.get(desk.url, compose="note")
    name = other.name
    agent.post(
        f"{desk.url}/note",
        body=f"@{name}, the secret word is heron",
        submission_id=page.hidden("submission_id"),
    )
    with db.read() as conn:
        mails = [mail for mail in outbox.all_mail(conn) if mail.kind == "agent-mention"]
    assert [mail.recipient for mail in mails] == [other.email]
    assert "heron" not in mails[0].text


def test_tags_are_put_on_found_and_taken_off(agent: Visitor, desk: Page) -> None:
    page = agent.post(f"{desk.url}/tag", tag="Restore slow")
    assert "restore-slow" in page.text
    assert NEW in agent.get("/en/desk/", tag="restore-slow").text
    page = agent.post(f"{desk.url}/tag", off="restore-slow")
    assert "Tag “restore-slow” off" in page.text
    assert "Write a tag" in agent.post(f"{desk.url}/tag", tag="!!").text


def test_cases_are_linked_both_ways_and_never_to_themselves(agent: Visitor, desk: Page) -> None:
    number = desk.url.rsplit("/", 1)[1]
    other = next(
        href
        for text, href in agent.get("/en/desk/").links
        if "/desk/cases/" in href and number not in href
    )
    page = agent.post(f"{desk.url}/link", other=f"#{other.rsplit('/', 1)[1]}")
    assert "Linked to case" in page.text
    assert NEW in agent.get(other).text
    for wrong in (number, "0", "x", "99999999999"):
        assert "no other case" in agent.post(f"{desk.url}/link", other=wrong).text


def test_the_page_tells_who_else_is_answering(
    agent: Visitor, desk: Page, another: Callable[[], Visitor], db: Database
) -> None:
    from kb.rules.accounts import Role
    from kb.store import users

    colleague = another().as_customer("home-10")
    with db.write() as conn:
        person = users.by_email(conn, "home-10@example.com")
        assert person
        users.set_role(conn, person.id, Role.AGENT)
    shown = colleague.get(desk.url)
    colleague.post(f"{desk.url}/presence", answering="yes", csrf_token=shown.token())
    assert f"{person.name} is answering" in agent.get(desk.url).text
    agent.post("/en/desk/cases/999999/presence", expect=404)


def test_enter_in_the_search_field_finds_and_sends_nothing(desk: Page) -> None:
    """A browser presses the first button of the form."""
    form = desk.html[desk.html.index('id="compose"') :]
    first = re.search(r'<button type="submit"[^>]*>', form)
    assert first
    assert 'value="find"' in first[0]


def test_a_chosen_file_stays_while_an_answer_is_composed(agent: Visitor, desk: Page) -> None:
    sent = (BytesIO(b"a log of the night"), "night.log")
    page = composed(agent, desk, body="", do="canned", canned="logs", files=sent)  # type: ignore[arg-type]
    assert "night.log" in page.text
    assert "Write the reply" not in page.text


def test_the_panel_has_all_products_of_the_customer_with_their_cover(agent: Visitor) -> None:
    agent.get("/en/desk/")
    page = agent.follow("Tras recuperar el servidor")
    panel = page.text[page.text.index("Products of this customer") :]
    for said in (
        "Server 12",
        "Advanced Server 9",
        "Support active",
        "Support ended",
        "Support until",
    ):
        assert said in panel
    for heading in ("Targets", "Entitlement", "Already tried by the customer", "Articles that fit"):
        assert heading in page.text
    assert "Other cases of this customer" in page.text


def test_a_colleagues_answer_in_between_is_told_before_ones_own_goes_out(
    agent: Visitor, desk: Page, another: Callable[[], Visitor]
) -> None:
    """Point 1, bad input: two agents answer at once. The second reads the first before sending."""
    colleague = another().as_customer("agent-2")
    shown = colleague.get(desk.url)
    colleague.post(f"{desk.url}/reply", body="From Irene", **once(shown))
    held = agent.post(f"{desk.url}/reply", body="From Tomás <b>", **once(desk))
    assert "Irene Otero wrote here meanwhile" in held.text
    assert body_of(held).strip() == "From Tomás &lt;b&gt;"
    assert held.html.count("From Tomás") == 1  # it is in the form alone
    assert "From Irene" in held.text
    sent = agent.post(f"{desk.url}/reply", body="From Tomás", **once(held))
    assert "Reply sent." in sent.text
    again = agent.post(f"{desk.url}/reply", body="From Tomás", **once(held))
    assert again.html.count("From Tomás") == 1


def once(page: Page) -> dict[str, str]:
    return {name: page.hidden(name) for name in ("submission_id", "seen")}


def test_ones_own_words_and_notes_hold_no_reply_up(
    agent: Visitor, desk: Page, another: Callable[[], Visitor]
) -> None:
    colleague = another().as_customer("agent-2")
    shown = colleague.get(desk.url, compose="note")
    note = {"body": "Only for us", "submission_id": shown.hidden("submission_id")}
    colleague.post(f"{desk.url}/note", **note)
    first = agent.get(desk.url)
    agent.post(f"{desk.url}/reply", body="One", **once(first))
    later = {"submission_id": "another-form-1", "seen": first.hidden("seen")}
    assert "Reply sent." in agent.post(f"{desk.url}/reply", body="Two", **later).text


def test_a_case_is_given_to_a_colleague_from_its_page_who_is_mailed(
    agent: Visitor, desk: Page, db: Database
) -> None:
    wanted = re.search(r'<option value="(\d+)">Irene Otero', desk.html)
    assert wanted
    page = agent.post(f"{desk.url}/assign", to=wanted[1])
    assert "The case is given to Irene Otero." in page.text
    assert "Assigned to Irene Otero" in page.text
    assert f'<option value="{wanted[1]}"' not in page.html
    for nobody in ("", "zz", "1", "999999", "٣"):
        page = agent.post(f"{desk.url}/assign", to=nobody)
        assert "the case stays with whoever has it" in page.text
    agent.post(f"{desk.url}/assign", to=wanted[1])  # has it already
    agent.post(f"{desk.url}/assign", to="me")
    agent.post(f"{desk.url}/assign", to="nobody")
    with db.read() as conn:
        mails = [mail for mail in outbox.all_mail(conn) if mail.kind == "agent-given"]
    assert [mail.recipient for mail in mails] == ["agent-2@example.com"]
    assert "Tomás Linde" in mails[0].text


def test_the_panel_begins_with_what_an_answer_needs(desk: Page) -> None:
    wanted = ("Work", "Targets", "Technician", "Customer", "Products of this customer")
    wanted += ("Entitlement", "Already tried", "Articles that fit", "Other cases", "Tags")
    wanted += ("Quotes", "screen", "From case to article")
    panel = desk.html[desk.html.index('class="panel"') :]
    heads = re.findall(r"<section><h2>([^<]+)", panel)
    assert [next(i for i, head in enumerate(heads) if one in head) for one in wanted] == sorted(
        next(i for i, head in enumerate(heads) if one in head) for one in wanted
    )


def test_the_hours_are_those_of_the_plan_the_case_has_now(agent: Visitor, desk: Page) -> None:
    assert "Around the clock" in desk.text
    page = agent.post(f"{desk.url}/terms", severity="A", plan="standard", reason="Downgraded")
    facts = page.text[page.text.index("Calendar") :]
    assert facts.startswith("Calendar Monday to Friday, 8:00–20:00")


@pytest.mark.parametrize("typed", ["abc", "1.5", "", "٣x", "9" * 30])
def test_minutes_that_are_none_are_asked_for_in_our_words(
    agent: Visitor, desk: Page, typed: str
) -> None:
    page = agent.post(f"{desk.url}/time", minutes=typed, what="Looked", submission_id="time-form-1")
    assert "minutes" in page.text
    assert "Not a valid" not in page.text
    assert f'value="{typed}"' in page.html


def test_what_was_typed_goes_along_to_the_other_tab(agent: Visitor, desk: Page) -> None:
    """The script sends the form there when a tab is chosen; nothing is said by it."""
    assert f'data-carry="{desk.url}/compose#compose"' in desk.html
    note = composed(agent, desk, body="Half a sentence", do="note")
    assert body_of(note).strip() == "Half a sentence"
    assert "for agents only" in note.text
    back = agent.post(f"{desk.url}/compose", body="Half a sentence", do="reply")
    assert body_of(back).strip() == "Half a sentence"
    assert "for agents only" not in back.text
    assert "Half a sentence" not in agent.get(desk.url).text


@pytest.mark.parametrize(
    ("deed", "fields", "field"),
    [
        ("quote", {"lines": "Disk: 99.90", "currency": "EUR", "days": "15"}, "terms"),
        ("time", {"minutes": "5"}, "what"),
        ("remote", {"tool": "Screen"}, "session"),
        ("split", {"title": "Second"}, "words"),
        ("terms", {"severity": "B"}, "reason"),
        ("merge", {}, "into"),
    ],
)
def test_a_form_of_the_panel_that_came_back_says_so_on_top(
    agent: Visitor, desk: Page, deed: str, fields: dict[str, str], field: str
) -> None:
    """It stands far below; without a word on top one would believe that it was sent."""
    page = agent.post(f"{desk.url}/{deed}", submission_id="form-of-a-panel-1", **fields)
    assert page.title.startswith("Error:")
    summary = page.html.index('<div class="errors" role="alert"')
    assert summary < page.html.index("<h1")
    assert re.search(rf'<a href="#[^"]*{field}[^"]*">', page.html[summary:])


def test_a_note_says_who_is_mailed_and_which_name_is_nobodys(agent: Visitor, desk: Page) -> None:
    page = agent.get(desk.url, compose="note")
    once = {"submission_id": page.hidden("submission_id")}
    told = agent.post(f"{desk.url}/note", body="@irene and @hannes, look", **once)
    assert "does not see it. Mailed: Irene Otero." in told.text
    assert "@hannes: no one colleague has this name" in told.text
    page = agent.get(desk.url, compose="note")
    once = {"submission_id": page.hidden("submission_id")}
    plain = agent.post(f"{desk.url}/note", body="To ana@example.com", **once)
    assert "Mailed" not in plain.text
    assert "no one colleague" not in plain.text
