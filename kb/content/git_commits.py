"""Commits to branches of the content's repository, made beside its work tree.

Everything is written with git's plumbing and an index of its own: no file of the work tree, no
index of anybody and no hook is touched, so it does not matter whether the tree is dirty, in the
middle of something, detached or bare. A branch is moved only from where it was read, so nothing
that somebody else committed meanwhile is lost. The main branch is never written.
"""

import re
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path, PurePosixPath

from kb.content.git_files import git_output, git_run

OURS = ("draft/", "edit/")
"""Only branches that begin so are written."""
_TRIES = 5
_WAIT = 0.1  # seconds, more with each try: another git holds the branch
_PUSH_SECONDS = 60
_NONE = ""  # no commit, however long the names of commits are
_NO_HOOKS = ("-c", "core.hooksPath=/dev/null")
_PART = re.compile(r"[^\x00-\x20\x7f/\\:*?\"<>|.][^\x00-\x1f\x7f/\\:*?\"<>|]{0,200}(?<![ .])")
_LINK, _FOLDER = "120000", "040000"
_UNSAFE = re.compile(r"[\x00-\x1f\x7f<>]+")


class Trouble(StrEnum):
    """Why nothing was committed, or nothing pushed."""

    NO_GIT = "no-git"
    NO_REPOSITORY = "no-repository"
    NO_COMMIT = "no-commit"
    BAD_BRANCH = "bad-branch"
    BAD_PATH = "bad-path"
    MOVED = "moved"  # others changed the same branch again and again
    BUSY = "busy"  # another process holds a lock
    REFUSED = "refused"  # by the remote
    FAILED = "failed"


class CommitTrouble(Exception):
    """Git did not do what was asked; `said` is its own last line."""

    def __init__(self, trouble: Trouble, said: str = "") -> None:
        super().__init__(f"{trouble}: {said}" if said else str(trouble))
        self.trouble, self.said = trouble, said


@dataclass(frozen=True, slots=True)
class Repository:
    """A content repository: a folder in it (or a bare one), the site's folder from its top with a
    slash at the end or '', and the name of its main branch ('' while none is known)."""

    path: Path
    prefix: str = ""
    main: str = ""


@dataclass(frozen=True, slots=True)
class Author:
    """Whose change it is."""

    name: str
    email: str


def open_repository(path: Path, main: str = "") -> Repository:
    """Return the repository around a folder, or the bare one; raises CommitTrouble. `main` is its
    main branch where the checked-out one is not it."""
    if git_run(Path("/"), "--version") is None:
        raise CommitTrouble(Trouble.NO_GIT)
    found = git_output(path, "rev-parse", "--is-bare-repository", "--show-prefix")
    if found is None:
        raise CommitTrouble(Trouble.NO_REPOSITORY)
    _, _, prefix = found.decode("utf-8", "surrogateescape").partition("\n")
    head = git_output(path, "symbolic-ref", "--quiet", "--short", "HEAD")
    return Repository(path, prefix.strip("\n"), main or (head or b"").decode().strip())


def tip(repo: Repository, branch: str) -> str | None:
    """Return the commit a branch stands at, or None."""
    words = (
        "rev-parse",
        "--verify",
        "--quiet",
        "--end-of-options",
        f"refs/heads/{branch}^{{commit}}",
    )
    found = git_output(repo.path, *words)
    return found.decode().strip() if found else None


