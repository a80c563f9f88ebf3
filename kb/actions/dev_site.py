"""The live site while its author writes: changed articles at once, the whole site a moment later.

A builder process (`cli/dev_builder.py`) watches the files. It tells, a JSON object a line, of an
article that has been read (`article`), of mistakes (`problems`) and of a new revision (`compiled`).
"""

import json
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.actions.live_site import Live, LiveSite
from kb.content.overlaid import FreshArticle, OverlaidSite


@dataclass(frozen=True, slots=True)
class DevState:
    """What open pages are told: how often something changed, and the mistakes there are now."""

    number: int
    problems: tuple[Mapping[str, Any], ...] = ()


class DevSite(LiveSite):
    """Gives the live revision with what was saved since laid over it."""

    def __init__(self, var: Path) -> None:
        super().__init__(var)
        self._fresh: dict[tuple[str, int], FreshArticle] = {}
        self._overlaid: tuple[Live, int, Live] | None = None
        self._state = DevState(0)
        self._changed = threading.Condition()

    def current(self) -> Live:
        """Return the live revision as its author has it now; raises NoLiveSite."""
        below = super().current()
        with self._changed:
            if not self._fresh:
                return below
            number = self._state.number
            if self._overlaid is None or self._overlaid[:2] != (below, number):
                site = OverlaidSite(below.site, dict(self._fresh), str(number))
                self._overlaid = (below, number, Live(site, below.index))
            return self._overlaid[2]

    @property
    def state(self) -> DevState:
        """What pages are to be told now."""
        return self._state

    def wait(self, number: int, timeout: float) -> DevState:
        """Wait until the state is another than that `number`, or the time is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._state.number != number, timeout)
            return self._state

    def follow(self, lines: Iterable[str]) -> None:
        """Take what the builder tells until it ends; runs in a thread of its own."""
        for line in lines:
            self.take(json.loads(line))

    def take(self, told: Mapping[str, Any]) -> None:
        """Take one message of the builder."""
        with self._changed:
            if "article" in told:
                one = FreshArticle.load(told)
                self._fresh[one.article.lang, one.article.id] = one
            elif "compiled" in told:
                self._fresh.clear()
            problems = tuple(told.get("problems", ()))
            self._state = DevState(self._state.number + 1, problems)
            self._changed.notify_all()
