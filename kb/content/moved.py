"""Old names of articles: what `moved_from` and renames in git say, and what is wrong with it."""

from collections.abc import Iterator, Mapping

from kb.content.article_file import Card
from kb.content.check_rules import RULES
from kb.content.problems import Problem
from kb.rules.history import flatten

RULE = "moved-from"


def moved_names(cards: Mapping[str, Card], renamed: Mapping[str, int]) -> dict[str, int]:
    """Return each old name with the article that is there now, whatever number of moves ago.

    What the articles say comes before what git shows."""
    said = {
        name: card.article.id
        for _, card in sorted(cards.items(), reverse=True)
        for name in card.article.moved_from
    }
    here = {card.article.id for card in cards.values()}
    plain = {id_of(name): id_ for name, id_ in said.items() if id_of(name)}
    ends = flatten({**renamed, **plain, **said}, here)
    return {name: id_ for name, id_ in ends.items() if name not in {str(one) for one in here}}


def id_of(name: str) -> str:
    """Return the id that an old name begins with, as `1042-disk-not-found` does, or ''."""
    number, _, _ = name.partition("-")
    return number if number.isascii() and number.isdigit() else ""


def check_moved(cards: Mapping[str, Card]) -> Iterator[Problem]:
    """Tell of old names that can lead nowhere: circles, articles that are still there, and names
    that two articles claim."""
    ids = {card.article.id: card for _, card in sorted(cards.items(), reverse=True)}
    back: dict[int, set[str]] = {}
    for card in cards.values():
        old = back.setdefault(card.article.id, set())
        old.update(id_of(name) for name in card.article.moved_from)
    first: dict[str, int] = {}
    for path, card in sorted(cards.items()):
        id_ = card.article.id
        for number, name in enumerate(card.article.moved_from):
            line = card.line("moved_from", number)
            other = ids.get(int(id_of(name) or 0))
            if other is not None and other.article.id == id_ and name != str(id_):
                continue  # an older slug of its own
            if other is not None:
                there = other.article.id
                what, mend = _still_here(id_, there, name, circle=str(id_) in back[there])
                yield Problem(path, line, what, mend, RULES[RULE].level, RULE, other.article.path)
                continue
            taken = first.setdefault(name, id_)
            if taken != id_:
                what = f"“{name}” leads to article {taken} already"
                mend = "keep it in one of the two articles"
                yield Problem(
                    path, line, what, mend, RULES[RULE].level, RULE, ids[taken].article.path
                )


def _still_here(here: int, there: int, name: str, *, circle: bool) -> tuple[str, str]:
    """The words for an old name that is that of an article which is there."""
    if here == there:
        return f"“{name}” is this very article: the address would lead in a circle", "remove it"
    if circle:
        what = f"articles {here} and {there} lead to each other in a circle"
        return what, "remove moved_from from the one that is to stay"
    what = f"“{name}” is article {there}, which is still there"
    return what, "remove that article, or this name"
