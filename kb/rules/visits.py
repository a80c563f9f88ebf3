"""What visitors looked for and what became of it.

A visit is a random number of a browser, nothing more. It helped only when somebody says so; who
falls silent has left."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from kb.rules.case_search import words_of

PATIENCE = timedelta(hours=2)
"""Silence after which a visit counts as left."""
LOOKED_BEFORE = timedelta(hours=24)
"""How long before a case a search still counts as looked for because of it."""


class StepKind(StrEnum):
    """What somebody did."""

    SEARCHED = "searched"
    OPENED = "opened"  # an article, from the results of a search
    HELPED = "helped"  # said that an article did
    CASE = "case"


class End(StrEnum):
    """How a visit went. Only `SOLVED` was said; `LEFT` read something and fell silent, `NOTHING`
    opened nothing and fell silent."""

    SOLVED = "solved"
    CASE = "case"
    LEFT = "left"
    NOTHING = "nothing"
    UNDER_WAY = "under-way"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing done in a visit: a search with how many results it had, or an article; of a search
    before a case both, the article opened from its results."""

    visit: str
    kind: StepKind
    at: datetime
    lang: str
    query: str = ""
    results: int = 0
    article: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """All searches for the same words: how often, without results, with results of which none was
    opened, and followed by a case; `words` as they were typed most."""

    words: str
    lang: str
    times: int = 0
    without_result: int = 0
    not_opened: int = 0
    before_case: int = 0


@dataclass(frozen=True, slots=True)
class Visits:
    """What the visits of a time add up to."""

    ends: Mapping[End, int] = field(default_factory=dict)
    asked: tuple[Asked, ...] = ()
    opened: Mapping[int, int] = field(default_factory=dict)  # article → visits that opened it
    weeks: Mapping[date, Mapping[End, int]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.ends.values())


@dataclass(slots=True)
class _Count:
    times: int = 0
    without_result: int = 0
    not_opened: int = 0
    before_case: int = 0
    spellings: dict[str, int] = field(default_factory=dict)


def end_of(steps: Sequence[Step], now: datetime) -> End:
    """Tell how a visit went, its steps in order; a case outweighs everything before it."""
    kinds = {step.kind for step in steps}
    if StepKind.CASE in kinds:
        return End.CASE
    if StepKind.HELPED in kinds:
        return End.SOLVED
    if now - steps[-1].at < PATIENCE:
        return End.UNDER_WAY
    return End.LEFT if StepKind.OPENED in kinds else End.NOTHING


def visits(steps: Iterable[Step], now: datetime) -> Visits:
    """Add visits up; `steps` come in order. Those with nothing but a case are left out: nobody
    looked for anything, which no article can prevent."""
    by_visit: defaultdict[str, list[Step]] = defaultdict(list)
    for step in steps:
        by_visit[step.visit].append(step)
    ends: defaultdict[End, int] = defaultdict(int)
    weeks: defaultdict[date, defaultdict[End, int]] = defaultdict(lambda: defaultdict(int))
    opened: defaultdict[int, int] = defaultdict(int)
    asked: defaultdict[tuple[str, str], _Count] = defaultdict(_Count)
    for one in by_visit.values():
        if {step.kind for step in one} == {StepKind.CASE}:
            continue
        end = end_of(one, now)
        ends[end] += 1
        weeks[_monday(one[0].at)][end] += 1
        for article in {step.article for step in one if step.kind is StepKind.OPENED}:
            opened[article] += 1
        _count_searches(one, asked, now)
    return Visits(
        ends=dict(ends),
        asked=tuple(_sums(asked)),
        opened=dict(opened),
        weeks={day: dict(week) for day, week in sorted(weeks.items())},
    )


def searched_before(steps: Iterable[Step], at: datetime) -> tuple[Step, ...]:
    """Return the different searches of a visit before a case, the latest last, each with the first
    article that was opened from it."""
    found: dict[tuple[str, str], Step] = {}
    last: tuple[str, str] | None = None
    for step in steps:
        if step.kind is StepKind.SEARCHED and at - LOOKED_BEFORE <= step.at <= at:
            last = _key(step)
            before = found.pop(last, step)
            found[last] = replace(step, article=before.article)
        elif step.kind is StepKind.OPENED and last is not None and not found[last].article:
            found[last] = replace(found[last], article=step.article)
    return tuple(found.values())


def _count_searches(
    steps: Sequence[Step], asked: defaultdict[tuple[str, str], _Count], now: datetime
) -> None:
    """Count the searches of a visit, each for the same words once, by the best that came of it."""
    cases = [step.at for step in steps if step.kind is StepKind.CASE]
    seen: dict[tuple[str, str], list[tuple[Step, bool]]] = defaultdict(list)
    for place, step in enumerate(steps):
        if step.kind is StepKind.SEARCHED:
            seen[_key(step)].append((step, _led_on(steps[place + 1 :])))
    for key, searches in seen.items():
        first = searches[0][0]
        count = asked[key]
        count.times += 1
        count.spellings[first.query] = count.spellings.get(first.query, 0) + 1
        if not any(step.results for step, _ in searches):
            count.without_result += 1
        elif not any(led for _, led in searches) and now - searches[-1][0].at >= PATIENCE:
            count.not_opened += 1
        if any(first.at <= at <= first.at + LOOKED_BEFORE for at in cases):
            count.before_case += 1


def _led_on(after: Sequence[Step]) -> bool:
    """Tell whether something was opened before the next search."""
    for step in after:
        if step.kind is StepKind.SEARCHED:
            return False
        if step.kind is StepKind.OPENED:
            return True
    return False


def _key(step: Step) -> tuple[str, str]:
    return " ".join(words_of(step.query)), step.lang


def _sums(asked: Mapping[tuple[str, str], _Count]) -> Iterator[Asked]:
    for (_, lang), count in sorted(asked.items(), key=lambda one: (-one[1].times, one[0])):
        words = min(count.spellings, key=lambda text: (-count.spellings[text], text))
        yield Asked(
            words,
            lang,
            count.times,
            count.without_result,
            count.not_opened,
            count.before_case,
        )


def _monday(at: datetime) -> date:
    day = at.date()
    return day - timedelta(days=day.weekday())
