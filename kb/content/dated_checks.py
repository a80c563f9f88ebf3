"""What time does to articles: reviews fall due, translations fall behind."""

from collections.abc import Iterator, Mapping
from datetime import date

from kb.content.article_file import Card
from kb.content.check_rules import RULES
from kb.content.problems import Problem
from kb.rules.articles import Status


def reviews_due(cards: Mapping[str, Card], today: date) -> Iterator[Problem]:
    """Articles whose day of review has passed."""
    for path, card in sorted(cards.items()):
        article = card.article
        day = article.review_by
        if day and day < today and article.status is not Status.ARCHIVED:
            who = f" by {article.owner}" if article.owner else ""
            what = f"a review{who} was due on {day.isoformat()}"
            mend = "read it, mend it, and set a later review_by"
            level = RULES["review-passed"].level
            yield Problem(path, card.line("review_by"), what, mend, level, "review-passed")


def stale_translations(
    cards: Mapping[str, Card], languages: tuple[str, ...], changes: Mapping[str, int]
) -> Iterator[Problem]:
    """Translations whose source, the text in the site's first language, changed after them."""
    for path, card in sorted(cards.items()):
        article = card.article
        source = f"{path.rpartition('/')[0]}/{languages[0]}.md"
        if path == source or source not in cards or article.status is Status.ARCHIVED:
            continue
        if changes.get(source, 0) > changes.get(path, 0) > 0:
            what = f"{languages[0]}.md changed after this translation"
            mend = (
                "translate what changed; where nothing has to be, "
                "set “updated” here to the day you looked"
            )
            level = RULES["stale-translation"].level
            yield Problem(path, 1, what, mend, level, "stale-translation", source)
