"""Search in a real browser: type, choose by keyboard, correct, filter, open; without script too."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.actor import Actor
from tests.browser.server import Running

pytestmark = pytest.mark.browser

LANGS = {
    "es": {
        "typo": "copia detenida sin espasio",
        "mended": "copia detenida sin espacio",
        "shown": "Se muestran resultados de copia detenida sin espacio.",
        "instead": "Buscar «copia detenida sin espasio» tal como está escrito",
        "apply": "Aplicar filtros",
        "filters": "Filtros",
        "title": "La copia se detiene con",
        "part": "Resolución",
        "begun": "copia se de",
        "tree": ("mi cop", "Mi copia falla", "Diagnóstico guiado"),
        "kind": "Problema",
        "count": "sugerencia",
        "nothing": "Sin sugerencias",
    },
    "en": {
        "typo": "bakcup stops without space",
        "mended": "backup stops without space",
        "shown": "Showing results for backup stops without space.",
        "instead": "Search instead for “bakcup stops without space”",
        "apply": "Apply filters",
        "filters": "Filters",
        "title": "The backup stops with",
        "part": "Resolution",
        "begun": "backup stops wi",
        "tree": ("my bac", "My backup fails", "Guided troubleshooter"),
        "kind": "Problem",
        "count": "suggestion",
        "nothing": "No suggestions",
    },
}
UNCOVERED = """element => {
  window.scrollBy(0, element.getBoundingClientRect().top - 300);
  const { left, top, width, height } = element.getBoundingClientRect();
  return element.contains(document.elementFromPoint(left + width / 2, top + height / 2));
}"""
both = pytest.mark.parametrize("lang", LANGS)


def box(page: Page) -> Locator:
    return page.locator("form[data-suggest] input[type=search]:visible").first


def options(page: Page) -> Locator:
    return page.get_by_role("option")


def _emptied(page: Page) -> None:
    """Let the list go, so that the next one is not taken for it."""
    box(page).fill("")
    expect(options(page)).to_have_count(0)


@both
def test_type_choose_by_keyboard_correct_filter_open(customer: Actor, lang: str) -> None:
    """The whole journey with the keyboard alone."""
    words, page = LANGS[lang], customer.page
    customer.goes_to(f"/{lang}/")
    box(page).focus()
    page.keyboard.type(str(words["begun"]), delay=15)
    expect(options(page).first).to_contain_text(str(words["title"]))
    expect(options(page).first).to_contain_text(str(words["kind"]))
    customer.looks()
    _emptied(page)
    box(page).fill("copia" if lang == "es" else "backup")
    expect(options(page)).to_have_count(8)
    assert options(page).last.evaluate(UNCOVERED), "something cuts the list off"
    _emptied(page)
    box(page).fill(str(words["begun"]))
    expect(options(page).first).to_contain_text(str(words["title"]))
    page.keyboard.press("ArrowDown")
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"/{lang}/kb/1042-"))
    page.go_back()
    box(page).fill(str(words["typo"]))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"/{lang}/search\?"))
    customer.looks().sees(str(words["shown"]))
    expect(page.locator(".dym b")).to_have_text(
        str(words["mended"]).split()[0 if lang == "en" else -1]
    )
    page.get_by_role("link", name=str(words["instead"])).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("exact=1"))
    customer.looks()
    expect(page.locator(".dym b")).to_have_count(0)
    page.go_back()
    before = _total(page)
    page.locator("input[name=product][value=backup-server]").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name=str(words["apply"])).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("product=backup-server"))
    customer.looks()
    assert 0 < _total(page) <= before
    page.locator("input[name=type][value=problem]").press("Space")
    page.get_by_role("button", name=str(words["apply"])).press("Enter")
    page.wait_for_url(re.compile("type=problem"))
    expect(page.locator(".filters-on a")).to_have_count(2)
    page.locator(".result h2 a", has_text=str(words["title"])).press("Enter")
    page.wait_for_url(re.compile(rf"/{lang}/kb/1042-"))
    customer.looks().sees(str(words["part"])).sees("E000101F4")


@both
def test_the_same_without_script(browser: Browser, site: Running, lang: str) -> None:
    words = LANGS[lang]
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{site.url}/{lang}/")
        page.locator("main input[name=q]").fill(str(words["typo"]))
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("/search"))
        expect(page.locator(".dym")).to_contain_text(str(words["shown"]))
        page.get_by_role("link", name=str(words["instead"])).click()
        page.wait_for_url(re.compile("exact=1"))
        expect(page.locator(".dym b")).to_have_count(0)
        page.go_back()
        page.locator("input[name=product][value=backup-server]").check()
        page.get_by_role("button", name=str(words["apply"])).click()
        page.wait_for_url(re.compile("product=backup-server"))
        expect(page.locator("input[name=product][value=backup-server]")).to_be_checked()
        page.locator(".result h2 a", has_text=str(words["title"])).click()
        page.wait_for_url(re.compile("/kb/1042-"))
        expect(page.locator("main")).to_contain_text(str(words["part"]))


@both
def test_filters_on_a_phone_stand_in_a_fold(customer: Actor, lang: str) -> None:
    words, page = LANGS[lang], customer.page
    page.set_viewport_size({"width": 360, "height": 800})
    customer.goes_to(f"/{lang}/search?q={words['mended']}")
    field = page.locator("input[name=product][value=backup-server]")
    expect(field).to_be_hidden()
    page.locator(".facets summary", has_text=str(words["filters"])).press("Enter")
    field.press("Space")
    page.get_by_role("button", name=str(words["apply"])).press("Enter")
    page.wait_for_url(re.compile("product=backup-server"))
    customer.looks()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@both
def test_the_box_is_a_combobox(customer: Actor, lang: str) -> None:
    """Roles, states and keys of the ARIA practices' editable combobox with list autocomplete."""
    words, page = LANGS[lang], customer.page
    customer.goes_to(f"/{lang}/search")
    field = page.get_by_role("combobox")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_attribute("aria-autocomplete", "list")
    field.focus()
    typed, title, kind = words["tree"]
    page.keyboard.insert_text(typed)  # at once: one list comes, and no later one replaces it
    expect(field).to_have_attribute("aria-expanded", "true")
    list_ = page.get_by_role("listbox")
    expect(list_).to_have_attribute("id", str(field.get_attribute("aria-controls")))
    assert list_.get_attribute("aria-label")
    tree = options(page).filter(has_text=title).first
    expect(tree).to_contain_text(kind)
    expect(tree.locator("mark").first).to_have_text(typed.split()[0].capitalize())
    expect(page.get_by_role("status")).to_contain_text(str(words["count"]))
    customer.looks()

    last = options(page).count() - 1
    page.keyboard.press("ArrowUp")
    _is_active(page, last)
    page.keyboard.press("ArrowDown")  # past the last: back to what was typed
    assert field.get_attribute("aria-activedescendant") is None
    page.keyboard.press("ArrowDown")
    _is_active(page, 0)
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(list_).to_be_hidden()
    expect(field).to_have_value(typed)
    expect(field).to_have_attribute("aria-expanded", "false")
    assert field.get_attribute("aria-activedescendant") is None
    page.keyboard.press("Alt+ArrowDown")
    expect(list_).to_be_visible()
    assert field.get_attribute("aria-activedescendant") is None
    page.keyboard.press("Alt+ArrowUp")
    expect(list_).to_be_hidden()
    page.keyboard.press("ArrowDown")
    _is_active(page, 0)
    page.keyboard.press("Home")
    assert field.get_attribute("aria-activedescendant") is None
    page.keyboard.press("Tab")
    expect(list_).to_be_hidden()
    field.fill("xqzw")
    expect(page.get_by_role("status")).to_have_text(str(words["nothing"]))
    expect(list_).to_be_hidden()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("q=xqzw"))


