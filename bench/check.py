"""How long `kb check` takes at 10,000 articles, as a command, with its start.

    python -m bench.check [CORPORA]

From nothing; again with nothing changed; after one changed article. With git history (one commit
per 1,000 articles), 200 search tests, and every rule on. CORPORA (or KB_CORPORA) is the folder of
the shared corpora; without it, made-up texts.
"""

import argparse
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

from bench.large_site import _site
from bench.quality import CORPORA, read
from bench.rounds import at_most, show
from kb.settings import Settings

COUNT = 10_000
TESTED = 200
_WORDS = ["backup", "disk", "vault", "restore", "error", "task", "media", "server", "licence"]


def texts(corpora: Path) -> list[dict]:
    """The shared articles, else made-up ones."""
    file = corpora / "articles_en_10k.jsonl.gz"
    if file.is_file():
        return read(file)[:COUNT]
    print(f"there are no corpora in {corpora}: made-up texts instead")
    random.seed(9)
    return [
        {"title": f"Article {n}", "body": " ".join(random.choices(_WORDS, k=300))}  # noqa: S311
        for n in range(COUNT)
    ]


def with_search_tests(settings: Settings, wanted: int) -> None:
    """Give some articles a test: their own title."""
    for path in sorted(settings.site.rglob("articles/*/*/en.md"))[:wanted]:
        _, head, rest = path.read_text(encoding="utf-8").split("---\n", 2)
        title = yaml.safe_load(head)["title"]
        test = json.dumps({"find_with": [{"q": title, "within": 10}]})[1:-1]
        path.write_text(f"---\n{head}{test}\n---\n{rest}", encoding="utf-8")


def with_history(site: Path) -> None:
    """Commit the articles in ten commits."""
    git = ["git", "-C", str(site), "-c", "user.name=a", "-c", "user.email=a@example.com"]
    subprocess.run([*git, "init", "-q"], check=True)
    folders = sorted(site.glob("articles/*/*"))
    for start in range(0, len(folders), len(folders) // 10 + 1):
        part = "\n".join(str(f) for f in folders[start : start + len(folders) // 10 + 1])
        add = [*git, "add", "--pathspec-from-file=-"]
        subprocess.run(add, input=part.encode(), check=True)
        subprocess.run([*git, "commit", "-qm", "articles"], check=True)


def without_mistakes(settings: Settings) -> None:
    """Take away the few articles that are broken, so that nothing keeps the search tests back."""
    command = [sys.executable, "-m", "kb", "--site", str(settings.site), "check", "--json"]
    env = {**os.environ, "KB_VAR": f"{settings.var}-first"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    for problem in json.loads(done.stdout):
        if problem["level"] == "error":
            shutil.rmtree((settings.site / problem["path"]).parent, ignore_errors=True)


def checked(settings: Settings) -> float:
    """Seconds of the whole command."""
    command = [sys.executable, "-m", "kb", "--site", str(settings.site), "check"]
    env = {**os.environ, "KB_VAR": str(settings.var)}
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    took, used = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, done.stderr[-2000:]
    cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    print(f"  {took:6.2f} s (cpu {cpu:.2f} s)  {done.stdout.strip()}", flush=True)
    return took


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = Path(os.environ.get("KB_CORPORA", CORPORA))
    parser.add_argument("corpora", nargs="?", type=Path, default=default)
    corpora = parser.parse_args().corpora
    scratch = Path(tempfile.mkdtemp(prefix="kb-bench-"))
    try:
        settings = _site(scratch / "site", texts(corpora))
        without_mistakes(settings)
        with_search_tests(settings, TESTED)
        with_history(settings.site)
        cold = checked(settings)
        warm = checked(settings)
        path = next(settings.site.rglob("articles/*/*/en.md"))
        with path.open("a") as file:
            file.write("\nOne more sentence.\n")
        changed = checked(settings)
        rows = [
            at_most("kb check, 10,000 articles, from nothing", cold, 30, "s"),
            at_most("kb check again, nothing changed", warm, 2, "s"),
            at_most("kb check after one changed article", changed, 2, "s"),
        ]
        show("kb check", rows)
    finally:
        shutil.rmtree(scratch)


if __name__ == "__main__":
    main()
