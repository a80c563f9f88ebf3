"""Correcting a typing error: the nearest word that the reader's documents have.

Optimal string alignment (insert, delete, replace, swap neighbours) against all words of about
the same letters and length at once, in NumPy. Words of 4–6 letters may differ by one edit,
longer ones by two; codes and numbers are never corrected.
"""

import numpy as np

from kb.search.analysis import folded
from kb.search.forms import AUDIENCES, WIDTH, Forms
from kb.search.stored import Array

SHORTEST = 4
TWO_EDITS_FROM = 7
REMEMBERED = 4096
"""Words whose correction is kept: names that a site does not know are asked for again and again."""
MANY = 20_000
"""From so many spellings on, a word that stands in one document only is no correction: it is more
often a name or a mistake of its own than what was meant, the more so two letters away."""


class Speller:
    """Corrects words by the forms of one collection, for every thread at once."""

    def __init__(self, forms: Forms) -> None:
        self._forms = forms
        self._letters = np.frombuffer(
            np.ascontiguousarray(forms.plain).tobytes(), np.uint8
        ).reshape(-1, WIDTH)
        self._length = (self._letters != 0).sum(axis=1).astype(np.int8)
        self._signature = _signatures(self._letters)
        self._accented = frozenset(forms.plain[_has_accents(forms.form)].tolist())
        self._known: dict[tuple[str, frozenset[str]], str | None] = {}

    def accented(self, word: str, audiences: frozenset[str]) -> list[str]:
        """Return the spellings with accents of a word that was typed without."""
        plain = word.encode()[:WIDTH]
        if plain not in self._accented:
            return []
        first = int(np.searchsorted(self._forms.plain, plain, "left"))
        end = int(np.searchsorted(self._forms.plain, plain, "right"))
        counts = self._counts(slice(first, end), audiences)
        spelt = [self._forms.form[first + i].decode() for i in np.flatnonzero(counts)]
        return [form for form in spelt if not form.isascii()]

    def correct(self, word: str, audiences: frozenset[str]) -> str | None:
        """Return the most likely word meant, or None; `word` itself is not known."""
        plain = folded(word).encode()
        if not SHORTEST <= len(plain) <= WIDTH or not word.isalpha():
            return None
        asked = (word, audiences)
        if asked not in self._known:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[asked] = self._nearest(plain, audiences)
        return self._known.get(asked)

    def _nearest(self, plain: bytes, audiences: frozenset[str]) -> str | None:
        """The commonest word that is one edit away, else, for long words, two."""
        for edits in (1, 2) if len(plain) >= TWO_EDITS_FROM else (1,):
            near = self._near(plain, edits)
            counts = self._counts(near, audiences)
            common = counts >= (1 if len(self._length) < MANY else 2 * edits)
            near, counts = near[common], counts[common]
            letters = self._letters[near, : len(plain) + edits]
            distance = _distances(np.frombuffer(plain, np.uint8), letters)
            other_start = self._letters[near, 0] != plain[0]
            fits = (distance <= edits) & ~(other_start & (distance > 1))
            if fits.any():
                # The same first letter before another, then the commonest word.
                order = np.lexsort((-counts[fits], other_start[fits]))
                return str(self._forms.form[near[fits][order[0]]].decode())
        return None

    def _near(self, plain: bytes, most: int) -> Array:
        """Rows of about this length and these letters: an edit changes at most two of them."""
        row = np.zeros((1, WIDTH), np.uint8)
        row[0, : len(plain)] = np.frombuffer(plain, np.uint8)
        close = np.abs(self._length - np.int8(len(plain))) <= most
        apart = np.bitwise_count(self._signature ^ _signatures(row)[0])
        return np.flatnonzero(close & (apart <= 2 * most))

    def _counts(self, which: Array | slice, audiences: frozenset[str]) -> Array:
        levels = [AUDIENCES.index(audience) for audience in sorted(audiences)]
        return np.asarray(self._forms.counts[levels][:, which].sum(axis=0))


def _has_accents(forms: Array) -> Array:
    raw = np.frombuffer(np.ascontiguousarray(forms).tobytes(), np.uint8)
    if not len(forms):  # a site whose texts have no word long enough to correct
        return np.zeros(0, bool)
    return np.asarray((raw.reshape(len(forms), -1) > 127).any(axis=1))


def _signatures(letters: Array) -> Array:
    """One bit for each letter that occurs (letters 32 apart share one)."""
    bits = np.where(letters > 0, np.uint32(1) << (letters & 31).astype(np.uint32), np.uint32(0))
    return np.asarray(np.bitwise_or.reduce(bits, axis=1))


def _distances(word: Array, others: Array) -> Array:
    """The optimal string alignment distance from `word` to each row of zero-padded `others`."""
    count, width = others.shape
    length = (others != 0).sum(axis=1)
    steps = np.arange(width + 1, dtype=np.int16)
    before = np.zeros((count, width + 1), np.int16)
    last = np.broadcast_to(steps, (count, width + 1))
    for i, letter in enumerate(word):
        same = others == letter
        best = np.minimum(last[:, :-1] + ~same, last[:, 1:] + 1)
        if i:
            swapped = same[:, :-1] & (others[:, 1:] == word[i - 1])
            best[:, 1:] = np.where(
                swapped, np.minimum(best[:, 1:], before[:, :-2] + 1), best[:, 1:]
            )
        row = np.empty((count, width + 1), np.int16)
        row[:, 0] = i + 1
        row[:, 1:] = best - steps[1:]
        # An insertion costs one more than the cell at the left, and so on along the row.
        np.minimum.accumulate(row, axis=1, out=row)
        before, last = last, row + steps
    return np.asarray(last[np.arange(count), length])
