"""The rules of `kb check`: each has a name, a level, and a sentence that says what it finds.

`checks:` in site.yaml gives a rule another level. Rules that are `fixed` keep theirs: a site that
breaks one cannot be compiled. Rules that are `late` need git, search, the calendar or the network;
only `kb check` runs them, so none of them can stop a site from going live.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from kb.content.problems import Level, Problem

OFF = "off"
LEVELS = (*(str(level) for level in Level), OFF)


@dataclass(frozen=True, slots=True)
class CheckRule:
    """One rule: its name, its level where site.yaml says nothing, and what it finds."""

    name: str
    level: Level
    finds: str
    fixed: bool = False
    late: bool = False


_ERROR, _WARNING = Level.ERROR, Level.WARNING

_ALL = (
    CheckRule("form", _ERROR, "a file that cannot be read as it must be", fixed=True),
    CheckRule("site-file", _ERROR, "a mistake in site.yaml", fixed=True),
    CheckRule("policy", _ERROR, "a mistake in policy/", fixed=True),
    CheckRule("tree", _ERROR, "a mistake in a decision tree", fixed=True),
    CheckRule("search-file", _ERROR, "a mistake in search/ or search-tests.yaml", fixed=True),
    CheckRule("duplicate-id", _ERROR, "two articles with one id", fixed=True),
    CheckRule("case-clash", _ERROR, "two names that differ only in case", fixed=True),
    CheckRule("file-kind", _ERROR, "a file of a kind that is not served", fixed=True),
    CheckRule("unknown-product", _ERROR, "a product that is not in the policy", fixed=True),
    CheckRule("unknown-version", _ERROR, "a version that its product does not have", fixed=True),
    CheckRule("unknown-category", _ERROR, "a category that site.yaml does not name"),
    CheckRule("unknown-tree", _ERROR, "a troubleshooter that is not there"),
    CheckRule("dead-link", _ERROR, "a link to an article that is not there"),
    CheckRule("dead-anchor", _ERROR, "a link to a heading that is not there"),
    CheckRule("hidden-link", _ERROR, "a link that customers may not follow"),
    CheckRule("missing-file", _ERROR, "a picture or file that is not there"),
    CheckRule("foreign-image", _ERROR, "a picture on another site"),
    CheckRule("alternative-text", _ERROR, "a picture without alternative text"),
    CheckRule("heading-order", _ERROR, "a heading that skips a level"),
    CheckRule("problem-parts", _ERROR, "a problem article without its four parts"),
    CheckRule("missing-translation", _ERROR, "an article that lacks a language"),
    CheckRule("moved-from", _ERROR, "an old name that cannot lead to its article"),
    CheckRule("unclosed-block", _ERROR, "a listing or block that is not closed"),
    CheckRule("huge-image", _ERROR, "a picture that would fill a browser's memory"),
    CheckRule("broken-image", _WARNING, "a picture that is none"),
    CheckRule("cut-text", _WARNING, "a title or summary that ends at a # sign"),
    CheckRule("unclosed-markup", _WARNING, "emphasis, code, a link or HTML that is not closed"),
    CheckRule("unknown-language", _WARNING, "a listing in a language that is not known"),
    CheckRule("list-indent", _WARNING, "a list item indented too little to be nested"),
    CheckRule("not-written", _WARNING, "a published text that still says what kb new wrote"),
    CheckRule("empty-article", _WARNING, "an article without text"),
    CheckRule("duplicate-title", _WARNING, "two articles with one title"),
    CheckRule("duplicate-code", _WARNING, "an error code that two problem articles explain"),
    CheckRule("unsupported-only", _WARNING, "an article about unsupported versions only"),
    CheckRule("orphan-file", _WARNING, "a file that no article shows or links to"),
    CheckRule("large-image", _WARNING, "a picture that is slow to load"),
    CheckRule(
        "stale-translation", _WARNING, "a text that changed after its translation", late=True
    ),
    CheckRule("review-passed", _WARNING, "an article whose review is due", late=True),
    CheckRule("search-test", _WARNING, "a search that does not find its article", late=True),
    CheckRule("missing-download", _WARNING, "a download that nobody could fetch", late=True),
    CheckRule("external-link", _WARNING, "a link to another site that is dead", late=True),
)

RULES: Mapping[str, CheckRule] = {rule.name: rule for rule in _ALL}


def weighed(problems: Iterable[Problem], levels: Mapping[str, str]) -> Iterator[Problem]:
    """Give each problem the level that site.yaml sets for its rule; leave out what is off."""
    for problem in problems:
        level = levels.get(problem.rule)
        if level is None:
            yield problem
        elif level != OFF:
            yield replace(problem, level=Level(level))
