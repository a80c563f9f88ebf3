"""Editing articles in the browser: what is opened, saved to a branch, listed and given up."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from kb.actions.article_numbers import new_article_number
from kb.actions.previews import ask_again
from kb.content.git_branches import (
    blob_id,
    branches_of_ours,
    changed_files,
    content_repository,
    delete_at_remote,
    delete_branch,
    file_of,
    folders_of,
    is_merged,
    read_blob,
)
from kb.content.git_commits import (
    Author,
    CommitTrouble,
    Repository,
    Trouble,
    base,
    checked_branch,
    commit_files,
    files_at,
    push,
    tip,
)
from kb.settings import Settings
from kb.store import Database

_TRIES = 4


@dataclass(frozen=True, slots=True)
class Sheet:
    """The file that somebody edits, and the branch it is saved to. `seen` and `seen_main` are
    git's names for what stood there, and on the main branch, when they began; '' for nothing."""

    path: str
    branch: str
    seen: str = ""
    seen_main: str = ""

    @property
    def folder(self) -> str:
        """The folder of the article."""
        return self.path.rpartition("/")[0]

    @property
    def lang(self) -> str:
        """The language of this file."""
        return self.path.rpartition("/")[2].removesuffix(".md")

    @property
    def number(self) -> int:
        """The article's id."""
        return int(self.folder.rpartition("/")[2].partition("-")[0])


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a save: the commit, whether it was there already (sent twice), and how far it
    went: `pushed`, or what the remote `said` when it refused."""

    commit: str
    again: bool = False
    pushed: bool = False
    said: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """Somebody else changed the file meanwhile: what stands there now, where, and the sheet with
    which the next save goes through."""

    theirs: bytes
    on_main: bool
    sheet: Sheet


def branch_of(folder: str) -> str:
    """Return the branch that edits of an article in this folder go to."""
    return f"edit/{folder.rpartition('/')[2]}"


def open_sheet(settings: Settings, number: int, lang: str, branch: str = "") -> Sheet | None:
    """Open an article as it is on a branch of ours, or, without one, on the branch of its edits
    where there is one, else as it is on the main branch; None where it is nowhere.

    Raises CommitTrouble."""
    repo = content_repository(settings)
    main = base(repo)
    if not branch:
        branch = _branch_for(repo, main, number)
    if not branch:
        return None
    stands = _stands(repo, checked_branch(repo, branch), main)
    path = file_of(repo, stands, number, lang)
    if not path or (tip(repo, branch) is None and branch != branch_of(path.rpartition("/")[0])):
        return None
    return Sheet(path, branch, blob_id(repo, stands, path), blob_id(repo, main, path))


def begin_sheet(
    db: Database, settings: Settings, category: str, slug: str, lang: str, now: datetime
) -> Sheet:
    """Give a new article its id and place; nothing is committed. Raises CommitTrouble."""
    number = new_article_number(db, settings, content_repository(settings), now)
    folder = f"articles/{category}/{number}-{slug}"
    return Sheet(f"{folder}/{lang}.md", branch_of(folder))


def source_of(settings: Settings, sheet: Sheet) -> bytes | None:
    """Return the file as it was when it was opened; None for one that is new. Raises
    CommitTrouble."""
    return read_blob(content_repository(settings), sheet.seen)


def source_beside(settings: Settings, sheet: Sheet, lang: str) -> bytes | None:
    """Return the same article in another language, as far as the branch has it."""
    return file_beside(settings, sheet, f"{lang}.md")


def file_beside(settings: Settings, sheet: Sheet, name: str) -> bytes | None:
    """Return a file of the article's folder as the branch has it; None for none or a link."""
    repo = content_repository(settings)
    stands = _stands(repo, sheet.branch, base(repo))
    return read_blob(repo, blob_id(repo, stands, f"{sheet.folder}/{name}"))


def files_beside(settings: Settings, sheet: Sheet) -> tuple[str, ...]:
    """Return the files of the article's folder as the branch has them; raises CommitTrouble."""
    repo = content_repository(settings)
    return files_at(repo, _stands(repo, sheet.branch, base(repo)), sheet.folder)


def save_sheet(
    settings: Settings,
    sheet: Sheet,
    raw: bytes,
    images: Mapping[str, bytes],
    author: Author,
    message: str,
    now: datetime,
) -> Saved | Moved:
    """Commit a file, and images beside it by name, to its branch and push it where there is a
    remote. The same thing twice is one commit. Raises CommitTrouble when nothing was committed."""
    repo = content_repository(settings)
    files = {sheet.path: raw} | {f"{sheet.folder}/{name}": kept for name, kept in images.items()}
    for _ in range(_TRIES):
        main, at = base(repo), tip(repo, sheet.branch)
        stands = _stands(repo, sheet.branch, main)
        if all(
            read_blob(repo, blob_id(repo, stands, path)) == kept for path, kept in files.items()
        ):
            return replace(_pushed(settings, repo, sheet.branch, stands), again=True)
        moved = _moved(repo, sheet, stands, main)
        if moved is not None:
            return moved
        try:
            if at is not None and stands != at:
                delete_branch(repo, sheet.branch, at)  # all of it is in the main branch
            made = commit_files(repo, sheet.branch, files, author, message, now, expect=stands)
        except CommitTrouble as trouble:
            if trouble.trouble is not Trouble.MOVED:
                raise
            continue  # somebody was as quick: look again
        saved = _pushed(settings, repo, sheet.branch, made)
        ask_again(settings, sheet.branch, now)  # who reads its preview reads what is saved
        return saved
    raise CommitTrouble(Trouble.MOVED)


def give_up(settings: Settings, branch: str, commit: str) -> None:
    """Delete a branch of ours while it stands at a commit, at the remote too; raises
    CommitTrouble."""
    repo = content_repository(settings)
    delete_branch(repo, branch, commit)
    delete_at_remote(repo, settings.sync_remote, branch, commit)


def _branch_for(repo: Repository, main: str, number: int) -> str:
    folder = folders_of(repo, main).get(number)
    if folder:
        return branch_of(folder)
    for branch in branches_of_ours(repo):
        names = (path.rpartition("/")[0] for path in changed_files(repo, branch.commit))
        if any(name.rpartition("/")[2].startswith(f"{number}-") for name in names):
            return branch.name
    return ""


def _stands(repo: Repository, branch: str, main: str) -> str:
    """The commit that an edit goes on from: the branch's, unless the main branch has all of it."""
    at = tip(repo, branch)
    return main if at is None or is_merged(repo, at) else at


def _moved(repo: Repository, sheet: Sheet, stands: str, main: str) -> Moved | None:
    here, there = blob_id(repo, stands, sheet.path), blob_id(repo, main, sheet.path)
    seen = replace(sheet, seen=here, seen_main=there)
    if here != sheet.seen:
        return Moved(read_blob(repo, here) or b"", stands == main, seen)
    if there not in (sheet.seen_main, here):
        return Moved(read_blob(repo, there) or b"", True, replace(seen, seen=here))
    return None


def _pushed(settings: Settings, repo: Repository, branch: str, commit: str) -> Saved:
    try:
        return Saved(commit, pushed=push(repo, settings.sync_remote, branch))
    except CommitTrouble as trouble:
        return Saved(commit, said=trouble.said or str(trouble.trouble))
