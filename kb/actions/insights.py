"""What the knowledge base is missing, and what it spares: gathered for the work list."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Lock

from kb.actions.live_site import Live
from kb.actions.twins import read_twins
from kb.actions.walks import WalkFigures
from kb.rules.articles import Article, Status
from kb.rules.tree_figures import Fate, Figures
from kb.rules.trees import Tree
from kb.rules.visits import End, Visits, visits
from kb.rules.work_list import (
    ArticleFacts,
    Facts,
    ProductFacts,
    TreeLoss,
    Twins,
    Work,
    work_list,
)
from kb.store import Database, insights_rows
from kb.store import visits as visit_rows

KEPT = timedelta(minutes=5)
PLACES = 3  # of each tree, those that lose most people


@dataclass(frozen=True, slots=True)
class Deflection:
    """What was spared, counted in three ways that are never added to each other: who said that it
    is solved, who read an answer and fell silent, and who opened a case all the same."""

    solved: int
    left: int
    case: int
    nothing: int

    @property
    def total(self) -> int:
        return self.solved + self.left + self.case + self.nothing


@dataclass(frozen=True, slots=True)
class Insights:
    """The work list of some days, and the figures it came from."""

    days: int
    work: tuple[Work, ...]
    visits: Visits
    searches: Deflection
    walks: Deflection
    weeks: Mapping[date, Deflection]
    cases: int


def insights(
    db: Database, live: Live, walks: WalkFigures, var: Path, now: datetime, *, days: int
) -> Insights:
    """Gather what happened in the last days and where the knowledge base failed people."""
    since = now - timedelta(days=days)
    with db.read() as conn:
        looked = visits(visit_rows.since(conn, since), now)
        votes = insights_rows.votes(conn, since)
        sent = insights_rows.articles_sent(conn, since)
        cases = insights_rows.cases_by_product(conn, since)
    trees = {id_: _tree(live, id_) for id_ in live.site.trees}
    went = walks.of_all(trees, now, days=days)
    articles = list(_articles(live, votes, sent))
    facts = Facts(
        days=days,
        today=now.date(),
        asked=looked.asked,
        articles=articles,
        losses=tuple(_losses(trees, went)),
        products=tuple(_products(live, cases)),
        twins=tuple(_twins(live, var)),
    )
    return Insights(
        days=days,
        work=work_list(facts),
        visits=looked,
        searches=_searches(looked.ends),
        walks=_walks(went.values()),
        weeks={day: _searches(ends) for day, ends in looked.weeks.items()},
        cases=sum(cases.values()),
    )


class KeptInsights:
    """The insights of the last minutes: a busy month takes a second to add up, which its pages, one
    for each kind of gap, need not do again and again. One for each process."""

    def __init__(self, db: Database, walks: WalkFigures, var: Path) -> None:
        self._db, self._walks, self._var = db, walks, var
        self._kept: dict[tuple[str, int], tuple[datetime, Insights]] = {}
        self._lock = Lock()

    def of(self, live: Live, now: datetime, *, days: int) -> Insights:
        """Return the insights of some days, gathered at most KEPT ago on this revision."""
        key = (live.site.revision, days)
        with self._lock:  # whoever else asks meanwhile waits for the same answer
            known = self._kept.get(key)
            if known is None or not timedelta(0) <= now - known[0] < KEPT:
                made = insights(self._db, live, self._walks, self._var, now, days=days)
                self._kept = {one: kept for one, kept in self._kept.items() if one[0] == key[0]}
                known = self._kept[key] = (now, made)
        return known[1]


def _searches(ends: Mapping[End, int]) -> Deflection:
    return Deflection(
        solved=ends.get(End.SOLVED, 0),
        left=ends.get(End.LEFT, 0),
        case=ends.get(End.CASE, 0),
        nothing=ends.get(End.NOTHING, 0),
    )


def _walks(went: Iterable[Figures]) -> Deflection:
    fates: Counter[Fate] = Counter()
    for one in went:
        fates.update(one.fates)
    return Deflection(
        solved=fates[Fate.SOLVED],
        left=fates[Fate.ADVISED],
        case=fates[Fate.ESCALATED],
        nothing=fates[Fate.LEFT],
    )


def _tree(live: Live, id_: str) -> Tree:
    """A tree in the site's first language that has it."""
    shelf = live.site.trees[id_]
    return next(shelf[lang] for lang in live.site.site.languages if lang in shelf)


def _articles(
    live: Live, votes: Mapping[tuple[int, str], insights_rows.VoteRow], sent: Mapping[int, int]
) -> Iterator[ArticleFacts]:
    """Every published article; what agents sent counts in the article's first language."""
    counted: set[int] = set()
    for lang in live.site.site.languages:
        for article in live.site.articles[lang].values():
            if article.status is not Status.PUBLISHED:
                continue
            row = votes.get((article.id, lang), insights_rows.VoteRow())
            times = 0 if article.id in counted else sent.get(article.id, 0)
            counted.add(article.id)
            yield ArticleFacts(
                id=article.id,
                lang=lang,
                title=article.title,
                helped=row.helped,
                not_helped=row.not_helped,
                words=row.words,
                sent=times,
                review_by=article.review_by,
            )


def _losses(trees: Mapping[str, Tree], went: Mapping[str, Figures]) -> Iterator[TreeLoss]:
    for id_, figures in went.items():
        own = [key for key in figures.worst if key in trees[id_].nodes]
        for key in own[:PLACES]:
            node = figures.at(key)
            yield TreeLoss(id_, key, trees[id_].title, node.left, node.reached)


def _products(live: Live, cases: Mapping[str, int]) -> Iterator[ProductFacts]:
    lang = live.site.site.languages[0]
    about = Counter(
        line
        for article in live.site.articles[lang].values()
        if article.status is Status.PUBLISHED
        for line in {range_.line for range_ in article.products}
    )
    for id_, product in live.site.policy.products.items():
        yield ProductFacts(id_, product.name, cases.get(id_, 0), about[id_])


def _twins(live: Live, var: Path) -> Iterator[Twins]:
    for lang, first, second, alike in read_twins(var):
        shelf: Mapping[int, Article] = live.site.articles.get(lang, {})
        pair = (shelf.get(first), shelf.get(second))
        if pair[0] is not None and pair[1] is not None:
            facts = [ArticleFacts(one.id, lang, one.title) for one in pair if one]
            yield Twins(facts[0], facts[1], alike)
