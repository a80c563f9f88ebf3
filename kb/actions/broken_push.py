"""Telling the authors of a push with mistakes where they are, by mail."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from kb.actions.live_site import LiveSite, NoLiveSite
from kb.actions.mail_queue import queue
from kb.content.git_remote import Commit
from kb.mail import letters_for
from kb.rules.site import Site
from kb.settings import Settings
from kb.store import Database, users

MOST_TOLD = 5
MOST_PROBLEMS = 40


def tell_authors(
    settings: Settings,
    db: Database,
    branch: str,
    commits: Sequence[Commit],
    problems: Sequence[str],
    now: datetime,
) -> tuple[str, ...]:
    """Queue a mail to each author of the commits whose address is an agent's or stands in
    site.yaml, else to `content_email`; return the addresses. Before a site is live nobody is told.

    An address from a commit alone is not written to: anybody can put anybody's there."""
    try:
        site = LiveSite(settings.var).current().site.site
    except NoLiveSite:
        return ()
    letters = letters_for(settings, site)
    with db.write() as conn:
        agents = {one.email_key: (one.email, one.lang) for one in users.agents(conn)}
        told = dict(_recipients(site, agents, commits))
        for address, lang in told.items():
            letter = letters.write(
                "content-broken",
                lang,
                address,
                path="kb/",
                branch=branch,
                commits=[(c.id[:10], c.subject, c.author) for c in commits[:MOST_TOLD]],
                problems=problems[:MOST_PROBLEMS],
                more=max(0, len(problems) - MOST_PROBLEMS),
            )
            queue(conn, letter, now)
    return tuple(told)


def _recipients(
    site: Site, agents: dict[str, tuple[str, str]], commits: Sequence[Commit]
) -> Iterator[tuple[str, str]]:
    lang, found = site.default_language, 0
    known = {address.lower(): address for address in site.people.values() if address}
    for commit in dict.fromkeys(commits):
        key = commit.mail.lower()
        if key in agents:
            address, spoken = agents[key]
            yield address, spoken if spoken in site.languages else lang
        elif key in known or site.people.get(commit.author):
            yield known.get(key) or site.people[commit.author], lang
        else:
            continue
        found += 1
        if found == MOST_TOLD:
            return
    if not found and site.content_email:
        yield site.content_email, lang
