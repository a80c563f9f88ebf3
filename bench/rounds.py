"""Times of single calls, taken in rounds with the peers in turn, and what a figure's aim says."""

import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Run = Callable[[str], object]
WARM_UP = "a question to warm up with"


@dataclass(frozen=True, slots=True)
class Times:
    """p50 and p95 in milliseconds, the medians of the rounds'."""

    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: what was measured, the figure, its aim, and whether it is met."""

    name: str
    figure: str
    aim: str = ""
    met: bool | None = None


def times(runs: Mapping[str, Run], queries: Sequence[str], rounds: int) -> dict[str, Times]:
    """Time each engine on the same queries, a part of them in each round, so that every query is
    a first one and a busy moment of the machine hits all engines."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in runs}
    for round_ in range(rounds):
        part = queries[round_::rounds]
        for name, run in runs.items():
            run(WARM_UP)
            taken[name].append(_percentiles(run, part))
    return {
        name: Times(
            statistics.median(p50 for p50, _ in of), statistics.median(p95 for _, p95 in of)
        )
        for name, of in taken.items()
    }


def _percentiles(run: Run, queries: Sequence[str]) -> tuple[float, float]:
    milliseconds = []
    gc.collect()
    for query in queries:
        start = time.perf_counter()
        run(query)
        milliseconds.append((time.perf_counter() - start) * 1000)
    cuts = statistics.quantiles(milliseconds, n=100)
    return cuts[49], cuts[94]


def at_most(name: str, value: float, aim: float, unit: str, note: str = "") -> Row:
    """A row whose figure must not be above its aim."""
    return Row(name, f"{value:.3g} {unit}{note}", f"≤ {aim:g} {unit}", value <= aim)


def ratio(name: str, ours: float, peer: float, aim: float) -> Row:
    """A row that compares two times of one run."""
    figure = f"{ours:.2f} ms to {peer:.2f} ms, {ours / peer:.2f}×"
    return Row(name, figure, f"≤ {aim:g}×", ours <= aim * peer)


def show(title: str, rows: Sequence[Row]) -> None:
    """Print a table."""
    words = {True: "met", False: "MISSED", None: ""}
    wide = max(len(row.name) for row in rows) + 2
    print(f"\n{title}")
    for row in rows:
        print(f"  {row.name:<{wide}}{row.figure:<34}{row.aim:<12}{words[row.met]}".rstrip())
