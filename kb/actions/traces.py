"""What visitors looked for and where walks ended, kept without anything about the visitor."""

from collections.abc import Sequence
from datetime import datetime

from kb.rules.personal_words import personal_data
from kb.store import Database, conversation, voices

_LONGEST = 200
_LOOKED_AT = 2000  # characters of what was typed


def record_search(db: Database, query: str, lang: str, results: int, now: datetime) -> None:
    """Keep a search and how many results it had, without addresses, keys and long numbers."""
    words = without_personal_data(query)
    if not words:
        return
    with db.write() as conn:
        voices.log_search(conn, query=words, lang=lang, results=results, now=now)


def record_walk(
    db: Database,
    *,
    tree: str,
    lang: str,
    outcome: str,
    trail: Sequence[tuple[str, str]],
    now: datetime,
) -> None:
    """Keep a finished walk of nobody: which answers, and the end it came to."""
    steps = [
        {"question": question, "answer": without_personal_data(answer)}
        for question, answer in trail
    ]
    with db.write() as conn:
        conversation.add_walk(conn, tree=tree, lang=lang, outcome=outcome, trail=steps, now=now)


def without_personal_data(text: str) -> str:
    """Return typed words on one line without what is or looks like somebody's: addresses, licence
    keys, long numbers, names after “I am”."""
    line = " ".join(text[:_LOOKED_AT].split())
    for one in reversed(personal_data(line)):
        line = f"{line[: one.start]} {line[one.end :]}"
    return " ".join(line.split())[:_LONGEST]
