"""The counts of votes that the worker writes for servers; reading them needs no database."""

import json
from pathlib import Path

VOTES = "votes.json"


def read_votes(var: Path) -> dict[str, tuple[int, int]]:
    """Read what `votes.py` wrote; nothing where there is no such file or it is damaged."""
    try:
        told = json.loads((var / VOTES).read_bytes())
        return {str(id_): (int(helped), int(not_)) for id_, (helped, not_) in told.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
