"""The drafts and edits that wait on branches, and what `kb check` says of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from kb.actions.article_check import ReadingBusy, check_source
from kb.content.compiled import CompiledSite
from kb.content.git_branches import (
    Branch,
    blob_id,
    branches_of_ours,
    changed_files,
    content_repository,
    is_merged,
    read_blob,
)
from kb.content.git_commits import Repository
from kb.content.problems import Level
from kb.settings import Settings

MOST_LISTED = 50
_MOST_FILES = 10  # articles of one branch that are checked


@dataclass(frozen=True, slots=True)
class EditedArticle:
    """One article of a branch: its id (0: none can be read), and how many mistakes it has; None
    where there was no time to look."""

    path: str
    number: int
    lang: str
    title: str
    errors: int | None
    warnings: int


@dataclass(frozen=True, slots=True)
class OpenEdit:
    """A branch of ours with its articles; `merged`: the main branch has all of it."""

    branch: Branch
    articles: tuple[EditedArticle, ...]
    others: int = 0
    merged: bool = False


@dataclass(frozen=True, slots=True)
class OpenEdits:
    """What waits, the newest first, and how many more branches there are."""

    edits: tuple[OpenEdit, ...]
    more: int = 0


def open_edits(settings: Settings, site: CompiledSite) -> OpenEdits:
    """Return the branches of drafts and edits; raises CommitTrouble."""
    repo = content_repository(settings)
    branches = branches_of_ours(repo)
    listed = tuple(_edit(settings, site, repo, one) for one in branches[:MOST_LISTED])
    return OpenEdits(listed, max(0, len(branches) - MOST_LISTED))


def open_edit(settings: Settings, site: CompiledSite, name: str) -> OpenEdit | None:
    """Return one of them by its branch's name; raises CommitTrouble."""
    repo = content_repository(settings)
    found = next((one for one in branches_of_ours(repo) if one.name == name), None)
    return _edit(settings, site, repo, found) if found else None


def _edit(settings: Settings, site: CompiledSite, repo: Repository, branch: Branch) -> OpenEdit:
    if is_merged(repo, branch.commit):
        return OpenEdit(branch, (), merged=True)
    paths = changed_files(repo, branch.commit)
    files = {path: blob_id(repo, branch.commit, path) for path in paths}
    texts = [p for p in paths if p.startswith("articles/") and p.endswith(".md") and files[p]]
    told = tuple(
        _article(settings, site, repo, path, tuple(files.items())) for path in texts[:_MOST_FILES]
    )
    return OpenEdit(branch, told, len(paths) - len(told))


def _article(
    settings: Settings,
    site: CompiledSite,
    repo: Repository,
    path: str,
    files: tuple[tuple[str, str], ...],
) -> EditedArticle:
    try:
        return _checked(settings, _Same(site), repo, path, files)
    except ReadingBusy:
        return EditedArticle(path, 0, "", path, None, 0)


class _Same:
    """A site that is the same as another of the same revision."""

    def __init__(self, site: CompiledSite) -> None:
        self.site = site

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.site.revision == self.site.revision

    def __hash__(self) -> int:
        return hash(self.site.revision)


@lru_cache(maxsize=500)
def _checked(
    settings: Settings,
    same: _Same,
    repo: Repository,
    path: str,
    files: tuple[tuple[str, str], ...],
) -> EditedArticle:
    """Check one article of a branch, once for each content and revision of the site."""
    blobs: Mapping[str, str] = dict(files)
    raw = read_blob(repo, blobs[path]) or b""
    seen = check_source(same.site, settings.site, path, raw, blobs)
    errors = sum(one.level is Level.ERROR for one in seen.problems)
    warnings = len(seen.problems) - errors
    if seen.article is None:
        return EditedArticle(path, 0, "", path, errors, warnings)
    article = seen.article
    return EditedArticle(path, article.id, article.lang, article.title, errors, warnings)
