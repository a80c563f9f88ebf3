"""Who keeps an article, by its front matter, and what they are told."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from kb.actions.mail_queue import queue
from kb.mail import Letters
from kb.rules.articles import Article
from kb.rules.site import Site
from kb.store import users


def keepers(site: Site, article: Article, agents: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """Return the addresses of an article's owner and reviewers, each with its language.

    A name is looked up in `people` of site.yaml; an address must be an agent's (`agents` are by
    address in lower case) or stand there. Who is not known is left out."""
    known = {address.lower(): address for address in site.people.values() if address}
    found: dict[str, str] = {}
    for name in (article.owner, *article.reviewers):
        key = name.strip().lower()
        if key in agents:
            address, lang = agents[key]
            found[address] = lang if lang in site.languages else site.default_language
        elif address := site.people.get(name.strip()) or known.get(key, ""):
            spoken = agents.get(address.lower(), (address, site.default_language))[1]
            found[address] = spoken if spoken in site.languages else site.default_language
    return found


def tell_of_report(
    conn: Connection, letters: Letters, site: Site, article: Article, text: str, now: datetime
) -> tuple[str, ...]:
    """Queue a mail to those who keep an article with which somebody has a problem; return the
    addresses. It holds what was said, and nothing about who said it."""
    agents = {one.email_key: (one.email, one.lang) for one in users.agents(conn)}
    told = keepers(site, article, agents)
    for address, lang in told.items():
        letter = letters.write(
            "article-report",
            lang,
            address,
            path=f"desk/feedback?article={article.id}",
            title=article.title,
            id=article.id,
            file=article.path,
            text=text.strip(),
        )
        queue(conn, letter, now)
    return tuple(told)
