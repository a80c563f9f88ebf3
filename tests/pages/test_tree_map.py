"""Walks are counted without persons, and agents see where people leave."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import unquote, urlencode

import pytest
from flask import Flask

from kb.actions.batch_log import BatchLog
from kb.actions.walks import WalkFigures
from kb.pages.walk_steps import COOKIE
from kb.rules.tree_figures import Ending, Fate, Figures, Trace
from kb.settings import Settings
from kb.store import Database, walks
from kb.store.conversation import walk_of
from tests.conftest import NOW
from tests.pages.test_contact import filled, wish
from tests.visitor import Visitor

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
TREE = "/en/troubleshoot/no-boot-after-restore/"
MAP = "/en/troubleshoot/no-boot-after-restore/map"
STATS = "/en/troubleshoot/no-boot-after-restore/stats"


@pytest.fixture
def person(visitor: Visitor) -> Visitor:
    """A visitor whose browser says that it is one."""
    visitor.client.environ_base["HTTP_USER_AGENT"] = BROWSER
    return visitor


def database(app: Flask) -> Database:
    found: Database = app.extensions["waypost"].db
    return found


def counted(app: Flask, tree: str = "no-boot-after-restore", later: int = 3) -> Figures:
    """The figures of a tree as they stand some hours later."""
    log: BatchLog[Trace] = app.extensions["waypost-walks"]
    log.flush()
    return WalkFigures(database(app)).of(tree, NOW + timedelta(hours=later), days=28)


def first_choice(person: Visitor, tree: str = TREE) -> dict[str, str]:
    """The form of a tree's first question, its first option chosen."""
    page = person.get(tree)
    found = re.search(r'type="radio" name="([^"]+)" value="([^"]+)"', page.html)
    assert found, page.text
    return {found[1]: found[2], "_asked": page.hidden("_asked")}


def first_answer(person: Visitor, tree: str = TREE) -> str:
    """Give the first answer of a tree and return the address it leads to."""
    answer = person.client.get(tree, query_string=first_choice(person, tree))
    assert answer.status_code == 302
    return str(answer.location)


def walk_on(person: Visitor, url: str) -> Iterator[str]:
    """Say “no” or choose the last answer until the walk ends; yields every address."""
    for _ in range(20):
        page = person.get(url)
        yield url
        no = [href for text, href in page.links if "No, it still fails" in text]
        radios = re.findall(r'type="radio" name="([^"]+)" value="([^"]+)"', page.html)
        if no:
            led = person.client.get(no[0])
        elif radios:
            hidden = {
                str(found["name"]): str(found["value"])
                for form in page.forms
                for found in form["fields"]
                if found.get("type") == "hidden"
            }
            name, value = radios[-1]
            led = person.client.get(TREE, query_string={**hidden, name: value})
        else:
            return
        assert led.status_code == 302
        url = str(led.location)


def test_who_only_reads_gets_no_cookie_and_is_no_walk(person: Visitor, app: Flask) -> None:
    person.get("/en/troubleshoot/")
    page = person.get(TREE)
    assert page.status == 200
    assert person.client.get_cookie(COOKIE) is None
    found = counted(app)
    assert (found.opened, found.walks) == (1, 0)


def test_the_first_answer_begins_a_walk_that_says_nothing_about_a_person(
    person: Visitor, app: Flask
) -> None:
    url = first_answer(person)
    cookie = person.client.get_cookie(COOKIE)
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert cookie.value.split(".")[0] not in url  # addresses stay shareable
    found = counted(app)
    assert (found.opened, found.walks, found.fates) == (1, 1, {Fate.LEFT: 1})
    assert counted(app, later=1).fates == {Fate.UNDER_WAY: 1}


def test_pages_stay_the_same_for_every_stranger(
    person: Visitor, another: Callable[[], Visitor]
) -> None:
    """The walk's cookie is not the session: the next page comes from the cache, for both."""
    url = first_answer(person)
    mine = person.get(url)
    assert "Set-Cookie" not in mine.response.headers
    assert another().get(url).html == mine.html


def test_a_walk_to_support_is_one_walk(person: Visitor, app: Flask) -> None:
    seen = list(walk_on(person, first_answer(person)))
    found = counted(app)
    assert found.walks == 1
    assert found.fates == {Fate.ESCALATED: 1}
    assert len(found.nodes) > len(seen) > 2
    assert sum(node.left for node in found.nodes.values()) == 0


def test_walking_again_after_an_end_is_another_walk(person: Visitor, app: Flask) -> None:
    list(walk_on(person, first_answer(person)))
    first_answer(person)
    assert counted(app).walks == 2
    first_answer(person)
    assert counted(app).walks == 2  # the second one goes on


def test_another_tree_is_another_walk(person: Visitor, app: Flask) -> None:
    first_answer(person)
    first_answer(person, "/en/troubleshoot/backup-fails/")
    assert counted(app).walks == counted(app, "backup-fails").walks == 1


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Sec-GPC": "1"}, id="objects (GPC)"),
        pytest.param({"DNT": "1"}, id="objects (DNT)"),
        pytest.param({"Sec-Purpose": "prefetch"}, id="fetched ahead"),
        pytest.param({"Purpose": "prefetch"}, id="fetched ahead, older browsers"),
        pytest.param({"User-Agent": "Mozilla/5.0 (compatible; Searchbot/2.1)"}, id="a robot"),
        pytest.param({"User-Agent": "curl/8.5"}, id="a program"),
        pytest.param({"User-Agent": ""}, id="no name at all"),
    ],
)
def test_who_is_not_counted(person: Visitor, app: Flask, headers: dict[str, str]) -> None:
    answer = first_choice(person)
    before = counted(app)
    led = person.client.get(TREE, query_string=answer, headers=headers)
    assert led.status_code == 302
    assert "Set-Cookie" not in led.headers
    assert counted(app) == before


