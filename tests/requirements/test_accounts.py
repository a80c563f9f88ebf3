"""R1–R5 on the shipped vendor site, as a visitor sees it, in both languages."""

import re

import pytest
from flask import Flask

from kb.store import outbox
from tests.pages.test_contact import filled
from tests.visitor import Page, Visitor

LANGUAGES = pytest.mark.parametrize("lang", ["es", "en"])
REQUESTS = ("customer-service&topic=downloads", "pre-sales&topic=price")
PAYING = re.compile(r"card|iban|bic|bank|cvc|cvv|account_number|passport|birth", re.I)
FORM = {
    "first_name": "Eva",
    "last_name": "Lind",
    "email": "eva@example.org",
    "country": "SE",
    "password": "seven quiet owls",
    "confirm": "seven quiet owls",
}


def account(lang: str, page: str = "") -> str:
    return f"/{lang}/account/{page}"


def sign_up(visitor: Visitor, lang: str, **changes: str) -> Page:
    visitor.get(account(lang, "sign-up"))
    return visitor.post(account(lang, "sign-up"), **{**FORM, **changes})


def mailed_link(app: Flask) -> str:
    with app.extensions["waypost"].db.read() as conn:
        mails = [mail for mail in outbox.all_mail(conn) if mail.recipient == FORM["email"]]
    found = re.search(r"http://localhost(/\S+)", mails[-1].text)
    assert found
    return found[1]


def sign_in(visitor: Visitor, lang: str, url: str = "") -> Page:
    visitor.get(url or account(lang, "sign-in"))
    return visitor.post(
        url or account(lang, "sign-in"), email=FORM["email"], password=FORM["password"]
    )


def confirmed(app: Flask, visitor: Visitor, lang: str) -> None:
    sign_up(visitor, lang)
    link = mailed_link(app)
    visitor.get(link)
    visitor.post(link)


@LANGUAGES
def test_R1_sign_up_asks_for_six_things_and_all_are_required(lang: str, visitor: Visitor) -> None:
    page = visitor.get(account(lang, "sign-up"))
    (form,) = [one for one in page.forms if any(f.get("name") == "confirm" for f in one["fields"])]
    asked = [f["name"] for f in form["fields"] if f.get("name") and f["name"] != "csrf_token"]
    assert asked == ["first_name", "last_name", "email", "country", "password", "confirm"]
    for name in asked:
        page = sign_up(visitor, lang, **{name: ""})
        assert page.title.startswith(("Error:", "Errores:")), name
        assert f'id="{name}-error"' in page.html, name


@LANGUAGES
def test_R1_the_two_passwords_are_the_same(lang: str, visitor: Visitor) -> None:
    said = {"es": "no son iguales", "en": "are not the same"}[lang]
    assert said in sign_up(visitor, lang, confirm="eight quiet owls").text


@LANGUAGES
def test_R2_a_mailed_link_confirms_and_then_one_signs_in(
    lang: str, app: Flask, visitor: Visitor
) -> None:
    sign_up(visitor, lang)
    link = mailed_link(app)
    assert link.startswith(account(lang, "confirm/"))
    mine = {"es": "Mi cuenta", "en": "My account"}[lang]
    assert mine not in sign_in(visitor, lang).text  # not before it is confirmed
    visitor.get(link)
    visitor.post(link)
    assert mine in sign_in(visitor, lang).text


@LANGUAGES
def test_R2_a_link_confirms_once_and_a_forged_one_never(
    lang: str, app: Flask, visitor: Visitor
) -> None:
    sign_up(visitor, lang)
    link = mailed_link(app)
    dead = {"es": "Este enlace ya no sirve", "en": "This link no longer works"}[lang]
    visitor.get(link)
    body, _, mark = link.rpartition(".")  # not its last letter: some bits of it say nothing
    forged = f"{body}.{'B' if mark[0] == 'A' else 'A'}{mark[1:]}"
    assert dead in visitor.post(forged).text
    visitor.get(link)
    assert dead not in visitor.post(link).text
    visitor.get(link)
    assert dead in visitor.post(link).text


