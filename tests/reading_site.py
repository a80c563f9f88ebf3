"""A small site that tries what a page for reading must hold: versions, alerts, pictures, sizes."""

from pathlib import Path

from kb.actions.compile_site import compile_site
from kb.settings import Settings, read_settings
from kb.store import migrate
from tests.content.sites import SmallSite
from tests.png import png

LONG = "Vermögens" * 40
LISTING = (
    "```shell\nacme vault list --show quota,used --output /very/long/path/" + "x" * 200 + "\n```"
)
GUIDE = f"""\
Before the first heading.

## Prepare the machine

1. Open the console.

    ![The console with the vaults page open](console.png)

2. Choose **Vaults**.

    - the first
    - the second

3. See <b>that it works</b>.

### A detail with `code`

{LISTING}

See [[12]] and [[13|the other one]].

## What comes next?

Text.

[![A picture in a link](console.png)](https://example.com/)
"""
_PARTS = [
    f"## Part {number} {LONG if number == 7 else ''}\n\n### Detail {number}\n\nText."
    for number in range(250)
]
_HEAD = "| " + " | ".join(f"column{number}" for number in range(40)) + " |\n|" + "---|" * 40
_ROWS = "\n".join("| " + " | ".join(["cell"] * 40) + " |" for _ in range(30))
HUGE = "\n\n".join([*_PARTS, f"{_HEAD}\n{_ROWS}"])
FAQ = "## Is it free?\n\nYes, it is.\n\n## And in the cloud?\n\nNo.\n\n## Not a question\n\nText.\n"
ALERT = (
    "type: alert\nalert: {{from: 2026-11-{first:02}, until: 2026-11-{last:02}, level: {level}}}\n"
)


def article(title: str, keys: str, body: str) -> str:
    return f"---\ntitle: {title}\n{keys}---\n\n{body}\n"


def make(root: Path) -> SmallSite:
    """Write the site."""
    site = SmallSite(root)

    def add(number: int, name: str, title: str, keys: str, body: str = "Text of it.\n") -> None:
        text = article(title, keys, body)
        folder = site.article(number, name, es=text, en=text)
        if "console.png" in body:
            site.write(f"{folder}/console.png", png(1200, 800))

    add(
        11,
        "guide",
        "Guide </script> to vaults",
        "type: how-to\nproducts: [server@12]\nsummary: All of it.\nupdated: 2026-11-03\n",
        GUIDE,
    )
    add(
        12,
        "guide-old",
        "Guide to vaults before",
        "type: how-to\nproducts: [server@10]\nversions: [11]\n",
    )
    add(
        13,
        "guide-middle",
        "Guide to vaults of 11",
        "type: how-to\nproducts: [server@11-11.5]\nversions: [12]\n",
    )
    add(
        14,
        "vault-code",
        "The vault stops",
        "error_codes: [E1]\nproducts: [server]\n",
        "Vault stops.",
    )
    add(
        15,
        "vault-code-too",
        "The vault stops too",
        "error_codes: [E1]\nproducts: [server]\n",
        "Other.",
    )
    add(
        16,
        "secret",
        "The vault stops for agents",
        "audience: internal\nerror_codes: [E1]\n",
        "Vault stops.",
    )
    add(
        17, "archived", "The vault stopped", "status: archived\nerror_codes: [E1]\n", "Vault stops."
    )
    add(18, "huge", "Everything at once", "", HUGE)
    add(19, "faq", "Questions", "type: faq\n", FAQ)
    add(20, "cloud", "The cloud", "products: [cloud]\n")
    add(
        31,
        "for-server",
        "Server alert",
        "products: [server@12]\n" + ALERT.format(first=20, last=24, level="warning"),
    )
    add(32, "for-all", "Alert for all", ALERT.format(first=24, last=25, level="info"))
    add(
        33,
        "for-cloud",
        "Cloud alert",
        "products: [cloud]\n" + ALERT.format(first=23, last=26, level="critical"),
    )
    add(
        34,
        "for-agents",
        "Alert for agents",
        "audience: internal\n" + ALERT.format(first=1, last=30, level="critical"),
    )
    return site


def compiled(folder: Path) -> Settings:
    """Write and compile the site; its database is empty."""
    site = make(folder / "site")
    env = {
        "KB_VAR": str(folder / "var"),
        "KB_BASE_URL": "https://help.example",
        "KB_SECRET_KEY": "test " * 8,
    }
    settings = read_settings(env, site.root)
    compile_site(settings)
    migrate(settings.database_url)
    return settings
