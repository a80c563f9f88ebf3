"""The process beside `kb serve --dev`: watches the site, reads what is saved, compiles.

A saved article is read and told at once; the whole site is compiled when nothing has been saved for
a moment. What it tells on its standard output is described in `actions/dev_site.py`.
"""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from kb.actions.compile_site import compile_site, kept_of
from kb.content.article_checks import Surroundings, check_article
from kb.content.article_file import read_article
from kb.content.articles_source import place_of
from kb.content.check_rules import weighed
from kb.content.load import Source
from kb.content.overlaid import FreshArticle
from kb.content.problems import ContentError, Level, Problem
from kb.content.site_source import load_site_file
from kb.content.watch import Watcher
from kb.rules.articles import Audience
from kb.settings import Settings, read_settings

QUIET_SECONDS = 0.25
SETTLE_SECONDS = 0.004  # an editor's write and rename come together
AROUND_LINES = 3
_MOST_PROBLEMS = 20
_LONGEST_LINE = 300
_FAST = 5  # articles saved at once that are shown before the whole site is


class Builder:
    """What is known of the site between two changes."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._kept = kept_of(settings)
        self._source: Source | None = None
        self._problems: tuple[Problem, ...] = ()

    def compile(self) -> None:
        """Compile the whole site and tell its revision, or its mistakes."""
        try:
            made = compile_site(self._settings, kept=self._kept, drafts=Audience.INTERNAL)
        except ContentError as error:
            self._broken(error.problems)
        except OSError as error:  # a file that went while it was read, a disk that is full
            what = f"the site cannot be compiled: {error.strerror}"
            self._broken([Problem(str(error.filename or "site.yaml"), 1, what, "save once more")])
        else:
            self._source, self._problems = made.source, ()
            tell({"compiled": made.revision, "problems": []})

    def _broken(self, problems: Iterable[Problem]) -> None:
        self._problems = tuple(one for one in problems if one.level is Level.ERROR)
        tell({"broken": True, "problems": self._shown(self._problems)})

    def saved(self, paths: Iterable[str]) -> None:
        """Read saved articles and tell of them, as far as that needs no look at all the others."""
        articles = sorted(p for p in paths if p.startswith("articles/") and p.endswith(".md"))
        for path in articles[:_FAST]:
            self._saved(path)

    def _saved(self, path: str) -> None:
        source = self._source
        place = place_of(path, source.site.languages, []) if source else None
        if source is None or place is None:
            return
        try:
            raw = (self._settings.site / path).read_bytes()
            levels = load_site_file(self._settings.site).levels
        except (OSError, ContentError):
            return  # it is gone, or site.yaml is broken; compiling tells what that means
        read = read_article(place, raw)
        found = list(read.problems)
        if read.card is not None:
            cards = {p: entry.card for p, entry in source.entries.items()} | {path: read.card}
            here = OnDisk(self._settings.site)
            products, trees = source.policy.products, frozenset(source.trees)
            around = Surroundings(source.site, products, trees, here, cards)
            found += check_article(read.card, around)
        errors = [p for p in weighed(found, levels) if p.level is Level.ERROR]
        others = [p for p in self._problems if p.path != path]
        self._problems = tuple(sorted(dict.fromkeys([*others, *errors])))
        told: dict[str, Any] = {"problems": self._shown(self._problems)}
        if read.card is not None and not errors:
            told |= FreshArticle(read.card.article, read.parts).dump()
        tell(told)

    def _shown(self, problems: Iterable[Problem]) -> list[Mapping[str, Any]]:
        """The first mistakes, each with the lines around it."""
        return [
            {
                "path": one.path,
                "line": one.line,
                "what": one.what,
                "mend": one.mend,
                "lines": list(lines_around(self._settings.site / one.path, one.line)),
            }
            for one in list(problems)[:_MOST_PROBLEMS]
        ]


class OnDisk:
    """Every file of the site that is there now."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def __contains__(self, path: object) -> bool:
        return (self._root / str(path)).is_file()


def lines_around(path: Path, line: int) -> Iterator[tuple[int, str]]:
    """Give the numbered lines around one, shortened; none where the file cannot be shown."""
    try:
        with path.open("rb") as file:
            text = file.read(1024 * 1024).decode("utf-8-sig", "replace")
    except OSError:
        return
    lines = text.split("\n")
    for number in range(max(1, line - AROUND_LINES), min(len(lines), line + AROUND_LINES) + 1):
        yield number, lines[number - 1].rstrip("\r")[:_LONGEST_LINE]


def tell(message: Mapping[str, Any]) -> None:
    """Write one message."""
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def build(settings: Settings) -> None:
    """Watch and build until the server is gone."""
    watcher = Watcher(settings.site)
    builder = Builder(settings)
    builder.compile()
    waiting, server = False, os.getppid()
    while os.getppid() == server:  # a server that was killed cannot end us
        changed = watcher.changes(QUIET_SECONDS if waiting else 1.0)
        if changed:
            while more := watcher.changes(SETTLE_SECONDS):
                changed |= more
            if all(path.startswith(("templates/", "static/")) for path in changed):
                tell({"look": True, "problems": []})
                continue
            builder.saved(changed)
            waiting = True
        elif waiting:
            builder.compile()
            waiting = False


def main() -> None:
    """Build the site that the arguments name."""
    try:
        build(read_settings(site=Path(sys.argv[1])))
    except (KeyboardInterrupt, BrokenPipeError):
        sys.exit(0)


if __name__ == "__main__":
    main()
