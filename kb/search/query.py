"""What is asked of search, and what it answers."""

from dataclasses import dataclass, field
from datetime import date

from markupsafe import Markup

PUBLIC = frozenset({"public"})


@dataclass(frozen=True, slots=True)
class Query:
    """One search. `products` are `line` or `line@version`, any of them; `types` any of them,
    `tree` among them; only documents of `audiences` count in anything. `verbatim` searches the
    text as it was typed, typing errors too; `versions` are `line@version` to be counted in
    the facets."""

    text: str
    lang: str
    products: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    audiences: frozenset[str] = PUBLIC
    offset: int = 0
    limit: int = 10
    verbatim: bool = False
    snippets: bool = True
    versions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """One article or tree found; `snippet` is escaped HTML with `<mark>`."""

    id: str
    lang: str
    kind: str
    title: str
    url: str
    snippet: Markup
    score: float
    type: str
    products: tuple[str, ...]
    error_codes: tuple[str, ...]
    updated: date | None
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Facets:
    """How many results there would be with each further filter; only those with any."""

    products: dict[str, int] = field(default_factory=dict)
    types: dict[str, int] = field(default_factory=dict)
    languages: dict[str, int] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Results:
    """`hits` is one page of `total`; `trees` are the decision trees that fit best, on the first
    page only. With a `suggestion`, `corrected` says that these results are already its. `spoken`
    is another language that knows more of the words than the one searched, and finds something."""

    query: Query
    total: int = 0
    hits: tuple[Hit, ...] = ()
    trees: tuple[Hit, ...] = ()
    suggestion: str | None = None
    corrected: bool = False
    facets: Facets = field(default_factory=Facets)
    spoken: str | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line of the typeahead: a title that fits what was typed so far."""

    title: str
    url: str
    kind: str
    type: str
    error_codes: tuple[str, ...]
