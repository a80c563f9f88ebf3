"""My products: keys in, products out, each with its date; nobody else's (R6–R12, R19)."""

from collections.abc import Callable

import pytest

from kb.actions.demo import demo_key
from kb.rules.keys import MOST_KEYS_AT_ONCE
from tests.demo_people import PEOPLE, free_keys
from tests.visitor import Page, Visitor

PRODUCTS = "/en/my/products"


def key_of(name: str) -> str:
    """The key of the first product that this demo person has registered."""
    person = next(person for person in PEOPLE if person.name == name)
    return demo_key(person.licences[0], name)


def free_key(number: int = 0) -> str:
    return free_keys()[number][1]


def box(page: Page) -> str:
    """What stands in the paste box."""
    return page.html.partition('name="keys"')[2].partition(">")[2].partition("</textarea>")[0]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        pytest.param(
            "premier",
            ["Backup Server 12", "Premier plan", "Support until 7 May 2027", "Support active"],
            id="R8 a running plan",
        ),
        pytest.param(
            "premier",
            ["Advanced Server 9", "Support ended on 10 September 2022", "See your options"],
            id="R17 an expired plan leads to the options",
        ),
        pytest.param(
            "home-10",
            ["Home 2027", "Support until 13 December 2026", "Ends in 20 days"],
            id="R19 30 days from purchase",
        ),
        pytest.param(
            "home-40", ["Support ended on 13 November 2026", "Support ended"], id="R19 day 40"
        ),
        pytest.param("oem", ["No support included", "No support date"], id="R31 an OEM edition"),
    ],
)
def test_each_product_shows_its_support(visitor: Visitor, name: str, words: list[str]) -> None:
    page = visitor.as_customer(name).get(PRODUCTS)
    assert not [word for word in words if word not in page.text], page.text


def test_products_with_support_come_before_those_whose_support_has_ended(visitor: Visitor) -> None:
    html = visitor.as_customer("premier").get(PRODUCTS).html
    assert html.index("Norvault Backup Server 12") < html.index("Norvault Backup Advanced Server 9")


def test_without_products_there_is_only_the_box(visitor: Visitor) -> None:
    page = visitor.as_customer("trial").get(PRODUCTS)
    assert "No product is registered yet" in page.text


def test_keys_are_registered_and_each_gets_its_answer(visitor: Visitor) -> None:  # R6, R7, R9
    visitor.as_customer("standard").get(PRODUCTS)
    lines = [
        free_key(),
        key_of("standard"),
        key_of("premier"),
        "NBS12" + "Z" * 20,
        "hello",
        "12345678",
    ]
    page = visitor.post(PRODUCTS, keys="\n".join(lines))
    for words in (
        "Registered Norvault Backup Server 12. Support until",
        "Already yours Norvault Backup Workstation 12",
        "It is registered to another account",
        "We do not know this key",
        "Not a key",
        "Box serial",
        "1 product registered.",
        "4 keys were not registered",
    ):
        assert words in page.text, words
    assert box(page).split() == lines[2:]
    assert "Marta" not in page.text  # R6: never whose it is
    assert visitor.get(PRODUCTS).text.count("Key ending") == 2


def test_a_key_registered_twice_makes_one_product(visitor: Visitor) -> None:
    visitor.as_customer("trial").get(PRODUCTS)
    assert "1 product registered." in visitor.post(PRODUCTS, keys=free_key()).text
    again = visitor.post(PRODUCTS, keys=free_key())
    assert "Already yours" in again.text
    assert visitor.get(PRODUCTS).text.count("Key ending") == 1


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        pytest.param("", "Paste at least one licence key", id="nothing"),
        pytest.param("  \n ", "Paste at least one licence key", id="white space"),
        pytest.param("---", "There is no licence key in this text", id="no key at all"),
        pytest.param("x" * 200_001, "Paste fewer keys at once", id="a book"),
        pytest.param(
            "\n".join(f"KEY{number}" for number in range(MOST_KEYS_AT_ONCE + 1)),
            f"Paste at most {MOST_KEYS_AT_ONCE} keys at once",
            id="more keys than are read",
        ),
    ],
)
def test_a_bad_paste_is_explained_and_kept(visitor: Visitor, typed: str, complaint: str) -> None:
    visitor.as_customer("trial").get(PRODUCTS)
    page = visitor.post(PRODUCTS, keys=typed)
    assert complaint in page.text
    assert page.title.startswith("Error:")
    assert box(page).split() == typed.split()


