"""A branch of the site's repository as its remote has it: fetching, trying aside, taking.

Nothing here runs a hook of the repository, and nothing that is not in a commit is ever lost.
"""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kb.content.git_files import git_output, git_run

_FETCH_SECONDS = 180.0
_TREE_SECONDS = 300.0
_NO_HOOKS = ("-c", f"core.hooksPath={os.devnull}")
_BRANCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,199}")
_REMOTE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_NO_BRANCH = b"couldn't find remote ref"
MOST_FILES = 100_000
MOST_BYTES = 1_000_000_000


class GitTrouble(Exception):
    """Git cannot do what was asked; the message says why and how to mend it."""


class NotThere(GitTrouble):
    """There is no such remote, or it has no such branch."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """Where a branch is at the remote, and where it was when it was last fetched ('': never)."""

    commit: str
    before: str


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit as its author is told of it."""

    id: str
    author: str
    mail: str
    subject: str


class SiteRepository:
    """The repository that a site's folder lies in; the folder may be any below its top."""

    def __init__(self, root: Path) -> None:
        """Raises GitTrouble where there is none, or no git."""
        if shutil.which("git") is None:
            raise GitTrouble("the command git is not there; install git")
        told = git_run(root, "rev-parse", "--absolute-git-dir", "--show-prefix")
        if told is None or told.returncode:
            raise GitTrouble(f"{root} is in no git repository; clone one{_why(told)}")
        self.root = root
        lines = os.fsdecode(told.stdout).split("\n")
        self.git_dir, self.prefix = Path(lines[0]), lines[1]

    @property
    def branch(self) -> str:
        """The branch that is checked out; '' when none is."""
        found = git_output(self.root, "symbolic-ref", "--short", "--quiet", "HEAD")
        return found.decode().strip() if found else ""

    @property
    def head(self) -> str:
        """The commit that is checked out; '' before the first one."""
        found = git_output(self.root, "rev-parse", "--verify", "--quiet", "HEAD")
        return found.decode().strip() if found else ""

    def fetch(self, remote: str, branch: str) -> Fetched:
        """Bring a branch from the remote; raises GitTrouble, NotThere where there is none."""
        if not is_branch(branch):
            raise GitTrouble(f"“{branch}” is no name of a branch")
        if not _REMOTE.fullmatch(remote):
            raise GitTrouble(f"“{remote}” is no name of a remote; git remote shows them")
        name = f"refs/remotes/{remote}/{branch}"
        before = self._commit(name)
        words = ("fetch", "--no-tags", "--no-recurse-submodules", "--quiet", "--", remote)
        done = git_run(
            self.root,
            *_NO_HOOKS,
            *words,
            f"+refs/heads/{branch}:{name}",
            seconds=_FETCH_SECONDS,
            env={"LC_ALL": "C"},
        )
        if done is None or done.returncode:
            if not git_output(self.root, "config", "--get", f"remote.{remote}.url"):
                raise NotThere(
                    f"this repository has no remote “{remote}”; add it (git remote add {remote} "
                    "ADDRESS), or name another in KB_SYNC_REMOTE"
                )
            kind = NotThere if done is not None and _NO_BRANCH in done.stderr else GitTrouble
            raise kind(f"the branch {branch} cannot be fetched from {remote}{_why(done)}")
        return Fetched(self._commit(name), before)

    def newest(self, remote: str, branch: str) -> str:
        """Return the commit of a branch as the remote has it; a branch that is only in this
        repository, which may have no remote, will do. Raises GitTrouble."""
        try:
            return self.fetch(remote, branch).commit
        except NotThere as trouble:
            own = self._commit(f"refs/heads/{branch}")
            if own:
                return own
            raise GitTrouble(f"there is no branch {branch} here; {trouble}") from None

    def is_in(self, commit: str, other: str) -> bool:
        """Tell whether a commit is another or came before it."""
        return bool(commit and other) and (
            git_output(self.root, "merge-base", "--is-ancestor", commit, other) is not None
        )

    def lay_aside(self, commit: str, folder: Path, *, links: bool) -> None:
        """Make `folder`/tree the site as it is in a commit, writing only what differs from before.

        The site's own work tree and index are left alone. With `links` False links become files
        that hold their target's name. Raises GitTrouble, also for a site that is far too large."""
        site = f"{commit}:{self.prefix}"
        self._refuse_huge(site)
        tree = folder / "tree"
        tree.mkdir(parents=True, exist_ok=True, mode=0o700)
        done = git_run(
            tree,
            *_NO_HOOKS,
            *(() if links else ("-c", "core.symlinks=false")),
            f"--git-dir={self.git_dir}",
            f"--work-tree={tree}",
            *("read-tree", "--reset", "-u", site),
            seconds=_TREE_SECONDS,
            env={"GIT_INDEX_FILE": str(folder / "index")},
        )
        if done is None or done.returncode:
            raise GitTrouble(f"the commit {commit[:10]} cannot be read{_why(done)}")

    def _refuse_huge(self, site: str) -> None:
        told = git_output(self.root, "ls-tree", "-r", "-l", "-z", "--full-tree", site)
        if told is None:
            raise GitTrouble(f"there is no folder {self.prefix or '/'} in {site[:10]}")
        sizes = [entry.partition(b"\t")[0].split()[-1] for entry in told.split(b"\0") if entry]
        if len(sizes) > MOST_FILES or sum(int(s) for s in sizes if s.isdigit()) > MOST_BYTES:
            mb = MOST_BYTES // 1_000_000
            raise GitTrouble(f"this commit has more than {MOST_FILES} files or {mb} MB")

    def take(self, commit: str) -> None:
        """Move the work tree to a commit. What is edited and not committed stays as it is; where a
        file of that kind is in the way, nothing is moved: raises GitTrouble that names it."""
        done = git_run(
            self.root, *_NO_HOOKS, "reset", "--keep", commit, "--", seconds=_TREE_SECONDS
        )
        if done is None or done.returncode:
            raise GitTrouble(
                f"the files of this site cannot be brought to {commit[:10]}{_why(done)}"
            )

    def edited(self) -> tuple[str, ...]:
        """Return the paths that differ from the commit checked out, new ones not counted."""
        told = git_output(self.root, "diff", "--name-only", "-z", "--no-renames", "HEAD") or b""
        return tuple(os.fsdecode(name) for name in told.split(b"\0") if name)

    def commits(self, after: str, until: str) -> Iterator[Commit]:
        """Give the commits that changed the site after one and until another, the newest first."""
        span = f"{after}..{until}" if after else until
        words = ("log", "-z", "-n", "50", "--no-show-signature", "--format=%H%n%aN%n%aE%n%s")
        told = git_output(self.root, *words, span, "--", ".") or b""
        for entry in told.split(b"\0"):
            parts = entry.decode("utf-8", "replace").split("\n", 3)
            if len(parts) == 4:
                yield Commit(*parts)

    def _commit(self, name: str) -> str:
        found = git_output(self.root, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        return found.decode().strip() if found else ""


def is_branch(name: str) -> bool:
    """Tell whether a name may be that of a branch; anything odd is refused."""
    return bool(_BRANCH.fullmatch(name)) and not re.search(r"\.\.|//|/\.|\.lock(/|$)|[./]$", name)


def _why(done: object) -> str:
    """The first lines of what git said, without anything that looks like a password."""
    said = getattr(done, "stderr", None)
    if said is None:
        return ": git took too long"
    if _NO_BRANCH in said:
        return ": it is not there; push it first"
    lines = [line for line in os.fsdecode(said).strip().splitlines() if not line.startswith("hint")]
    told = " ".join(" ".join(lines[:4]).split())[:400]
    return f": {re.sub(r'://[^@/ ]*@', '://', told)}" if told else ""
