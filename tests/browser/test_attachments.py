"""R43: a customer adds a screenshot to the case form in a real browser and gets it back."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.actor import Actor
from tests.browser.server import Running

pytestmark = pytest.mark.browser

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)
TITLE = "Rescue medium shows a blue screen"


@pytest.fixture
def screenshot(tmp_path: Path) -> Path:
    path = tmp_path / "pantalla azul.png"
    path.write_bytes(PNG)
    return path


def form(customer: Actor) -> Actor:
    """Go to the form for the newest product."""
    customer.goes_to("/en/contact/?request=technical&edition=full")
    customer.answers("Backup Server 12").answers("The backup fails")
    return customer.clicks("Write to us")


def attach(page: Page, *paths: Path) -> None:
    page.locator("input[type=file]").set_input_files(list(paths))


def test_a_screenshot_goes_with_the_case_and_comes_back(customer: Actor, screenshot: Path) -> None:
    program = screenshot.with_name("setup.exe")
    program.write_bytes(b"MZ\x90\x00\x03\x00")
    form(customer.signs_in("premier"))
    customer.writes("The problem in one sentence", TITLE).writes("What happens", "It stops.")
    attach(customer.page, screenshot, program)
    customer.clicks("Open the case").sees("“setup.exe” is not a kind of file we take")
    customer.sees("pantalla azul.png")  # kept: it is not chosen again
    customer.clicks("Open the case")
    if customer.comes_to("Before it is sent", "Case opened") == "Before it is sent":
        customer.clicks("Open the case")
    customer.sees("Case opened").sees(TITLE)
    link = customer.page.get_by_role("link", name=re.compile("pantalla azul.png"))
    with customer.page.expect_download() as saved:
        link.click()
    assert saved.value.suggested_filename == "pantalla azul.png"
    assert Path(saved.value.path()).read_bytes() == PNG


def test_a_form_larger_than_any_is_answered_with_a_page(customer: Actor, screenshot: Path) -> None:
    huge = screenshot.with_name("huge.bin")
    with huge.open("wb") as file:
        file.truncate(70 * 1024 * 1024)
    form(customer.signs_in("premier"))
    attach(customer.page, huge)
    customer.clicks("Open the case").sees("At most 5 files of 10 MB each")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_form_with_files_fits_320_px(
    scheme: str, browser: Browser, site: Running, screenshot: Path
) -> None:
    context = browser.new_context(
        viewport={"width": 320, "height": 700},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    actor = Actor(context.new_page(), site).signs_in("premier")
    form(actor)
    long = screenshot.rename(screenshot.with_name("x" * 90 + ".png"))
    attach(actor.page, long)
    actor.clicks("Open the case").sees("x" * 90)
    assert actor.page.evaluate("document.documentElement.scrollWidth") <= 320
    context.close()
