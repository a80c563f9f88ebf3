"""A compiled site as the server reads it: one folder, never changed, safe for many threads."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import from_json

from kb.content.assemble import Assembler, article_address
from kb.content.histories import Histories
from kb.content.markdown import sections_of
from kb.content.media import MediaFile
from kb.content.packs import Packs, Slice
from kb.rules.articles import Article, Heading, Status
from kb.rules.history import Change
from kb.rules.likeness import Relations, relations
from kb.rules.policy import Policy
from kb.rules.shelves import by_category
from kb.rules.site import Site
from kb.rules.trees import MARKDOWN_FIELDS, Tree

MANIFEST = "manifest.json"
TREES = "trees.json"
PAGES = "pages"
MEDIA = "media"
HISTORY = "history"
_PAGES_KEPT = 512


@dataclass(frozen=True, slots=True)
class Shelved:
    """One article of the manifest and where its text lies."""

    article: Article
    at: Slice


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a compiled site holds, apart from texts and trees."""

    revision: str
    site: Site
    policy: Policy
    articles: tuple[Shelved, ...]
    media: tuple[MediaFile, ...]
    documents: Mapping[str, str]
    moved: Mapping[str, int] = field(default_factory=dict)
    """Names that articles had before, by which old addresses still lead to them."""


@cache
def manifests() -> TypeAdapter[Manifest]:
    """The form of a manifest in its file; made when first needed."""
    return TypeAdapter(Manifest)


@cache
def tree_sets() -> TypeAdapter[dict[str, dict[str, Tree]]]:
    """The form of the trees in their file; made when first needed."""
    return TypeAdapter(dict[str, dict[str, Tree]])


def documents_of(folder: Path) -> Mapping[str, str]:
    """Return the fingerprints of what search was given of a compiled site, without opening it;
    raises OSError or ValueError."""
    manifest = from_json((folder / MANIFEST).read_bytes())
    found = manifest.get("documents") if isinstance(manifest, dict) else None
    if not isinstance(found, dict):
        raise ValueError(f"{MANIFEST} tells no documents")
    return found


@dataclass(frozen=True)
class Page:
    """The rendered text of one article, links resolved."""

    article: Article
    parts: tuple[str, ...]
    assembler: Assembler

    @cached_property
    def html(self) -> str:
        return "".join(self.parts)

    @cached_property
    def sections(self) -> Mapping[str, str]:
        """Each top-level heading's anchor with the HTML below it."""
        return sections_of(self.parts)

    @property
    def headings(self) -> tuple[Heading, ...]:
        return self.article.headings

    def media(self, src: str) -> str:
        """Return the address of a file beside the article; '' when there is none."""
        return self.assembler.media_url(self.article.path.rpartition("/")[0], src)


