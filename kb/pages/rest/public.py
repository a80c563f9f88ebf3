"""The public JSON face in the document; its views are in `kb/pages/api.py`, on the same shapes."""

from dataclasses import dataclass

from pydantic import BaseModel

from kb.pages import api_shapes as shapes
from kb.pages.frame import live
from kb.pages.searching import TYPES, known_versions
from kb.pages.shapes import Shape


@dataclass(frozen=True, slots=True)
class PublicOperation:
    """One address of the public face, with the statuses of its errors."""

    path: str
    name: str
    summary: str
    query: type[Shape]
    answer: type[BaseModel]
    errors: tuple[int, ...]
    error: type[BaseModel] = shapes.OldErrorAnswer


PUBLIC = (
    PublicOperation(
        "/api/search",
        "search",
        "Search articles and troubleshooters",
        shapes.SearchQuery,
        shapes.SearchAnswer,
        (400, 409, 503),
    ),
    PublicOperation(
        "/api/suggest",
        "suggest",
        "Suggest titles while typing",
        shapes.SuggestQuery,
        shapes.SuggestAnswer,
        (400, 503),
    ),
    PublicOperation(
        "/api/articles/<int:id>",
        "read_article",
        "Read an article",
        shapes.LangQuery,
        shapes.ArticleAnswer,
        (400, 404, 503),
    ),
    PublicOperation(
        "/api/trees/<id>",
        "read_tree",
        "Read a troubleshooter",
        shapes.LangQuery,
        shapes.TreeAnswer,
        (400, 404, 503),
    ),
)


def choices() -> dict[str, list[str]]:
    """Return what this site knows of each filter; an empty one is as none."""
    site = live().site
    known = {
        "lang": site.site.languages,
        "product": sorted(site.policy.products),
        "version": sorted(known_versions()),
        "type": sorted(TYPES),
    }
    return {name: [*values, ""] for name, values in known.items()}
