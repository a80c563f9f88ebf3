"""The next free id of an article, over everything that git and the folder know."""

import re
from pathlib import Path

from kb.content.articles_source import FOLDER
from kb.content.git_commits import OURS, Repository, base
from kb.content.git_files import git_output
from kb.content.new_files import next_id

_NUMBERED = re.compile(rb"/([1-9][0-9]{0,8})-[^/\0]*/")
_LISTED = 60  # seconds


def next_number(repo: Repository, root: Path) -> int:
    """Return the number after the highest that an article has in the site's folder, on the main
    branch, or on one for drafts and edits, here or as a remote had it; raises CommitTrouble."""
    places = (
        f"{scope}{name}*"
        for name in OURS
        for scope in ("--branches=", "--remotes=*/")
    )  # fmt: skip
    folder = f"{repo.prefix}{FOLDER}"
    main = ("ls-tree", "--full-tree", "-r", "-z", "--name-only", base(repo), "--", folder)
    words = ("log", "--format=", "--name-only", "-z", *places, "--not", base(repo), "--")
    listed = (
        git_output(repo.path, *main, seconds=_LISTED),
        git_output(repo.path, *words, f":(top){folder}", seconds=_LISTED),
    )
    found = [int(match) for names in listed for match in _NUMBERED.findall(names or b"")]
    return max([next_id(root), *(number + 1 for number in found)])
