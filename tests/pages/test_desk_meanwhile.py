"""Two agents at one case: whoever comes second is told what happened, by whom, and where the case
is now; what was typed stays, and nothing is changed blindly."""

import re
from collections.abc import Callable

import pytest

from tests.visitor import Page, Visitor

NEW = "La copia del servidor SQL"
OTHER = "Tras recuperar el servidor"


@pytest.fixture
def agent(visitor: Visitor) -> Visitor:
    return visitor.as_agent()


@pytest.fixture
def desk(agent: Visitor) -> Page:
    agent.get("/en/desk/")
    return agent.follow(NEW)


@pytest.fixture
def irene(another: Callable[[], Visitor]) -> Visitor:
    return another().as_customer("agent-2")


def number_of(page: Page) -> str:
    return page.url.rsplit("/", 1)[1].partition("?")[0]


def other_of(agent: Visitor) -> Page:
    """The other case of the same customer."""
    agent.get("/en/desk/")
    return agent.follow(OTHER)


def seen(page: Page) -> dict[str, str]:
    return {"seen": page.hidden("seen")}


def merges(irene: Visitor, page: Page, into: Page) -> None:
    irene.get(page.url)
    assert "goes on" in irene.post(f"{page.url}/merge", into=number_of(into)).text


@pytest.mark.parametrize(
    ("deed", "fields"), [("state", {"to": "on_hold"}), ("assign", {"to": "me"})]
)
def test_a_press_on_a_case_that_was_merged_leads_to_where_it_is(
    agent: Visitor, irene: Visitor, desk: Page, deed: str, fields: dict[str, str]
) -> None:
    goes_on = other_of(agent)
    merges(irene, desk, goes_on)
    told = agent.post(f"{desk.url}/{deed}", **fields, **seen(desk))
    assert told.response.request.path == goes_on.url
    assert f"Irene Otero merged case {number_of(desk)} into this one" in told.text
    assert "was not done" in told.text


@pytest.mark.parametrize(
    ("deed", "fields", "kept"),
    [
        ("reply", {"body": "Typed <b> words"}, "Typed &lt;b&gt; words"),
        ("note", {"body": "Typed <b> words"}, "Typed &lt;b&gt; words"),
        ("split", {"title": "Second", "words": "Typed words", "submission_id": "s" * 16}, "Typed"),
        ("terms", {"severity": "B", "plan": "", "reason": "Typed why"}, "Typed why"),
    ],
)
def test_what_was_typed_into_a_case_that_was_merged_comes_back_in_the_one_that_goes_on(
    agent: Visitor, irene: Visitor, desk: Page, deed: str, fields: dict[str, str], kept: str
) -> None:
    goes_on = other_of(agent)
    merges(irene, desk, goes_on)
    fields.setdefault("submission_id", desk.hidden("submission_id"))
    told = agent.post(f"{desk.url}/{deed}", **fields, **seen(desk))
    assert f"Irene Otero merged case {number_of(desk)} into this one" in told.text
    assert f'action="{goes_on.url}/{deed}"' in told.html
    assert kept in told.html
    assert kept not in agent.get(goes_on.url).html
    assert kept not in agent.get(desk.url).html


def test_both_merge_the_same_case(agent: Visitor, irene: Visitor, desk: Page) -> None:
    goes_on = other_of(agent)
    merges(irene, desk, goes_on)
    told = agent.post(f"{goes_on.url}/merge", into=number_of(desk), **seen(goes_on))
    assert "Meanwhile: Irene Otero" in told.text
    assert f"Case {number_of(desk)} was merged into this one" in told.text
    again = agent.post(f"{goes_on.url}/merge", into=number_of(desk), **seen(told))
    assert f"Irene Otero merged case {number_of(desk)} into this one" in again.text
    late = agent.post(f"{desk.url}/merge", into=number_of(goes_on))
    assert f"Merged: case {number_of(goes_on)} goes on" in late.text  # as it was meant


@pytest.mark.parametrize(
    ("which", "why"),
    [("itself", "This is the case itself"), ("none", "no case with this number")],
)
def test_what_no_case_can_be_merged_into_is_told_apart(
    agent: Visitor, desk: Page, which: str, why: str
) -> None:
    into = number_of(desk) if which == "itself" else "12"
    assert why in agent.post(f"{desk.url}/merge", into=into).text


