"""Anchors and slugs: stable, short, without accents."""

import re
import unicodedata

_GAP = re.compile(r"[^a-z0-9]+")


def slug(text: str, longest: int = 60) -> str:
    """Return `text` as lower-case ASCII words joined by dashes; may be empty."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = _GAP.sub("-", folded).strip("-")
    if len(words) <= longest:
        return words
    cut = words[: longest + 1].rpartition("-")[0]
    return (cut or words[:longest]).strip("-")
