"""What is new or changed on the site, told once to everybody who follows it (R62).

Two steps, each safe to be killed at any moment: the site is compared with what its readers had
seen, which makes numbered changes; then every follower gets those after the last one they were
told of, in the transaction that queues their letter."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b

from sqlalchemy import Connection

from kb.actions.following import token_of
from kb.actions.mail_queue import queue
from kb.content.assemble import article_address
from kb.content.compiled import CompiledSite
from kb.mail import Letter, Letters
from kb.rules.articles import Article, Audience
from kb.rules.following import (
    CHANGES_KEPT,
    IN_ONE_LETTER,
    Change,
    News,
    Standing,
    concerns,
    is_due,
    news,
    open_to_all,
    standing,
    told_once,
)
from kb.rules.history import sees_history
from kb.store import Database, followers, mail_bounces, outbox
from kb.store import news as store
from kb.store.followers import Follower
from kb.store.news import Key
from kb.store.outbox import MailState

_BATCH = 200


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a letter."""

    kind: News
    title: str
    url: str
    words: str


def survey(db: Database, site: CompiledSite, now: datetime) -> int:
    """Note what changed since the site was looked at last; returns how many changes. The first
    look notes nothing: all of it was there before anybody followed."""
    with db.write() as conn:
        last = store.begin(conn)
        if (last.revision, last.day) == (site.revision, now.date()):
            return 0
        before = store.seen(conn)
        found = dict(_standings(site, now))
        changes = [
            (key, kind, site.articles[key[1]][key[0]])
            for key, now_seen in found.items()
            if (kind := news(before.get(key), now_seen))
        ]
        new = {key: seen for key, seen in found.items() if key not in before}
        other = {key: seen for key, seen in found.items() if before.get(key, seen) != seen}
        store.keep(conn, new, other)
        if last.revision:
            told = [(key, kind, words_of(site, article)) for key, kind, article in changes]
            store.add(conn, told, now)
        store.purge(conn, now - CHANGES_KEPT)
        store.finish(conn, site.revision, now.date())
    return len(changes) if last.revision else 0


def tell(db: Database, site: CompiledSite, letters: Letters, now: datetime) -> int:
    """Write the letters that are due; returns how many. Several workers may do so at once."""
    with db.read() as conn:
        newest = store.newest(conn)
    written = last = 0
    while True:
        with db.read() as conn:
            some = followers.behind(conn, newest, last, now, _BATCH)
            lowest = min((min(one.told, one.told_alerts) for one in some), default=newest)
            changes = store.between(conn, lowest, newest)
        if not some:
            return written
        for one in some:
            with db.write() as conn:
                written += _tell(conn, site, letters, one.id, changes, newest, now)
        last = some[-1].id


def words_of(site: CompiledSite, article: Article) -> str:
    """What the author said of the last change, where the site shows that to everybody."""
    if not sees_history(site.site.history, agent=False):
        return ""
    seen = (c for c in site.history(article.lang, article.id) if c.audience is Audience.PUBLIC)
    newest = next(seen, None)
    return newest.subject if newest else ""


def _standings(site: CompiledSite, now: datetime) -> Iterator[tuple[Key, Standing]]:
    for lang, shelf in site.articles.items():
        for article in shelf.values():
            if not open_to_all(article):
                continue
            text = "" if article.updated else f"{article.title}\n{site.text(lang, article.id)}"
            words = blake2b(text.encode(), digest_size=16).hexdigest()
            seen = standing(article, words, now.date())
            if seen:
                yield (article.id, lang), seen


def _tell(
    conn: Connection,
    site: CompiledSite,
    letters: Letters,
    follower_id: int,
    changes: tuple[Change, ...],
    newest: int,
    now: datetime,
) -> bool:
    """Write one follower's letter, if there is anything; all of it is one transaction."""
    one = followers.by_id(conn, follower_id, lock=True)
    if one is None or one.stopped_at:
        return False
    if _came_back(conn, one):
        followers.stop(conn, one.id, now)
        return False
    due = is_due(one.pace, one.mailed_at, now)
    mine = _mine(conn, site, one, changes, due=due)
    told = {"told_alerts": newest, **({"told": newest} if due else {})}
    if not mine:
        followers.told(conn, one.id, **told)
        return False
    letter = _letter(site, letters, one, mine)
    queue(conn, letter, now)
    if any(change.kind is not News.ALERT for change in mine):
        told["mailed_at"] = now  # type: ignore[assignment]  # columns of several kinds
    followers.told(conn, one.id, **told, letter=letter.message_id)
    return True


def _mine(
    conn: Connection, site: CompiledSite, one: Follower, changes: tuple[Change, ...], *, due: bool
) -> tuple[Change, ...]:
    """The changes somebody has yet to be told: alerts always, the rest when it is due."""
    wanted = followers.wanted(conn, one.id)
    found = []
    for change in changes:
        is_alert = change.kind is News.ALERT
        if change.id <= (one.told_alerts if is_alert else one.told) or not (due or is_alert):
            continue
        article = site.articles.get(change.lang, {}).get(change.article_id)
        if article is None or not open_to_all(article):
            continue  # gone from sight since
        if any(concerns(thing, change, article) for thing in wanted):
            found.append(change)
    return told_once(tuple(found))


def _came_back(conn: Connection, one: Follower) -> bool:
    """Tell whether letters do not reach this address: it was marked, or the last one died."""
    if mail_bounces.of_address(conn, one.email):
        return True
    last = outbox.by_message_id(conn, one.letter) if one.letter else None
    return last is not None and (last.state is MailState.DEAD or last.bounced_at is not None)


def _letter(
    site: CompiledSite, letters: Letters, one: Follower, mine: tuple[Change, ...]
) -> Letter:
    token = token_of(letters.secret, one)
    lines = [
        Told(
            change.kind,
            site.articles[change.lang][change.article_id].title,
            letters.base_url + article_address(site.articles[change.lang][change.article_id]),
            change.words,
        )
        for change in mine[:IN_ONE_LETTER]
    ]
    letter = letters.write(
        "follow-news",
        one.lang,
        one.email,
        path=f"follow/mine/{token}",
        lines=lines,
        more=len(mine) - len(lines),
        alert=mine[0].kind is News.ALERT,
    )
    return replace(letter, headers={**letter.headers, **one_click(letters, one.lang, token)})


def one_click(letters: Letters, lang: str, token: str) -> Mapping[str, str]:
    """The headers by which mail programs offer to end it (RFC 2369, RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{letters.base_url}/{lang}/follow/end/{token}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
