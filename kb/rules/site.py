"""What `site.yaml` says about a site."""

from collections.abc import Mapping
from dataclasses import dataclass, field

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
    """Name, languages, contact data and look of a site."""

    name: Text
    brand: str
    languages: tuple[str, ...]
    company: str = ""
    tagline: Text = NO_TEXT
    accent: Accent | None = None
    logo: str | None = None
    disclaimer: Text = NO_TEXT
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

    @property
    def default_language(self) -> str:
        return self.languages[0]
