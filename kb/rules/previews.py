"""Previews of branches: how long they live, how many there may be, and their secret address."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from kb.rules.articles import Article, Audience

MOST_PREVIEWS = 10
MOST_DAYS = 30
USUAL_DAYS = 7
_TOKEN = re.compile(r"([0-9a-f]{12})-([0-9a-f]{40})")


class PreviewState(StrEnum):
    """WAITING: it is to be built, or built anew; READY; BROKEN: its branch has mistakes."""

    WAITING = "waiting"
    READY = "ready"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Preview:
    """One branch as reviewers see it until it expires; `problems` are why it is not the newest."""

    id: str
    branch: str
    made_at: datetime
    expires_at: datetime
    state: PreviewState = PreviewState.WAITING
    commit: str = ""
    problems: tuple[str, ...] = ()

    def is_over(self, now: datetime) -> bool:
        """Tell whether it has expired."""
        return now >= self.expires_at


def expiry(days: int, now: datetime) -> datetime:
    """Return when a preview of so many days ends; at least one day, at most MOST_DAYS."""
    return now + timedelta(days=min(max(days, 1), MOST_DAYS))


def token_of(secret: str, id: str) -> str:
    """Return the part of a preview's address that nobody can guess."""
    return f"{id}-{_mark(secret, id)}"


def id_in(secret: str, token: str) -> str | None:
    """Return the preview that a token is for; None for a token that is not ours."""
    found = _TOKEN.fullmatch(token)
    if found is None or not hmac.compare_digest(found[2], _mark(secret, found[1])):
        return None
    return found[1]


def readable_in_preview(article: Article, *, agent: bool) -> bool:
    """Tell whether a reviewer may see an article: drafts too, internal ones as an agent only."""
    return agent or article.audience is not Audience.INTERNAL


def _mark(secret: str, id: str) -> str:
    return hmac.new(secret.encode(), f"preview:{id}".encode(), hashlib.sha256).hexdigest()[:40]
