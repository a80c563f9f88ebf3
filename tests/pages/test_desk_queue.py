"""The queue by any selection, kept selections, and work on many cases at once."""

import re

import pytest

from tests.visitor import Page, Visitor

DESK = "/en/desk/"
WAITING = "Tras recuperar el servidor"
NEW = "La copia del servidor SQL"


@pytest.fixture
def agent(visitor: Visitor) -> Visitor:
    return visitor.as_agent()


def titles(page: Page) -> str:
    return " ".join(text for text, href in page.links if "/desk/cases/" in href)


def numbers(page: Page) -> list[str]:
    return re.findall(r'name="case" value="(\d+)"', page.html)


@pytest.mark.parametrize(
    ("query", "there", "absent"),
    [
        ({"state": "pending_customer"}, WAITING, NEW),
        ({"state": "finished"}, "E-mail notifications", NEW),
        ({"assignee": "nobody"}, NEW, WAITING),
        ({"assignee": "me"}, WAITING, NEW),
        ({"due": "late"}, "", WAITING),
        ({"due": "none"}, WAITING, NEW),
        ({"kind": "technical"}, NEW, "E-mail notifications"),
        ({"spoken": "es"}, NEW, "Scheduler skips"),
        ({"tag": "no-such-tag"}, "", NEW),
        ({"severity": "A", "assignee": "nobody"}, NEW, WAITING),
        ({"state": "nonsense", "due": "nonsense", "assignee": "x", "sort": "?"}, NEW, "E-mail n"),
    ],
)
def test_filters(agent: Visitor, query: dict[str, str], there: str, absent: str) -> None:
    found = titles(agent.get(DESK, **query))
    assert there in found
    assert absent not in found


@pytest.mark.parametrize("sort", ["due", "severity", "updated", "newest", "oldest"])
def test_orders_hold_the_same_cases(agent: Visitor, sort: str) -> None:
    assert sorted(numbers(agent.get(DESK, sort=sort))) == sorted(numbers(agent.get(DESK)))


def test_the_form_says_what_is_chosen(agent: Visitor) -> None:
    page = agent.get(DESK, severity="A")
    assert re.search(r'<option value="A" selected>', page.html)
    assert "All filters off" in page.text


def test_a_selection_is_kept_found_in_the_list_and_dropped(agent: Visitor) -> None:
    agent.get(DESK, severity="A")
    kept = agent.post(f"{DESK}selections", query="severity=A&evil=1", name="Worst <b>")
    assert "Selection “Worst <b>” kept." in kept.text
    assert ("Worst <b>", f"{DESK}?severity=A") in kept.links
    assert kept.title.startswith("Worst <b>")
    drop = re.search(r"/en/desk/selections/\d+/drop", kept.html)
    assert drop
    assert "Selection dropped." in agent.post(drop[0]).text


def test_a_bulk_action_tells_of_each_what_was_not_done(agent: Visitor) -> None:
    cases = [*numbers(agent.get(DESK)), *numbers(agent.get(DESK, state="finished"))]
    told = agent.post(f"{DESK}bulk", case=cases, do="claim", query="")
    assert "Done for" in told.text
    assert "cases stay as they were" in told.text
    assert "It was so already" in told.text
    assert "A colleague has it, or it is finished" in told.text
    assert numbers(agent.get(DESK, assignee="nobody")) == []


def test_a_bulk_action_without_cases_or_deed_changes_nothing(agent: Visitor) -> None:
    page = agent.get(DESK)
    for fields in ({"do": "claim"}, {"case": numbers(page), "do": "burn"}, {"case": ["x"]}):
        told = agent.post(f"{DESK}bulk", query="view=mine", **fields)
        assert "nothing was changed" in told.text