class CompiledSite:
    """One revision of a site, open for reading."""

    def __init__(self, folder: Path, manifest: Manifest, trees: Mapping[str, Any]) -> None:
        self.folder = folder
        self.revision = manifest.revision
        self.site = manifest.site
        self.policy = manifest.policy
        self.documents = manifest.documents
        self.moved = manifest.moved
        self._history = Histories(folder / HISTORY)
        self.articles: dict[str, dict[int, Article]] = {lang: {} for lang in self.site.languages}
        self._places: dict[tuple[str, int], Slice] = {}
        for shelved in manifest.articles:
            article = shelved.article
            self.articles[article.lang][article.id] = article
            self._places[article.lang, article.id] = shelved.at
        self._media = {file.path: file for file in manifest.media}
        self._served = {(file.hash, file.name) for file in manifest.media}
        self._packs = Packs(folder / PAGES, sorted({at.pack for at in self._places.values()}))
        self.assembler = Assembler(self.articles, self.policy.products, self._media)
        self.trees: Mapping[str, Mapping[str, Tree]] = {
            name: {lang: self._resolved(tree) for lang, tree in by_lang.items()}
            for name, by_lang in trees.items()
        }
        self._alerts = {
            lang: tuple(a for a in shelf.values() if a.alert and a.status is Status.PUBLISHED)
            for lang, shelf in self.articles.items()
        }
        self._pages: OrderedDict[tuple[str, int], Page] = OrderedDict()
        self._lock = threading.Lock()

    @classmethod
    def open(cls, folder: Path) -> "CompiledSite":
        """Open a compiled site; raises OSError or ValueError when it is none or is damaged."""
        manifest = manifests().validate_json((folder / MANIFEST).read_bytes())
        trees = tree_sets().validate_json((folder / TREES).read_bytes())
        return cls(folder, manifest, trees)

    def page(self, lang: str, id: int) -> Page:
        """Return an article's page; raises KeyError when there is no such article."""
        key = (lang, id)
        with self._lock:
            found = self._pages.get(key)
            if found is not None:
                self._pages.move_to_end(key)
                return found
        made = self._make_page(lang, id)
        with self._lock:
            self._pages[key] = made
            if len(self._pages) > _PAGES_KEPT:
                self._pages.popitem(last=False)
        return made

    def text(self, lang: str, id: int) -> str:
        """Return an article's plain text; raises KeyError."""
        return self._packs.text(self._places[lang, id])

    def history(self, lang: str, id: int) -> tuple[Change, ...]:
        """Return the changes of an article, the newest first; empty where git knows none."""
        return self._history.of(lang, id)

    def last_changed(self, lang: str, id: int) -> datetime | None:
        """Return when an article's file last changed, without reading its changes."""
        return self._history.last(lang, id)

    @property
    def history_is_partial(self) -> bool:
        """Tell whether the copy of the repository is cut off (a shallow clone)."""
        return self._history.partial

    def alerts(self, lang: str) -> tuple[Article, ...]:
        """Return the published alerts of a language, whatever their days (R62)."""
        return self._alerts.get(lang, ())

    @cached_property
    def relations(self) -> Mapping[str, Relations]:
        """Codes, links and versions that tie the articles of each language together."""
        return {lang: relations(shelf.values()) for lang, shelf in self.articles.items()}

    @cached_property
    def shelves(self) -> Mapping[str, Mapping[str, tuple[Article, ...]]]:
        """The articles of each language and category, in the order of the category's page."""
        return {lang: by_category(shelf.values()) for lang, shelf in self.articles.items()}

    def assembler_with(self, media: Mapping[str, MediaFile]) -> Assembler:
        """Return what puts texts together, with files that are not in this site yet."""
        return Assembler(self.articles, self.policy.products, {**self._media, **media})

    def media_path(self, digest: str, name: str) -> Path:
        """Return the file behind a media address; raises FileNotFoundError."""
        if (digest, name) not in self._served:
            raise FileNotFoundError(name)
        return self.folder / MEDIA / f"{digest}{Path(name).suffix.lower()}"

    def address(self, article: Article) -> str:
        """Return an article's address in the site."""
        return article_address(article)

    def parts(self, lang: str, id: int, assembler: Assembler) -> tuple[str, ...]:
        """Return an article's rendered text, put together by another assembler; raises KeyError."""
        folder = self.articles[lang][id].path.rpartition("/")[0]
        stored = self._packs.parts(self._places[lang, id])
        return tuple(assembler.html(part, lang, folder) for part in stored)

    def _make_page(self, lang: str, id: int) -> Page:
        article = self.articles[lang][id]
        folder = article.path.rpartition("/")[0]
        parts = self._packs.parts(self._places[lang, id])
        html = tuple(self.assembler.html(part, lang, folder) for part in parts)
        return Page(article, html, self.assembler)

    def _resolved(self, tree: Tree) -> Tree:
        nodes = {}
        for name, node in tree.nodes.items():
            texts: dict[str, Any] = {
                field: self.assembler.html(text, tree.lang, "troubleshooter")
                for field in MARKDOWN_FIELDS
                if (text := getattr(node, field, ""))
            }
            nodes[name] = replace(node, **texts) if texts else node
        return replace(tree, nodes=nodes)
