"""Walking a tree in a browser: addresses hold the answers, and nothing dead-ends."""

from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from kb.rules.walk import decode
from tests.visitor import Page, Visitor

START = "/en/troubleshoot/backup-fails/"


def reached(page: Page) -> str:
    """The address in the browser after all redirects."""
    return page.response.request.url.removeprefix("http://localhost")


def query(url: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(url).query, keep_blank_values=True)


def fields(page: Page) -> dict[str, str]:
    """What the page's question form would send besides the answer."""
    form = next(f for f in page.forms if "/troubleshoot/" in str(f["attrs"].get("action")))
    return {
        str(found["name"]): str(found.get("value"))
        for found in form["fields"]
        if found.get("type") == "hidden"
    }


def choices(page: Page) -> list[str]:
    form = next(f for f in page.forms if "/troubleshoot/" in str(f["attrs"].get("action")))
    return [str(found["value"]) for found in form["fields"] if found.get("type") == "radio"]


def answer(visitor: Visitor, page: Page, value: str | None) -> Page:
    """Send the form of a question as a browser does; None sends it without an answer."""
    carried = fields(page)
    key = carried["_asked"]
    if value is not None:
        carried[key] = value
    action = urlsplit(reached(page)).path.rpartition("/")[0] + "/"
    return visitor.get(action, **carried)


def test_list_leads_into_every_tree(visitor: Visitor, app: Flask) -> None:
    for lang in ("es", "en"):
        page = visitor.get(f"/{lang}/troubleshoot/")
        links = [url for _, url in page.links]
        for name in ("backup-fails", "restore-fails", "product-selector", "licensing-guide"):
            assert f"/{lang}/troubleshoot/{name}/" in links


def test_start_redirects_to_the_first_question(visitor: Visitor) -> None:
    page = visitor.get(START)
    assert urlsplit(reached(page)).path == START + "when"
    assert "Question 1 · six more at most" in page.text
    assert choices(page)[:2] == ["no-start", "at-start"]


def test_walk_to_an_article_and_on_to_a_person(visitor: Visitor) -> None:
    """The trail, the section in place, the verdict, and what goes along (R33: severity A)."""
    page = answer(visitor, visitor.get(START), "midway")
    assert "When does the backup fail? It stops part-way through" in page.text
    page = answer(visitor, page, "error e000101f4")
    assert reached(page).endswith("/space?when=midway&code=E000101F4")
    assert "Step 3: proposed solution · the last step" in page.text
    assert "Raise the vault's quota" in page.title
    assert "nvctl vault list" in page.text
    assert "Environment" not in page.text  # the section, not the whole article
    page = visitor.get(dict(page.links)["No, it still fails"])
    assert urlsplit(reached(page)).path == START + "contact-backup"
    assert "A · " in page.text
    contact = dict(page.links)["Contact support"]
    given = {key: values[0] for key, values in query(contact).items()}
    assert urlsplit(contact).path == "/en/contact/"
    assert {key: given[key] for key in ("request", "topic", "severity")} == {
        "request": "technical", "topic": "backup", "severity": "A",
    }  # fmt: skip
    assert given["title"] == "The backup fails after the troubleshooter"
    assert decode(given["walk"]) == (
        "backup-fails", {"when": "midway", "code": "E000101F4", "space": "no"},
    )  # fmt: skip


def test_solved_and_back_again(visitor: Visitor) -> None:
    page = visitor.get(START + "try-space?when=at-start&destination=local")
    assert "Step 3: try this · one step more at most" in page.text
    solved = visitor.get(dict(page.links)["Yes, it works now"])
    assert urlsplit(reached(solved)).path == START + "done"
    again = visitor.get(solved.link("It was not solved after all"))
    assert "Make room at the destination" in again.title


def test_change_keeps_the_later_answers_that_still_fit(visitor: Visitor) -> None:
    url = START + "try-full?when=at-start&destination=vault&agent-state=online&code=&log=other"
    page = visitor.get(url)
    changes = [link for words, link in page.links if words.startswith("Change")]
    page = visitor.get(changes[2])
    assert "How does the machine appear" in page.title
    assert 'value="online" required checked' in page.html
    page = answer(visitor, page, "unsure")
    assert urlsplit(reached(page)).path == START + "try-full"
    assert query(reached(page))["agent-state"] == ["unsure"]
    page = answer(visitor, visitor.get(changes[0]), "slow")
    assert reached(page).endswith("/try-profile?when=slow")  # what no longer fits has fallen off


def test_back_goes_one_answer_back(visitor: Visitor) -> None:
    page = visitor.get(START + "log?when=midway&code=")
    back = visitor.get(dict(page.links)["Back"])
    assert urlsplit(reached(back)).path == START + "code"
    assert "Back" not in dict(visitor.get(START + "when").links)


