"""What search is given of a site: its articles and trees as plain text."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from html import unescape

from kb.content.assemble import article_address
from kb.content.kept import Entry, Kept, fingerprint
from kb.content.load import Source
from kb.rules.trees import Tree
from kb.search.documents import Document, Kind
from kb.search.documents import Kept as Unchanged

_TAG = re.compile(r"<[^>]*>")
_WORDS = ("ask", "help", "do", "title", "why")


@dataclass(frozen=True, slots=True)
class Library:
    """Gives every document of a site; unchanged articles without reading their text."""

    source: Source
    kept: Kept

    def prints(self) -> dict[str, str]:
        """Return each article's fingerprint by its document key."""
        return {_key(entry): self._print(entry) for entry in self.source.entries.values()}

    def documents(self, known: Mapping[str, str]) -> Iterator[Document | Unchanged]:
        """Give all documents; those whose fingerprint is `known` by their name only."""
        for entry in self.source.entries.values():
            key, print_ = _key(entry), self._print(entry)
            if known.get(key) == print_ and entry.card.article.status != "draft":
                yield Unchanged(entry.card.article.lang, key, print_)
            else:
                yield self._article(entry, print_)
        for by_lang in self.source.trees.values():
            for tree in by_lang.values():
                yield _tree(tree)

    def _print(self, entry: Entry) -> str:
        article = entry.card.article
        told = f"{fingerprint()} {entry.hash} {article.path} {self.source.supported(article)}"
        return blake2b(told.encode(), digest_size=16).hexdigest()

    def _article(self, entry: Entry, print_: str) -> Document:
        article = entry.card.article
        transcript = f" {article.video.transcript}" if article.video else ""
        return Document(
            lang=article.lang,
            id=str(article.id),
            title=article.title,
            url=article_address(article),
            summary=article.summary,
            body=self.kept.packs.text(entry.at) + transcript,
            headings=tuple(heading.text for heading in article.headings),
            keywords=article.keywords,
            error_codes=article.error_codes,
            products=tuple(str(range_) for range_ in article.products),
            type=str(article.type),
            audience=str(article.audience),
            status=str(article.status),
            updated=article.updated,
            supported=self.source.supported(article),
            fingerprint=print_,
        )


def _key(entry: Entry) -> str:
    return f"{Kind.ARTICLE}:{entry.card.article.id}:{entry.card.article.lang}"


def _tree(tree: Tree) -> Document:
    words = []
    for node in tree.nodes.values():
        words += [getattr(node, name, "") for name in _WORDS]
        for option in getattr(node, "options", ()):
            words += [option.label, option.hint]
    body = " ".join(unescape(_TAG.sub(" ", text)) for text in words if text)
    return Document(
        lang=tree.lang,
        id=tree.id,
        kind=Kind.TREE,
        title=tree.title,
        url=f"/{tree.lang}/troubleshoot/{tree.id}/",
        summary=tree.summary,
        body=" ".join(body.split()),
        products=tuple(str(range_) for range_ in tree.products),
    )
