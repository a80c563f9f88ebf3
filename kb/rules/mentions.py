"""Whom an internal note names: @irene, @irene.otero or @Irene Otero."""

import re
from collections.abc import Iterable, Mapping

_NAMED = re.compile(r"(?<![\w@.])@([\w.\-]+(?: [\w\-]+)?)")


def mentioned(text: str, people: Mapping[int, tuple[str, str]]) -> frozenset[int]:
    """Return who of `people` (id → name, address) a text names. A first name that several have
    names nobody; the whole name and the part of the address before the @ always do."""
    handles = _handles(people)
    found: set[int] = set()
    for match in _NAMED.finditer(text):
        said = match[1].casefold()
        first = said.split(" ")[0].rstrip(".")
        who = handles.get(said.rstrip(".")) or handles.get(first) or ()
        if len(who) == 1:
            found.update(who)
    return frozenset(found)


def _handles(people: Mapping[int, tuple[str, str]]) -> dict[str, frozenset[int]]:
    handles: dict[str, frozenset[int]] = {}
    for id_, (name, address) in people.items():
        for handle in _of(name.casefold(), address.casefold()):
            handles[handle] = handles.get(handle, frozenset()) | {id_}
    return handles


def _of(name: str, address: str) -> Iterable[str]:
    return {name, name.split(" ")[0], address.partition("@")[0]}
