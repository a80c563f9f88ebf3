"""What search is given of a site: its articles and trees as plain text."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

from kb.content.assemble import article_address
from kb.content.kept import Entry, Kept, fingerprint
from kb.content.load import Source
from kb.content.markdown import plain_text, with_titles
from kb.rules.articles import Article, Audience, Status
from kb.rules.trees import Tree
from kb.search.documents import Document, Kind
from kb.search.documents import Kept as Unchanged

_LINK = "article:"
_WORDS = ("ask", "help", "do", "title", "why")


@dataclass(frozen=True, slots=True)
class Library:
    """Gives every document of a site; unchanged articles without reading their text."""

    source: Source
    kept: Kept
    _titles: dict[int, dict[str, str]] = field(init=False, default_factory=dict)
    _prints: dict[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for entry in self.source.entries.values():
            article = entry.card.article
            self._titles.setdefault(article.id, {})[article.lang] = article.title
        for entry in self.source.entries.values():
            self._prints[_key(entry)] = self._print(entry)

    def prints(self) -> dict[str, str]:
        """Return each article's fingerprint by its document key."""
        return self._prints

    def documents(self, known: Mapping[str, str]) -> Iterator[Document | Unchanged]:
        """Give all documents; those whose fingerprint is `known` by their name only."""
        for entry in self.source.entries.values():
            key = _key(entry)
            print_ = self._prints[key]
            if known.get(key) == print_ and entry.card.article.status != "draft":
                yield Unchanged(entry.card.article.lang, key, print_)
            else:
                yield self._article(entry, print_)
        for by_lang in self.source.trees.values():
            for tree in by_lang.values():
                yield _tree(tree, self._title_in(tree.lang))

    def _title_in(self, lang: str) -> Callable[[int], str]:
        """An article's title as a link in `lang` shows it."""

        def title(number: int) -> str:
            titles = self._titles.get(number, {})
            return titles.get(lang) or next(iter(titles.values()), "")

        return title

    def _print(self, entry: Entry) -> str:
        article = entry.card.article
        title = self._title_in(article.lang)
        linked = [
            title(int(link.target.removeprefix(_LINK).partition("#")[0]))
            for link in entry.card.links
            if link.target.startswith(_LINK)
        ]
        told = f"{fingerprint()} {entry.hash} {article.path} {self.source.supported(article)}"
        told += f" {linked}"
        return blake2b(told.encode(), digest_size=16).hexdigest()

    def _is_shown_draft(self, article: Article) -> bool:
        return article.status is Status.DRAFT and self.source.drafts is not None

    def _audience(self, article: Article) -> Audience:
        """Who finds an article; a draft only those that drafts are shown to."""
        drafts = self.source.drafts
        if drafts is None or article.status is not Status.DRAFT:
            return article.audience
        return Audience.INTERNAL if article.audience is Audience.INTERNAL else drafts

    def _article(self, entry: Entry, print_: str) -> Document:
        article = entry.card.article
        transcript = f"\n{article.video.transcript}" if article.video else ""
        text = self.kept.packs.text(entry.at)
        return Document(
            lang=article.lang,
            id=str(article.id),
            title=article.title,
            url=article_address(article),
            summary=article.summary,
            body=with_titles(text, self._title_in(article.lang)) + transcript,
            headings=tuple(heading.text for heading in article.headings),
            keywords=article.keywords,
            error_codes=article.error_codes,
            products=tuple(str(range_) for range_ in article.products),
            type=str(article.type),
            audience=str(self._audience(article)),
            status=str(Status.PUBLISHED if self._is_shown_draft(article) else article.status),
            updated=article.updated,
            supported=self.source.supported(article),
            fingerprint=print_,
        )


def _key(entry: Entry) -> str:
    return f"{Kind.ARTICLE}:{entry.card.article.id}:{entry.card.article.lang}"


def _tree(tree: Tree, title: Callable[[int], str]) -> Document:
    words: list[str] = []
    for node in tree.nodes.values():
        words += [getattr(node, name, "") for name in _WORDS]
        for option in getattr(node, "options", ()):
            words += [option.label, option.hint]
    body = "\n".join(with_titles(plain_text(text), title) for text in words if text)
    return Document(
        lang=tree.lang,
        id=tree.id,
        kind=Kind.TREE,
        title=tree.title,
        url=f"/{tree.lang}/troubleshoot/{tree.id}/",
        summary=tree.summary,
        body=body,
        products=tuple(str(range_) for range_ in tree.products),
    )
