"""Search tests: `find_with` in articles, and `search-tests.yaml` beside site.yaml."""

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from kb.content.article_file import Card
from kb.content.problems import ContentError, Problem
from kb.content.validate import Form, did_you_mean, validate
from kb.content.yaml_source import YamlSource, read_yaml_file
from kb.rules.articles import Status
from kb.rules.search_tests import Wanted

FILE = "search-tests.yaml"
TREE = "tree:"

Line = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class _Test(Form):
    q: Line
    lang: Line
    finds: Line
    within: Annotated[int, Field(ge=1, le=50)] = 3


class _Tests(Form):
    """The keys of search-tests.yaml; see docs/search.md."""

    tests: tuple[_Test, ...]


def load_search_tests(
    root: Path, languages: Collection[str], cards: Iterable[Card], trees: Collection[str]
) -> tuple[tuple[Wanted, ...], list[Problem]]:
    """Return every search test of the site and the mistakes in its file of them."""
    cards = list(cards)
    wanted = list(_of_articles(cards))
    if not (root / FILE).is_file():
        return tuple(wanted), []
    try:
        source = read_yaml_file(root, FILE)
    except ContentError as error:
        return (), list(error.problems)
    form, problems = validate(_Tests, source)
    found = [*problems]
    if form is not None:
        articles = {str(card.article.id): str(card.article.audience) for card in cards}
        found += _mistakes(form, source, languages, articles, trees)
        wanted += _of_file(form, source, articles)
    return tuple(wanted), found


def _of_articles(cards: Iterable[Card]) -> Iterator[Wanted]:
    for card in cards:
        article = card.article
        if article.status is Status.DRAFT:
            continue
        for number, test in enumerate(article.find_with):
            yield Wanted(
                q=test.q,
                lang=article.lang,
                finds=str(article.id),
                within=test.within,
                path=article.path,
                line=card.line("find_with", number),
                audience=str(article.audience),
            )


def _of_file(form: _Tests, source: YamlSource, audiences: dict[str, str]) -> Iterator[Wanted]:
    for number, test in enumerate(form.tests):
        line = source.line_of(("tests", number))
        audience = audiences.get(test.finds, "public")
        yield Wanted(test.q, test.lang, test.finds, test.within, FILE, line, audience)


def _mistakes(
    form: _Tests,
    source: YamlSource,
    languages: Collection[str],
    articles: Collection[str],
    trees: Collection[str],
) -> Iterator[Problem]:
    for number, test in enumerate(form.tests):
        if test.lang not in languages:
            line = source.line_of(("tests", number, "lang"))
            what = f"this site has no language “{test.lang}”"
            yield Problem(FILE, line, what, did_you_mean(test.lang, languages))
        line = source.line_of(("tests", number, "finds"))
        if test.finds.startswith(TREE):
            tree = test.finds.removeprefix(TREE)
            if tree not in trees:
                yield Problem(FILE, line, f"there is no tree “{tree}”", did_you_mean(tree, trees))
        elif test.finds not in articles:
            mend = "write an article's number, or tree: and a tree's name"
            yield Problem(FILE, line, f"there is no article {test.finds}", mend)