def test_a_finished_case_and_one_of_another_customer_take_no_merge(
    agent: Visitor, desk: Page
) -> None:
    page = agent.get("/en/desk/", state="finished")
    finished = next(href for _, href in page.links if "/desk/cases/" in href)
    told = agent.post(f"{desk.url}/merge", into=finished.rsplit("/", 1)[1])
    assert "is finished; only a living case goes on" in told.text
    agent.get("/en/desk/")
    strange = agent.follow("Scheduler skips")
    told = agent.post(f"{desk.url}/merge", into=number_of(strange))
    assert "is of another customer" in told.text


def test_a_target_that_was_merged_names_the_case_to_merge_into(
    agent: Visitor, irene: Visitor, desk: Page
) -> None:
    goes_on = other_of(agent)
    form = {"title": "Second", "words": "It also", "submission_id": "s" * 16}
    third = agent.get(agent.post(f"{desk.url}/split", **form).response.request.path)
    merges(irene, desk, goes_on)
    told = agent.post(f"{third.url}/merge", into=number_of(desk), **seen(third))
    assert "Irene Otero merged case" in told.text
    assert re.search(rf'name="into"[^>]*value="{number_of(goes_on)}"', told.html)
    done = agent.post(f"{third.url}/merge", into=number_of(goes_on), **seen(told))
    assert f"Merged: case {number_of(goes_on)} goes on" in done.text


def test_a_second_split_is_held_up_once(agent: Visitor, irene: Visitor, desk: Page) -> None:
    form = {"title": "Second", "words": "It also beeps", "submission_id": "s" * 16}
    irene.get(desk.url)
    irene.post(f"{desk.url}/split", **form)
    told = agent.post(f"{desk.url}/split", **form, **seen(desk))
    assert "Irene Otero" in told.text
    assert "Nothing was done" in told.text
    assert "It also beeps" in told.html
    made = agent.post(f"{desk.url}/split", **form, **seen(told))
    assert "the customer is told" in made.text


@pytest.mark.parametrize(
    ("first", "deed", "fields", "said"),
    [
        (("assign", {"to": "me"}), "assign", {"to": "me"}, "Assigned to Irene Otero"),
        (("state", {"to": "on_hold"}), "state", {"to": "resolved"}, "On hold"),
        (("state", {"to": "closed"}), "state", {"to": "on_hold"}, "Closed"),
        (
            ("terms", {"severity": "B", "plan": "premier", "reason": "Less"}),
            "terms",
            {"severity": "C", "plan": "premier", "reason": "Even less"},
            "Severity set to B",
        ),
    ],
)
def test_what_a_colleague_changed_just_now_is_not_undone_by_an_old_page(
    agent: Visitor,
    irene: Visitor,
    desk: Page,
    first: tuple[str, dict[str, str]],
    deed: str,
    fields: dict[str, str],
    said: str,
) -> None:
    irene.get(desk.url)
    irene.post(f"{desk.url}/{first[0]}", **first[1])
    told = agent.post(f"{desk.url}/{deed}", **fields, **seen(desk))
    assert "Meanwhile: Irene Otero" in told.text
    assert said in told.text[told.text.index("Meanwhile") :]
    assert "Nothing was done" in told.text


def test_what_one_did_oneself_holds_nothing_up(agent: Visitor, desk: Page) -> None:
    agent.post(f"{desk.url}/assign", to="me", **seen(desk))
    told = agent.post(f"{desk.url}/state", to="on_hold", **seen(desk))
    assert "State: On hold." in told.text


def test_a_case_is_not_resolved_over_a_customers_answer(
    agent: Visitor, desk: Page, another: Callable[[], Visitor]
) -> None:
    marta = another().as_customer("premier")
    mine = marta.get(desk.url.replace("/desk/", "/my/"))
    marta.post(mine.url, body="It still fails", submission_id=mine.hidden("submission_id"))
    told = agent.post(f"{desk.url}/state", to="resolved", **seen(desk))
    assert "Marta Ruiz" in told.text
    assert "an answer" in told.text
    held = agent.post(f"{desk.url}/state", to="on_hold", **seen(desk))
    assert "State: On hold." in held.text


def test_a_merged_case_says_at_its_top_where_it_goes_on(
    agent: Visitor, irene: Visitor, desk: Page
) -> None:
    goes_on = other_of(agent)
    merges(irene, desk, goes_on)
    page = agent.get(desk.url)
    assert (f"This case goes on as case {number_of(goes_on)}", goes_on.url) in page.links
    assert "merged by Irene Otero" in page.text
