"""Putting a page together: links get addresses and titles, files their hashed addresses.

Done when a page is first asked for, so a page never holds another article's stale title.
"""

import re
from collections.abc import Mapping
from html import escape, unescape

from kb.content.markdown.words import word
from kb.content.media import MediaFile, beside
from kb.rules.articles import Article
from kb.rules.products import Product, parse_range

_TAG = re.compile(r'<(a|img|div)((?: [\w:-]+="[^"]*")+)>(</a>)?')
_ATTRIBUTE = re.compile(r' ([\w:-]+)="([^"]*)"')
_ELSEWHERE = ("http:", "https:", "mailto:", "tel:", "/", "#")

Articles = Mapping[str, Mapping[int, Article]]


def article_address(article: Article) -> str:
    """Return an article's address in the site."""
    return f"/{article.lang}/kb/{article.id}-{article.slug}"


class Assembler:
    """Knows what links and files lead to in one compiled site."""

    def __init__(
        self, articles: Articles, products: Mapping[str, Product], media: Mapping[str, MediaFile]
    ) -> None:
        self._articles = articles
        self._products = products
        self._media = media

    @property
    def media(self) -> Mapping[str, MediaFile]:
        """The files that have an address, by their path in the site."""
        return self._media

    def html(self, html: str, lang: str, folder: str = "") -> str:
        """Resolve every link, picture and version block of a text that stands in `folder`."""

        def resolve(match: re.Match[str]) -> str:
            tag, attributes, end = match.groups()
            if tag == "div":
                return match[0] + self._only(attributes, lang)
            values = {name: unescape(value) for name, value in _ATTRIBUTE.findall(attributes)}
            if tag == "img":
                return self._image(values, folder) + (end or "")
            return self._link(values, lang, folder) + (self._title(values, lang, end))

        return _TAG.sub(resolve, html)

    def media_url(self, folder: str, target: str) -> str:
        """Return the address of a file beside an article; '' when it is not in this site."""
        found = self._media.get(beside(folder, target))
        return found.url if found else ""

    def target(self, number: int, lang: str) -> Article | None:
        """Return the article in `lang`, else in the first language that has it."""
        shelves = [self._articles.get(lang, {}), *self._articles.values()]
        return next((shelf[number] for shelf in shelves if number in shelf), None)

    def _link(self, values: dict[str, str], lang: str, folder: str) -> str:
        href = values.get("href", "")
        if href.startswith("article:"):
            number, _, anchor = href.removeprefix("article:").partition("#")
            article = self.target(int(number), lang)
            values.pop("href")
            if article is not None:
                values["href"] = article_address(article) + (f"#{anchor}" if anchor else "")
                if article.lang != lang:
                    values["hreflang"] = article.lang
        elif href and not href.lower().startswith(_ELSEWHERE):
            values["href"] = self.media_url(folder, href) or "#"
        return _tag("a", values)

    def _title(self, values: dict[str, str], lang: str, end: str | None) -> str:
        """An article link without words of its own shows the article's title."""
        if end is None:
            return ""
        found = re.search(r"/kb/([0-9]+)-", values.get("href", ""))
        article = self.target(int(found[1]), lang) if found else None
        return (escape(article.title, quote=False) if article else "") + end

    def _image(self, values: dict[str, str], folder: str) -> str:
        src = values.get("src", "")
        file = self._media.get(beside(folder, src))
        if src and not src.startswith("/"):
            values["src"] = file.url if file else ""
        if file and file.width and "width" not in values:
            values["width"], values["height"] = str(file.width), str(file.height)
        return _tag("img", values)

    def _only(self, attributes: str, lang: str) -> str:
        found = re.search(r' data-only="([^"]*)"', attributes)
        if found is None:
            return ""
        names = _and([self._name(one) for one in found[1].split()], word(lang, "and"))
        return f'<p class="only-title">{escape(word(lang, "only"))} {escape(names)}</p>'

    def _name(self, written: str) -> str:
        try:
            range_ = parse_range(written)
        except ValueError:  # raw HTML that only looks like a version block
            return written
        product = self._products.get(range_.line)
        versions = range_.lowest or ""
        if range_.highest != range_.lowest:
            versions = f"{range_.lowest or ''}–{range_.highest or ''}"
        return f"{product.name if product else range_.line} {versions}".strip()


def _and(names: list[str], and_: str) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {and_} {names[-1]}"


def _tag(name: str, values: Mapping[str, str]) -> str:
    attributes = "".join(f' {key}="{escape(value)}"' for key, value in values.items())
    return f"<{name}{attributes}>"
