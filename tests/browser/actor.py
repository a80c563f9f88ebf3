"""A person at a browser: short verbs, and axe on every page they come to."""

import re
from typing import Self

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from kb.actions.demo import PASSWORD
from tests.browser.server import Running

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}


UNDER_WAY = ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added"
"""What htmx marks while it fetches a part of a page and puts it in."""

HELPED = """async (most) => {
  for (const end = Date.now() + most; !window.htmx && Date.now() < end;)
    await new Promise((done) => setTimeout(done, 20));
  return Boolean(window.htmx);
}"""


class Actor:
    """One person; a page with an accessibility fault stops them."""

    def __init__(self, page: Page, site: Running) -> None:
        self.page = page
        self.site = site

    def goes_to(self, path: str) -> Self:
        """Open an address of the site."""
        self.page.goto(self.site.url + path)
        return self.looks()

    def looks(self) -> Self:
        """Check the page in sight with axe, once it has come and nothing of it is being put in."""
        self.page.wait_for_load_state()
        expect(self.page.locator(UNDER_WAY)).to_have_count(0)
        faults = Axe().run(self.page, options=RULES).response["violations"]
        told = [
            (fault["id"], [node["html"][:160] for node in fault["nodes"]][:3]) for fault in faults
        ]
        assert not told, f"{self.page.url}: {told}"
        return self

    def signs_in(self, name: str, lang: str = "en") -> Self:
        """Sign in with a demo account."""
        self.page.goto(f"{self.site.url}/{lang}/account/sign-in")
        self.page.locator("input[name=email]").fill(f"{name}@example.com")
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.locator("main form button[type=submit]").click()
        self.page.wait_for_url(lambda url: not url.endswith("/sign-in"))
        return self.looks()

    def is_helped(self) -> Self:
        """Wait for htmx, which is fetched at the first touch of a form or link: until it is there
        an answer loads a page, as it does without script. (Playwright's own waiting for a function
        needs `eval` in the page, which its policy forbids.)"""
        assert self.page.evaluate(HELPED, 30_000), "htmx did not come"
        return self

    def clicks(self, words: str) -> Self:
        """Press the link or button with these words."""
        pattern = re.compile(re.escape(words), re.IGNORECASE)
        target = self.page.get_by_role("link", name=pattern).or_(
            self.page.get_by_role("button", name=pattern)
        )
        target.first.click()
        return self.looks()

    def answers(self, words: str) -> Self:
        """Choose an option and go on; every answer leads to an address of its own."""
        asked = self.page.url
        self.page.locator("label.option", has_text=words).first.click()
        self.page.locator("main form button[type=submit]").first.click()
        self.page.wait_for_url(lambda url: url != asked)
        return self.looks()

    def writes(self, label: str, words: str) -> Self:
        """Fill the field with this label."""
        self.page.get_by_label(re.compile(label)).first.fill(words)
        return self

    def sees(self, words: str) -> Self:
        """Expect words in the main part of the page."""
        expect(self.page.locator("main")).to_contain_text(words)
        return self

    def comes_to(self, *words: str) -> str:
        """Wait until the main part of the page holds one of these words, and return which."""
        main = self.page.locator("main")
        expect(main).to_contain_text(re.compile("|".join(map(re.escape, words))))
        self.looks()
        return next(one for one in words if one in " ".join(main.inner_text().split()))

    def does_not_see(self, words: str) -> Self:
        """Expect words not to be there."""
        expect(self.page.locator("body")).not_to_contain_text(words)
        return self
