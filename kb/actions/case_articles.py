"""From case to article: a draft on a branch of the content's repository, its agent the author."""

import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from kb.actions.article_numbers import new_article_number
from kb.actions.case_steps import Answer, Who, note_change
from kb.content.articles_source import FOLDER
from kb.content.compiled import CompiledSite
from kb.content.git_branches import content_repository
from kb.content.git_commits import (
    Author,
    CommitTrouble,
    Repository,
    Trouble,
    base,
    commit_files,
    push,
    read_at,
    tip,
)
from kb.content.markdown.slugs import slug
from kb.rules.articles import Article, Status
from kb.rules.case_article import Draft, source_of
from kb.rules.cases import Actor
from kb.settings import Settings
from kb.store import Database, article_drafts, cases, users
from kb.store.article_drafts import ArticleDraft, Pushed

_UNDER_WAY = timedelta(minutes=2)  # after which what began a draft is taken for dead
_WAIT_SECONDS = 10.0
_LOOK_EVERY = 0.1
_PATH_ID = 999_999_999  # stands for an id that is not given yet


class Stage(StrEnum):
    """How far a draft has come. MERGED: its file is on the main branch or live, not published;
    GONE: its branch is, and nothing else has it; UNKNOWN: git cannot say."""

    OPEN = "open"
    MERGED = "merged"
    PUBLISHED = "published"
    GONE = "gone"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Made:
    """The draft of a case; `again` where there was one already."""

    draft: ArticleDraft
    again: bool = False


def draft_of_case(db: Database, number: int) -> ArticleDraft | None:
    """Return the committed draft of a case."""
    with db.read() as conn:
        found = article_drafts.of_case(conn, number)
    return found if found and found.commit else None


def path_of(draft: Draft, lang: str, article_id: int = _PATH_ID) -> str:
    """Return where the draft's file lies in the site."""
    category = f"{draft.category}/" if draft.category else ""
    return f"{FOLDER}/{category}{article_id}-{slug(draft.title) or 'case'}/{lang}.md"


def make_draft(
    db: Database, settings: Settings, who: Who, number: int, draft: Draft, lang: str, now: datetime
) -> Made | Answer:
    """Commit a case's article to a branch of its own and push it; one that is there already is
    returned as it is, so that a form sent twice makes one commit.

    Raises CommitTrouble when nothing was committed. What a remote refused stays committed."""
    if who.actor is not Actor.AGENT or who.user_id is None:
        return Answer.NOT_FOUND
    with db.read() as conn:
        case, agent = cases.by_number(conn, number), users.by_id(conn, who.user_id)
    if case is None or agent is None:
        return Answer.NOT_FOUND
    repo = content_repository(settings)
    base(repo)
    begun = _begin(db, settings, repo, number, agent.id, draft, lang, now)
    if begun.commit:
        return Made(begun, again=True)
    raw = source_of(draft, lang, now.date()).encode()
    try:
        commit = _commit(repo, begun, raw, Author(agent.name, agent.email), draft.title, now)
    except CommitTrouble:
        with db.write() as conn:
            article_drafts.forget(conn, number)
        raise
    with db.write() as conn:
        if article_drafts.committed(conn, number, commit):
            after = {"branch": begun.branch, "path": begun.path}
            note_change(conn, number, who, "article-draft", "", str(begun.article_id), now, **after)
    push_draft(db, settings, number)
    found = draft_of_case(db, number)
    return Made(found) if found else Answer.NOT_FOUND


def push_draft(db: Database, settings: Settings, number: int) -> ArticleDraft | None:
    """Push a case's draft, and keep what the remote said; None for no draft."""
    found = draft_of_case(db, number)
    if found is None:
        return None
    try:
        done = push(content_repository(settings), settings.sync_remote, found.branch)
        how, said = (Pushed.PUSHED if done else Pushed.NOWHERE), ""
    except CommitTrouble as trouble:
        how, said = Pushed.REFUSED, trouble.said or str(trouble.trouble)
    with db.write() as conn:
        article_drafts.pushed(conn, number, how, said)
    return replace(found, push=how, said=said)


def forget_draft(db: Database, settings: Settings, site: CompiledSite, who: Who, number: int,
                 now: datetime) -> Answer:  # fmt: skip
    """Forget a draft whose branch is gone, so that there can be another. NOT_ALLOWED: it is not."""
    found = draft_of_case(db, number)
    if who.actor is not Actor.AGENT or found is None:
        return Answer.NOT_FOUND
    if stage_of(settings, site, found) is not Stage.GONE:
        return Answer.NOT_ALLOWED
    with db.write() as conn:
        if not article_drafts.forget(conn, number):
            return Answer.AGAIN
        note_change(conn, number, who, "article-dropped", str(found.article_id), "", now)
    return Answer.DONE


def stage_of(settings: Settings, site: CompiledSite, draft: ArticleDraft) -> Stage:
    """Tell how far a draft has come, by the database, the live site and git."""
    if draft.published_at:
        return Stage.PUBLISHED
    if live_article(site, draft, draft.lang):
        return Stage.MERGED
    try:
        repo = content_repository(settings)
        if tip(repo, draft.branch):
            return Stage.OPEN
        return Stage.MERGED if read_at(repo, base(repo), draft.path) is not None else Stage.GONE
    except CommitTrouble:
        return Stage.UNKNOWN


def live_article(site: CompiledSite, draft: ArticleDraft, lang: str) -> Article | None:
    """Return the live article that a draft has become, in a language if it can be: one that kept
    its number and its name or says that it had it; another that took the number is not it."""
    was = f"{draft.article_id}-{draft.slug}"
    number = site.moved.get(was, draft.article_id)
    shelves = [site.articles.get(lang, {}), *site.articles.values()]
    found = [shelf[number] for shelf in shelves if number in shelf]
    same = [one for one in found if one.slug == draft.slug or was in site.moved]
    ready = [one for one in same if one.status is Status.PUBLISHED]
    return next(iter([*ready, *same]), None)


def _begin(
    db: Database,
    settings: Settings,
    repo: Repository,
    number: int,
    agent_id: int,
    draft: Draft,
    lang: str,
    now: datetime,
) -> ArticleDraft:
    """Take the place of the case's one draft, or return what has it, once it is committed."""
    last = time.monotonic() + _WAIT_SECONDS
    article_id = 0
    while True:
        with db.write() as conn:
            there = article_drafts.of_case(conn, number)
            if there and not there.commit and now - there.at >= _UNDER_WAY:
                article_drafts.forget(conn, number)  # it died between the two
                article_id, there = there.article_id, None
            if there is None and article_id:
                path = path_of(draft, lang, article_id)
                branch = f"draft/{number}-{slug(draft.title) or 'case'}"
                made = ArticleDraft(
                    number, article_id, agent_id, lang, path, branch, "", Pushed.NOT_YET, "", now,
                    None,
                )  # fmt: skip
                if article_drafts.add(conn, made):
                    return made
        if there is None:
            article_id = article_id or new_article_number(db, settings, repo, now)
            continue
        if there.commit:
            return there
        if time.monotonic() > last:
            raise CommitTrouble(Trouble.BUSY)
        time.sleep(_LOOK_EVERY)


def _commit(
    repo: Repository, begun: ArticleDraft, raw: bytes, author: Author, title: str, now: datetime
) -> str:
    """Commit the file; what an attempt that died has committed is taken as it is."""
    there = tip(repo, begun.branch)
    if there and read_at(repo, there, begun.path) == raw:
        return there
    message = f"{title}\n\nDraft of an article from case {begun.case_number}."
    return commit_files(repo, begun.branch, {begun.path: raw}, author, message, now)
