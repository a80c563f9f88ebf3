"""Whom an internal note names: @irene, @irene.otero or @Irene Otero."""

import re
from collections.abc import Iterable, Iterator, Mapping

_NAMED = re.compile(r"(?<![\w@.])@([\w.\-]+(?: [\w\-]+)?)")


def mentioned(text: str, people: Mapping[int, tuple[str, str]]) -> frozenset[int]:
    """Return who of `people` (id → name, address) a text names. A first name that several have
    names nobody; the whole name and the part of the address before the @ always do."""
    return frozenset(one for _, who in _read(text, people) if len(who) == 1 for one in who)


def unclear(text: str, people: Mapping[int, tuple[str, str]]) -> tuple[str, ...]:
    """Return what a text names that is nobody's name, or that of several, each once: “@ana”."""
    found = (f"@{word}" for word, who in _read(text, people) if len(who) != 1)
    return tuple(dict.fromkeys(found))


def _read(text: str, people: Mapping[int, tuple[str, str]]) -> Iterator[tuple[str, frozenset[int]]]:
    """Each name as it is written, its first word, and whose it is."""
    handles, nobody = _handles(people), frozenset[int]()
    for match in _NAMED.finditer(text):
        word = match[1].split(" ")[0].rstrip(".")
        whole = handles.get(match[1].casefold().rstrip("."), nobody)
        yield word, whole or handles.get(word.casefold(), nobody)


def _handles(people: Mapping[int, tuple[str, str]]) -> dict[str, frozenset[int]]:
    handles: dict[str, frozenset[int]] = {}
    for id_, (name, address) in people.items():
        for handle in _of(name.casefold(), address.casefold()):
            handles[handle] = handles.get(handle, frozenset()) | {id_}
    return handles


def _of(name: str, address: str) -> Iterable[str]:
    return {name, name.split(" ")[0], address.partition("@")[0]}
