"""What customers write, in both languages (`personal_es.txt`, `personal_en.txt`).

What is between ⟦ and ⟧ is personal and must go, all the rest must stay. Behind a title stand the
names that the case itself knows. They were written before the rule that is measured by them; those
of the files `_2` by somebody who had not read the rule, those of `_3` and `_4` before it was mended
again. What it missed at first each time is in DECISIONS.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from kb.rules.personal_words import LABELS, Found

_MARKED = re.compile(r"⟦(.*?)⟧", re.DOTALL)


class Example(NamedTuple):
    """One text; `personal` are the pieces that must go, `rest` is what must stay."""

    lang: str
    text: str
    known: tuple[str, ...]
    personal: tuple[str, ...]
    rest: str


def _read(path: Path, lang: str) -> Iterator[tuple[str, Example]]:
    for block in path.read_text(encoding="utf-8").split("=== ")[1:]:
        head, _, marked = block.partition("\n")
        title, _, names = head.partition(" | ")
        yield (
            f"{lang}: {title}",
            Example(
                lang=lang,
                text=_MARKED.sub(r"\1", marked).strip(),
                known=tuple(name for name in names.split("; ") if name),
                personal=tuple(_MARKED.findall(marked)),
                rest=_MARKED.sub(" ", marked),
            ),
        )


EXAMPLES = {
    name: example
    for lang in ("es", "en")
    for path in sorted(Path(__file__).parent.glob(f"personal_{lang}*.txt"))
    for name, example in _read(path, lang)
}

SPARED = ("Norvault", "Backup Server", "Backup Workstation", "Backup Console")
"""The house and its products."""
MISSED = {
    "es: números de contrato": {"RS", "5512"},
    "en: numbers of contracts": {"RS", "5512"},
}
"""What is still missed: a number of theirs that looks like an error code, such as LS-204."""


def without(text: str, found: Iterable[Found], lang: str) -> str:
    """Return the text with each piece replaced by a word for its kind."""
    parts: list[str] = []
    at = 0
    for one in sorted(found):
        parts += [text[at : one.start], LABELS[one.kind].get(lang, LABELS[one.kind]["en"])]
        at = one.end
    return "".join([*parts, text[at:]])
