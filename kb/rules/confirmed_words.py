"""What was found to be personal in some texts, put out of them and back as somebody confirms.

Each piece has a label that stands in its place, such as ‹name 1›, which means nothing to Markdown.
Nothing but the texts and the pieces is needed to go on, however often the texts were changed."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from kb.rules.personal_patterns import Kind
from kb.rules.personal_words import LABELS, Found, names_told, personal_data
from kb.rules.plain_markdown import as_markdown

_KINDS = "|".join(sorted({words[1:-1] for by in LABELS.values() for words in by.values()}))
_LABEL = re.compile(rf"‹({_KINDS}) (\d{{1,4}})›")
_AROUND_LABELS = re.compile(rf"(‹(?:{_KINDS}) \d{{1,4}}›)")
Seek = Callable[[str], tuple[Found, ...]]
_SHORTEST = 4  # signs of a piece that is looked for elsewhere too
_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that say who somebody is, and what they are."""

    kind: Kind
    words: str


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Texts with labels in place of the pieces."""

    texts: Mapping[str, str]
    pieces: tuple[Piece, ...]


def labels_of(pieces: Sequence[Piece], lang: str) -> tuple[str, ...]:
    """Return the label of each piece: what it is, and the how manieth of its kind."""
    counts: dict[Kind, int] = {}
    found = []
    for piece in pieces:
        counts[piece.kind] = counts.get(piece.kind, 0) + 1
        found.append(f"‹{_name(piece.kind, lang)} {counts[piece.kind]}›")
    return tuple(found)


def clean(
    texts: Mapping[str, str],
    lang: str,
    known: Sequence[str] = (),
    pieces: Sequence[Piece] = (),
    back: frozenset[int] = frozenset(),
    plain: frozenset[str] = frozenset(),
    spared: Sequence[str] = (),
) -> Cleaned:
    """Return texts without what is personal, and all pieces, the given ones first.

    `back` are the places of pieces that stay in the texts; `plain` names the texts that are not
    Markdown; `known` and `spared` as in `personal_data`. A name that one text says is somebody's is
    looked for in all. What was given back and taken out again is found where it stands."""
    given = tuple(pieces)
    labels = labels_of(given, lang)
    kept = {_folded(form) for place in back if place < len(given) for form in _forms(given[place])}
    changed = {}
    for name, text in texts.items():
        for place in back & set(range(len(given))):
            words = given[place].words if name in plain else as_markdown(given[place].words)
            text = text.replace(labels[place], words)
        changed[name] = text
    told = names_told(changed.values())
    seek = partial(personal_data, known=known, spared=spared, told=told)
    found = [*given, *_new(changed, seek, given, kept)]
    return Cleaned(
        {name: _without(text, lang, seek, found, back, kept) for name, text in changed.items()},
        tuple(found),
    )


def absent(texts: Mapping[str, str], words: str) -> bool:
    """Tell whether words stand in none of the texts."""
    pattern = _pattern(words)
    return not any(pattern.search(text) for text in texts.values())


def settled(texts: Mapping[str, str]) -> dict[str, str]:
    """Return the texts as they are published: a label that is the only one of its kind has no
    number."""
    seen: dict[str, set[str]] = {}
    for text in texts.values():
        for kind, number in _LABEL.findall(text):
            seen.setdefault(kind, set()).add(number)

    def plain(match: re.Match[str]) -> str:
        return match[0] if len(seen[match[1]]) > 1 else f"‹{match[1]}›"

    return {name: _LABEL.sub(plain, text) for name, text in texts.items()}


def only_labels(line: str) -> bool:
    """Tell whether a line says nothing beside what was taken out of it."""
    return _LABEL.search(line) is not None and not _WORD.search(_LABEL.sub("", line))


def _new(
    texts: Mapping[str, str], seek: Seek, given: Sequence[Piece], kept: set[str]
) -> list[Piece]:
    """The pieces that nobody has found before, in order."""
    there = {(piece.kind, _folded(piece.words)) for piece in given}
    found = []
    for text in texts.values():
        for one in seek(text):
            words = text[one.start : one.end]
            key = (one.kind, _folded(words))
            if key in there or _is_nothing(words) or key[1] in kept:
                continue
            there.add(key)
            found.append(Piece(one.kind, words))
    return found


def _without(
    text: str,
    lang: str,
    seek: Seek,
    pieces: Sequence[Piece],
    back: frozenset[int],
    kept: set[str],
) -> str:
    labels = dict(zip(pieces, labels_of(pieces, lang), strict=True))
    by_words = {(piece.kind, _folded(piece.words)): labels[piece] for piece in reversed(pieces)}
    for one in reversed(seek(text)):
        words = text[one.start : one.end]
        if not _is_nothing(words) and _folded(words) not in kept:
            label = by_words[one.kind, _folded(words)]
            text = text[: one.start] + label + text[one.end :]
    out = [piece for place, piece in enumerate(pieces) if place not in back]
    for piece in sorted(out, key=lambda one: -len(one.words)):
        if len(piece.words) >= _SHORTEST:
            for form in _forms(piece):
                text = _outside_labels(text, _pattern(form), labels[piece])
    return text


def _outside_labels(text: str, pattern: re.Pattern[str], label: str) -> str:
    """Replace words, but not those of a label."""
    parts = _AROUND_LABELS.split(text)
    return "".join(
        part if place % 2 else pattern.sub(lambda _: label, part)
        for place, part in enumerate(parts)
    )


def _pattern(words: str) -> re.Pattern[str]:
    inner = r"\s+".join(re.escape(word) for word in words.split())
    return re.compile(rf"(?<!\w){inner}(?!\w)", re.IGNORECASE)


def _forms(piece: Piece) -> set[str]:
    return {piece.words, as_markdown(piece.words)}


def _is_nothing(words: str) -> bool:
    return not _WORD.search(_LABEL.sub("", words))


def _folded(words: str) -> str:
    return " ".join(words.casefold().split())


def _name(kind: Kind, lang: str) -> str:
    return LABELS[kind].get(lang, LABELS[kind]["en"])[1:-1]
