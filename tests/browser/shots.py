"""Screenshots of every page into var/shots, to be put beside the pictures of the look.

Run it with `make shots`: 1280 and 360 px, Spanish and English, dark and print for some."""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.actor import Actor
from tests.browser.conftest import ARGUMENTS
from tests.browser.server import ROOT, Running, running
from tests.programs import chromium

WIDTHS = (1280, 360)


@dataclass(frozen=True)
class Shot:
    """One page; `{lang}` stands for the language; `who` signs in first."""

    name: str
    path: str
    who: str = ""
    also: tuple[str, ...] = field(default=())  # dark, print


TECHNICAL = "request=technical&edition=full&topic=backup"
OPTIONS = f"/{{lang}}/contact/options?{TECHNICAL}"
FORM = f"/{{lang}}/contact/case?{TECHNICAL}&product=backup-server&channel=email"
SHOTS = (
    Shot("home", "/{lang}/", also=("dark",)),
    Shot("articles", "/{lang}/kb/"),
    Shot("article", "/{lang}/kb/1042-backup-stops-not-enough-space", also=("dark", "print")),
    Shot("article-video", "/{lang}/kb/1052-validate-a-backup"),
    Shot("faq", "/{lang}/kb/1131-support-plans"),
    Shot("products", "/{lang}/products/"),
    Shot("product", "/{lang}/products/backup-server"),
    Shot("downloads", "/{lang}/downloads"),
    Shot("search", "/{lang}/search?q=backup+copia"),
    Shot("empty", "/{lang}/search?q=xqzw"),
    Shot("trees", "/{lang}/troubleshoot/"),
    Shot("step", "/{lang}/troubleshoot/backup-fails/", also=("dark",)),
    Shot("sign-in", "/{lang}/account/sign-in"),
    Shot("sign-up", "/{lang}/account/sign-up"),
    Shot("feedback", "/{lang}/feedback"),
    Shot("missing", "/{lang}/nowhere"),
    Shot("account", "/{lang}/account/", "premier"),
    Shot("my-products", "/{lang}/my/products", "premier"),
    Shot("my-cases", "/{lang}/my/cases", "premier"),
    Shot("contact", "/{lang}/contact/", "premier"),
    Shot("contact-product", "/{lang}/contact/?request=technical&edition=full", "premier"),
    Shot("options", OPTIONS + "&product=backup-server", "premier"),
    Shot("options-home", OPTIONS + "&product=home", "home-10", ("dark",)),
    Shot("refused", OPTIONS + "&product=backup-server", "lapsed"),
    Shot("form", FORM, "premier"),
    Shot("desk", "/{lang}/desk/", "agent", ("dark",)),
)
FIRST_CASE = ("premier", "/{lang}/my/cases", "case"), ("agent", "/{lang}/desk/", "desk-case")


def main() -> None:
    """Serve the vendor site, photograph every page."""
    target = ROOT / "var" / "shots"
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as var, running(Path(var)) as site, sync_playwright() as pw:
        browser = pw.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        for lang in ("es", "en"):
            for width in WIDTHS:
                photograph(browser, site, lang, width, target)
        browser.close()


def photograph(browser: Browser, site: Running, lang: str, width: int, target: Path) -> None:
    """Take all pages in one language at one width; each person signs in once."""
    for who in dict.fromkeys(shot.who for shot in SHOTS):
        context = browser.new_context(viewport={"width": width, "height": 800})
        actor = Actor(context.new_page(), site)
        if who:
            actor.signs_in(who, lang)
        for shot in (one for one in SHOTS if one.who == who):
            for look in ("", *shot.also):
                take(
                    actor, shot.path.format(lang=lang), look, target, f"{shot.name}-{lang}-{width}"
                )
        for name, path, shot_name in FIRST_CASE:
            if name == who:
                actor.page.emulate_media(color_scheme="light", media="screen")
                actor.page.goto(site.url + path.format(lang=lang))
                actor.page.locator("main a[href*='/cases/']").first.click()
                save(actor, target / f"{shot_name}-{lang}-{width}.png")
        context.close()


def take(actor: Actor, path: str, look: str, target: Path, name: str) -> None:
    """Open a page in a look and save its picture."""
    actor.page.emulate_media(
        color_scheme="dark" if look == "dark" else "light",
        media="print" if look == "print" else "screen",
    )
    actor.page.goto(actor.site.url + path)
    save(actor, target / f"{name}{'-' + look if look else ''}.png")


def save(actor: Actor, path: Path) -> None:
    """Save the whole page."""
    actor.page.wait_for_load_state()
    actor.page.screenshot(path=str(path), full_page=True)


if __name__ == "__main__":
    main()
