"""The passage of a text that answers best, escaped, with the words that were asked marked."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from markupsafe import Markup, escape

from kb.search.rows import Rows
from kb.search.stored import Array

LENGTH = 220
ENOUGH = 100
SUMMARY_SHARE = 0.75
MOST_HITS = 80
_SENTENCE_REACH = 70
_SENTENCE_ENDS = (".", "?", "!", ":", ";", ",", "…", "")


def snippet(rows: Rows, row: int, wanted: Array, worth: Array, text: str) -> Markup:
    """Return the best passage of a row for the `wanted` terms, each worth its rarity.

    The title is left out. The summary reads best, so it is taken where it has nearly as much.
    """
    summary = text.index("\n") + 1
    body = text.index("\n", summary) + 1
    found = _places(rows, row, wanted, summary)
    values = dict(zip(wanted.tolist(), worth.tolist(), strict=True))
    in_summary = [hit for hit in found if hit[2] < body]
    in_body = found[len(in_summary) :]
    said = sum(values[term] for term in {hit[0] for hit in in_summary})
    best, value = _best_window(in_body, values) if in_body else (0, 0.0)
    if said >= SUMMARY_SHARE * value:
        first = summary if body - summary > 1 else body
        return _passage(text, first, found)
    return _passage(text, _sentence_start(text, in_body[best][1], body), in_body)


def _passage(text: str, first: int, found: Sequence[tuple[int, int, int]]) -> Markup:
    while first < len(text) and text[first].isspace():
        first += 1
    end = _end(text, first)
    marks = [(start, stop) for _, start, stop in found if start >= first and stop <= end]
    return _marked(text, first, end, marks)


def _places(rows: Rows, row: int, wanted: Array, first: int) -> list[tuple[int, int, int]]:
    """Where the wanted terms stand in the text below the title: (term, start, end)."""
    terms = rows.terms_of(row)
    start, length = rows.places_of(row)
    hits = np.flatnonzero(np.isin(terms, wanted))
    hits = hits[start[hits] >= first][:MOST_HITS]
    starts = start[hits].astype(np.int64)
    ends = starts + length[hits]
    return list(zip(terms[hits].tolist(), starts.tolist(), ends.tolist(), strict=True))


def _best_window(
    found: Sequence[tuple[int, int, int]], values: dict[int, float]
) -> tuple[int, float]:
    """The hit from which a snippet's length covers the most, and the rarest, words; their worth."""
    best, best_value, end = 0, -1.0, 0
    inside: Counter[int] = Counter()
    value = 0.0
    for first, (term, start, _) in enumerate(found):
        while end < len(found) and found[end][2] <= start + LENGTH - 40:
            if not inside[found[end][0]]:
                value += values[found[end][0]]
            inside[found[end][0]] += 1
            end += 1
        if value > best_value + 1e-9:
            best, best_value = first, value
        if inside[term]:
            inside[term] -= 1
            if not inside[term]:
                value -= values[term]
    return best, best_value


def _sentence_start(text: str, hit: int, body: int) -> int:
    """Begin with the sentence where it is near, else a few words before the hit."""
    reach = max(body, hit - _SENTENCE_REACH)
    for mark in ("\n", ". ", "? "):
        at = text.rfind(mark, reach, hit)
        if at >= 0:
            return at + len(mark)
    if reach == body:
        return body
    space = text.find(" ", hit - 40, hit)
    return space + 1 if space >= 0 else hit


def _end(text: str, first: int) -> int:
    """Stop at the end of the paragraph when enough is said, else between two words."""
    line = text.find("\n", first + ENOUGH, first + LENGTH)
    if line >= 0:
        return line
    if len(text) - first <= LENGTH:
        return len(text)
    space = text.rfind(" ", first + ENOUGH, first + LENGTH)
    return space if space > 0 else first + LENGTH


def _marked(text: str, first: int, end: int, marks: Sequence[tuple[int, int]]) -> Markup:
    pieces, at = [], first
    for start, stop in marks:
        if start >= at:
            pieces += [escape(_flat(text, at, start)), Markup("<mark>"), escape(text[start:stop])]
            pieces.append(Markup("</mark>"))
            at = stop
    pieces.append(escape(_flat(text, at, end).rstrip()))
    before = "… " if text[first - 1] == " " and text[first - 2] not in ".?!" else ""
    after = "…" if text[end:].strip() and text[end - 1] not in ".?!:" else ""
    return Markup("{}{}{}").format(before, Markup("").join(pieces).strip(), after)


def _flat(text: str, first: int, end: int) -> str:
    """A piece of the text on one line; a dot in the middle parts paragraphs that end in none."""
    lines = re.split(r"[\r\n]+", text[first:end].replace("\t", " "))
    flat, before = lines[0], text[first - 1 : first]
    for line in lines[1:]:
        ended = (flat.rstrip() or before)[-1:] in _SENTENCE_ENDS
        flat = f"{flat.rstrip()}{' ' if ended else ' · '}{line}"
    return flat
