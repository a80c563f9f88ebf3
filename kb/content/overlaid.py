"""A compiled site with a few articles as their author has them at this moment (`--dev`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from kb.content.assemble import Assembler
from kb.content.compiled import CompiledSite, Page
from kb.rules.articles import Article

_ARTICLES: TypeAdapter[Article] = TypeAdapter(Article)


@dataclass(frozen=True, slots=True)
class FreshArticle:
    """An article that has been read but not compiled."""

    article: Article
    parts: tuple[str, ...]

    def dump(self) -> dict[str, Any]:
        """Return it as JSON data."""
        return {"article": _ARTICLES.dump_python(self.article, mode="json"), "parts": self.parts}

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> "FreshArticle":
        """Read what `dump` gave; raises ValueError."""
        return cls(_ARTICLES.validate_python(data["article"]), tuple(data["parts"]))


class OverlaidSite(CompiledSite):
    """The same site but for some articles; everything else is shared with the site below."""

    def __init__(
        self, below: CompiledSite, fresh: Mapping[tuple[str, int], FreshArticle], mark: str
    ) -> None:
        self.__dict__.update(below.__dict__)
        self.__dict__.pop("relations", None)
        self.revision = f"{below.revision}-{mark}"
        self.articles = {lang: dict(shelf) for lang, shelf in below.articles.items()}
        for (lang, number), one in fresh.items():
            self.articles[lang][number] = one.article
        self.assembler = Assembler(self.articles, self.policy.products, self._media)
        self._fresh = fresh
        self._pages = type(below._pages)()

    def text(self, lang: str, id: int) -> str:
        """Return the text that was compiled; '' for an article that is new."""
        try:
            return super().text(lang, id)
        except KeyError:
            return ""

    def _make_page(self, lang: str, id: int) -> Page:
        one = self._fresh.get((lang, id))
        if one is None:
            return super()._make_page(lang, id)
        folder = one.article.path.rpartition("/")[0]
        html = tuple(self.assembler.html(part, lang, folder) for part in one.parts)
        return Page(one.article, html, self.assembler)
