"""The policy of a site as it was at a git revision, read without touching the working tree."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from kb.content.problems import ContentError, Problem

_SECONDS = 30
_LARGEST = 5_000_000  # bytes of one file
_WANTED = ("policy", "site.yaml")
_FILE_MODES = ("100644", "100755")


def write_revision(root: Path, revision: str, out: Path) -> None:
    """Write `policy/*.yaml` and `site.yaml` of the site at `root`, as they were at a revision,
    into the folder `out`.

    Only plain files are taken: no link, filter or hook of the repository is followed. Raises
    ContentError where there is no repository, no such revision or no site in it."""
    commit = find_commit(root, revision)
    listed = git_output(root, "ls-tree", "-r", "-z", commit, "--", *_WANTED)
    if listed is None:
        raise _mistake(root, f"the revision “{revision}” cannot be read", "see: git fsck")
    names = []
    for line in filter(None, listed.decode("utf-8", "surrogateescape").split("\0")):
        about, _, name = line.partition("\t")
        mode, _, blob = about.split(" ")
        if _is_policy(name):
            names.append(name)
            _write(root, mode, blob, revision, name, out)
    if "site.yaml" not in names:
        mend = "name a revision in which it was there"
        raise _mistake(root, f"the revision “{revision}” has no site.yaml in this folder", mend)


def find_commit(root: Path, revision: str) -> str:
    """Return the id of the commit that a revision names; raises ContentError."""
    if shutil.which("git") is None:
        raise _mistake(root, "the command git is not there", "install git, or name two folders")
    if git_output(root, "rev-parse", "--git-dir") is None:
        raise _no_repository(root)
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    found = git_output(root, *asked)
    if found is None:
        mend = "name a commit, branch or tag (git log shows them), or a folder"
        raise _mistake(root, f"there is no revision or folder “{revision}”", mend)
    return found.decode().strip()


def _is_policy(name: str) -> bool:
    """Paths are relative to the site; nothing else than these is ever written."""
    folder, _, file = name.rpartition("/")
    return name == "site.yaml" or (folder == "policy" and file.endswith((".yaml", ".yml")))


def _write(root: Path, mode: str, blob: str, revision: str, name: str, out: Path) -> None:
    if mode not in _FILE_MODES:
        raise ContentError([Problem(f"{revision}:{name}", 1, "this is no plain file", "write one")])
    content = git_output(root, "cat-file", "blob", blob)
    if content is None or len(content) > _LARGEST:
        raise ContentError([Problem(f"{revision}:{name}", 1, "this file cannot be read", "")])
    target = out / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def git_command(root: Path, *words: str) -> list[str]:
    """Return a command of git in a folder, whatever the user's own settings say."""
    return ["git", "-C", str(root), "-c", "core.fsmonitor=false", "-c", "color.ui=false", *words]


def git_output(root: Path, *words: str, seconds: float = _SECONDS) -> bytes | None:
    """Return what git answers; None when it says no or takes longer than so many seconds."""
    done = git_run(root, *words, seconds=seconds)
    return done.stdout if done is not None and done.returncode == 0 else None


def git_run(
    root: Path,
    *words: str,
    seconds: float = _SECONDS,
    env: Mapping[str, str] | None = None,
    content: bytes | None = None,
) -> subprocess.CompletedProcess[bytes] | None:
    """Run git with `content` as its input; it asks nobody for a password. None where it is not
    there or takes too long."""
    try:
        return subprocess.run(  # noqa: S603  # no shell, the words are ours or come after --
            git_command(root, *words),
            capture_output=True,
            input=content,
            timeout=seconds,
            check=False,
            env={**os.environ, "GIT_TERMINAL_PROMPT": "0", **(env or {})},
        )
    except (OSError, subprocess.TimeoutExpired):
        return None


def _mistake(root: Path, what: str, mend: str) -> ContentError:
    return ContentError([Problem(str(root), 0, what, mend)])


def _no_repository(root: Path) -> ContentError:
    told = git_run(root, "rev-parse", "--git-dir")
    if told is not None and b"dubious ownership" in told.stderr:
        mend = f"allow it: git config --global --add safe.directory {root}"
        return _mistake(root, "the git repository belongs to another user", mend)
    mend = "make one with git init and commit; without one only folders can be compared"
    return _mistake(root, "this site is in no git repository", mend)