def _is_active(page: Page, place: int) -> None:
    option = options(page).nth(place)
    expect(option).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("combobox")).to_have_attribute(
        "aria-activedescendant", str(option.get_attribute("id"))
    )
    expect(page.locator("[role=option][aria-selected=true]")).to_have_count(1)


@both
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_suggestions_under_the_header_of_every_page(
    customer: Actor, lang: str, scheme: str
) -> None:
    page = customer.page
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    customer.goes_to(f"/{lang}/kb/")
    page.locator("#header-q").focus()
    page.keyboard.insert_text("E0001")
    expect(options(page).filter(has_text="E000101F4")).to_be_visible()
    page.keyboard.press("ArrowDown")
    customer.looks()
    options(page).filter(has_text="E000101F4").click()
    page.wait_for_url(re.compile(rf"/{lang}/kb/1042-"))


def test_typing_and_choosing_keeps_the_pages_policy(page: Page, site: Running) -> None:
    """No error on the console: nothing inline, nothing missing (axe would add its own)."""
    faults: list[str] = []
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
    page.goto(f"{site.url}/en/")
    box(page).focus()
    page.keyboard.insert_text("backup")
    expect(options(page).first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/en/(kb|troubleshoot)/"))
    assert faults == []


def test_a_slow_answer_does_not_overtake_a_later_one(customer: Actor) -> None:
    page = customer.page
    held: list[Route] = []
    given_up: list[str] = []
    page.route("**/api/suggest*q=backup", lambda route: held.append(route))
    page.on("requestfailed", lambda request: given_up.append(request.url))
    customer.goes_to("/en/search")
    with page.expect_request(lambda request: request.url.endswith("q=backup")):
        box(page).fill("backup")
    box(page).fill("E000101F4")
    expect(options(page)).to_have_count(1)
    assert len(held) == len(given_up) == 1
    held[0].continue_()
    page.wait_for_timeout(300)
    expect(options(page)).to_have_count(1)


def test_away_from_the_network_the_box_still_searches(customer: Actor) -> None:
    page = customer.page
    page.route("**/api/suggest**", lambda route: route.abort())
    customer.goes_to("/en/search")
    with page.expect_event("requestfailed"):
        box(page).fill("E000101F4")
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("q=E000101F4"))
    customer.sees("Not enough space")


@pytest.mark.parametrize("width", [1280, 360])
@both
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_search_page_is_accessible(
    customer: Actor, width: int, lang: str, scheme: str
) -> None:
    page = customer.page
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for place in (
        "search", "search?q=backup+copia", "search?q=bakcup", "search?q=xqzw", "search?q=E000101F5",
        "search?q=E000101F4&type=alert", "search?q=backup&page=99", "search?q=copia&product=huh",
        "search?q=backup&product=backup-server&version=12", "search?q=%22" + "x" * 300,
        "not-enough-space", "xqzw",
    ):  # fmt: skip
        customer.goes_to(f"/{lang}/{place}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, place


def _total(page: Page) -> int:
    return int(re.sub(r"\D", "", page.locator(".tally h1").inner_text()))
