"""The words by which agents find a case: of its story when it is kept, of a search when asked."""

import re
import unicodedata

PER_MESSAGE = 1000  # different words of one message that are kept
LONGEST_WORD = 40  # characters; what is longer is cut, when kept and when asked
ASKED = 8  # words of a search that count

_WORD = re.compile(r"[^\W_]+")


def words_of(text: str, limit: int = PER_MESSAGE) -> tuple[str, ...]:
    """Return the different words of a text in order, without accents, in lower case."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    folded = unicodedata.normalize("NFKD", plain).casefold()  # some letters take a second time
    letters = "".join(char for char in folded if not unicodedata.combining(char))
    found: dict[str, None] = {}
    for match in _WORD.finditer(letters):
        found[match[0][:LONGEST_WORD]] = None
        if len(found) == limit:
            break
    return tuple(found)


def asked_words(text: str) -> tuple[str, ...]:
    """Return the words of a search: all of them must be in a case, each in one of its forms."""
    return words_of(text, ASKED)


def forms_of(word: str) -> tuple[str, ...]:
    """Return a word with its plural and its singular, as both languages make them."""
    if not word.isalpha():
        return (word,)
    found = [word, f"{word}s", f"{word}es"]
    found += [word[: -len(end)] for end in ("s", "es") if word.endswith(end) and len(word) > 4]
    return tuple(found)