def base(repo: Repository) -> str:
    """Return the commit that new branches begin at: the main branch's, else where HEAD is; raises
    CommitTrouble in a repository without a commit."""
    found = tip(repo, repo.main) if repo.main else None
    if found is None:
        head = git_output(repo.path, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        if head is None:
            raise CommitTrouble(Trouble.NO_COMMIT)
        found = head.decode().strip()
    return found


def read_at(repo: Repository, commit: str, path: str) -> bytes | None:
    """Return a plain file of the site as it was at a commit; None for none, or a link."""
    whole = repo.prefix + checked_path(path)
    entry = git_output(repo.path, "ls-tree", "--full-tree", "-z", commit, "--", whole)
    if not entry or entry.startswith((_LINK.encode(), _FOLDER.encode())):
        return None
    return git_output(repo.path, "cat-file", "blob", entry.split(b"\t")[0].split()[2].decode())


def files_at(repo: Repository, commit: str, folder: str) -> tuple[str, ...]:
    """Return the plain files below a folder of the site at a commit, from the site's top."""
    whole = repo.prefix + checked_path(folder) + "/"
    words = ("ls-tree", "--full-tree", "-r", "-z", "--name-only", commit, "--", whole)
    listed = git_output(repo.path, *words) or b""
    names = (name.decode("utf-8", "surrogateescape") for name in listed.split(b"\0") if name)
    return tuple(name.removeprefix(repo.prefix) for name in names)


def commit_files(
    repo: Repository,
    branch: str,
    files: Mapping[str, bytes | None],
    author: Author,
    message: str,
    at: datetime,
    *,
    expect: str | None = None,
) -> str:
    """Commit files (None: gone) of the site to a branch, which begins at `base` where it is new,
    and return the commit; with `expect` only while the branch stands there. Raises
    CommitTrouble."""
    checked_branch(repo, branch)
    for attempt in range(_TRIES):
        before = tip(repo, branch)
        if expect is not None and (before or base(repo)) != expect:
            raise CommitTrouble(Trouble.MOVED)
        made = _commit(repo, before or base(repo), files, author, message, at)
        ref = ("update-ref", "-m", "waypost", f"refs/heads/{branch}", made, before or _NONE)
        done = git_run(repo.path, *_NO_HOOKS, *ref)
        if done is not None and done.returncode == 0:
            return made
        said = done.stderr.decode("utf-8", "replace").strip() if done else ""
        if before == tip(repo, branch) and ".lock" not in said:
            trouble = Trouble.BAD_BRANCH if "exists" in said else Trouble.FAILED
            raise CommitTrouble(trouble, said.rpartition("\n")[2])
        time.sleep(_WAIT * (attempt + 1))
    raise CommitTrouble(Trouble.BUSY if tip(repo, branch) == before else Trouble.MOVED)


def push(repo: Repository, remote: str, branch: str) -> bool:
    """Push a branch of ours, never by force; False where the repository has no such remote.
    Raises CommitTrouble when the remote refuses; the commit stays here."""
    checked_branch(repo, branch)
    if git_output(repo.path, "remote", "get-url", "--", remote) is None:
        return False
    ref = f"refs/heads/{branch}:refs/heads/{branch}"
    words = ("push", "--no-verify", "--porcelain", "--", remote, ref)
    done = git_run(repo.path, *_NO_HOOKS, *words, seconds=_PUSH_SECONDS)
    if done is None or done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip() if done else ""
        raise CommitTrouble(Trouble.REFUSED, said.partition("\n")[0][:300])
    return True


def checked_branch(repo: Repository, branch: str) -> str:
    """Return the name of a branch of ours; raises CommitTrouble for any other."""
    named = branch.startswith(OURS) and branch != repo.main
    if not named or git_output(repo.path, "check-ref-format", "--branch", branch) is None:
        raise CommitTrouble(Trouble.BAD_BRANCH)
    return branch


def checked_path(path: str) -> str:
    """Return a path in the site that every file system can hold; raises CommitTrouble."""
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or not all(_PART.fullmatch(part) for part in parts):
        raise CommitTrouble(Trouble.BAD_PATH)
    if any(part.lower().endswith(".git") or part == ".." for part in parts):
        raise CommitTrouble(Trouble.BAD_PATH)
    return "/".join(parts)


def _commit(
    repo: Repository,
    parent: str,
    files: Mapping[str, bytes | None],
    author: Author,
    message: str,
    at: datetime,
) -> str:
    """Write blobs, a tree and a commit; nothing points to it yet."""
    with tempfile.TemporaryDirectory() as folder:
        index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        _must(repo, "read-tree", parent, env=index)
        for path, content in files.items():
            whole = repo.prefix + checked_path(path)
            _no_links_above(repo, parent, whole)
            if content is None:
                _must(repo, "update-index", "--force-remove", "--", whole, env=index)
                continue
            blob = _must(repo, "hash-object", "-w", "--stdin", content=content)
            entry = f"100644,{blob},{whole}"
            _must(repo, "update-index", "--add", "--cacheinfo", entry, env=index)
        tree = _must(repo, "write-tree", env=index)
    when = f"{int(at.timestamp())} +0000"
    who = {
        "GIT_AUTHOR_NAME": _safe(author.name),
        "GIT_AUTHOR_EMAIL": _safe(author.email),
        "GIT_AUTHOR_DATE": when,
        "GIT_COMMITTER_NAME": "Waypost",
        "GIT_COMMITTER_EMAIL": _safe(author.email),
        "GIT_COMMITTER_DATE": when,
    }
    words = ("commit-tree", "--no-gpg-sign", tree, "-p", parent, "-F", "-")
    return _must(repo, *words, content=message.encode(), env=who)


def _no_links_above(repo: Repository, commit: str, path: str) -> None:
    """Refuse a path that goes through, or to, a symbolic link of the repository."""
    parts = path.split("/")
    above = ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]
    listed = git_output(repo.path, "ls-tree", "--full-tree", "-z", commit, "--", *above) or b""
    if any(entry.startswith(_LINK.encode()) for entry in listed.split(b"\0")):
        raise CommitTrouble(Trouble.BAD_PATH)


def _must(
    repo: Repository,
    *words: str,
    content: bytes | None = None,
    env: Mapping[str, str] | None = None,
) -> str:
    done = git_run(repo.path, *words, env=env, content=content)
    if done is None or done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip() if done else ""
        raise CommitTrouble(Trouble.FAILED, said.rpartition("\n")[2][:300])
    return done.stdout.decode().strip()


def _safe(words: str) -> str:
    """A name as git takes it; it must not be empty."""
    return " ".join(_UNSAFE.sub(" ", words).split()) or "Waypost"
