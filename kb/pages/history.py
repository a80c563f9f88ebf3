"""What changed in an article: its revisions, what differs between two, and each as it was."""

from collections.abc import Sequence

from flask import abort, current_app, make_response, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from kb.content.article_file import Place
from kb.content.compiled import Page
from kb.content.old_article import OldArticles, OldText, RevisionsBusy
from kb.pages.frame import feature, lang, live, may_read, render
from kb.pages.history_words import changes_seen
from kb.pages.moved import moved_to
from kb.rules.articles import Article
from kb.rules.history import Change, differences, find_change

blueprint = feature("history", __name__, "/kb")

_PAGE = 25
_LONGEST = 400_000  # characters of both texts together that are compared for a visitor
_NOTHING = OldText("", "", "")


def old_articles() -> OldArticles:
    """Return what reads and renders the texts of revisions."""
    reader: OldArticles = current_app.extensions["waypost-old-articles"]
    return reader


@blueprint.get("/<int:id>/history")
def history(id: int) -> str | Response:
    """List the revisions of an article, or show what differs between two of them."""
    article, changes = _seen(id)
    if "new" in request.args:
        return _difference(article, changes)
    number = request.args.get("page", 1, type=int)
    pages = max(1, -(-len(changes) // _PAGE))
    if not 1 <= number <= pages:
        abort(404)
    first = (number - 1) * _PAGE
    page = render(
        "history/history.html",
        section="kb",
        article=article,
        changes=changes[first : first + _PAGE],
        all_changes=changes,
        first=first,
        previous=_page_url(id, number - 1) if number > 1 else None,
        following=_page_url(id, number + 1) if number < pages else None,
        partial=live().site.history_is_partial,
    )
    return _unlisted(page)


@blueprint.get("/<name>")
def moved(name: str) -> Response:
    """Lead an old name of an article, as `moved_from` gives it, to where the article is now."""
    return moved_to(name) or abort(404)


@blueprint.get("/<int:id>/at/<commit>")
def at(id: int, commit: str) -> Response:
    """Show an article as a revision left it; 404 for a commit that does not hold it."""
    article, changes = _seen(id)
    change = find_change(changes, commit)
    if change is None:
        return _held_by(article, changes, commit)
    if change.commit != commit:
        return redirect(url_for("history.at", id=id, commit=change.commit))
    try:
        old = old_articles().rendered(change, _place(article, change))
    except RevisionsBusy:
        busy = _unlisted(render("history/busy.html", section="kb", article=article), 503)
        busy.headers["Retry-After"] = "10"
        return busy
    html = ""
    if old is not None:
        assembler, folder = live().site.assembler, article.path.rpartition("/")[0]
        parts = tuple(assembler.html(part, lang(), folder) for part in old.parts)
        html = Page(old.article, parts, assembler).html
    page = render(
        "history/at.html",
        section="kb",
        article=article,
        old=old.article if old else None,
        html=html,
        change=change,
        is_newest=change is changes[0],
        before=_before(changes, change),
    )
    return _unlisted(page)


def _seen(id: int) -> tuple[Article, tuple[Change, ...]]:
    """The article and its changes, as far as this visitor may see them; else 404."""
    article = live().site.articles[lang()].get(id)
    if article is None or not may_read(article):
        abort(404)
    changes = changes_seen(article)
    if not changes:
        abort(404)
    return article, changes


def _difference(article: Article, changes: Sequence[Change]) -> Response:
    new = find_change(changes, request.args["new"])
    wanted = request.args.get("old", "")
    old = find_change(changes, wanted) if wanted else (_before(changes, new) if new else None)
    if new is None or (wanted and old is None):
        abort(404)
    if old is not None and changes.index(old) < changes.index(new):
        old, new = new, old
    reader = old_articles()
    after, before = reader.text(new), reader.text(old) if old else _NOTHING
    known = after is not None and before is not None
    told = [before.whole, after.whole] if before is not None and after is not None else ["", ""]
    too_long = sum(map(len, told)) > _LONGEST
    page = render(
        "history/difference.html",
        section="kb",
        article=article,
        old=old,
        new=new,
        passages=() if too_long else differences(*told),
        known=known,
        too_long=too_long,
        all_changes=changes,
    )
    return _unlisted(page)


def _before(changes: Sequence[Change], change: Change) -> Change | None:
    at = changes.index(change) + 1
    return changes[at] if at < len(changes) else None


def _held_by(article: Article, changes: Sequence[Change], commit: str) -> Response:
    """A commit that left the article alone holds the text of an earlier one: lead there."""
    if len(commit) != 40 or not set(commit) <= set("0123456789abcdef"):
        abort(404)
    paths = sorted({change.path for change in changes})
    held = old_articles().holding(commit, paths)
    found = next((change for change in changes if change.blob in held), None)
    if found is None:
        abort(404)
    return redirect(url_for("history.at", id=article.id, commit=found.commit))


def _place(article: Article, change: Change) -> Place:
    return Place(change.path, article.id, article.slug, article.lang, article.category)


def _page_url(id: int, number: int) -> str:
    return url_for("history.history", id=id, page=number if number > 1 else None)


def _unlisted(page: str, status: int = 200) -> Response:
    """Pages about the past are for people who follow a link, not for search engines."""
    answer = make_response(page, status)
    answer.headers["X-Robots-Tag"] = "noindex"
    if current_user.is_authenticated:
        answer.headers["Cache-Control"] = "private, no-store"
    return answer
