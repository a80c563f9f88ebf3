"""The licence calculator: a form whose result has an address, with the sum in words (R52–R56)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from tests.pages.licences import CALCULATOR, count, typed
from tests.visitor import Visitor


def test_the_form_asks_and_shows_no_result(visitor: Visitor) -> None:
    page = visitor.get(CALCULATOR)
    assert "Count the licences" in page.text
    assert "You need" not in page.text
    assert "attention" not in page.text


@pytest.mark.parametrize(
    ("numbers", "needed", "sums"),
    [
        pytest.param(
            {"n_servers": 1, "hosts_1": 1, "machines_1": 2, "edition": "each-machine"},
            "3 licences",
            [
                "Servers: 1 One licence for each operating system 1 × 1 = 1 Backup Server",
                "1 × 2 = 2",
            ],
            id="R52 2 virtual and 1 physical",
        ),
        pytest.param({"n_servers": 3}, "3 licences", ["3 × 1 = 3"], id="R52 1 local and 2 remote"),
        pytest.param(
            {"n_servers": 1, "more_servers": 1},
            "2 licences",
            ["Servers, further systems: 1"],
            id="R52 dual boot",
        ),
        pytest.param(
            {"hosts_1": 2, "machines_1": 6, "edition": "advanced"},
            "4 licences",
            [
                "2 hosts with 6 virtual machines each One licence covers the host and up to"
                " 4 virtual machines; machines 5 to 6 need one more 2 × 2 = 4"
            ],
            id="R53 Advanced Server",
        ),
        pytest.param(
            {"hosts_1": 1, "machines_1": 5, "edition": "advanced"},
            "2 licences",
            ["; machine 5 needs one more 1 × 2 = 2"],
            id="R53 the fifth machine",
        ),
        pytest.param(
            {"hosts_1": 1, "machines_1": 13, "edition": "advanced"},
            "4 licences",
            ["; machines 5 to 13 need 3 more 1 × 4 = 4"],
            id="R53 the thirteenth machine",
        ),
        pytest.param(
            {"hosts_1": 1, "machines_1": 5000, "edition": "virtual"},
            "1 licence",
            ["1 host with 5,000 virtual machines One licence covers the host and all"],
            id="R53 Virtual Edition",
        ),
        pytest.param(
            {"hosts_1": 1, "machines_1": 99, "edition": "virtual-older"},
            "1 licence",
            ["up to 99 virtual machines 1 × 1 = 1"],
            id="R53 Virtual Edition 10",
        ),
        pytest.param(
            {"hosts_1": 1, "machines_1": 6, "hosts_too": "y", "edition": "each-machine"},
            "7 licences",
            ["1 host itself This edition does not cover the host: one licence for each 1 × 1 = 1"],
            id="R53 any other edition, with the host",
        ),
        pytest.param(
            {"n_rescue_servers": 5},
            "5 licences",
            ["Servers with rescue media only: 5 One licence for each machine 5 × 1 = 5"],
            id="R54",
        ),
        pytest.param(
            {"deployed": 20, "agents_there": 20, "agents_elsewhere": 5},
            "25 licences",
            [
                "20 machines deployed to One licence for each machine deployed to 20 × 1 = 20",
                "20 agents on these machines They use the licence their machine was given",
                "20 × 0 = 0",
                "5 agents on other machines One licence for each management agent 5 × 1 = 5",
            ],
            id="R55",
        ),
        pytest.param(
            {"n_servers": 4, "n_deduplication": 4, "n_restore_anywhere": 2},
            "10 licences",
            ["Backup Server 4 Deduplication 4 Restore Anywhere 2"],
            id="R56",
        ),
    ],
)
def test_the_sum_is_explained_line_by_line(
    visitor: Visitor, numbers: dict[str, Any], needed: str, sums: list[str]
) -> None:
    page = count(visitor, **numbers)
    assert f"You need {needed} " in page.text
    assert page.title.startswith(f"{needed} – ")
    for words in sums:
        assert words in page.text, page.text


def test_the_sum_is_explained_in_spanish(visitor: Visitor) -> None:
    page = count(visitor, "es", hosts_1=2, machines_1=6, edition="advanced", deployed=1)
    for words in (
        "Necesita 5 licencias",
        "2 hosts con 6 máquinas virtuales cada uno Una licencia cubre el host y hasta"
        " 4 máquinas virtuales; las máquinas 5 a 6 necesitan otra 2 × 2 = 4",
        "1 máquina desplegada Una licencia por cada máquina desplegada 1 × 1 = 1",
    ):
        assert words in page.text, page.text


def test_editions_are_compared_and_one_can_be_chosen(visitor: Visitor) -> None:
    page = count(visitor, n_servers=2, hosts_1=1, machines_1=6, hosts_too="y")
    assert "You need 3 licences" in page.text, "the one with the fewest is counted"
    assert "Backup Server One licence for each virtual machine. An agent in each" in page.text
    assert "Fewest" in page.text
    chosen = visitor.follow("Count with it: Backup Advanced Server")
    assert "You need 4 licences" in chosen.text
    assert page.link("Count with it: Backup Server").endswith(
        "hosts-too=y&edition=each-machine#result"
    )


def test_without_hosts_nothing_is_compared(visitor: Visitor) -> None:
    assert "With each edition" not in count(visitor, n_servers=2).text


def test_the_address_of_a_result_is_short_and_shows_it_again(
    visitor: Visitor, another: Callable[[], Visitor]
) -> None:
    form = {"n-servers": " 1.500 ", "n-workstations": "", "hosts-1": "0", "edition": "", "x": "y"}
    answer = visitor.client.get(CALCULATOR, query_string=form)
    assert answer.status_code == 302
    assert answer.location.endswith(f"{CALCULATOR}?n-servers=1500")
    sent = another().get(answer.location, follow=False)
    assert "You need 1,500 licences" in sent.text
    assert typed(sent, "n-servers") == "1500"
    assert "You need 1,500 licences" in sent.text


def test_the_other_language_keeps_the_numbers(visitor: Visitor) -> None:
    page = count(visitor, n_servers=3)
    assert "Necesita 3 licencias" in visitor.get(page.link("Español")).text


def test_the_result_goes_along_to_pre_sales(visitor: Visitor) -> None:
    page = count(visitor, n_servers=4, n_restore_anywhere=2)
    query = parse_qs(urlsplit(page.link("Ask about this result")).query)
    assert query == {
        "request": ["pre-sales"],
        "topic": ["licences"],
        "title": ["Licences: 4 Backup Server, 2 Restore Anywhere"],
    }
    ask = page.link("Ask about this result")
    options = visitor.as_customer("premier").get(ask)
    form = visitor.get(next(url for _, url in options.links if "channel=email" in url))
    assert 'value="Licences: 4 Backup Server, 2 Restore Anywhere"' in form.html


def test_a_title_is_never_too_long_for_a_case(visitor: Visitor) -> None:
    kinds = ("n_servers", "n_workstations", "n_deduplication", "n_restore_anywhere")
    every = dict.fromkeys(kinds, 99_999)
    page = count(
        visitor,
        "es",
        **every,
        deployed=99_999,
        hosts_1=99_999,
        machines_1=99_999,
        edition="virtual",
    )
    query = parse_qs(urlsplit(page.link("Consultar este resultado")).query)
    assert len(query["title"][0]) <= 200


def test_the_articles_and_the_guide_that_explain_it_are_there(visitor: Visitor) -> None:
    page = visitor.get(CALCULATOR)
    for words in ("How many licences do I need?", "rescue media", "Norvault Deploy", "add-ons"):
        assert "/en/kb/110" in page.link(words)
    assert page.link("licensing guide") == "/en/troubleshoot/licensing-guide/"


def test_the_article_on_the_number_of_licences_leads_here(visitor: Visitor) -> None:
    for lang, words in (("en", "licence calculator"), ("es", "calculadora de licencias")):
        page = visitor.get(f"/{lang}/kb/1103-x")
        assert page.link(words) == f"/{lang}/licences/calculator"


def test_a_site_without_the_rules_has_no_calculator(
    app: Flask, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = app.extensions["waypost"].live_site.current().site
    monkeypatch.setattr(site, "policy", replace(site.policy, licensing=None))
    visitor.get(CALCULATOR, expect=404)


def test_a_site_may_count_little(
    app: Flask, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = app.extensions["waypost"].live_site.current().site
    rules = site.policy.licensing
    assert rules is not None
    little = replace(rules, systems=None, hosts=None, deployment=None, add_ons=None, guide="gone")
    monkeypatch.setattr(site, "policy", replace(site.policy, licensing=replace(little, request="")))
    page = count(visitor, n_rescue_servers=2, edition="advanced", hosts_1=3)
    assert "You need 2 licences" in page.text
    assert "licensing guide" not in page.text
    assert page.link("Ask us").startswith("/en/contact/")
