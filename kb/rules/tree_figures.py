"""How walks through a tree went: what is kept of an answer, and what all of them add up to.

A walk is known by a random id and nothing else. It is solved only when somebody says so; whoever
falls silent has left."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from kb.rules.tree_drawing import route_words
from kb.rules.trees import Input, is_asked
from kb.rules.typed import holds
from kb.rules.walk import Answered, Outcome, Position

PATIENCE = timedelta(hours=2)
"""Silence after which a walk counts as left; trying a step takes its time. Who goes on later is
counted by where they go."""


class Ending(StrEnum):
    """What a place in a tree means for a walk that stands there."""

    NONE = ""
    SOLVED = "solved"
    CONTACT = "contact"
    ADVISED = "advised"


_ENDINGS = {str(ending): ending for ending in Ending}  # looked up for each stored answer


class Fate(StrEnum):
    """How a walk went; `ADVISED` was shown a product, a calculator or a link, which ask nothing."""

    SOLVED = "solved"
    ESCALATED = "escalated"
    ADVISED = "advised"
    LEFT = "left"
    UNDER_WAY = "under-way"


@dataclass(frozen=True, slots=True)
class Trace:
    """One answer of a walk: given at `node`, it led to `reached`. Without a walk's id and a node it
    says that somebody opened the tree."""

    tree: str
    revision: str
    lang: str
    walk: str
    node: str
    answer: str
    reached: str
    ending: Ending
    at: datetime

    def __post_init__(self) -> None:
        if not isinstance(self.ending, Ending):
            object.__setattr__(self, "ending", _ENDINGS[self.ending])


@dataclass(frozen=True, slots=True)
class NodeFigures:
    """What happened at one node, in walks: `solved` and `escalated` by the answer given here, or
    by arriving here; `left` is silence here."""

    reached: int = 0
    solved: int = 0
    escalated: int = 0
    advised: int = 0
    left: int = 0

    @property
    def loss(self) -> float:
        """The share of those who came here and said nothing more, 0 to 1."""
        return self.left / self.reached if self.reached else 0.0


_WORDS = ("reached", "solved", "escalated", "advised", "left")


@dataclass(frozen=True, slots=True)
class Week:
    """The walks that began in one week, by how they went."""

    monday: date
    fates: Mapping[Fate, int]

    @property
    def walks(self) -> int:
        return sum(self.fates.values())


@dataclass(frozen=True, slots=True)
class Figures:
    """All walks of a time: how they went, node by node, week by week. `opened` counts calls of the
    first question, which machines that do not say so may have made too."""

    opened: int = 0
    fates: Mapping[Fate, int] = field(default_factory=dict)
    cases: int = 0
    nodes: Mapping[str, NodeFigures] = field(default_factory=dict)
    weeks: tuple[Week, ...] = ()

    @property
    def walks(self) -> int:
        return sum(self.fates.values())

    def at(self, node: str) -> NodeFigures:
        """The figures of a node; all nought where nobody came."""
        return self.nodes.get(node, NodeFigures())

    @property
    def worst(self) -> tuple[str, ...]:
        """The nodes where somebody left, those that lose most people first."""
        losing = [name for name, node in self.nodes.items() if node.left]
        return tuple(
            sorted(losing, key=lambda name: (-self.at(name).left, -self.at(name).loss, name))
        )


def trace_of(
    position: Position, asked: str | None, walk: str, lang: str, at: datetime
) -> Trace | None:
    """Return what is kept of the answer that was just given at `asked` (without it, of the last
    one); None when it was not taken. Without any answer: that the tree was opened."""
    tree = position.tree
    kept = (tree.id, tree.revision, lang)
    place = position.key.removesuffix(f".{position.trail[-1].value}") if position.outcome else ""
    reached = place or position.key
    if not position.trail:
        opened = asked is None and position.typed is None
        return Trace(*kept, "", "", "", reached, Ending.NONE, at) if opened else None
    last = position.trail[-1]
    given = {one.key: one for one in position.trail}.get(last.key if asked is None else asked)
    if given is None:
        return None
    return Trace(*kept, walk, given.key, kept_answer(given), reached, ending_of(position), at)


def kept_answer(answered: Answered) -> str:
    """Return an answer without anything personal: of what was typed only the way it took."""
    node, value = answered.node, answered.value
    if not isinstance(node, Input) or not value:
        return value
    taken = (r for r in node.routes[:-1] if r.condition and holds(node.input, r.condition, value))
    return route_words(next(taken, node.routes[-1]))


def ending_of(position: Position) -> Ending:
    """Tell what the place means where the answers led; an article helps only by a “yes”."""
    if position.outcome is not None:
        return Ending.SOLVED if position.outcome is Outcome.SOLVED else Ending.NONE
    if is_asked(position.node):
        return Ending.NONE
    kinds = {"solved": Ending.SOLVED, "contact": Ending.CONTACT, "return": Ending.NONE}
    return kinds.get(position.node.kind, Ending.ADVISED)


def fate(walk: Sequence[Trace], now: datetime, *, made_case: bool = False) -> Fate:
    """Tell how a walk went by its last answer; a case that came from it counts most."""
    last = walk[-1]
    if made_case or last.ending is Ending.CONTACT:
        return Fate.ESCALATED
    if last.ending is Ending.SOLVED:
        return Fate.SOLVED
    if last.ending is Ending.ADVISED:
        return Fate.ADVISED
    return Fate.UNDER_WAY if now - last.at < PATIENCE else Fate.LEFT


def weekly(traces: Iterable[Trace], cases: frozenset[str], now: datetime) -> dict[date, Figures]:
    """Add up the traces of one tree, given in order, by the Monday of the week in which each walk
    began; `cases` are the walks that became a case."""
    opened: Counter[date] = Counter()
    walks: defaultdict[str, list[Trace]] = defaultdict(list)
    for trace in traces:
        if trace.walk:
            walks[trace.walk].append(trace)
        else:
            opened[monday_of(trace.at)] += 1
    began: defaultdict[date, list[str]] = defaultdict(list)
    for id_, walk in walks.items():
        began[monday_of(walk[0].at)].append(id_)
    return {
        day: _week(day, opened[day], {id_: walks[id_] for id_ in began.get(day, ())}, cases, now)
        for day in sorted({*opened, *began})
    }


def _week(
    monday: date,
    opened: int,
    walks: Mapping[str, Sequence[Trace]],
    cases: frozenset[str],
    now: datetime,
) -> Figures:
    fates: Counter[Fate] = Counter()
    sums: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for id_, walk in walks.items():
        went = fate(walk, now, made_case=id_ in cases)
        fates[went] += 1
        _count(sums, walk, went)
    return Figures(
        opened=opened,
        fates=dict(fates),
        cases=len(cases & walks.keys()),
        nodes={name: NodeFigures(**counts) for name, counts in sums.items()},
        weeks=(Week(monday, dict(fates)),) if walks else (),
    )


def added(parts: Iterable[Figures]) -> Figures:
    """Add figures of different walks up to those of all of them."""
    opened = cases = 0
    fates: Counter[Fate] = Counter()
    sums: defaultdict[str, Counter[str]] = defaultdict(Counter)
    weeks: defaultdict[date, Counter[Fate]] = defaultdict(Counter)
    for part in parts:
        opened, cases = opened + part.opened, cases + part.cases
        fates.update(part.fates)
        for name, node in part.nodes.items():
            sums[name].update({word: getattr(node, word) for word in _WORDS})
        for week in part.weeks:
            weeks[week.monday].update(week.fates)
    return Figures(
        opened=opened,
        fates=dict(fates),
        cases=cases,
        nodes={name: NodeFigures(**counts) for name, counts in sums.items()},
        weeks=tuple(_weeks(weeks)),
    )


def _count(sums: defaultdict[str, Counter[str]], walk: Sequence[Trace], went: Fate) -> None:
    """Add one walk to the nodes it touched, each once; a used tree counts as its node too."""
    touched = {name for trace in walk for key in (trace.node, trace.reached) for name in _up(key)}
    for name in touched:
        sums[name]["reached"] += 1
    last = walk[-1]
    word = {Fate.SOLVED: "solved", Fate.ESCALATED: "escalated", Fate.ADVISED: "advised"}.get(went)
    if word and last.ending is not Ending.NONE:
        for name in {*_up(last.node), *_up(last.reached)}:
            sums[name][word] += 1
    elif word or went is Fate.LEFT:
        for name in _up(last.reached):
            sums[name][word or "left"] += 1


@lru_cache(maxsize=4096)
def _up(key: str) -> tuple[str, ...]:
    """Return a node's key and those of the nodes that use its tree: boot.when, boot."""
    return (key, *_up(key.rpartition(".")[0])) if key else ()


def monday_of(moment: datetime) -> date:
    """Return the day on which the week of a moment began."""
    day = moment.date()
    return day - timedelta(days=day.weekday())


def _weeks(found: Mapping[date, Mapping[Fate, int]]) -> Iterator[Week]:
    """Yield every week from the first walk to the last, also those without one."""
    if not found:
        return
    day, last = min(found), max(found)
    while day <= last:
        yield Week(day, dict(found.get(day, {})))
        day += timedelta(days=7)
