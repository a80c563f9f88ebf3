"""`kb sync`: bring the live branch, try it aside, and only when it is sound go live with it."""

import os
import shutil
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from kb.actions.broken_push import tell_authors
from kb.actions.compile_site import check_site, compile_site
from kb.content.git_remote import GitTrouble, SiteRepository
from kb.content.kept import fingerprint
from kb.content.problems import ContentError, Level
from kb.content.sync_files import SyncFiles, SyncState
from kb.settings import Settings
from kb.store import Database


class SyncOutcome(StrEnum):
    """What a sync came to.

    LIVE: something new went live; SAME: there was nothing new; BROKEN: the commit has mistakes and
    the live site is as before; REFUSED: work in the folder is in the way; BUSY: another sync runs;
    TROUBLE: git could not do it."""

    LIVE = "live"
    SAME = "same"
    BROKEN = "broken"
    REFUSED = "refused"
    BUSY = "busy"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync did; `told` are the addresses that a mail about mistakes was queued for,
    `unknown` those of authors where there was nobody to write to."""

    outcome: SyncOutcome
    branch: str = ""
    commit: str = ""
    revision: str = ""
    why: str = ""
    problems: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def sync_site(
    settings: Settings, db: Database, now: datetime, *, remote: str = "", branch: str = ""
) -> Synced:
    """Bring the live branch from its remote and go live with it if it is sound.

    One sync at a time. Nothing that is edited and not committed is touched. A commit with mistakes
    changes nothing here; its author is told once. Raises StoreError."""
    files = SyncFiles(settings.var)
    with files.alone() as alone:
        if not alone:
            return Synced(SyncOutcome.BUSY, why="another sync is running")
        try:
            repository = SiteRepository(settings.site)
            branch = live_branch(settings, repository, branch)
            return _sync(settings, db, now, repository, files, remote, branch)
        except GitTrouble as trouble:
            return Synced(SyncOutcome.TROUBLE, branch, why=str(trouble))


def live_branch(settings: Settings, repository: SiteRepository, branch: str = "") -> str:
    """Return the branch that is the live site: as said, as set, or as checked out; raises
    GitTrouble where none is."""
    found = branch or settings.sync_branch or repository.branch
    if not found:
        raise GitTrouble("no branch is checked out here; name one with --branch or KB_SYNC_BRANCH")
    return found


def _sync(
    settings: Settings,
    db: Database,
    now: datetime,
    repository: SiteRepository,
    files: SyncFiles,
    remote: str,
    branch: str,
) -> Synced:
    fetched = repository.fetch(remote or settings.sync_remote, branch)
    tip, head, state = fetched.commit, repository.head, files.state()
    at = Synced(SyncOutcome.SAME, branch, tip)
    if tip != head:
        if not _is_known(repository, head, tip, fetched.before, state):
            why = f"{head[:10]} is a commit of this folder alone; push it, or move it to a branch"
            return replace(at, outcome=SyncOutcome.REFUSED, why=why)
        mistakes = _mistakes(settings, repository, files, state, tip)
        if mistakes:
            broken = replace(at, outcome=SyncOutcome.BROKEN, problems=mistakes)
            return _tell(settings, db, now, repository, files, broken)
        try:
            repository.take(tip)
        except GitTrouble as trouble:
            edited = ", ".join(repository.edited()[:5])
            why = f"{trouble}; not committed here: {edited or 'new files'}. Nothing was changed"
            return replace(at, outcome=SyncOutcome.REFUSED, why=why)
    return _go_live(settings, repository, files, at)


def _is_known(
    repository: SiteRepository, head: str, tip: str, before: str, state: SyncState
) -> bool:
    """Tell whether no commit is lost when the folder moves on: what is checked out is in the new
    commits, or was at the remote before the branch was written anew."""
    return (
        not head
        or repository.is_in(head, tip)
        or repository.is_in(head, before)
        or head == state.commit
    )


def _mistakes(
    settings: Settings, repository: SiteRepository, files: SyncFiles, state: SyncState, tip: str
) -> tuple[str, ...]:
    """Check a commit aside; a broken one is checked once, until the program changes."""
    if (state.broken, state.made_by) == (tip, fingerprint()):
        return state.problems
    repository.lay_aside(tip, files.folder, links=True)
    seed_cache(settings.var, files.folder)
    try:
        check_site(replace(settings, site=files.folder / "tree", var=files.folder))
    except ContentError as error:
        problems = errors_of(error)
        files.keep(replace(state, broken=tip, problems=problems, made_by=fingerprint()))
        return problems
    return ()


def _tell(
    settings: Settings,
    db: Database,
    now: datetime,
    repository: SiteRepository,
    files: SyncFiles,
    at: Synced,
) -> Synced:
    """Tell the authors of a broken commit, once; return whom."""
    state = files.state()
    if state.told == at.commit:
        return at
    commits = tuple(repository.commits(repository.head, at.commit))
    told = tell_authors(settings, db, at.branch, commits, at.problems, now)
    files.keep(replace(state, told=at.commit))
    authors = tuple(dict.fromkeys(commit.mail for commit in commits))
    return replace(at, told=told, unknown=() if told else authors)


def _go_live(
    settings: Settings, repository: SiteRepository, files: SyncFiles, at: Synced
) -> Synced:
    try:
        made = compile_site(settings)
    except ContentError as error:
        problems = errors_of(error)
        why = "the commit is sound, but not with what is edited in this folder"
        if not repository.edited():
            why = "new files of this folder that are in no commit have mistakes"
        return replace(at, outcome=SyncOutcome.BROKEN, why=why, problems=problems)
    files.keep(replace(files.state(), commit=at.commit, broken="", problems=()))
    outcome = SyncOutcome.LIVE if made.changed else SyncOutcome.SAME
    return replace(at, outcome=outcome, revision=made.revision)


def errors_of(error: ContentError) -> tuple[str, ...]:
    """Return what keeps a site from going live, as it is printed; warnings are not among it."""
    return tuple(str(one) for one in error.problems if one.level is Level.ERROR)


def seed_cache(var: Path, other: Path) -> None:
    """Begin another var folder with the articles that were read for the live site, so that only
    what differs is rendered; its files are shared and never written in place."""
    source, target = var / "cache" / "articles", other / "cache" / "articles"
    if target.exists() or not source.is_dir():
        return
    try:
        shutil.copytree(source, target, copy_function=_share)
    except OSError:  # rendered anew instead
        shutil.rmtree(target, ignore_errors=True)


def _share(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