def test_agents_are_not_counted(person: Visitor, app: Flask) -> None:
    person.as_agent()
    first_answer(person)
    assert counted(app) == Figures()


def test_head_requests_are_not_counted(person: Visitor, app: Flask) -> None:
    person.client.head(TREE)
    assert counted(app) == Figures()


def test_counting_can_be_switched_off(settings: Settings) -> None:
    from kb.app import create_app

    app = create_app(replace(settings, count_walks=False))
    app.config["NOW"] = NOW
    person = Visitor(app)
    person.client.environ_base["HTTP_USER_AGENT"] = BROWSER
    first_answer(person)
    assert person.client.get_cookie(COOKIE) is None
    assert counted(app) == Figures()
    database(app).close()


@pytest.mark.parametrize(
    "value", ["", "x", "a.b.c", "a" * 22 + ".no-boot-after-restore.7", "é" * 22]
)
def test_a_spoilt_cookie_is_a_new_walk(person: Visitor, app: Flask, value: str) -> None:
    person.client.set_cookie(COOKIE, value)
    first_answer(person)
    assert counted(app).walks == 1


def opened_from(person: Visitor, url: str) -> int:
    """Lead a walk on to support, send the form, and return the number of the case."""
    carried = person.get(url).link("See how to contact us").partition("walk=")[2].split("&")[0]
    address = {**wish(person), "channel": "email", "walk": unquote(carried)}
    page = person.get("/en/contact/case", **address)
    opened = person.post(f"/en/contact/case?{urlencode(address)}", **filled(page))
    return int(opened.response.request.path.rpartition("/")[2])


def test_a_case_knows_its_walk(person: Visitor, app: Flask) -> None:
    """A walk that becomes a case is linked, and counts as handed to support."""
    person.as_customer("premier")
    number = opened_from(person, first_answer(person))
    with database(app).read() as conn:
        walked = walk_of(conn, number)
        known = walks.walks_with_cases(conn, "no-boot-after-restore", NOW - timedelta(days=1))
    assert walked is not None
    assert walked.walk in known
    found = counted(app)
    assert (found.cases, found.fates) == (1, {Fate.ESCALATED: 1})


def test_a_case_knows_the_tree_also_where_the_walk_was_not_counted(
    person: Visitor, app: Flask
) -> None:
    """Who blocks cookies has no walk in the figures; the case still tells which tree it was."""
    person.as_customer("premier")
    url = first_answer(person)
    person.client.delete_cookie(COOKIE)
    number = opened_from(person, url)
    with database(app).read() as conn:
        walked = walk_of(conn, number)
    assert walked is not None
    tree = app.extensions["waypost"].live_site.current().site.trees[walked.tree]["en"]
    assert (walked.walk, walked.revision) == (None, tree.revision)
    agent = Visitor(app).as_agent()
    page = agent.get(f"/en/desk/cases/{number}")
    assert f"no-boot-after-restore · {tree.revision}" in page.text
    assert agent.get(page.link("no-boot-after-restore")).status == 200


@pytest.mark.parametrize("lang", ["en", "es"])
def test_map_shows_the_drawing_and_the_same_as_a_list(
    person: Visitor, app: Flask, lang: str
) -> None:
    first_answer(person)
    counted(app)
    person.as_agent()
    page = person.get(MAP.replace("/en/", f"/{lang}/"))
    tree = app.extensions["waypost"].live_site.current().site.trees["no-boot-after-restore"][lang]
    assert page.html.count('<svg class="tree-map"') == 1
    assert 'style="' not in page.html
    for node in tree.nodes:
        assert f'id="node-{node}"' in page.html
    links = set(re.findall(r'<a class="node [^"]*" href="([^"]+)"', page.html))
    assert len(links) >= len(tree.nodes) - 1
    for link in links:
        assert person.get(link.replace("&amp;", "&")).status == 200
        assert "no longer fits" not in (person.page.text if person.page else "")
    assert ("1 came" if lang == "en" else "1 llegó") in page.text


def test_stats_name_the_step_that_lost_somebody(person: Visitor, app: Flask) -> None:
    url = first_answer(person)
    counted(app)
    app.config["NOW"] = NOW + timedelta(hours=3)
    person.as_agent()
    page = person.get(STATS)
    assert "1 of 1 who came left here" in page.text
    assert 'class="week-chart"' in page.html
    assert url.rpartition("/")[2].split("?")[0] in page.html
    assert "1 of 1" in person.get(STATS, days="91", version="present").text
    assert person.get(STATS, days="nonsense").status == 200


def test_an_old_version_can_be_left_out(person: Visitor, app: Flask) -> None:
    with database(app).write() as conn:
        old = Trace(
            "no-boot-after-restore", "old", "en", "w", "gone", "x", "away", Ending.NONE, NOW
        )
        walks.add(conn, [old])
    app.config["NOW"] = NOW + timedelta(hours=3)
    person.as_agent()
    assert "Where most people leave" in person.get(STATS).text
    assert "Nobody has walked this tree" in person.get(STATS, version="present").text


def test_all_trees_are_listed_for_agents(person: Visitor, app: Flask) -> None:
    first_answer(person)
    counted(app)
    person.as_agent()
    page = person.get("/en/desk/trees")
    trees = app.extensions["waypost"].live_site.current().site.trees
    for texts in trees.values():
        assert texts["en"].title in page.text
    person.get(page.link("Map"))


def test_an_unknown_tree_is_404(person: Visitor) -> None:
    person.as_agent()
    for name in ("map", "stats"):
        person.get(f"/en/troubleshoot/nothing/{name}", expect=404)
