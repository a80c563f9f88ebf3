"""What visitors looked for and where walks ended, kept without anything about the visitor."""

import re
from collections.abc import Sequence
from datetime import datetime

from kb.store import Database, conversation, voices

# Looked for from the beginnings of words only, so that a text of one long word costs no more.
_ADDRESS = re.compile(r"(?<!\S)\S+@\S+")
# Phone numbers, serials, cards; not an error code, which has letters around its digits.
_LONG_NUMBER = re.compile(r"(?<!\w)\+?(?:\d[\s.-]?){7,}(?!\w)")
_KEY = re.compile(r"\b(?:[A-Z0-9]{4,}-){2,}[A-Z0-9]{4,}\b", re.IGNORECASE)
_LONGEST = 200


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
    """Return typed words on one line without e-mail addresses, licence keys and long numbers."""
    for pattern in (_ADDRESS, _KEY, _LONG_NUMBER):
        text = pattern.sub(" ", text)
    return " ".join(text.split())[:_LONGEST]
