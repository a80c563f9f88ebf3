"""Arrays on disk: written once, then mapped into memory and shared by every process."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class Stored:
    """A dataclass of arrays that is saved to, and mapped from, one folder; those that queries
    touch all over (`HOT`) are brought in when it is opened."""

    HOT: ClassVar[frozenset[str]] = frozenset()

    def save(self, folder: Path) -> None:
        """Write every array beside its name."""
        folder.mkdir(parents=True, exist_ok=True)
        for field in fields(self):  # type: ignore[arg-type]
            np.save(folder / f"{field.name}.npy", getattr(self, field.name), allow_pickle=False)

    @classmethod
    def open(cls, folder: Path, at_once: bool = True) -> Self:
        """Map every array; raises OSError or ValueError when one is missing or cut short.

        Without `at_once` even hot ones come as they are needed: for looking in, not for asking."""
        names = [field.name for field in fields(cls)]  # type: ignore[arg-type]
        return cls(**{name: _mapped(folder, name, at_once and name in cls.HOT) for name in names})


_POPULATE_READ = 22
"""Linux' MADV_POPULATE_READ: put pages into the address space now, not one fault at a time."""


def _mapped(folder: Path, name: str, at_once: bool) -> Array:
    path = folder / f"{name}.npy"
    mapped = np.load(path, mmap_mode="r", allow_pickle=False)
    if at_once:
        _populate(mapped)
    return np.asarray(mapped)


def _populate(mapped: Array) -> None:
    """Bring an array that every query touches in; where the system cannot, it comes as needed."""
    memory = getattr(mapped, "_mmap", None)
    if memory is not None:
        with suppress(OSError, ValueError):
            memory.madvise(_POPULATE_READ)


@dataclass(frozen=True, slots=True)
class Moved:
    """How rows go from one index to the next: `move[old]` is the new row or -1, `fresh` are the
    rows of the added documents (a block), `total` counts all rows, dead ones too. `kept` are the
    numbers of the old segments that stay as they are, in front; all else is one new segment."""

    move: Array
    fresh: Array
    total: int
    kept: tuple[int, ...] = ()

    @property
    def in_place(self) -> bool:
        """Tell whether every row that stays keeps its number."""
        live = self.move >= 0
        return bool((self.move[live] == np.flatnonzero(live)).all())

    def flat(self, old: Array, added: Sequence[Any]) -> Array:
        """Return one value a row; dead rows hold zero."""
        made = np.zeros(self.total, old.dtype)
        live = self.move >= 0
        made[self.move[live]] = old[live]
        made[self.fresh] = np.array(added, old.dtype)
        return made


def spliced(drop: Array, at: Array, *pairs: tuple[Array, Array]) -> tuple[Array, ...]:
    """For each (old, values): the old array without the places `drop` and with values[i] put in
    before the old place at[i]. `drop` and `at` ascend; all else is copied in long runs."""
    cuts = np.concatenate((at, drop))
    order = np.argsort(cuts, kind="stable")
    runs, done = [], 0
    for number, cut in zip(order.tolist(), cuts[order].tolist(), strict=True):
        if cut > done:
            runs.append((0, done, cut))
            done = cut
        if number < len(at):
            runs.append((1, number, number + 1))
        else:
            done = cut + 1
    length = len(pairs[0][0])
    runs.append((0, done, length))
    return tuple(
        np.concatenate([(old, values)[which][first:end] for which, first, end in runs])
        for old, values in pairs
    )