@LANGUAGES
def test_R3_an_account_is_requested_verified_completed_and_used_to_ask_for_help(
    lang: str, app: Flask, visitor: Visitor
) -> None:
    confirmed(app, visitor, lang)
    sign_in(visitor, lang)
    page = visitor.post(
        account(lang),
        first_name="Eva",
        last_name="Lindqvist",
        country="ES",
        lang=lang,
        time_zone="Europe/Madrid",
    )
    assert {"es": "Cambios guardados.", "en": "Saved."}[lang] in page.text
    assert 'value="Lindqvist"' in visitor.get(account(lang)).html
    query = {"request": "pre-sales", "topic": "price", "channel": "email"}
    form = visitor.get(f"/{lang}/contact/case", **query)
    assert 'value="Lindqvist"' in form.html, "what was completed need not be typed again"
    said = {"reason": "price", "subject": "For ten servers", "question": "What does it cost?"}
    sent = visitor.post(form.response.request.full_path, **filled(form, **said))
    assert sent.response.request.path.startswith(f"/{lang}/my/cases/")


@LANGUAGES
@pytest.mark.parametrize("edition", ["trial", "full"])
def test_R4_a_case_needs_an_account_and_signing_in_leads_back(
    lang: str, edition: str, app: Flask, visitor: Visitor
) -> None:
    confirmed(app, visitor, lang)
    wanted = f"/{lang}/contact/case?request=technical&edition={edition}&topic=backup&channel=email"
    answer = visitor.client.get(wanted)
    assert answer.status_code == 302
    assert answer.location.startswith(f"{account(lang, 'sign-in')}?next=")
    visitor.get(answer.location)
    token = visitor.page.token() if visitor.page else ""
    data = {"email": FORM["email"], "password": FORM["password"], "csrf_token": token}
    back = visitor.client.post(answer.location, data=data)
    assert back.location.startswith(f"/{lang}/contact/case?")
    assert f"edition={edition}" in back.location


@LANGUAGES
def test_R4_the_header_shows_either_sign_in_or_my_account(
    lang: str, app: Flask, visitor: Visitor
) -> None:
    way_in = {"es": "Iniciar sesión", "en": "Sign in"}[lang]
    mine = {"es": "Mi cuenta", "en": "My account"}[lang]
    confirmed(app, visitor, lang)
    for url in (f"/{lang}/", f"/{lang}/kb/", f"/{lang}/contact/"):
        labels = [label for label, _ in visitor.get(url).links]
        assert (way_in in labels, mine in labels) == (True, False), url
    sign_in(visitor, lang)
    for url in (f"/{lang}/", f"/{lang}/kb/", f"/{lang}/contact/"):
        labels = [label for label, _ in visitor.get(url).links]
        assert (way_in in labels, mine in labels) == (False, True), url


@LANGUAGES
def test_R5_no_form_of_a_case_a_product_or_an_order_asks_for_card_or_bank_data(
    lang: str, visitor: Visitor
) -> None:
    """R5: payment happens at the payment provider; nothing of it is typed here."""
    visitor.as_customer("lapsed")
    mine = f"/{lang}/my/products"
    visitor.get(mine)
    product = next(href for _, href in visitor.get(mine).links if re.search(r"products/\d+$", href))
    buying = [href for _, href in visitor.get(product).links if "/buy/" in href]
    assert len(buying) >= 3
    forms = [f"/{lang}/contact/case?request={one}&channel=email" for one in REQUESTS]
    claims = [f"{product}/{kind}" for kind in ("move", "swap")]
    for url in (mine, f"{mine}/box", f"{mine}/claim", *buying, *forms, *claims):
        page = visitor.get(url)
        asked = [f for form in page.forms for f in form["fields"] if f.get("name")]
        assert asked, url
        assert not [f["name"] for f in asked if PAYING.search(str(f["name"]))], url
        assert not [f for f in asked if str(f.get("autocomplete")).startswith("cc-")], url


@LANGUAGES
def test_R5_no_page_of_the_account_asks_for_card_or_bank_data(lang: str, visitor: Visitor) -> None:
    known = {"first_name", "last_name", "email", "country", "password", "confirm", "lang", "name"}
    known |= {"time_zone", "remember", "code", "sure", "bring", "q", "csrf_token"}
    pages = ["sign-up", "sign-in", "password"]
    for page in pages:
        _only(visitor.get(account(lang, page)), known)
    visitor.as_customer("trial")
    for page in ("", "security", "email", "organisation", "export", "delete", "second-factor"):
        _only(visitor.get(account(lang, page)), known)


def _only(page: Page, known: set[str]) -> None:
    asked = {f["name"] for form in page.forms for f in form["fields"] if f.get("name")}
    assert asked <= known, page.url
    autofill = {f.get("autocomplete") or "" for form in page.forms for f in form["fields"]}
    assert not any(one.startswith("cc-") for one in autofill), page.url
