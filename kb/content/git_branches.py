"""The branches that people write in the browser, and what the repository knows of their files."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from kb.content.git_commits import (
    OURS,
    CommitTrouble,
    Repository,
    Trouble,
    base,
    checked_branch,
    checked_path,
    files_at,
    open_repository,
    tip,
)
from kb.content.git_files import git_output, git_run
from kb.settings import Settings

_LARGEST = 4 * 1024 * 1024
_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_NUMBERED = re.compile(r"(?:^|/)([1-9][0-9]{0,8})-[^/]+/[^/]+$")
_SECONDS = 60
_FIELDS = "%(refname:strip=2)%00%(objectname)%00%(committerdate:unix)%00%(authorname)%00%(subject)"


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch of ours: where it stands, and who wrote its last commit when."""

    name: str
    commit: str
    at: datetime
    author: str
    subject: str


def content_repository(settings: Settings) -> Repository:
    """Return the repository that drafts and edits are committed to: that of KB_CONTENT_REPO, where
    the site lies as in its own, or else that of the site's folder; raises CommitTrouble."""
    main = settings.sync_branch
    if settings.content_repo is None:
        return open_repository(settings.site, main)
    found = open_repository(settings.content_repo, main)
    if git_output(found.path, "rev-parse", "--is-bare-repository") != b"true\n":
        return found
    own = git_output(settings.site, "rev-parse", "--show-prefix")  # a bare one knows no folder
    return Repository(found.path, own.decode().strip("\n") if own else "", found.main)


def branches_of_ours(repo: Repository) -> tuple[Branch, ...]:
    """Return the branches of drafts and edits, the newest first."""
    folders = [f"refs/heads/{start}" for start in OURS]
    words = ("for-each-ref", "--sort=-committerdate", f"--format={_FIELDS}", "--", *folders)
    told = git_output(repo.path, *words) or b""
    rows = (line.split("\0") for line in told.decode("utf-8", "replace").splitlines())
    return tuple(
        Branch(name, commit, datetime.fromtimestamp(int(at or 0), UTC), author, subject)
        for name, commit, at, author, subject in rows
    )


def changed_files(repo: Repository, commit: str) -> tuple[str, ...]:
    """Return the files of the site that a branch has changed since it left the main branch, those
    that are gone left out."""
    words = ("diff", "--name-only", "-z", "--no-renames", "--diff-filter=d")
    told = git_output(repo.path, *words, f"{base(repo)}...{commit}", "--") or b""
    names = (name.decode("utf-8", "surrogateescape") for name in told.split(b"\0") if name)
    return tuple(n.removeprefix(repo.prefix) for n in names if n.startswith(repo.prefix))


def is_merged(repo: Repository, commit: str) -> bool:
    """Tell whether the main branch has everything that a commit has."""
    words = ("merge-base", "--is-ancestor", commit, base(repo))
    return git_output(repo.path, *words) is not None


def blob_id(repo: Repository, commit: str, path: str) -> str:
    """Return git's name for the content of a plain file at a commit; '' where there is none."""
    whole = repo.prefix + checked_path(path)
    entry = git_output(repo.path, "ls-tree", "--full-tree", "-z", commit, "--", whole) or b""
    about = entry.partition(b"\t")[0].decode().split()
    return about[2] if len(about) == 3 and about[0] in ("100644", "100755") else ""


def read_blob(repo: Repository, blob: str) -> bytes | None:
    """Return a content by git's name for it; None for '', for none, and for a huge one."""
    if not _ID.fullmatch(blob):
        return None
    size = git_output(repo.path, "cat-file", "-s", blob)
    if size is None or int(size) > _LARGEST:
        return None
    return git_output(repo.path, "cat-file", "blob", blob)


def file_of(repo: Repository, commit: str, number: int, lang: str) -> str:
    """Return the path of an article at a commit, or of the article's translation that is not
    written yet; '' where there is no such article."""
    found = folders_of(repo, commit).get(number, "")
    return f"{found}/{lang}.md" if found else ""


def folders_of(repo: Repository, commit: str) -> Mapping[int, str]:
    """Return the folders of all articles at a commit by their number."""
    folders: dict[int, str] = {}
    for path in files_at(repo, commit, "articles"):
        match = _NUMBERED.search(path) if path.endswith(".md") else None
        if match:
            folders.setdefault(int(match[1]), path.rpartition("/")[0])
    return folders


def delete_branch(repo: Repository, branch: str, commit: str) -> None:
    """Delete a branch of ours while it stands at a commit; raises CommitTrouble. One that is
    checked out stays."""
    checked_branch(repo, branch)
    head = git_output(repo.path, "symbolic-ref", "--quiet", "HEAD") or b""
    if head.decode().strip() == f"refs/heads/{branch}":
        raise CommitTrouble(Trouble.FAILED, "it is checked out")
    if not _ID.fullmatch(commit) or tip(repo, branch) != commit:
        raise CommitTrouble(Trouble.MOVED)
    done = git_run(repo.path, "update-ref", "-d", f"refs/heads/{branch}", commit)
    if done is None or done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip() if done else ""
        trouble = Trouble.BUSY if ".lock" in said else Trouble.MOVED
        raise CommitTrouble(trouble, said.rpartition("\n")[2][:300])


def delete_at_remote(repo: Repository, remote: str, branch: str, commit: str) -> bool:
    """Delete a branch of ours at the remote while it stands there at a commit too; tell whether
    that was done."""
    checked_branch(repo, branch)
    if git_output(repo.path, "remote", "get-url", "--", remote) is None:
        return False
    lease = f"--force-with-lease=refs/heads/{branch}:{commit}"
    words = ("push", "--no-verify", "--porcelain", lease, "--", remote, f":refs/heads/{branch}")
    return git_output(repo.path, *words, seconds=_SECONDS) is not None


def has_remote(repo: Repository, remote: str) -> bool:
    """Tell whether the repository knows a remote of this name."""
    return git_output(repo.path, "remote", "get-url", "--", remote) is not None