def test_what_is_pasted_comes_back_as_text(visitor: Visitor) -> None:
    visitor.as_customer("trial").get(PRODUCTS)
    page = visitor.post(PRODUCTS, keys="</textarea><script>alert(1)</script>")
    assert "<script>alert" not in page.html


def test_a_product_has_its_downloads_guides_and_cases(visitor: Visitor) -> None:  # R12
    visitor.as_customer("premier").get(PRODUCTS)
    page = visitor.follow("Backup Server 12")
    for words in ("Installer 12 for Windows", "User guide 12", "Phone", "Premier plan"):
        assert words in page.text, words
    assert page.link("Tras recuperar el servidor").startswith("/en/my/cases/")
    assert "asset=" in page.link("Contact support")


def test_an_older_version_tells_of_the_current_one(visitor: Visitor) -> None:  # R10, R27
    visitor.as_customer("premier").get(PRODUCTS)
    assert "Version 11.5 is current" in visitor.page.text  # type: ignore[union-attr]
    page = visitor.follow("Advanced Server 9")
    assert "You have version 9; the current one is 11.5." in page.text


def test_an_older_version_under_a_plan_is_upgraded_free(visitor: Visitor) -> None:  # R10
    visitor.as_customer("trial").get(PRODUCTS)
    page = visitor.post(PRODUCTS, keys=free_key(2))
    assert "Backup Server 10" in page.text


def test_who_has_no_support_left_sees_what_to_buy(visitor: Visitor) -> None:  # R17, R28
    visitor.as_customer("lapsed").get(PRODUCTS)
    page = visitor.follow("Backup Server 11.5")
    for words in ("Your support plan has ended", "Renew with the Standard plan", "US$20.00"):
        assert words in page.text, words


@pytest.mark.parametrize(
    ("name", "version", "renewed"),
    [
        pytest.param("lapsed", "Server 11.5", True, id="a lapsed plan may be renewed"),
        pytest.param("premier", "Server 9", False, id="a version without support needs a newer"),
    ],
)
def test_what_is_not_sold_for_a_product_is_not_said_to_help(  # R17, R27
    name: str, version: str, renewed: bool, visitor: Visitor
) -> None:
    page = visitor.get(visitor.as_customer(name).get(PRODUCTS).link(version))
    assert "Support ended on" in page.text
    assert ("needs a renewal or a paid incident" in page.text) is renewed
    assert "the knowledge base and the forum stay free" in page.text


def test_a_paid_incident_is_shown_with_its_product(visitor: Visitor) -> None:  # R28
    visitor.as_customer("incident").get(PRODUCTS)
    page = visitor.follow("Home Office 2027")
    assert "You have 1 unused paid incident" in page.text
    assert "Phone" in page.text


def test_somebody_elses_product_does_not_exist(
    visitor: Visitor, another: Callable[[], Visitor]
) -> None:
    theirs = visitor.as_customer("premier").get(PRODUCTS).link("Backup Server 12")
    other = another().as_customer("standard")
    other.get(theirs, expect=404)
    other.get(f"{PRODUCTS}/999999", expect=404)
    other.get(f"{PRODUCTS}/99999999999999999999", expect=404)
    other.get(f"{PRODUCTS}/x", expect=404)


def test_the_pages_speak_spanish(visitor: Visitor) -> None:
    page = visitor.as_customer("premier").get("/es/my/products")
    assert "Soporte hasta el 7 de mayo de 2027" in page.text
    assert "Registrar" in page.text
