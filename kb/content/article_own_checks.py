"""What is wrong with one article by itself: its parts, its days, its pictures, naming itself."""

import re
from collections.abc import Iterator

from kb.content.markdown import Rendered
from kb.content.markdown.words import KCS_PARTS
from kb.content.new_texts import TO_BE_WRITTEN
from kb.content.problems import Level, Problem
from kb.content.yaml_source import YamlSource
from kb.rules.articles import Article, ArticleType, Status


def own_checks(article: Article, rendered: Rendered, yaml: YamlSource) -> Iterator[Problem]:
    """Give what is wrong with an article by itself."""
    path = article.path
    if article.type is ArticleType.PROBLEM:
        yield from _kcs_parts(path, rendered)
    if (article.type is ArticleType.ALERT) != (article.alert is not None):
        if article.alert is None:
            mend = "add “alert: {from: 2026-11-20, until: 2027-01-31}”"
            yield Problem(path, yaml.line_of(("type",)), "an alert needs its days", mend)
        else:
            what = f"an article of the type {article.type} has no alert days"
            yield Problem(path, yaml.line_of(("alert",)), what, "make it “type: alert”")
    if article.updated and article.review_by and article.review_by < article.updated:
        what = "“review_by” lies before “updated”"
        yield Problem(path, yaml.line_of(("review_by",)), what, "set a later day")
    for key in ("related", "versions"):
        named: tuple[int, ...] = getattr(article, key)
        if article.id in named:
            line = yaml.line_of((key, named.index(article.id)))
            what = f"the article names itself in “{key}”"
            yield Problem(path, line, what, "remove it from the list")
    for image in rendered.images:
        if not image.alt.strip():
            what = "an image has no alternative text"
            mend = "say in ![…] what it shows"
            yield Problem(path, image.line, what, mend, rule="alternative-text")
        if not image.src:
            what = "an image is on another site and will not be shown"
            mend = "save it beside the article"
            yield Problem(path, image.line, what, mend, rule="foreign-image")
    if not "".join(rendered.parts).strip() and not rendered.problems:
        what = "the article has no text"
        yield Problem(path, 1, what, "write it", Level.WARNING, "empty-article")


_CUT = re.compile(r"^(title|summary):[ \t]+([^\"'|>\s#][^\n]*?)[ \t]+#[^\n]*$", re.MULTILINE)


def cut_texts(path: str, head: str) -> Iterator[Problem]:
    """Give the titles and summaries that say less than was written: “Error #12” is “Error”."""
    for found in _CUT.finditer(head):
        line = head.count("\n", 0, found.start()) + 2
        what = f"“{found[1]}” ends before the # sign, which begins a comment: “{found[2]}”"
        yield Problem(path, line, what, "put the text in quotes", Level.WARNING, "cut-text")


def unwritten(article: Article, body: str, first_line: int) -> Iterator[Problem]:
    """Give the lines of a published text that `kb new` wrote and nobody has replaced."""
    if article.status is not Status.PUBLISHED:
        return
    for number, line in enumerate(body.split("\n"), first_line):
        words = _MARK.sub("", line.strip())
        if words in TO_BE_WRITTEN:
            what = f"“{words}” stands here as kb new wrote it"
            mend = "write it, or set “status: draft”"
            yield Problem(article.path, number, what, mend, Level.WARNING, "not-written")


_MARK = re.compile(r"^(?:-|1\.) ")


def _kcs_parts(path: str, rendered: Rendered) -> Iterator[Problem]:
    """A problem has its four parts, in order, and no other heading of that level."""
    if rendered.problems and not rendered.parts:
        return
    parts = [heading for heading in rendered.headings if heading.level == 2]
    lines = [heading.line for heading in rendered.source_headings if heading.level == 2]
    have = [heading.anchor for heading in parts]
    missing = [name for name in KCS_PARTS if name not in have]
    for name in missing:
        what = f"a problem article has no part “{name}”"
        line = lines[-1] if lines else 1
        yield Problem(path, line, what, f"add ## {_HEADINGS[name]}", rule="problem-parts")
    if not missing and [name for name in have if name in KCS_PARTS] != list(KCS_PARTS):
        mend = "put them as problem, environment, cause, resolution"
        what = "the four parts are not in order"
        yield Problem(path, lines[0], what, mend, rule="problem-parts")
    for number, heading in enumerate(parts):
        if heading.anchor not in KCS_PARTS:
            line = lines[number] if number < len(lines) else 1
            what = f"“{heading.text}” is not one of the four parts of a problem article"
            mend = "make it a ### heading below one of them"
            yield Problem(path, line, what, mend, rule="problem-parts")


_HEADINGS = {
    "problem": "Problem (es: Problema)",
    "environment": "Environment (es: Entorno)",
    "cause": "Cause (es: Causa)",
    "resolution": "Resolution (es: Resolución)",
}
