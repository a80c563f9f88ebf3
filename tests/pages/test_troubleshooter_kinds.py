"""Every kind of node as a page; the product that a walk is about; addresses nobody made."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask

from kb.actions.compile_site import compile_site
from kb.actions.demo import load_demo
from kb.actions.live_site import LiveSite
from kb.app import create_app
from kb.rules.walk import PRODUCT
from kb.settings import Settings, read_settings
from kb.store import Database, migrate
from tests.conftest import NOW
from tests.every_kind import PNG, make
from tests.pages.test_contact import filled
from tests.pages.test_troubleshooter import answer, choices, fields, reached
from tests.pages.walked import START, path, query
from tests.visitor import Page, Visitor


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The vendor's site with the trees of every kind, compiled, with its demo data."""
    root = make(tmp_path_factory.mktemp("site"))
    var = tmp_path_factory.mktemp("var")
    env = {"KB_VAR": str(var), "KB_BASE_URL": "http://localhost", "KB_SECRET_KEY": "test " * 8}
    settings = read_settings(env, root)
    compile_site(settings)
    migrate(settings.database_url)
    policy = LiveSite(var).current().site.policy
    load_demo(Database(settings.database_url), settings, policy, NOW)
    return settings


@pytest.fixture
def app(every: Settings) -> Iterator[Flask]:
    made = create_app(every)
    made.config["NOW"] = NOW
    yield made
    made.extensions["waypost"].db.close()


def for_product(visitor: Visitor, page: Page, value: str) -> Page:
    """Answer the question for the product."""
    return visitor.get(START, **fields(page), product=value)


def test_product_is_asked_once_where_a_tree_depends_on_it(visitor: Visitor) -> None:
    page = visitor.get(START)
    assert path(page) == "product"
    assert page.title.startswith("Which product is it about?")
    assert "Before the first question" in page.text
    values = [
        f["value"] for form in page.forms for f in form["fields"] if f.get("name") == "product"
    ]
    assert values == [
        "backup-server@12", "backup-server@11.5", "backup-server@11", "backup-server@10",
        "backup-virtual", "home", "cloud", "unknown",
    ]  # fmt: skip
    page = for_product(visitor, page, "backup-server@11")
    assert (path(page), query(page)) == ("plugged", {"product": "backup-server@11"})
    assert "Which product is it about? Norvault Backup Server 11" in page.text
    page = answer(visitor, page, "yes")
    assert query(page) == {"plugged": "yes", "product": "backup-server@11"}
    changed = visitor.get(page.link("Change the answer to: Which product"))
    assert path(changed) == "product"
    assert 'value="backup-server@11" required checked' in changed.html
    page = for_product(visitor, changed, "home")
    assert (path(page), query(page)) == ("where", {"plugged": "yes", "product": "home"})


def test_product_without_an_answer_is_asked_again(visitor: Visitor) -> None:
    page = visitor.get(START)
    page = visitor.get(START, **fields(page))
    assert page.title.startswith("Error:")
    assert "Choose one of the answers" in page.text


@pytest.mark.parametrize(
    ("product", "options"),
    [
        ("backup-server@12", ["vault", "disk", "forum", "other"]),
        ("backup-server@10", ["disk", "forum", "other"]),
        ("home", ["disk", "forum", "other"]),
        ("unknown", ["vault", "disk", "forum", "other"]),
    ],
)
def test_options_depend_on_the_product(visitor: Visitor, product: str, options: list[str]) -> None:
    page = visitor.get(f"{START}where?plugged=yes&product={product}")
    assert choices(page) == options
    walked = visitor.get(f"{START}?plugged=yes&where=vault&product={product}")
    assert path(walked) == ("count" if "vault" in options else "where")


def test_registered_products_come_first_and_go_along_to_contact(visitor: Visitor) -> None:
    visitor.as_customer("premier")
    page = visitor.get(START)
    values = [f["value"] for form in page.forms for f in form["fields"] if f.get("name") == PRODUCT]
    assert values[0] == "backup-server@12"
    assert len(values) == len(set(values))
    page = for_product(visitor, page, "backup-server@12")
    given = parse_qs(urlsplit(page.link("See how to contact us")).query)
    assert given["edition"] == ["full"]
    assert given["asset"][0].isdigit()
    other = for_product(visitor, visitor.get(START), "home")
    assert parse_qs(urlsplit(other.link("See how to contact us")).query) == {PRODUCT: ["home"]}


def test_a_step_that_a_product_does_not_have_is_passed_by(visitor: Visitor) -> None:
    """And the used tree comes back to the node after it."""
    assert path(visitor.get(f"{START}?plugged=no&product=backup-server@12")) == "try-plug"
    page = visitor.get(f"{START}?plugged=no&product=cloud")
    assert path(page) == "part.more"
    assert "Question 2 · one question more at most" in page.text
    page = answer(visitor, page, "go-on")
    assert path(page) == "count"


