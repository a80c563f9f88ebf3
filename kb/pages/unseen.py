"""Labels for articles that customers do not see, in lists and results: for authors (`--dev`), and
for reviewers of a branch. Everywhere else such articles are not shown to begin with."""

from typing import Protocol

from kb.pages.frame import live, previewed, wiring
from kb.pages.texts import gettext as _
from kb.rules.articles import Article, Audience, Status


class Found(Protocol):
    """What search gives of an article or tree."""

    id: str
    lang: str
    type: str


def label(article: Article) -> str:
    """Return “Draft” or “Internal” for an article that customers do not see; '' for others."""
    if not (previewed() or wiring().settings.dev):
        return ""
    if article.status is Status.DRAFT:
        return _("Draft")
    return _("Internal") if article.audience is Audience.INTERNAL else ""


def before(article: Article) -> str:
    """Return the label as it stands before the second line of a row."""
    words = label(article)
    return f"{words} · " if words else ""


def of_hit(hit: Found) -> str:
    """Return the label of a search result."""
    number = str(hit.id)
    if not number.isdigit():
        return ""
    article = live().site.articles.get(hit.lang, {}).get(int(number))
    return label(article) if article else ""
