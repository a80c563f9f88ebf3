"""Agents see and correct products, contracts and paid incidents; each with a reason (R49)."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from kb.pages.claim_words import proof_state
from kb.pages.files import FOLDER
from kb.rules.download_links import signed
from kb.store import users
from tests.conftest import NOW
from tests.visitor import Visitor


def id_of(app: Flask, name: str) -> int:
    with app.extensions["waypost"].db.read() as conn:
        found = users.by_email(conn, f"{name}@example.com")
    assert found is not None
    return found.id


def corrections(page_html: str, do: str) -> str:
    return page_html.partition(f'value="{do}"')[0].rpartition('action="')[2].partition('"')[0]


@pytest.mark.parametrize(
    ("name", "do", "fields", "shown", "event"),
    [
        (
            "home-40",
            "bought-on",
            {"bought_on": "2026-11-20"},
            "20 November",
            "Day of purchase corrected from",
        ),
        (
            "lapsed",
            "add-contract",
            {"plan": "premier", "starts_on": "2026-11-01", "ends_on": "2027-10-31"},
            "Support until 31 October 2027",
            "Contract added: Premier plan from 1 November 2026 to 31 October 2027",
        ),
        ("oem", "grant-credit", {}, "Unused paid incident", "Paid incident given"),
    ],
)  # fmt: skip
def test_a_correction_with_a_reason_is_made_and_kept(
    app: Flask, visitor: Visitor, name: str, do: str, fields: dict[str, str], shown: str, event: str
) -> None:
    url = f"/en/desk/customers/{id_of(app, name)}/products"
    page = visitor.as_agent().get(url)
    form = corrections(page.html, do)
    refused = visitor.post(form, do=do, reason=" ", **fields)
    assert "write the reason" in refused.text
    assert event not in refused.text
    page = visitor.post(form, do=do, reason="Told by phone", **fields)
    assert "Corrected" in page.text
    for words in (shown, event, "Told by phone"):
        assert words in page.text, words


def test_what_was_given_is_taken_away(app: Flask, visitor: Visitor) -> None:
    url = f"/en/desk/customers/{id_of(app, 'incident')}/products"
    page = visitor.as_agent().get(url)
    which = page.html.partition('name="which" value="')[2].partition('"')[0]
    form = corrections(page.html, "void-credit")
    page = visitor.post(form, do="void-credit", which=which, reason="Given by mistake")
    assert "Unused paid incident taken away" in page.text
    again = visitor.post(form, do="void-credit", which=which, reason="again")
    assert "Nothing changed" in again.text
    visitor.get(f"/en/desk/customers/{id_of(app, 'premier')}/products")
    page = visitor.page
    assert page is not None
    form = corrections(page.html, "end-contract")
    which = page.html.partition("end-contract")[2].partition('name="which" value="')[2]
    which = which.partition('"')[0]
    page = visitor.post(form, do="end-contract", which=which, reason="Sold twice")
    assert re.search(r"Contract taken away: \w+ plan from", page.text)


@pytest.mark.parametrize(
    ("do", "fields"),
    [
        ("bought-on", {"bought_on": "soon"}),
        ("bought-on", {"bought_on": "2027-01-01"}),
        ("add-contract", {"plan": "gold", "starts_on": "2026-01-01", "ends_on": "2027-01-01"}),
        ("add-contract", {"plan": "standard", "starts_on": "2027-01-01", "ends_on": "2026-01-01"}),
        ("add-contract", {"plan": "standard"}),
        ("end-contract", {"which": "99999999"}),
        ("void-credit", {"which": "x"}),
    ],
)
def test_what_is_wrong_changes_nothing(
    app: Flask, visitor: Visitor, do: str, fields: dict[str, str]
) -> None:
    url = f"/en/desk/customers/{id_of(app, 'lapsed')}/products"
    page = visitor.as_agent().get(url)
    page = visitor.post(corrections(page.html, "bought-on"), do=do, reason="Why", **fields)
    assert "Nothing changed" in page.text


def test_another_customers_product_is_not_corrected_here(app: Flask, visitor: Visitor) -> None:
    visitor.as_agent().get(f"/en/desk/customers/{id_of(app, 'lapsed')}/products")
    page = visitor.page
    assert page is not None
    form = corrections(page.html, "grant-credit")
    other = form.replace(f"/{id_of(app, 'lapsed')}/", f"/{id_of(app, 'oem')}/")
    visitor.post(other, do="grant-credit", reason="x", expect=404)
    visitor.post(form, do="nothing", reason="x", expect=400)
    visitor.get("/en/desk/customers/999999/products", expect=404)


def test_R12_own_downloads_are_given_for_a_signed_link_that_expires(
    app: Flask, visitor: Visitor, another: Callable[[], Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = app.extensions["waypost"].settings
    folder = Path(settings.var) / "site-of-the-test"
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    (folder / FOLDER / "tool.exe").write_bytes(b"MZ")
    wired = app.extensions["waypost"]
    from dataclasses import replace

    app.extensions["waypost"] = replace(wired, settings=replace(settings, site=folder))
    good = signed("/files/tool.exe", settings.secret_key, NOW)
    answer = visitor.client.get(good)
    assert (answer.status_code, answer.data) == (200, b"MZ")
    assert "attachment" in answer.headers["Content-Disposition"]
    answer.close()
    old = signed("/files/tool.exe", settings.secret_key, NOW - timedelta(hours=13))
    assert visitor.client.get(old).location.endswith("/my/products")
    for bad in ("/files/tool.exe", good[:-1] + "x", good.replace("tool", "other")):
        assert visitor.client.get(bad).status_code == 404
    climbing = signed("/files/../site.yaml", settings.secret_key, NOW)
    assert visitor.client.get(climbing).status_code == 404


def test_contracts_are_told_by_their_plans_and_whence_they_come(
    app: Flask, visitor: Visitor
) -> None:
    url = f"desk/customers/{id_of(app, 'premier')}/products"
    page = visitor.as_agent().get(f"/en/{url}")
    assert "Products and contracts Marta Ruiz" in page.text
    assert re.search(r"Premier plan [^·]+ · included with the product", page.text)
    spanish = visitor.get(f"/es/{url}")
    assert re.search(r"Plan Premier [^·]+ · incluido con el producto", spanish.text)
    assert "premier 7" not in spanish.text


@pytest.mark.parametrize(
    ("proof", "words"),
    [(None, "–"), ("needed", "Asked for"), ("sent", "not decided"), ("refused", "Refused")],
)
def test_how_far_a_proof_is_stands_in_words(app: Flask, proof: str | None, words: str) -> None:
    with app.test_request_context("/en/"):
        assert words in proof_state(proof)
