"""The knowledge work list: where the knowledge base fails people, the most urgent first.

Every line has a weight: how many people a month it keeps from their answer, as far as counts can
say. People who opened a case count as they are; a search without a result is somebody in need, of
whom one in two would have read something; one whose results nobody opened, one in four. The
factors are judgements, here in one place, so that they can be seen and changed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from kb.rules.visits import Asked

BEFORE_CASE, WITHOUT_RESULT, NOT_OPENED = 1.0, 0.5, 0.25
NOT_HELPED = 0.5
USED_IN_CASE = 0.5  # an article that agents send again and again was there and was not found
LEFT_TREE = 0.25
CASE_OF_PRODUCT = 0.2  # a case about a product with few articles: one in five has a common cause
FEW_ARTICLES = 3  # cases for each article of a product, above which there are few
LEAST_TIMES = 2  # what only one person did in a month may be chance
OVERDUE_DAY = 0.02  # people for each day that a review is late, so that it comes up in the end
TWINS = 1.0  # two articles that say the same part votes, links and places in the results


class Gap(StrEnum):
    """What is wrong."""

    NO_RESULT = "no-result"
    NOT_OPENED = "not-opened"
    CASE_ANYWAY = "case-anyway"
    NOT_HELPFUL = "not-helpful"
    OFTEN_SENT = "often-sent"
    TREE_LOSES = "tree-loses"
    FEW_ARTICLES = "few-articles"
    REVIEW_DUE = "review-due"
    TWINS = "twins"


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """What is known of one article: votes, the words of those it did not help, how often agents
    sent it, when it should have been looked at again."""

    id: int
    lang: str
    title: str
    helped: int = 0
    not_helped: int = 0
    words: tuple[str, ...] = ()
    sent: int = 0
    review_by: date | None = None


@dataclass(frozen=True, slots=True)
class TreeLoss:
    """A place in a tree where people fell silent: how many of those who came."""

    tree: str
    node: str
    question: str
    left: int
    reached: int


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """Cases about a product in the time, and its articles."""

    product: str
    name: str
    cases: int
    articles: int


@dataclass(frozen=True, slots=True)
class Twins:
    """Two articles of one language whose texts say the same, and how alike they are (0 to 1)."""

    first: ArticleFacts
    second: ArticleFacts
    alike: float


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that the list is made from; counts are those of `days`."""

    days: int
    today: date
    asked: Sequence[Asked] = ()
    articles: Sequence[ArticleFacts] = ()
    losses: Sequence[TreeLoss] = ()
    products: Sequence[ProductFacts] = ()
    twins: Sequence[Twins] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """One line: what is wrong with what, and for how many people a month. `words` are those that
    were searched for or said; `count` of `total` is the evidence."""

    gap: Gap
    weight: float
    about: str
    lang: str = ""
    count: int = 0
    total: int = 0
    article: int = 0
    other: int = 0
    tree: str = ""
    node: str = ""
    product: str = ""
    words: tuple[str, ...] = field(default=())


def work_list(facts: Facts) -> tuple[Work, ...]:
    """Return every gap, those that keep most people from their answer first."""
    month = 30 / facts.days
    found = [
        *_searches(facts.asked, month),
        *_articles(facts, month),
        *(_lost(loss, month) for loss in facts.losses if loss.left >= LEAST_TIMES),
        *(_few(one, month) for one in facts.products if _has_few(one)),
        *(_twins(one) for one in facts.twins),
    ]
    return tuple(sorted(found, key=lambda work: (-work.weight, work.gap, work.about, work.lang)))


def _searches(asked: Iterable[Asked], month: float) -> Iterator[Work]:
    """Each search once, by what is worst about it: a case anyway, no result, nothing opened."""
    for one in asked:
        counts = (
            (Gap.CASE_ANYWAY, one.before_case, BEFORE_CASE),
            (Gap.NO_RESULT, one.without_result, WITHOUT_RESULT),
            (Gap.NOT_OPENED, one.not_opened, NOT_OPENED),
        )
        gap, count, _ = max(counts, key=lambda of: of[1] * of[2])
        weight = sum(number * factor for _, number, factor in counts)
        if count >= LEAST_TIMES:
            yield Work(gap, weight * month, one.words, one.lang, count, one.times)


def _articles(facts: Facts, month: float) -> Iterator[Work]:
    for one in facts.articles:
        about, lang, id_ = one.title, one.lang, one.id
        votes = one.helped + one.not_helped
        if one.not_helped >= LEAST_TIMES and one.not_helped > one.helped:
            weight = one.not_helped * NOT_HELPED * month
            yield Work(Gap.NOT_HELPFUL, weight, about, lang, one.not_helped, votes, id_,
                       words=one.words)  # fmt: skip
        if one.sent >= LEAST_TIMES:
            weight = one.sent * USED_IN_CASE * month
            yield Work(Gap.OFTEN_SENT, weight, about, lang, one.sent, article=id_)
        late = (facts.today - one.review_by).days if one.review_by else 0
        if late > 0:
            yield Work(Gap.REVIEW_DUE, late * OVERDUE_DAY, about, lang, late, article=id_)


def _lost(loss: TreeLoss, month: float) -> Work:
    weight = loss.left * LEFT_TREE * month
    return Work(Gap.TREE_LOSES, weight, loss.question, "", loss.left, loss.reached,
                tree=loss.tree, node=loss.node)  # fmt: skip


def _has_few(one: ProductFacts) -> bool:
    return one.cases >= LEAST_TIMES and one.cases > FEW_ARTICLES * one.articles


def _few(one: ProductFacts, month: float) -> Work:
    weight = one.cases * CASE_OF_PRODUCT * month
    return Work(Gap.FEW_ARTICLES, weight, one.name, "", one.cases, one.articles,
                product=one.product)  # fmt: skip


def _twins(one: Twins) -> Work:
    return Work(
        Gap.TWINS,
        TWINS * one.alike,
        one.first.title,
        one.first.lang,
        round(one.alike * 100),
        article=one.first.id,
        other=one.second.id,
        words=(one.second.title,),
    )
