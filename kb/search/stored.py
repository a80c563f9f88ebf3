"""Arrays on disk: written once, then mapped into memory and shared by every process."""

import itertools
from collections.abc import Iterator, Sequence
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
    def open(cls, folder: Path) -> Self:
        """Map every array; raises OSError or ValueError when one is missing or cut short."""
        names = [field.name for field in fields(cls)]  # type: ignore[arg-type]
        return cls(**{name: _mapped(folder, name, name in cls.HOT) for name in names})


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
    rows of the added documents (a block), `total` counts all rows, dead ones too."""

    move: Array
    fresh: Array
    total: int

    def flat(self, old: Array, added: Sequence[Any]) -> Array:
        """Return one value a row; dead rows hold zero."""
        made = np.zeros(self.total, old.dtype)
        live = self.move >= 0
        made[self.move[live]] = old[live]
        made[self.fresh] = np.array(added, old.dtype)
        return made

    def ragged(self, old: Array, starts: Array, added: Sequence[Array]) -> tuple[Array, Array]:
        """Return a list a row, as values and starts; dead rows hold an empty one."""
        lengths = self.flat(np.diff(starts), [len(values) for values in added])
        made_starts = np.zeros(self.total + 1, np.int64)
        np.cumsum(lengths, out=made_starts[1:])
        made = np.zeros(int(made_starts[-1]), old.dtype)
        for first, end in self._runs():
            at = made_starts[self.move[first]]
            made[at : at + starts[end] - starts[first]] = old[starts[first] : starts[end]]
        for row, values in zip(self.fresh, added, strict=True):
            made[made_starts[row] : made_starts[row + 1]] = values
        return made, made_starts

    def _runs(self) -> Iterator[tuple[int, int]]:
        """Yield `(first, end)` of old rows that stay side by side."""
        live = np.flatnonzero(self.move >= 0)
        if not len(live):
            return
        apart = (np.diff(live) != 1) | (np.diff(self.move[live]) != 1)
        edges = [0, *(np.flatnonzero(apart) + 1).tolist(), len(live)]
        for first, end in itertools.pairwise(edges):
            yield int(live[first]), int(live[end - 1]) + 1