@pytest.mark.parametrize(
    ("node", "typed", "words"),
    [
        ("backup-fails/code?when=midway", "nothing", "Enter the code, with letters and figures"),
        ("backup-fails/server-version?when=no-start", "twelve", "Enter the figures of the version"),
        ("licensing-guide/systems?what=count&kind=physical", "", "Enter a number in figures"),
        ("licensing-guide/systems?what=count&kind=physical", "1.500", "without thousands"),
        ("licensing-guide/systems?what=count&kind=physical", "0", "Enter 1 or more"),
        ("licensing-guide/systems?what=count&kind=physical", "21", "Enter 20 or less"),
        ("backup-fails/when", None, "Choose one of the answers"),
    ],
)
def test_bad_answer_is_kept_and_told(
    visitor: Visitor, node: str, typed: str | None, words: str
) -> None:
    page = answer(visitor, visitor.get(f"/en/troubleshoot/{node}"), typed)
    assert page.title.startswith("Error:")
    assert words in page.text
    if typed is not None:
        assert f'value="{typed}"' in page.html
        assert 'aria-invalid="true"' in page.html


def test_optional_answer_can_be_skipped(visitor: Visitor) -> None:
    page = visitor.get(START + "code?when=midway")
    skipped = visitor.get(dict(page.links)["I have none"])
    assert urlsplit(reached(skipped)).path == START + "log"
    assert "Is there an error code? Skipped" in skipped.text
    assert urlsplit(reached(answer(visitor, page, ""))).path == START + "log"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        pytest.param("code?when=gone", "When does the backup fail?", id="option that is no more"),
        pytest.param("contact-backup", "When does the backup fail?", id="no answers at all"),
        pytest.param("log?when=midway", "Is there an error code?", id="an answer missing"),
        pytest.param(
            "when?when=midway&code=" + "9" * 9000, "When does the backup fail?", id="over-long"
        ),
    ],
)
def test_stale_address_shows_the_first_open_question(
    visitor: Visitor, address: str, shown: str
) -> None:
    page = visitor.get(START + address)
    assert page.status == 200
    assert shown in page.title
    if "9999" not in address:
        assert "no longer fits the questions" in page.text


def test_unknown_and_repeated_keys_are_ignored(visitor: Visitor) -> None:
    page = visitor.get(START + "code?when=midway&when=slow&utm_source=mail&constructor=1")
    assert page.title.startswith("Is there an error code?")
    assert "no longer fits" not in page.text
    assert "utm_source" not in page.html.split('<ol class="trail"')[1].split("</ol>")[0]


@pytest.mark.parametrize(
    "address",
    [
        "/en/troubleshoot/no-such-tree/",
        "/en/troubleshoot/no-such-tree/when",
        "/en/troubleshoot/backup-fails/no-such-node",
        "/en/troubleshoot/backup-fails/when.when",
        "/en/troubleshoot/restore-fails/boot",
        "/en/troubleshoot/backup-fails/space.no",
        "/fr/troubleshoot/",
    ],
)
def test_what_is_not_there_is_404_with_a_search_box(visitor: Visitor, address: str) -> None:
    page = visitor.get(address, expect=404)
    assert 'type="search"' in page.html


def test_hostile_answers_are_only_text(visitor: Visitor) -> None:
    page = visitor.get(START + "code?when=midway&code=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in page.html
    assert "&lt;script&gt;alert(1)" in page.html


def test_subtree_is_walked_in_place(visitor: Visitor) -> None:
    """R23: Windows that will not boot after a restore is led on inside the same walk."""
    page = answer(visitor, visitor.get("/en/troubleshoot/restore-fails/what"), "no-boot")
    assert urlsplit(reached(page)).path.endswith("/restore-fails/boot.where")
    page = answer(visitor, page, "unsure")
    assert query(reached(page)) == {"what": ["no-boot"], "boot.where": ["unsure"]}


def test_product_goes_along(visitor: Visitor) -> None:
    page = visitor.get(START + "?product=backup-server")
    assert query(reached(page)) == {"product": ["backup-server"]}
    page = answer(visitor, page, "slow")
    assert query(reached(page))["product"] == ["backup-server"]
    assert "product=backup-server" in dict(page.links)["See how to contact us"]
    assert "nonsense" not in reached(visitor.get(START + "?product=nonsense"))


def test_article_that_helped_ends_the_walk(visitor: Visitor) -> None:
    page = visitor.get(START + "space?when=midway&code=E000101F4")
    solved = visitor.get(page.link("Yes, it works now"))
    assert urlsplit(reached(solved)).path == START + "space.yes"
    assert solved.title.startswith("Solved")
    advised = visitor.get("/en/troubleshoot/licensing-guide/home-at-work?what=home")
    assert visitor.get(advised.link("Yes, I have my answer")).title.startswith("You have your")


def test_languages_keep_the_place(visitor: Visitor) -> None:
    page = visitor.get(START + "code?when=midway")
    assert page.link("Español") == "/es/troubleshoot/backup-fails/code?when=midway"
