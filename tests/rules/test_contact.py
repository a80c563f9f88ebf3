"""The contact wizard asks in the order of R37 and never loses its way."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.rules.contact import (
    Stage,
    Wish,
    asked_severity,
    next_severity,
    next_stage,
    read_wish,
    severity_carried,
    without,
)
from kb.rules.policy import Policy, Request, Severity, SeverityInfo, Topic
from kb.rules.products import Market, Product
from kb.rules.texts import Text

NAME = Text({"en": "x"})


def policy() -> Policy:
    technical = Request("technical", NAME, topics=(Topic("backup", NAME), Topic("recovery", NAME)))
    sales = Request("pre-sales", NAME, needs_product=False)
    home = Product("home", "Home", Market.HOME)
    return Policy(
        revision="1",
        products={"home": home},
        plans={},
        calendars={},
        requests={"technical": technical, "pre-sales": sales},
        channels={},
        severities={},
        offers={},
        rules=(),
    )


FULL = Wish(request="technical", edition="full", asset=3, topic="backup")


@pytest.mark.parametrize(
    ("wish", "signed_in", "stage"),
    [
        pytest.param(Wish(), False, Stage.REQUEST, id="R37 the type of request first"),
        pytest.param(
            Wish(request="technical"), False, Stage.EDITION, id="R37 then trial or full version"
        ),
        pytest.param(
            Wish(request="technical", edition="trial"),
            False,
            Stage.SIGN_IN,
            id="R4 a trial needs a signed-in account too",
        ),
        pytest.param(
            Wish(request="technical", edition="full"), True, Stage.PRODUCT, id="R37 then product"
        ),
        pytest.param(replace(FULL, topic=""), True, Stage.TOPIC, id="then what it is about"),
        pytest.param(FULL, True, Stage.DONE, id="R37 then the channels"),
        pytest.param(FULL, False, Stage.SIGN_IN, id="R4 a link to the end asks to sign in"),
        pytest.param(Wish(request="pre-sales"), False, Stage.SIGN_IN, id="R4 pre-sales"),
        pytest.param(Wish(request="pre-sales"), True, Stage.DONE, id="no product needed"),
        pytest.param(
            Wish(request="technical", edition="full", product="home", topic="backup"),
            True,
            Stage.DONE,
            id="a product that is not registered",
        ),
    ],
)
def test_next_stage(wish: Wish, signed_in: bool, stage: Stage) -> None:
    assert next_stage(policy(), wish, signed_in=signed_in) is stage


@pytest.mark.parametrize(
    ("given_", "wish"),
    [
        ({}, Wish()),
        ({"request": "unknown", "edition": "full"}, Wish()),
        ({"request": "technical", "edition": "beta"}, Wish(request="technical")),
        ({"request": "technical", "asset": "1e5"}, Wish(request="technical")),
        ({"request": "technical", "asset": "7"}, Wish(request="technical", asset=7)),
        ({"request": "technical", "topic": "gardening"}, Wish(request="technical")),
        ({"request": "technical", "product": "nothing"}, Wish(request="technical")),
        ({"request": "technical", "title": "x" * 999}, Wish(request="technical")),
        ({"request": "pre-sales", "edition": "full", "asset": "7"}, Wish(request="pre-sales")),
        ({"product": "home"}, Wish(product="home")),
    ],
)
def test_what_the_policy_does_not_know_falls_off(given_: dict[str, str], wish: Wish) -> None:
    assert read_wish(policy(), given_) == wish


@pytest.mark.parametrize(
    ("stage", "left"),
    [
        (Stage.REQUEST, Wish(walk="w")),
        (Stage.EDITION, Wish(request="technical", topic="backup", walk="w")),
        (Stage.PRODUCT, Wish(request="technical", edition="full", topic="backup", walk="w")),
        (Stage.TOPIC, Wish(request="technical", edition="full", asset=3, walk="w")),
    ],
)
def test_changing_an_answer_takes_back_what_depends_on_it(stage: Stage, left: Wish) -> None:
    assert without(replace(FULL, walk="w"), stage) == left


@given(st.dictionaries(st.sampled_from([*FULL.query(), "walk", "x"]), st.text(max_size=30)))
def test_any_address_is_read_and_read_again_the_same(query: dict[str, str]) -> None:
    wish = read_wish(policy(), query)
    assert read_wish(policy(), wish.query()) == wish
    assert next_stage(policy(), wish, signed_in=True) in Stage


def severities(asking: str, order: str = "ABCD") -> Policy:
    """A policy with four severities, those in `asking` with a question."""
    found = {
        Severity(letter): SeverityInfo(
            Severity(letter), NAME, NAME, NAME if letter in asking else Text({})
        )
        for letter in order
    }
    return replace(policy(), severities=found)


@pytest.mark.parametrize(
    ("asking", "no", "yes", "asked", "found"),
    [
        pytest.param("ABC", "", "", "A", None, id="R33 the worst is asked first"),
        pytest.param("ABC", "A", "", "B", None, id="R34 then the next"),
        pytest.param("ABC", "AB", "", "C", None, id="R35 then the next"),
        pytest.param("ABC", "ABC", "", None, "D", id="R36 three times no: the mildest"),
        pytest.param("ABC", "A", "B", "B", "B", id="R34 yes ends it"),
        pytest.param("ABC", "", "C", "A", "C", id="an address edited by hand names another"),
        pytest.param("ABC", "", "D", "A", None, id="there is no question about the mildest"),
        pytest.param("ABC", "BX", "Z", "A", None, id="what is not known falls off"),
        pytest.param("BD", "BD", "", None, "D", id="a question about the mildest too"),
        pytest.param("B", "B", "", None, "D", id="one question"),
        pytest.param("", "", "", None, None, id="a policy without questions asks none"),
        pytest.param("", "ABC", "A", None, None, id="and finds none"),
    ],
)
def test_severity_by_plain_questions(
    asking: str, no: str, yes: str, asked: str | None, found: str | None
) -> None:
    for order in ("ABCD", "DCBA"):
        known = severities(asking, order)
        question, answer = asked_severity(known, no), next_severity(known, no, yes)
        assert (question and question.severity) == asked
        assert (answer and answer.severity) == found


@pytest.mark.parametrize(("written", "kept"), [("A", "A"), ("a", ""), ("AB", ""), ("Z", "")])
def test_a_severity_that_the_policy_does_not_know_falls_off(written: str, kept: str) -> None:
    read = read_wish(severities("A"), {"request": "technical", "severity": written})
    assert read.severity == kept


@pytest.mark.parametrize(
    ("wish", "chosen", "expected"),
    [
        pytest.param(Wish("technical", topic="backup"), "C", Severity.C, id="what was chosen"),
        pytest.param(Wish("technical", topic="backup"), "X", Severity.A, id="R33 the topic's"),
        pytest.param(Wish("technical", topic="backup"), "D", Severity.A, id="not one of the site"),
        pytest.param(Wish("technical", topic="slow"), "", Severity.B, id="R34 the request's"),
        pytest.param(Wish("technical"), "", Severity.B, id="R34 no topic"),
        pytest.param(Wish("sales", topic="backup"), "", None, id="R36 nothing says one"),
        pytest.param(Wish("gone"), "", None, id="no such request"),
    ],
)
def test_which_severity_a_wish_carries(wish, chosen, expected):
    known = {one: SeverityInfo(one, NAME, NAME) for one in (Severity.A, Severity.B, Severity.C)}
    topics = (Topic("backup", NAME, severity=Severity.A), Topic("slow", NAME))
    technical = Request("technical", NAME, topics=topics, severity=Severity.B)
    requests = {"technical": technical, "sales": Request("sales", NAME)}
    site = replace(policy(), severities=known, requests=requests)
    assert severity_carried(site, wish, chosen) is expected


def test_what_is_not_known_is_not_in_an_address():
    assert Wish().query() == {}
    assert Wish(request="technical", asset=3).query() == {"request": "technical", "asset": "3"}
