"""Product lines, their versions and the ranges that content names (R27)."""

from dataclasses import dataclass
from enum import StrEnum

from kb.rules.keys import KeyCheck
from kb.rules.texts import NO_TEXT, Text


class Market(StrEnum):
    """For whom a product is sold."""

    BUSINESS = "business"
    HOME = "home"
    HOME_OFFICE = "home-office"


class Oem(StrEnum):
    """How an edition bundled with another maker's hardware is supported (R31)."""

    NO = "no"
    PAY_PER_INCIDENT = "pay-per-incident"
    ORDINARY = "ordinary"


class Licensing(StrEnum):
    PERPETUAL = "perpetual"
    TERM = "term"


class Lifecycle(StrEnum):
    SUPPORTED = "supported"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Link:
    """A named file or page: a download, a guide, a licence agreement."""

    name: Text
    url: str
    note: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class Product:
    """One product line; `generations` are its versions, newest first, each a group
    that counts as one version (R27).

    `register_first`: its support starts only once it is registered (R7). `key_patterns` are regular
    expressions over a licence key in capitals without separators; keys carry `key_check`. With
    `proof` the day of purchase counts once an agent has accepted a proof of it (R7). `upgrades_to`
    names lines that a customer may upgrade to."""

    id: str
    name: str
    market: Market
    generations: tuple[tuple[str, ...], ...] = ()
    oem: Oem = Oem.NO
    licensing: Licensing = Licensing.PERPETUAL
    included_plan: str | None = None
    register_first: bool = False
    key_patterns: tuple[str, ...] = ()
    summary: Text = NO_TEXT
    downloads: tuple[Link, ...] = ()
    guides: tuple[Link, ...] = ()
    upgrades_to: tuple[str, ...] = ()
    addon: bool = False
    key_check: KeyCheck = KeyCheck.NONE
    proof: bool = False

    @property
    def versions(self) -> tuple[str, ...]:
        """All versions, newest first."""
        return tuple(version for group in self.generations for version in group)

    @property
    def current_version(self) -> str | None:
        """The newest version, or None for a service without versions."""
        return self.generations[0][0] if self.generations else None

    def lifecycle(self, version: str | None) -> Lifecycle:
        """Current and immediately previous generation are supported (R27); a product
        without versions always is; an unknown version is not."""
        if not self.generations or version is None:
            return Lifecycle.SUPPORTED
        supported = {v for group in self.generations[:2] for v in group}
        return Lifecycle.SUPPORTED if version in supported else Lifecycle.UNSUPPORTED


@dataclass(frozen=True, slots=True)
class ProductRange:
    """A product line and, where given, the inclusive version range that is meant."""

    line: str
    lowest: str | None = None
    highest: str | None = None

    def covers(self, line: str, version: str | None = None) -> bool:
        """Tell whether `line` (at `version`, where known) is in this range."""
        if line != self.line:
            return False
        if version is None:
            return True
        key = version_key(version)
        above = self.lowest is None or version_key(self.lowest) <= key
        below = self.highest is None or key[: len(version_key(self.highest))] <= version_key(
            self.highest
        )
        return above and below

    def __str__(self) -> str:
        if self.lowest is None and self.highest is None:
            return self.line
        if self.lowest == self.highest:
            return f"{self.line}@{self.lowest}"
        return f"{self.line}@{self.lowest or ''}-{self.highest or ''}"


def version_key(version: str) -> tuple[int, ...]:
    """Return a version as comparable numbers: '11.5' -> (11, 5); raises ValueError."""
    parts = version.split(".")
    if not all(part.isascii() and part.isdigit() and len(part) <= 9 for part in parts):
        raise ValueError(f"“{version}” is not a version; write numbers and dots, like 11.5")
    return tuple(int(part) for part in parts)


def parse_range(text: str) -> ProductRange:
    """Read `line`, `line@12` or `line@11-12`; raises ValueError when malformed."""
    line, at, versions = text.strip().partition("@")
    low, dash, high = versions.partition("-")
    if not line or (at and not low and not high):
        raise ValueError(f"“{text}” is not a product; write line, line@12 or line@11-12")
    keys = [version_key(version) for version in (low, high) if version]
    if len(keys) == 2 and keys[0] > keys[1]:
        raise ValueError(f"“{text}” runs backwards; write the older version first")
    if not dash:
        return ProductRange(line, low or None, low or None)
    return ProductRange(line, low or None, high or None)
