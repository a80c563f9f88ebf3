"""What is typed into the licence calculator: kept, explained, and never more lines than fit."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.pages.licences import CALCULATOR, count, typed
from tests.visitor import Visitor


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("n-servers", "-4", "Servers: Write a whole number, such as 3"),
        ("n-servers", "many", "Servers: Write a whole number, such as 3"),
        ("n-deduplication", "1.5", "deduplication: Write a whole number, such as 3"),
        ("n-servers", "99999999", "Servers: Write at most 100,000; for more, ask us"),
        ("n-servers", "9" * 2000, "Servers: Write a whole number, such as 3"),
        ("hosts-2", "5", "Hosts, line 2: Write how many virtual machines each"),
        ("machines-1", "5", "Hosts, line 1: Write how many hosts have that many machines"),
        ("more-servers", "2", "Servers: Write how many machines have these further systems"),
        ("more-servers", "x", "Servers, Further systems on them: Write a whole number"),
        ("agents-there", "2", "There cannot be more of these agents than machines"),
        ("n-servers", "0", "Write at least one number"),
        ("n-servers", "<script>", "Servers: Write a whole number, such as 3"),
    ],
)
def test_bad_input_is_kept_and_explained(
    visitor: Visitor, field: str, value: str, told: str
) -> None:
    page = visitor.get(CALCULATOR, **{field: value})
    assert told in page.text
    assert "Everything else you wrote has been kept." in page.text
    assert page.title.startswith("Error: ")
    assert "You need" not in page.text
    assert typed(page, field) == value


def test_a_host_without_machines_is_told_to_be_a_server(visitor: Visitor) -> None:
    page = count(visitor, hosts_1=2, machines_1=0)
    assert "a host without virtual machines counts as a server" in page.text


def test_one_mistake_is_told_once(visitor: Visitor) -> None:
    page = count(visitor, n_workstations="x", more_workstations=1, deployed="y", agents_there=3)
    assert "2 things need your attention" in page.text


def test_every_mistake_is_told_at_once(visitor: Visitor) -> None:
    page = count(visitor, n_servers="x", hosts_1=1, machines_3=4, agents_there=3)
    assert "4 things need your attention" in page.text


def test_lines_for_hosts_can_be_added_without_losing_what_was_typed(visitor: Visitor) -> None:
    page = count(visitor, n_servers="not yet", hosts_1=1, machines_1=2, lines=6)
    assert 'name="hosts-6"' in page.html
    assert 'name="hosts-7"' not in page.html
    assert typed(page, "n-servers") == "not yet"
    assert "attention" not in page.text, "nothing is judged before the result is asked for"


def test_enter_in_a_field_counts_and_adds_no_lines(visitor: Visitor) -> None:
    form = next(f for f in visitor.get(CALCULATOR).forms if len(f["fields"]) > 10)
    first = next(field for field in form["fields"] if field["tag"] == "button")
    assert "name" not in first


@pytest.mark.parametrize(("asked", "there"), [("20", 20), ("9999", 20), ("x", 3), ("-1", 3)])
def test_there_are_never_more_lines_than_fit(visitor: Visitor, asked: str, there: int) -> None:
    page = visitor.get(CALCULATOR, lines=asked)
    assert f'name="hosts-{there}"' in page.html
    assert f'name="hosts-{there + 1}"' not in page.html
    assert ("Put hosts with the same number of machines" in page.text) is (there == 20)
    assert ("Add lines" in page.text) is (there < 20)


def test_the_last_line_counts_and_a_further_one_falls_off(visitor: Visitor) -> None:
    page = count(visitor, hosts_20=1, machines_20=2, hosts_21=1, machines_21=2)
    assert "1 host with 2 virtual machines" in page.text
    assert page.text.count("1 host with 2 virtual machines") == 1


def test_an_edition_that_is_gone_falls_off(visitor: Visitor) -> None:
    page = count(visitor, hosts_1=1, machines_1=6, edition="gone")
    assert "You need 1 licence " in page.text


FIELDS = ["n-servers", "more-servers", "hosts-1", "machines-1", "hosts-too", "edition", "lines"]

FIELDS += ["deployed", "agents-there", "agents-elsewhere", "n-deduplication", "unknown", ""]


@given(st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=12) | st.integers(-5, 10**7)))
@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_the_address_says_there_is_a_sound_page(
    visitor: Visitor, query: dict[str, str | int]
) -> None:
    answer = visitor.client.get(CALCULATOR, query_string=query)
    assert answer.status_code in {200, 302}
    if answer.status_code == 302:
        again = visitor.client.get(answer.location)
        assert again.status_code == 200, "the short address stays"
        assert "You need" in again.get_data(as_text=True)