def test_step_shows_its_picture(visitor: Visitor) -> None:
    page = visitor.get(f"{START}try-plug?plugged=unsure&product=home")
    source = page.html.partition("<img")[2].partition('src="')[2].partition('"')[0]
    assert source.startswith("/media/")
    assert 'alt="The plug, seen from behind"' in page.html
    with visitor.client.get(source) as picture:
        assert picture.data == PNG


def test_number_shows_its_unit_and_range_and_keeps_what_was_typed(visitor: Visitor) -> None:
    url = f"{START}count?plugged=yes&where=vault&product=backup-server@12"
    page = visitor.get(url)
    assert "For example, 4 machines · From 1 to 99" in page.text
    for typed, told in (
        ("2,5", "Enter a whole number, such as 4"), ("0", "Enter 1 or more"),
        ("100", "Enter 99 or less"), ("many", "Enter a number in figures, such as 4"),
    ):  # fmt: skip
        bad = answer(visitor, page, typed)
        assert told in bad.text
        assert f'value="{typed}"' in bad.html
        assert 'aria-describedby="problem help hint unit"' in bad.html
    assert path(answer(visitor, page, "5,0")) == "pick"


def test_a_day_out_of_range_is_told_as_a_day(visitor: Visitor) -> None:
    page = visitor.get(f"{START}since?plugged=yes&where=other&product=unknown")
    assert "At least 1 January 2020" in page.text
    assert "Enter 1 January 2020 or later" in answer(visitor, page, "31/12/2019").text
    assert path(visitor.get(page.link("I do not know"))) == "article"


@pytest.mark.parametrize(
    ("answers", "title", "link", "address"),
    [
        ("plugged=yes&where=vault&count=3&product=backup-server@12", "Calculate your licences",
         "Open the licence calculator", "/en/licences/calculator"),
        ("plugged=yes&where=forum&product=home", "Ask in the forum",
         "Go to forum.norvault.example", "https://forum.norvault.example/"),
        ("plugged=yes&where=vault&count=9&product=backup-server@12", "We recommend Backup Server",
         "See the product", "/en/products/backup-server"),
        ("plugged=yes&where=disk&article=no&product=home", "Go on with a person",
         "Contact support", "/en/contact/"),
    ],
)  # fmt: skip
def test_ends(visitor: Visitor, answers: str, title: str, link: str, address: str) -> None:
    page = visitor.get(f"{START}?{answers}")
    assert page.title.startswith(title)
    assert page.link(link).partition("?")[0] == address
    assert "Contact" in page.text
    if address.startswith("/en/licences"):
        assert visitor.get(address).status == 200


def test_a_part_walked_by_itself_does_not_leave_one_alone(visitor: Visitor) -> None:
    page = visitor.get("/en/troubleshoot/every-kind-part/back?more=go-on")
    assert "These questions end here. Your answers are kept." in page.text
    assert page.link("Contact support").startswith("/en/contact/?walk=every-kind-part")


def test_contact_carries_everything_to_the_case(
    visitor: Visitor, another: Callable[[], Visitor]
) -> None:
    """Tree, revision, product, answers and steps tried; the case shows them to both sides."""
    visitor.as_customer("premier")
    answers = "plugged=no&try-plug=no&part.more=other&product=backup-server@12"
    assert path(visitor.get(f"{START}?{answers}")) == "part.stop"
    page = visitor.get(f"{START}?plugged=yes&where=disk&article=no&product=backup-server@12")
    contact = page.link("Contact support")
    given = {key: values[0] for key, values in parse_qs(urlsplit(contact).query).items()}
    assert {key: given[key] for key in ("request", "topic", "severity", "title", "edition")} == {
        "request": "technical", "topic": "connection", "severity": "B",
        "title": "Nothing helps", "edition": "full",
    }  # fmt: skip
    tree, _, walked = given["walk"].partition("~")
    assert re.fullmatch(r"every-kind@[0-9a-f]{8}", tree)
    assert walked == "plugged=yes&where=disk&article=no&product=backup-server@12"
    ways = visitor.get(contact)
    assert urlsplit(reached(ways)).path == "/en/contact/options"
    form = visitor.get("/en/contact/case", channel="email", **given)
    assert 'value="Nothing helps"' in form.html
    sent = filled(form, title="Nothing helps", severity="B")
    case = visitor.post(f"/en/contact/case?{urlencode({**given, 'channel': 'email'})}", **sent)
    assert "Case opened" in case.text
    number = urlsplit(reached(case)).path.rpartition("/")[2]
    desk = another().as_agent().get(f"/en/desk/cases/{number}")
    for shown in (case.text, desk.text):
        for words in (
            "Which product is it about?", "Norvault Backup Server 12", "Is the machine on?", "Yes",
            "Where is the backup?", "On a disk", "The backup stops with", "No, it still fails",
        ):  # fmt: skip
            assert words in shown, words


