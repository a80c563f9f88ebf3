"""What stands below an article about itself: who changed it when, and what one may do."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from flask import url_for
from flask_login import current_user

from kb.pages.frame import live, previewed
from kb.rules.articles import Article
from kb.rules.history import Change, authors_of, sees_change, sees_history

_AUTHORS_NAMED = 3


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """What a visitor is told; what they may not see is empty. `others` counts further authors."""

    changed: datetime | None
    authors: tuple[str, ...] = ()
    others: int = 0
    history: str = ""
    edit: str = ""
    edit_here: str = ""
    owner: str = ""
    reviewers: tuple[str, ...] = ()


def history_line(article: Article) -> HistoryLine:
    """Return what this visitor is told about an article that they may read."""
    site = live().site
    changes = changes_seen(article)
    authors = authors_of(changes)
    agent, shown = current_user.is_agent, not previewed()
    edit = site.site.edit_url if shown and (site.site.edit_for_all or agent) else ""
    return HistoryLine(
        changed=site.last_changed(article.lang, article.id),
        authors=authors[:_AUTHORS_NAMED],
        others=max(0, len(authors) - _AUTHORS_NAMED),
        history=url_for("history.history", lang=article.lang, id=article.id) if changes else "",
        edit=edit.replace("{path}", quote(article.path)),
        edit_here=url_for("editor.edit", id=article.id) if agent and shown else "",
        owner=article.owner if agent else "",
        reviewers=article.reviewers if agent else (),
    )


def changes_seen(article: Article) -> tuple[Change, ...]:
    """Return the changes of an article that this visitor may see, the newest first."""
    site, agent = live().site, current_user.is_agent
    if previewed() or not sees_history(site.site.history, agent=agent):
        return ()
    signed_in = current_user.is_authenticated
    return tuple(
        change
        for change in site.history(article.lang, article.id)
        if sees_change(change, signed_in=signed_in, agent=agent)
    )
