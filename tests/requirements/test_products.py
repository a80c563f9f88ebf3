"""R6–R12, R17, R18, R28–R31, R58–R61 on the shipped vendor site, as a customer meets them."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from kb.actions.demo import demo_key
from kb.actions.licence_import import import_licences
from tests.demo_people import PEOPLE, free_keys
from tests.requirements.vendor import vendor
from tests.visitor import Page, Visitor

PRODUCTS = "/en/my/products"
NEW = "NBS12" + "3" * 20
OLD = "NBS11" + "4" * 20
BOXED = "NHM27" + "A" * 59


def sell(app: Flask, *rows: str) -> None:
    wired = app.extensions["waypost"]
    policy = wired.live_site.current().site.policy
    header = "key,product,version,sold_on,box_serial,upgrade_of"
    lines = [f"{row}\n" for row in (header, *rows)]
    import_licences(wired.db, policy, wired.settings.secret_key, lines)


def product(visitor: Visitor, name: str) -> Page:
    visitor.get(PRODUCTS)
    return visitor.follow(name)


def test_R6_each_pasted_key_is_answered_and_the_registered_appear(visitor: Visitor) -> None:
    visitor.as_customer("trial").get(PRODUCTS)
    owner = next(person for person in PEOPLE if person.name == "premier")
    taken = demo_key(owner.licences[0], "premier")
    page = visitor.post(PRODUCTS, keys=f"{free_keys()[0][1]}\n{taken}\nhello")
    for words in ("1 product registered", "registered to another account", "Not a key"):
        assert words in page.text, words
    mine = visitor.get(PRODUCTS)
    assert mine.title.startswith("My products and downloads")
    assert "Norvault Backup Server 12" in mine.text


def test_R9_R11_R15_R16_a_business_key_alone_brings_a_year_of_its_plan_from_the_purchase(
    app: Flask, visitor: Visitor
) -> None:
    """R9: there is no other key; R11, R15: a year of support with it; R16: from the purchase on,
    however late it is registered."""
    sell(app, f"{NEW},backup-server,12,2026-08-01,,")
    visitor.as_customer("trial").get(PRODUCTS)
    visitor.post(PRODUCTS, keys=NEW)
    page = product(visitor, "Backup Server 12")
    assert "Support until 1 August 2027" in page.text
    assert "Plan Standard" in page.text
    assert "Phone" in page.text


@pytest.mark.parametrize("serial", ["1234 5678", "8765-4321-8765-4321"])
def test_R7_a_short_serial_is_exchanged_for_the_key_that_registers(
    serial: str, app: Flask, visitor: Visitor
) -> None:
    """R7: a short serial, of 8 or of 16 digits, is first exchanged on a page for the box."""
    digits = "".join(sign for sign in serial if sign.isdigit())
    sell(app, f"{BOXED},home,2027,2026-11-20,{digits},")
    page = visitor.as_customer("trial").get(PRODUCTS)
    page = visitor.get(page.link("Exchange a box serial"))
    page = visitor.post(page.url, serial=serial)
    assert BOXED in page.text
    visitor.post(PRODUCTS, keys=page.hidden("keys"))
    assert "Support until 20 December 2026" in visitor.get(PRODUCTS).text


@pytest.mark.parametrize(("name", "date"), [("premier", "7 May 2027"), ("home-10", "13 December")])
def test_R8_each_product_shows_its_support_expiry_and_what_happens_then(
    visitor: Visitor, name: str, date: str
) -> None:
    page = visitor.as_customer(name).get(PRODUCTS)
    assert date in page.text
    page = visitor.follow({"premier": "Backup Server 12", "home-10": "Home 2027"}[name])
    assert "Then the product goes on working" in page.text


@pytest.mark.parametrize(
    ("name", "product"), [("lapsed", "Backup Server 11"), ("home-40", "Home 2027")]
)
def test_R8_of_a_support_that_has_ended_it_is_said_what_is_left(
    visitor: Visitor, name: str, product: str
) -> None:
    visitor.as_customer(name).get(PRODUCTS)
    page = visitor.follow(product)
    assert "The product goes on working. Help from a person needs" in page.text
    assert "Then the" not in page.text


def test_R10_a_free_upgrade_registers_its_key_by_itself(app: Flask, visitor: Visitor) -> None:
    sell(app, f"{OLD},backup-server,11,2026-11-20,,", f"{NEW},backup-server,12,2026-11-20,,{OLD}")
    visitor.as_customer("trial").get(PRODUCTS)
    visitor.post(PRODUCTS, keys=OLD)
    page = product(visitor, "Backup Server 11")
    assert re.search(r'<h2 id="update-title">Update</h2>.*?Get the free upgrade', page.html, re.S)
    assert NEW in visitor.post(f"{page.url}/upgrade").text
    assert "Backup Server 12" in visitor.get(PRODUCTS).text


def test_R10_without_support_the_new_version_is_not_free(app: Flask, visitor: Visitor) -> None:
    sell(app, f"{OLD},backup-server,11,2025-11-01,,", f"{NEW},backup-server,12,2026-11-20,,{OLD}")
    visitor.as_customer("trial").get(PRODUCTS)
    visitor.post(PRODUCTS, keys=OLD)
    page = product(visitor, "Backup Server 11")
    assert "With a support plan the new version is free" in page.text
    assert "Get the free upgrade" not in page.text
    assert NEW not in visitor.post(f"{page.url}/upgrade").text
    assert "Backup Server 12" not in visitor.get(PRODUCTS).text


def test_R17_who_has_lapsed_may_renew_buy_anew_or_pay_per_incident(visitor: Visitor) -> None:
    page = product(visitor.as_customer("lapsed"), "Backup Server 11.5")
    for offer in ("Renew with the Standard", "Subscribe to the Standard", "Pay per incident"):
        assert "/buy/" in page.link(offer), offer


def test_R18_premier_becomes_standard_only_from_its_last_day_on(visitor: Visitor) -> None:
    page = product(visitor.as_customer("premier"), "Backup Server 12")
    assert not [text for text, _ in page.links if "Subscribe" in text]
    page = visitor.get(page.link("Renew with the Standard"))
    assert "Standard plan from 8 May 2027" in page.text


def test_R28_R29_a_paid_incident_costs_20_dollars_for_one_case(visitor: Visitor) -> None:
    visitor.as_customer("lapsed").get(PRODUCTS)
    page = visitor.follow("See your options")
    page = visitor.get(f"{page.url}&topic=backup&severity=B")
    page = visitor.get(page.link("Pay per incident"))
    assert "US$20.00" in page.text
    assert "Valid for exactly one case" in page.text
    assert vendor().plans["pay-per-incident"].per_case


def test_R31_an_oem_edition_is_paid_per_incident_only(visitor: Visitor) -> None:
    page = product(visitor.as_customer("oem"), "DiskStart")
    assert [text for text, url in page.links if "/buy/" in url] != []
    assert all("Pay per incident" in text for text, url in page.links if "/buy/" in url)


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        pytest.param("Move the licence", "old machine is retired", id="R58"),
        pytest.param("Ask for another product", "a fee may be due", id="R60"),
    ],
)
def test_R58_R60_a_move_and_a_swap_begin_at_the_product(
    visitor: Visitor, another: Callable[[], Visitor], words: str, asked: str
) -> None:
    page = product(visitor.as_customer("premier"), "Backup Server 12")
    link = page.link(words)
    assert asked in visitor.get(link).text
    another().as_customer("standard").get(link, expect=404)


def test_R61_a_trial_takes_the_full_key_in_place(visitor: Visitor) -> None:
    page = product(visitor.as_customer("premier"), "Backup Server 12")
    assert "only the oldest generations are uninstalled first" in page.text
    assert "/kb/1111-" in page.link("How it works")
