"""Which file each address of the site becomes, and what a link to it says from another file."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from urllib.parse import parse_qs, quote, unquote, urlsplit

_PLAIN = re.compile(r"[a-z0-9][a-z0-9._-]*")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")
_LONGEST = 100
_TREE = re.compile(r"/([a-z]+)/troubleshoot/([^/?#]+)/([^/?#]*)")
_ASSETS = ("/static/", "/site/", "/media/", "/theme.css")


def safe(name: str) -> str:
    """Return a file name that every file system takes, and no two names share even where capitals
    do not count: what is not plain already ends with a mark of its own."""
    plain = _PLAIN.fullmatch(name) and len(name) <= _LONGEST and not name.endswith(".")
    if plain and not _RESERVED.fullmatch(name):
        return name
    mark = blake2b(name.encode(), digest_size=4).hexdigest()
    stem, dot, ending = name.rpartition(".")
    if not dot or not re.fullmatch(r"[A-Za-z0-9]{1,8}", ending):
        stem, ending = name, ""
    folded = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", folded).strip("-")[: _LONGEST - 20].strip("-") or "file"
    return f"{words}-{mark}" + (f".{ending.lower()}" if ending else "")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link leads: to a file of the export, from its top on, with query and anchor; or, as
    `url`, out of it."""

    file: str = ""
    rest: str = ""
    url: str = ""


@dataclass(slots=True)
class Places:
    """The files of an export by address. `live` is the address of the site itself, '' where none
    is told: what only the site can do then leads to the page that says so.

    `versions` and `assets` gather what the pages turn out to name."""

    pages: Mapping[str, str]
    away: Mapping[str, str]
    languages: Collection[str]
    live: str = ""
    offline: bool = False
    versions: dict[str, str] = field(default_factory=dict)
    assets: dict[str, str] = field(default_factory=dict)
    _known: dict[str, Target | None] = field(default_factory=dict)

    def target(self, url: str) -> Target | None:
        """Return where an address of the site leads now; None for one of another site, and for
        an anchor of the same page."""
        if url not in self._known:
            self._known[url] = self._target(url) if url.startswith("/") else None
        return self._known[url]

    def _target(self, url: str) -> Target | None:
        if url.startswith("//"):
            return None
        parts = urlsplit(url)
        anchor = f"#{parts.fragment}" if parts.fragment else ""
        if parts.path.startswith(_ASSETS):
            return Target(self._asset(parts.path))
        step = self._step(parts.path, parts.query)
        if step is not None:
            return step
        file = self.pages.get(parts.path)
        if file is None:
            return self._elsewhere(url, parts.path)
        version = parse_qs(parts.query).get("version", [""])[0]
        if version and "/kb/" in parts.path:
            return Target(self._version(parts.path, version, file), anchor)
        query = f"?{parts.query}" if parts.query and parts.path.endswith("/search") else ""
        return Target(file, query + anchor)

    def _asset(self, path: str) -> str:
        """Files keep their folders; the name is made safe, the query falls off."""
        file = "/".join(safe(part) for part in unquote(path).strip("/").split("/"))
        self.assets[path] = file
        return file

    def _version(self, path: str, version: str, file: str) -> str:
        made = f"{file.removesuffix('.html')}.version-{safe(version)}.html"
        self.versions[f"{path}?version={quote(version)}"] = made
        return made

    def _step(self, path: str, query: str) -> Target | None:
        """A walk is the tree's page with the answers behind #, where a script replays them."""
        found = _TREE.fullmatch(path)
        file = self.pages.get(f"/{found[1]}/troubleshoot/{found[2]}/") if found else None
        if file is None:
            return None
        return Target(file, f"#{query}" if query else "")

    def _elsewhere(self, url: str, path: str) -> Target:
        if self.live:
            return Target(url=self.live + url)
        lang = path.strip("/").split("/")[0]
        return Target(self.away.get(lang) or next(iter(self.away.values())))

    def link(self, target: Target, depth: int) -> str:
        """Return what stands in a page that lies `depth` folders deep."""
        if target.url:
            return target.url
        file = target.file
        if not self.offline:
            file = re.sub(r"(^|/)index\.html$", r"\1", file)
        return ("../" * depth + file or "./") + target.rest
