"""`kb check`: everything that can be said of a site before it goes live."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kb.actions.compile_site import Progress
from kb.actions.search_problems import problems_of_search
from kb.content.article_file import Card
from kb.content.check_rules import OFF, RULES, weighed
from kb.content.dated_checks import reviews_due, stale_translations
from kb.content.git_changes import changed_since, folder_in_repository, last_changes
from kb.content.kept import Kept
from kb.content.load import Survey, survey_site
from kb.content.problems import Level, Problem
from kb.content.revisions import Revisions
from kb.content.site_source import FILE
from kb.content.yaml_links import Named, check_downloads, yaml_links
from kb.garbage import collector_at_rest
from kb.outside.external_links import LinkChecker
from kb.settings import Settings


@dataclass(frozen=True, slots=True)
class Checked:
    """A checked site: its problems, how much was looked at, and the site's folder in git.

    `elsewhere` are errors in files that `since` left out, `unasked` links left for next time."""

    problems: tuple[Problem, ...]
    articles: int
    trees: int
    products: int
    languages: int
    folder: str = ""
    elsewhere: int = 0
    unasked: int = 0

    @property
    def mistakes(self) -> int:
        """How many of the problems are errors."""
        return sum(problem.level is Level.ERROR for problem in self.problems)


def examine_site(
    settings: Settings,
    today: date,
    *,
    since: str | None = None,
    links: LinkChecker | None = None,
    progress: Progress | None = None,
) -> Checked:
    """Check every file of the site, its search tests, translations and reviews, and with `links`
    the pages of other sites. With `since` only what files changed since that revision cause is
    told. Raises ContentError where there is no site to check, or no such revision."""
    changed = changed_since(settings.site, since) if since is not None else None
    with Revisions(settings.var).locked(), collector_at_rest():
        kept = Kept(settings.var / "cache" / "articles")
        survey = survey_site(settings.site, kept, progress)
        found = [*survey.problems, *_late(settings, survey, kept, today)]
    unasked = 0
    if links is not None and survey.named.levels.get("external-link") != OFF:
        elsewhere = tuple(_addresses(settings.site, survey.cards))
        report = links.check(one.target for one in elsewhere)
        found += weighed(_dead(elsewhere, report.dead), survey.named.levels)
        unasked = report.left
    told = tuple(sorted(dict.fromkeys(found)))
    here = tuple(p for p in told if changed is None or _caused_by(p, changed))
    return Checked(
        here,
        len(survey.cards),
        len(survey.source.trees) if survey.source else 0,
        len(survey.source.policy.products) if survey.source else 0,
        len(survey.named.site.languages),
        folder_in_repository(settings.site),
        sum(p.level is Level.ERROR for p in set(told) - set(here)),
        unasked,
    )


def _late(settings: Settings, survey: Survey, kept: Kept, today: date) -> Iterator[Problem]:
    """What needs the calendar, git or search; rules that are off cost nothing."""
    levels = survey.named.levels
    found: list[Problem] = [*reviews_due(survey.cards, today)]
    languages = survey.named.site.languages
    if levels.get("stale-translation") != OFF and len(languages) > 1:
        changes = last_changes(settings.site, settings.var / "cache" / "git-changes.json")
        found += stale_translations(survey.cards, languages, changes)
    if levels.get("search-test") != OFF and survey.source is not None:
        found += problems_of_search(settings.var, survey.source, kept)
    if levels.get("missing-download") != OFF:
        root = settings.site
        found += check_downloads(root, survey.cards, yaml_links(root))
    yield from weighed(found, levels)


def _addresses(root: Path, cards: Mapping[str, Card]) -> Iterator[Named]:
    """The pages of other sites that articles, trees, policy and site.yaml name."""
    for path, card in cards.items():
        for link in card.links:
            if link.target.lower().startswith(("http://", "https://")):
                yield Named(link.target, path, link.line)
    yield from (one for one in yaml_links(root) if one.target.startswith("http"))


def _dead(named: Iterable[Named], dead: Mapping[str, str]) -> Iterator[Problem]:
    for one in named:
        if why := dead.get(one.target):
            what = f"{one.target} is dead: {why}"
            level = RULES["external-link"].level
            mend = "link to where it is now, or remove the link"
            yield Problem(one.path, one.line, what, mend, level, "external-link")


def _caused_by(problem: Problem, changed: Collection[str]) -> bool:
    """Tell whether a changed file holds the mistake, or made it elsewhere."""
    if problem.path in changed or (problem.about and problem.about in changed):
        return True
    if any(path == FILE or path.startswith("policy/") for path in changed):
        return True
    kind, _, number = problem.about.partition(":")
    return kind == "article" and any(_id_of(path) == number for path in changed)


def _id_of(path: str) -> str:
    """The id of the article that a file belongs to."""
    return Path(path).parent.name.partition("-")[0]