def test_an_article_shows_what_is_for_the_version(visitor: Visitor) -> None:
    address = f"{START}article?plugged=yes&where=disk&product="
    assert "nvctl vault compact" in visitor.get(f"{address}backup-server@11").text
    assert "nvctl vault compact" not in visitor.get(f"{address}backup-server@12").text
    assert "nvctl vault compact" in visitor.get(f"{address}unknown").text


def test_htmx_is_only_an_enhancement(visitor: Visitor) -> None:
    """The form and the links are boosted; their addresses are the same without."""
    page = visitor.get(f"{START}where?plugged=yes&product=home")
    assert 'hx-boost="true"' in page.html
    assert '"historyEnabled":true' in page.html
    assert '<h1 id="ask" tabindex="-1" autofocus>' in page.html
    first = visitor.get("/en/troubleshoot/backup-fails/when")
    assert "autofocus" not in first.html


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("where?plugged=maybe&product=home", id="an option that is not there"),
        pytest.param("count?plugged=yes&where=vault&product=home", id="not for this product"),
        pytest.param("article?plugged=yes&where=disk&product=tape@99", id="unknown product"),
        pytest.param("plugged?product=" + "x" * 300, id="long product"),
        pytest.param("plugged?product=home&product=cloud&plugged=no&plugged=yes", id="repeated"),
        pytest.param("plugged?" + "&".join(f"k{n}=v" for n in range(500)), id="many keys"),
        pytest.param("plugged?plugged=" + "y" * 9000, id="over-long"),
        pytest.param("plugged?%00=%00&plugged=%F0%28%8C%28&product=%ff", id="no text at all"),
        pytest.param("part.more?part.more=go-on&_asked=part.more", id="middle of nowhere"),
        pytest.param("count?count=1e9&product=<script>", id="hostile"),
    ],
)
def test_an_address_nobody_made_shows_a_question(visitor: Visitor, address: str) -> None:
    page = visitor.get(START + address)
    assert page.status == 200
    assert "<script>" not in page.html.replace("<script src", "")
    assert visitor.get(START + "?" + address.partition("?")[2]).status == 200


def test_a_product_page_is_not_there_where_nothing_depends_on_it(visitor: Visitor) -> None:
    assert visitor.get("/en/troubleshoot/backup-fails/product", expect=404).status == 404


def test_a_grown_tree_asks_only_what_is_new(visitor: Visitor) -> None:
    """An old address that lacks one answer keeps those that come after it."""
    page = visitor.get("/en/troubleshoot/backup-fails/code?code=E000101F4&space=no")
    assert page.title.startswith("When does the backup fail?")
    assert "no longer fits" in page.text
    page = answer(visitor, page, "midway")
    assert reached(page).endswith("/contact-backup?when=midway&code=E000101F4&space=no")


def test_trees_appear_where_people_look(visitor: Visitor) -> None:
    """Home, product pages, search results, articles, unknown addresses, empty searches."""
    home = [url for _, url in visitor.get("/en/").links]
    assert "/en/troubleshoot/backup-fails/" in home
    product = [url for _, url in visitor.get("/en/products/home").links]
    assert "/en/troubleshoot/every-kind/?product=home" in product
    found = [url for _, url in visitor.get("/en/search?q=my+backup+fails").links]
    assert "/en/troubleshoot/backup-fails/" in found
    empty = [url for _, url in visitor.get("/en/search?q=xyzzyqwertzuiop").links]
    assert "/en/troubleshoot/" in empty
    lost = [url for _, url in visitor.get("/en/no-such-page", expect=404).links]
    assert "/en/troubleshoot/" in lost
    article = visitor.get("/en/kb/1121-x").links
    assert any(re.fullmatch(r"/en/troubleshoot/[a-z-]+/", url) for _, url in article)


def test_walks_leave_no_trace_in_the_database_of_pages(every: Settings, visitor: Visitor) -> None:
    """Bookmarking is enough to come back: nothing of a walk is needed on the server."""
    url = f"{START}count?plugged=yes&where=vault&product=backup-server@12"
    database = Path(every.database_url.removeprefix("sqlite:///"))
    visitor.get(url)
    with closing(sqlite3.connect(database)) as store:
        before = store.execute("select count(*) from wizard_walk").fetchone()
        assert visitor.get(url).title.startswith("How many machines")
        assert store.execute("select count(*) from wizard_walk").fetchone() == before
