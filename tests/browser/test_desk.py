"""The desk in a real browser: every fold open and checked by axe, in three shapes; its keys; a
colleague who is answering."""

import re

import pytest
from playwright.sync_api import Browser, expect

from kb.actions.demo import PASSWORD
from tests.browser.actor import Actor
from tests.browser.server import Running


@pytest.mark.parametrize(
    ("lang", "width", "scheme"), [("en", 1280, "light"), ("es", 360, "light"), ("es", 1280, "dark")]
)
def test_the_queue_and_a_case_with_every_fold_open(
    browser: Browser, site: Running, lang: str, width: int, scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    agent = Actor(context.new_page(), site).signs_in("agent", lang)
    for path in (f"/{lang}/desk/?severity=A", f"/{lang}/desk/?q=copia"):
        agent.goes_to(path)
    agent.page.locator(".queue .subj a").first.click()
    agent.page.wait_for_url(re.compile(r"/desk/cases/\d+"))
    agent.page.evaluate("document.querySelectorAll('details').forEach((fold) => fold.open = true)")
    agent.looks()
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert agent.page.evaluate(wide) <= 0
    context.close()


def test_the_desk_by_keys_alone(browser: Browser, site: Running) -> None:
    page = Actor(browser.new_page(), site).signs_in("agent").goes_to("/en/desk/?sort=newest").page
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_have_attribute("open", "")
    for key in "jjk":
        page.keyboard.press(key)
    expect(page.locator(".queue tbody tr.here")).to_have_count(1)
    expect(page.locator(".queue tbody tr").first).to_have_class(re.compile("here"))
    page.keyboard.press("x")
    expect(page.locator(".queue tbody tr.here .pick input")).to_be_checked()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/desk/cases/\d+"))
    page.keyboard.press("b")
    page.wait_for_url(re.compile(r"/desk/\?sort=newest$"))
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/desk/cases/\d+"))
    first = page.url
    page.keyboard.press("g")  # the next of the list it was opened from
    page.wait_for_url(lambda url: "/desk/cases/" in url and url != first)
    page.keyboard.press("r")
    page.keyboard.type("jan?")  # keys are letters while one types
    expect(page.locator("textarea[name=body]")).to_have_value("jan?")
    page.keyboard.press("Escape")
    page.keyboard.press("N")  # Caps Lock is on; what was typed goes along
    expect(page.locator(".compose.note textarea")).to_have_value("jan?")
    page.keyboard.press("/")
    expect(page.locator("#header-q")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".flash")).to_contain_text("Note added")
    page.goto(f"{site.url}/en/desk/")
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.get_by_text(re.compile("Done for"))).to_be_visible()
    page.goto(f"{site.url}/en/desk/?tag=no-such-tag")
    page.keyboard.press("t")
    expect(page.locator(".flash")).to_contain_text("No case here waits for somebody")
    page.close()


def test_the_open_queue_tells_what_changed_and_stays_as_it_is(
    browser: Browser, site: Running
) -> None:
    page = Actor(browser.new_page(), site).signs_in("agent").goes_to("/en/desk/").page
    other = browser.new_context()
    colleague = Actor(other.new_page(), site).signs_in("agent-2").goes_to("/en/desk/").page
    colleague.locator(".queue .subj a").first.click()
    colleague.wait_for_url(re.compile(r"/desk/cases/\d+"))
    colleague.locator("#new-tag").fill("seen-by-irene")
    colleague.get_by_role("button", name="Tag", exact=True).click()
    expect(colleague.get_by_text("Tagged “seen-by-irene”")).to_be_visible()
    other.close()
    before = page.locator(".queue").bounding_box()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # as coming back to it
    expect(page.locator("#news a")).to_have_text("1 case is new or has changed: show it")
    assert page.locator(".queue").bounding_box() == before
    page.keyboard.press("u")
    expect(page.locator("#news a")).to_have_count(0)
    page.close()


def test_feedback_by_keys_and_on_a_phone_in_spanish(browser: Browser, site: Running) -> None:
    """The keys of the queue work in other lists; the form below them fits a narrow page."""
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto(f"{site.url}/es/feedback")
    page.locator("input[name=kind]").first.check(force=True)
    page.locator("textarea[name=words]").fill("Más ejemplos")
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".flash")).to_be_visible()
    agent = Actor(page, site).signs_in("agent", "es")
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    for path in (f"/es/desk/?q={'x' * 300}", "/es/desk/feedback"):
        agent.goes_to(path)
        assert agent.page.evaluate(wide) <= 0, path
    for key in "jx":
        page.keyboard.press(key)
    expect(page.locator(".voices > li.here .pick input")).to_be_checked()
    page.close()


def test_the_desk_without_script(browser: Browser, site: Running) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.url}/en/account/sign-in")
    page.locator("input[name=email]").fill("agent@example.com")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(lambda url: not url.endswith("/sign-in"))
    page.goto(f"{site.url}/en/desk/")
    page.locator(".queue .subj a").first.click()
    page.locator("textarea[name=body]").fill("Typed before")
    page.get_by_role("button", name="Insert answer").click()
    body = page.locator("textarea[name=body]")
    expect(body).to_have_value(re.compile("^Typed before.+", re.DOTALL))
    assert "{" not in body.input_value()
    context.close()
