"""What the licence calculator names beyond the policy: the articles and the tree it leads to."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from kb.content.problems import Problem
from kb.content.validate import did_you_mean
from kb.content.yaml_source import Loc, read_yaml_file
from kb.rules.licensing import LicensingRules

PATH = "policy/licensing.yaml"


def check_licensing(
    root: Path,
    rules: LicensingRules | None,
    articles: Mapping[int, Collection[str]],
    trees: Collection[str],
    languages: tuple[str, ...],
) -> tuple[Problem, ...]:
    """Check the articles and the tree that the calculator leads to, once they are read;
    `articles` are those every customer can read, with the languages of each."""
    wrong = tuple(_wrong(rules, articles, trees, languages)) if rules else ()
    if not wrong:
        return ()
    source = read_yaml_file(root, PATH)  # for the lines alone
    return tuple(Problem(PATH, source.line_of(loc), what, mend) for loc, what, mend in wrong)


def _wrong(
    rules: LicensingRules,
    articles: Mapping[int, Collection[str]],
    trees: Collection[str],
    languages: tuple[str, ...],
) -> Iterator[tuple[Loc, str, str]]:
    if rules.guide and rules.guide not in trees:
        what = f"there is no tree “{rules.guide}”"
        yield ("guide",), what, did_you_mean(rules.guide, sorted(trees))
    for section, part in rules.sections():
        if part.article is None:
            continue
        there = articles.get(part.article)
        if there is None or not set(languages) <= set(there):
            what = f"article {part.article} is not there for every customer in every language"
            yield (str(section), "article"), what, "name a published, public article"
