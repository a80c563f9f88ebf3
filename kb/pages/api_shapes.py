"""The shapes of the public JSON face under `/api/`: what is asked and what is told."""

from datetime import date
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from kb.pages.shapes import WHOLE, Shape, Told


class _Asked(Shape):
    """Members that are not known are no mistake here."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class LangQuery(_Asked):
    """`lang` is one of the site's languages, else the visitor's."""

    lang: str = ""


class SearchQuery(LangQuery):
    """Words and filters; `version` narrows a single product."""

    q: str = ""
    product: tuple[str, ...] = ()
    version: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    exact: str = ""
    limit: Annotated[int, Field(ge=1, le=50), WHOLE] = 10
    offset: Annotated[int, Field(ge=0, le=10_000), WHOLE] = 0


class SuggestQuery(LangQuery):
    """What was typed so far."""

    q: str = ""
    limit: Annotated[int, Field(ge=1, le=20), WHOLE] = 8


class Found(Told):
    """An article or, with a name as its `id`, a troubleshooter; `snippet` is escaped HTML with
    `<mark>`."""

    id: int | str
    title: str
    url: str
    snippet: str
    score: float
    type: str
    products: tuple[str, ...]


class FacetCounts(Told):
    """How many results there would be with each further filter."""

    products: dict[str, int]
    versions: dict[str, int]
    types: dict[str, int]
    languages: dict[str, int]


class SearchAnswer(Told):
    """A page of results; `suggestion` is what may have been meant."""

    query: str
    total: int
    results: tuple[Found, ...]
    suggestion: str | None
    facets: FacetCounts


class SuggestedTitle(Told):
    """A title that goes on as what was typed."""

    title: str
    url: str
    type: str
    type_name: str
    error_codes: tuple[str, ...]


class SuggestAnswer(Told):
    """Titles for what was typed."""

    query: str
    suggestions: tuple[SuggestedTitle, ...]


class ArticleHeading(Told):
    """A heading of an article, with its anchor in the page."""

    level: int
    anchor: str
    text: str


class ArticleAnswer(Told):
    """An article with its HTML."""

    id: int
    lang: str
    title: str
    summary: str
    url: str
    type: str
    products: tuple[str, ...]
    error_codes: tuple[str, ...]
    updated: date | None
    related: tuple[int, ...]
    html: str
    headings: tuple[ArticleHeading, ...]


class TreeAnswer(Told):
    """A decision tree with all its nodes, each told apart by its `kind`."""

    id: str
    lang: str
    title: str
    summary: str
    products: tuple[str, ...]
    start: str
    nodes: dict[str, dict[str, Any]]


class OldError(Told):
    """What was wrong, in the public face's own form."""

    code: str
    message: str


class OldErrorAnswer(Told):
    """The form of an error of the public face."""

    error: OldError