def test_all_of_a_selection_is_worked_on_without_script_and_no_more_than_a_hundred(
    agent: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = agent.get(DESK, assignee="nobody")
    assert 'id="pick-all"' in page.html
    assert "all of this selection, 100 at most" in page.text
    chosen = numbers(page)
    others = set(numbers(agent.get(DESK))) - set(chosen)
    agent.get(DESK, assignee="nobody")
    told = agent.post(f"{DESK}bulk", all="yes", do="tag", tag="swept", query="assignee=nobody")
    assert f"Done for {len(chosen)} case" in told.text
    tagged = set(numbers(agent.get(DESK, tag="swept")))
    assert tagged == set(chosen)
    assert not tagged & others
    monkeypatch.setattr("kb.pages.desk.many.MOST_AT_ONCE", 2)
    told = agent.post(f"{DESK}bulk", all="yes", do="tag", tag="two", query="")
    assert "2 are worked on at once" in told.text
    assert len(numbers(agent.get(DESK, tag="two", state="any"))) == 2


def test_a_bulk_action_on_all_tells_what_was_refused_and_why(agent: Visitor) -> None:
    told = agent.post(f"{DESK}bulk", all="yes", do="claim", query="state=any")
    assert "Done for" in told.text
    assert "A colleague has it, or it is finished" in told.text


def test_closing_many_is_asked_once_more_and_closes_the_cases_shown(agent: Visitor) -> None:
    chosen = numbers(agent.get(DESK))[:2]
    order = {"do": "state", "to_state": "closed", "query": "sort=oldest"}
    asked = agent.post(f"{DESK}bulk", case=chosen, **order)
    assert "2 cases are closed for good" in asked.text
    assert set(chosen) <= set(numbers(agent.get(DESK)))
    shown = re.findall(r'name="case" value="(\d+)"', asked.html)
    assert sorted(shown) == sorted(str(one) for one in chosen)
    done = agent.post(f"{DESK}bulk", case=shown, sure="yes", **order)
    assert "Done for 2 cases." in done.text
    assert not set(chosen) & set(numbers(agent.get(DESK)))
    every = agent.post(f"{DESK}bulk", all="yes", **order)
    assert "closed for good" in every.text
    assert "all" not in re.findall(r'name="(\w+)"', every.html)


def test_what_was_all_done_leads_back_to_the_selection(agent: Visitor) -> None:
    one = numbers(agent.get(DESK))[0]
    told = agent.post(f"{DESK}bulk", case=[one], do="tag", tag="seen", query="severity=A")
    assert '<option value="A" selected>' in told.html
    assert "Done for 1 case." in told.text


def test_nobody_is_assigned_and_no_state_set_that_was_not_chosen(agent: Visitor) -> None:
    page = agent.get(DESK)
    for select in ("bulk-agent", "bulk-state"):
        part = page.html.partition(f'id="{select}"')[2]
        assert re.match(r'[^>]*><option value="">', part)
    for order in ({"do": "assign", "agent": ""}, {"do": "state", "to_state": ""}):
        told = agent.post(f"{DESK}bulk", case=numbers(page), query="", **order)
        assert "nothing was changed" in told.text


def test_a_row_has_the_number_that_customers_quote(agent: Visitor) -> None:
    """R44: the number is quoted until the case is resolved."""
    page = agent.get(DESK)
    assert f"{numbers(page)[0]} · Marta Ruiz" in page.text


def test_what_was_searched_stands_in_the_field_to_be_mended(agent: Visitor) -> None:
    page = agent.get(DESK, q='copia "<b>')
    assert re.search(r'id="header-q"[^>]*value="copia &#34;&lt;b&gt;"', page.html)
    assert re.search(r'id="header-q"[^>]*value=""', agent.get(DESK).html)


def test_closing_one_case_for_good_is_no_press_beside_resolving_it(agent: Visitor) -> None:
    """Nobody opens a closed case again, so it is asked for in a fold that says so."""
    agent.get(DESK)
    page = agent.follow(NEW)
    press = page.html.index('name="to" value="closed"')
    fold = page.html.rindex("<details", 0, press)
    assert "</details>" not in page.html[fold:press]
    assert "Nobody can open the case again" in page.html[fold:press]
    assert page.html.index('name="to" value="resolved"') < fold
    closed = agent.post(f"{page.url}/state", to="closed", seen=page.hidden("seen"))
    assert "State: Closed." in closed.text
    assert 'value="closed"' not in closed.html


def test_a_customer_with_many_cases_leads_to_all_of_them(agent: Visitor) -> None:
    agent.get(DESK)
    page = agent.follow(NEW)
    all_of_them = f"{DESK}?q=premier@example.com"
    assert all_of_them not in [href for _, href in page.links]
    for n in range(5):
        form = {"title": f"Problem {n}", "words": "It beeps", "submission_id": f"split-form-{n}"}
        agent.post(f"{page.url}/split", **form)
    assert ("All", all_of_them) in agent.get(page.url).links
    assert len(numbers(agent.get(all_of_them))) == 7


def test_the_next_case_of_the_selection_is_taken_and_opened(agent: Visitor) -> None:
    queue = agent.get(DESK, severity="A")
    free = set(numbers(agent.get(DESK, severity="A", assignee="nobody")))
    assert "Take the next case" in queue.text
    agent.get(DESK, severity="A")
    opened = agent.post(f"{DESK}next", query="severity=A")
    number = opened.response.request.path.rpartition("/")[2]
    assert number in free
    assert f"Case {number} is yours now." in opened.text
    assert number in numbers(agent.get(DESK, severity="A", assignee="me"))


def test_where_none_waits_it_is_said_and_the_selection_stays(agent: Visitor) -> None:
    agent.get(DESK)
    told = agent.post(f"{DESK}next", query="tag=no-such-tag")
    assert "No case here waits for somebody to take it." in told.text
    assert told.response.request.full_path.endswith("/desk/?tag=no-such-tag")
    for query in ({"view": "mine"}, {"state": "finished"}, {"q": "restore"}):
        assert "Take the next case" not in re.sub(r"<details.*", "", agent.get(DESK, **query).text)
