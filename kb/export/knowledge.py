"""The whole knowledge base as one JSON document for other programs; docs/api.md tells its form.

One article is held at a time, so the size of the site does not matter. The same revision gives the
same bytes.
"""

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from kb.content.assemble import Assembler
from kb.content.compiled import CompiledSite, Page
from kb.content.front_matter import split_source
from kb.content.problems import ContentError
from kb.export.folder import ExportError
from kb.rules.articles import Article, readable_by
from kb.rules.products import Product
from kb.rules.trees import Tree

SCHEMA = "waypost-knowledge/1"
_MEDIA = re.compile(r'(?:src|href)="/media/([0-9a-f]+)/([^"]+)"')
_TREES = TypeAdapter(Tree)
_UNSEEN = ("owner", "reviewers", "find_with", "review_by", "keywords", "path")
"""Keys of an article that its readers never see."""
_SEEN_IN_TREES = {"id", "lang", "title", "summary", "purpose", "products", "start", "nodes"}

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Told:
    """What was written."""

    revision: str
    articles: int = 0
    files: int = 0
    size: int = 0


@dataclass(slots=True)
class KnowledgeExport:
    """One export: of which site, whose folder `root` has the sources; `public` leaves out what
    strangers may not see, `media` is where files are copied to."""

    site: CompiledSite
    root: Path
    base_url: str
    public: bool = False
    media: Path | None = None
    progress: Progress | None = None
    told: Told = field(init=False)
    _copied: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.told = Told(self.site.revision)

    def lines(self) -> Iterator[str]:
        """Give the document piece by piece; raises ExportError where a source is not what was
        compiled."""
        shelves = {lang: self._shelf(lang) for lang in self.site.site.languages}
        articles = [a for shelf in shelves.values() for a in shelf.values()]
        articles.sort(key=lambda one: (one.id, one.lang))
        assembler = Assembler(shelves, self.site.policy.products, self.site.assembler.media)
        head = {"schema": SCHEMA, "revision": self.site.revision, "public": self.public,
                "site": self._site(articles)}  # fmt: skip
        yield _json(head)[:-1] + ',\n"products": '
        yield _json([self._product(one) for _, one in sorted(self.site.policy.products.items())])
        yield ',\n"articles": ['
        known = {one.id for one in articles}
        for number, article in enumerate(articles):
            yield ",\n" if number else "\n"
            yield _json(self._article(article, assembler, known))
            self.told.articles += 1
            if self.progress:
                self.progress(number + 1, len(articles))
        yield '\n],\n"trees": ['
        trees = [
            tree for _, by in sorted(self.site.trees.items()) for _, tree in sorted(by.items())
        ]
        for number, tree in enumerate(trees):
            yield (",\n" if number else "\n") + _json(self._tree(tree))
        yield "\n]}\n"

    def _shelf(self, lang: str) -> dict[int, Article]:
        shelf = self.site.articles[lang]
        if not self.public:
            return dict(shelf)
        return {n: a for n, a in shelf.items() if readable_by(a, signed_in=False, agent=False)}

    def _site(self, articles: list[Article]) -> dict[str, Any]:
        site = self.site.site
        used = {one.category for one in articles}
        shown = {
            name: dict(text.by_lang)
            for name, text in site.categories.items()
            if name in used or not self.public
        }
        return {
            "name": dict(site.name.by_lang),
            "brand": site.brand,
            "url": self.base_url,
            "languages": list(site.languages),
            "categories": shown,
        }

    def _product(self, product: Product) -> dict[str, Any]:
        return {
            "id": product.id,
            "name": product.name,
            "market": str(product.market),
            "summary": dict(product.summary.by_lang),
            "versions": [
                {"version": one, "lifecycle": str(product.lifecycle(one))}
                for one in product.versions
            ],
        }

    def _article(self, article: Article, assembler: Assembler, known: set[int]) -> dict[str, Any]:
        page = self.site.page(article.lang, article.id)
        html = page.html
        if self.public:  # a link to what strangers may not read names no title
            html = "".join(self.site.parts(article.lang, article.id, assembler))
        told = {
            "id": article.id,
            "lang": article.lang,
            "slug": article.slug,
            "path": article.path,
            "url": self.base_url + self.site.address(article),
            "category": article.category,
            "title": article.title,
            "summary": article.summary,
            "type": str(article.type),
            "products": [str(one) for one in article.products],
            "audience": str(article.audience),
            "status": str(article.status),
            "error_codes": list(article.error_codes),
            "keywords": list(article.keywords),
            "find_with": [{"q": one.q, "within": one.within} for one in article.find_with],
            "updated": article.updated.isoformat() if article.updated else None,
            "review_by": article.review_by.isoformat() if article.review_by else None,
            "owner": article.owner,
            "reviewers": list(article.reviewers),
            "related": [one for one in article.related if one in known],
            "versions": [one for one in article.versions if one in known],
            "links": [one for one in article.links if one in known],
            "moved_from": list(article.moved_from),
            "troubleshooter": article.troubleshooter,
            "video": _video(article, page),
            "alert": _alert(article),
            "headings": [
                {"level": one.level, "anchor": one.anchor, "text": one.text}
                for one in article.headings
            ],
            "media": self._media(html, _video(article, page)),
            "html": html,
            "markdown": None if self.public else self._markdown(article),
        }
        gone = (*_UNSEEN, "markdown") if self.public else ()
        return {name: value for name, value in told.items() if name not in gone}

    def _markdown(self, article: Article) -> str:
        """The source below the keys, while the file is still the one that was compiled."""
        try:
            raw = (self.root / article.path).read_bytes()
            source = split_source(article.path, raw)
        except (OSError, ContentError) as error:
            raise ExportError(
                f"{article.path} is not what was compiled: {error}; run kb index"
            ) from None
        if str(source.data.get("title", "")).strip() != article.title:
            raise ExportError(f"{article.path} changed since the site was compiled; run kb index")
        return source.body.strip("\n") + "\n"

    def _media(self, html: str, video: dict[str, str] | None) -> list[dict[str, Any]]:
        """The files that a text shows or links to, with the hash of their content."""
        text = html + (f'src="{video["src"]}"' if video else "")
        found = {}
        for digest, name in _MEDIA.findall(text):
            found[digest] = (digest, name)
        return [self._file(digest, name) for digest, name in sorted(found.values())]

    def _file(self, digest: str, name: str) -> dict[str, Any]:
        ending = "." + name.rpartition(".")[2].lower()
        source = self.site.folder / "media" / f"{digest}{ending}"
        try:
            with source.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            size = source.stat().st_size
            if self.media is not None and digest not in self._copied:
                self.media.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, self.media / f"{sha256}{ending}")
        except OSError as error:
            raise ExportError(f"{source}: {error.strerror}; run kb index") from None
        if digest not in self._copied:
            self._copied.add(digest)
            self.told.files += 1
        return {"url": f"{self.base_url}/media/{digest}/{name}", "sha256": sha256, "bytes": size,
                "file": f"{sha256}{ending}"}  # fmt: skip

    def _tree(self, tree: Tree) -> dict[str, Any]:
        told: dict[str, Any] = _TREES.dump_python(tree, mode="json")
        kept = _SEEN_IN_TREES if self.public else told.keys()
        return {name: value for name, value in told.items() if name in kept}


def _video(article: Article, page: Page) -> dict[str, str] | None:
    if article.video is None:
        return None
    src = page.media(article.video.src) or article.video.src
    return {"src": src, "title": article.video.title, "transcript": article.video.transcript}


def _alert(article: Article) -> dict[str, str] | None:
    if article.alert is None:
        return None
    period = article.alert
    return {"from": period.first.isoformat(), "until": period.last.isoformat(),
            "level": str(period.level)}  # fmt: skip


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
