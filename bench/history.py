"""How long git's history of a large content repository takes to read.

    python -m bench.history

2,000 articles and 10,000 commits, a tenth of them renames: from nothing, again with nothing new,
and after one more commit; beside them the one `git log` that the reading cannot do without. Seconds
are those of the processor, git's too, which others on the machine disturb least.
"""

import os
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench.rounds import at_most, show
from kb.content.git_history import HistoryFile, read_history
from kb.content.histories import Histories

ARTICLES = 2_000
COMMITS = 10_000
_QUIET = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}


def git(root: Path, *words: str, told: bytes | None = None) -> bytes:
    """Run git in the repository."""
    done = subprocess.run(
        ["git", "-C", str(root), *words],
        input=told, check=True, capture_output=True, env={**os.environ, **_QUIET},
    )  # fmt: skip
    return done.stdout


def repository(root: Path) -> None:
    """Make the repository with git's own fast importer."""
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    slugs = dict.fromkeys(range(1, ARTICLES + 1), "a")
    lines = [_commit(0, [_article(n, "a", 0) for n in slugs])]
    for number in range(1, COMMITS):
        article = number * 7 % ARTICLES + 1
        if number % 10 == 0:
            old, new = slugs[article], f"a{number}"
            slugs[article] = new
            change = f"R {_path(article, old)} {_path(article, new)}\n"
        else:
            change = _article(article, slugs[article], number)
        lines.append(_commit(number, [change]))
    git(root, "fast-import", "--quiet", told="".join(lines).encode())
    git(root, "reset", "-q", "--hard", "main")


def _path(number: int, slug: str) -> str:
    return f"articles/backup/{number}-{slug}/es.md"


def _article(number: int, slug: str, step: int) -> str:
    text = f"---\ntitle: Article {number}\n---\n\nText {step}.\n" + f"A line of {number}.\n" * 40
    return f"M 100644 inline {_path(number, slug)}\ndata {len(text)}\n{text}\n"


def _commit(number: int, changes: list[str]) -> str:
    when, subject = 1_600_000_000 + number * 600, f"Change {number}"
    who = f"committer Author {number % 9} <a{number % 9}@example.com> {when} +0000\n"
    head = f"commit refs/heads/main\n{who}data {len(subject)}\n{subject}\n"
    return head + "".join(changes) + "\n"


def timed(work: Callable[[], object]) -> float:
    """Seconds of the processor that something takes, here and in the processes that it starts."""
    start = os.times()
    work()
    end = os.times()
    return sum(end[:4]) - sum(start[:4])


def main() -> None:
    """Measure and show."""
    with tempfile.TemporaryDirectory() as scratch:
        root, cache = Path(scratch) / "repo", Path(scratch) / "cache"
        repository(root)
        log = ("log", "-z", "--raw", "--abbrev=64", "-M60%", "-l4000", "--format=%H%n%ct%n%aN%n%s")
        alone = timed(lambda: git(root, *log, "--", "articles"))
        whole = timed(lambda: read_history(root, cache))
        again = timed(lambda: read_history(root, cache))
        (root / _path(3, "a")).parent.mkdir(exist_ok=True)
        (root / _path(3, "a")).write_text("---\ntitle: One more\n---\n\nText.\n")
        git(root, "add", "-A")
        git(root, "-c", "user.name=A", "-c", "user.email=a@b.c", "commit", "-qm", "One more")
        one = timed(lambda: read_history(root, cache))
        found: HistoryFile | None = read_history(root, cache)
        assert found is not None
        histories = Histories(found.path)
        opened = timed(lambda: histories.last("es", 3))
        page = timed(lambda: histories.of("es", 5))
        assert len(histories.of("es", 5)) >= 4
        show(
            "history of a content repository",
            [
                at_most(f"{COMMITS} commits, {ARTICLES} articles, from nothing", whole, 5, "s"),
                at_most("the same beside git log alone", whole / alone, 3, "×"),
                at_most("nothing new since", again, 0.2, "s"),
                at_most("one more commit", one, 1, "s"),
                at_most("opening it in the server", opened, 0.1, "s"),
                at_most("one article's changes", page, 0.01, "s"),
            ],
        )


if __name__ == "__main__":
    main()
