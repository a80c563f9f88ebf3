"""Which articles are worth reading beside one: what the author says, then what speaks for it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from kb.rules.articles import Article

CODE, LINK, SAME_PRODUCT = 0.5, 0.35, 0.1
"""What counts beside the likeness of the texts (0 to 1): an error code that both explain, a link
from one to the other, and a product that both name."""
LEAST = 0.18
"""Less than this is chance: better fewer articles than wrong ones."""
DOUBLE = 0.85
"""Two texts that are so alike say the same."""


@dataclass(frozen=True, slots=True)
class Relations:
    """What ties the articles of one language together, apart from their words."""

    by_code: Mapping[str, frozenset[int]] = field(default_factory=dict)
    linked_from: Mapping[int, frozenset[int]] = field(default_factory=dict)
    other_versions: Mapping[int, frozenset[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tie:
    """What speaks for one article beside another."""

    text: float = 0.0
    codes: int = 0
    linked: bool = False
    same_product: bool = False

    @property
    def strength(self) -> float:
        """How much it speaks for it; what does not reach LEAST is not shown."""
        return (
            self.text
            + CODE * min(self.codes, 2)
            + LINK * self.linked
            + SAME_PRODUCT * self.same_product
        )


def relations(articles: Iterable[Article]) -> Relations:
    """Gather codes, links and versions of a language's articles once."""
    by_code: dict[str, set[int]] = {}
    linked: dict[int, set[int]] = {}
    versions: dict[int, set[int]] = {}
    for article in articles:
        for code in article.error_codes:
            by_code.setdefault(code, set()).add(article.id)
        for target in article.links:
            linked.setdefault(target, set()).add(article.id)
        if article.versions:
            _join(versions, {article.id, *article.versions})
    return Relations(
        {code: frozenset(ids) for code, ids in by_code.items()},
        {id_: frozenset(ids) for id_, ids in linked.items()},
        {id_: frozenset(group - {id_}) for id_, group in versions.items()},
    )


def _join(groups: dict[int, set[int]], named: set[int]) -> None:
    """Make one group of all that are named and of the groups these are in already."""
    whole = set(named).union(*(groups.get(id_, set()) for id_ in named))
    for id_ in whole:
        groups[id_] = whole


def candidates(article: Article, ties: Relations, alike: Mapping[int, float]) -> frozenset[int]:
    """Return every article that anything but its product ties to this one."""
    shared = (ties.by_code.get(code, frozenset()) for code in article.error_codes)
    linked = ties.linked_from.get(article.id, frozenset())
    found = frozenset().union(article.links, linked, alike, *shared)
    return found - {article.id} - ties.other_versions.get(article.id, frozenset())


def tie(article: Article, other: Article, ties: Relations, text: float) -> Tie:
    """Tell what speaks for `other` beside `article`; `text` is how alike their words are."""
    lines = {range_.line for range_ in article.products}
    return Tie(
        text=text,
        codes=len(set(article.error_codes) & set(other.error_codes)),
        linked=other.id in article.links or other.id in ties.linked_from.get(article.id, ()),
        same_product=any(range_.line in lines for range_ in other.products),
    )


def related(
    article: Article,
    others: Mapping[int, Article],
    ties: Relations,
    alike: Mapping[int, float],
    most: int,
) -> tuple[int, ...]:
    """Return the articles to read beside this one: those its author named, in that order, then the
    nearest among `others`, which are those that the reader may see."""
    named = [id_ for id_ in article.related if id_ in others]
    strengths = {
        id_: tie(article, others[id_], ties, alike.get(id_, 0.0)).strength
        for id_ in candidates(article, ties, alike)
        if id_ in others and id_ not in named
    }
    near = [id_ for id_, strength in strengths.items() if strength >= LEAST]
    near.sort(key=lambda id_: (-strengths[id_], id_))
    return tuple([*named, *near][: max(most, len(named))])


def doubles(
    pairs: Iterable[tuple[int, int, float]], apart: Collection[frozenset[int]] = ()
) -> list[tuple[int, int, float]]:
    """Return the pairs that say the same, the most alike first; `apart` are pairs that are meant
    to be, such as one topic for two versions."""
    same = [pair for pair in pairs if pair[2] >= DOUBLE and frozenset(pair[:2]) not in apart]
    return sorted(same, key=lambda pair: (-pair[2], pair[0], pair[1]))
