"""What `site.yaml` says about a site."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kb.rules.history import Shown
from kb.rules.products import Link
from kb.rules.texts import NO_TEXT, Text


@dataclass(frozen=True, slots=True)
class Start:
    """One answer on the home page that leads into a tree."""

    label: Text
    tree: str


@dataclass(frozen=True, slots=True)
class Tile:
    """One self-service tile of the home page (R62)."""

    name: Text
    line: Text
    icon: str
    url: str


@dataclass(frozen=True, slots=True)
class Accent:
    """The site's action colours, `#rrggbb`, for light and dark; checked for contrast."""

    light: str
    dark: str


@dataclass(frozen=True, slots=True)
class Site:
    """Name, languages, contact data and look of a site.

    `menu` are the links of the header, `style` a style sheet in `static/` that is loaded last.
    A place (of a tile, a link of menu or footer, `agreements`) is written `page:downloads`,
    `tree:ID`, `article:ID`, `product:LINE`, a path of this site that starts with `/`, or a URL.
    `history` says who sees what changed in articles, `edit_url` where an article's `{path}` is
    edited, `people` the addresses of authors and owners by name, `content_email` who is told of a
    broken change whose author is not known."""

    name: Text
    brand: str
    languages: tuple[str, ...]
    company: str = ""
    tagline: Text = NO_TEXT
    accent: Accent | None = None
    logo: str | None = None
    style: str | None = None
    menu: tuple[Link, ...] = ()
    disclaimer: Text = NO_TEXT
    disclaimer_faq: Text = NO_TEXT
    agreements: str = ""
    guides: Mapping[str, str] = field(default_factory=dict)
    search_hint: Text = NO_TEXT
    search_examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    common_problems: tuple[int, ...] = ()
    starts: tuple[Start, ...] = ()
    tiles: tuple[Tile, ...] = ()
    categories: Mapping[str, Text] = field(default_factory=dict)
    footer: tuple[Link, ...] = ()
    forum_url: str = ""
    sales_email: str = ""
    support_email: str = ""
    complaints_email: str = ""
    queue_email: str = ""
    history: Shown = Shown.AGENTS
    edit_url: str = ""
    edit_for_all: bool = True
    people: Mapping[str, str] = field(default_factory=dict)
    content_email: str = ""
    translations_required: bool = True
    offline: bool = False

    @property
    def default_language(self) -> str:
        return self.languages[0]


GUIDES = ("describe-problem", "confirmation-mail", "box-serial", "free-upgrade", "trial-to-full")
"""What pages of the site point to for more: each the name of a place in `guides`."""

PAGES = (
    "home",
    "articles",
    "products",
    "downloads",
    "search",
    "troubleshooter",
    "contact",
    "feedback",
    "my-products",
    "my-cases",
    "sign-up",
)
"""The pages that a place may name."""


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb` as WCAG 2.2 defines it; raises ValueError."""
    if len(colour) != 7 or not colour.startswith("#"):
        raise ValueError(f"“{colour}” is not a colour: write it like #0b5a68")
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2, 1.4.3)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
