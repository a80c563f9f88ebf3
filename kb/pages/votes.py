"""Did this article help: yes or no, why not, and the ways on for who is still stuck."""

from contextlib import suppress
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from kb.actions.votes import LONGEST, visitor_mark, vote_of
from kb.actions.votes import vote as keep_vote
from kb.pages.frame import article_url, feature, lang, live, may_read, now, render, wiring
from kb.pages.leads import fitting_trees
from kb.pages.reading import tree_url
from kb.pages.safety import csrf, require_same_origin
from kb.pages.texts import gettext as _
from kb.pages.visit_steps import helped as said_it_helped
from kb.rules.articles import Article
from kb.rules.votes import VoteAnswer, VoteReason
from kb.store import StoreError

blueprint: Blueprint = feature("votes", __name__, "/kb")


def reason_words() -> dict[VoteReason, str]:
    """Say each reason as a reader would."""
    return {
        VoteReason.MISSING: _("Something is missing"),
        VoteReason.UNCLEAR: _("It is hard to follow"),
        VoteReason.FAILS: _("I did what it says and it still fails"),
        VoteReason.WRONG: _("It is wrong or out of date"),
        VoteReason.OTHER_PROBLEM: _("My problem is another one"),
    }


@blueprint.post("/<int:id>/vote")
@csrf.exempt  # type: ignore[untyped-decorator]  # the page is cached for all strangers, so it carries no token
def vote(id: int) -> str | Response | tuple[str, int]:
    """Record whether the article helped, once for each visitor; voting again changes it."""
    require_same_origin()
    found = _article(id)
    if request.form.get("helped") not in {"yes", "no"}:
        abort(404)
    helped = request.form["helped"] == "yes"
    words, reason = request.form.get("words", "").strip(), request.form.get("reason", "")
    if len(words) > LONGEST:
        error = _(
            "At most %(most)s characters; you wrote %(count)s", most=LONGEST, count=len(words)
        )
        return _ask_why(found, words=words, reason=reason, error=error), 422
    answer = keep_vote(
        wiring().db,
        article_id=id,
        lang=lang(),
        visitor=_visitor(),
        helpful=helped,
        reason=VoteReason(reason) if reason in set(VoteReason) else None,
        words=words,
        products=[one.line for one in found.products],
        secret=wiring().settings.secret_key,
        source=request.remote_addr or "",
        now=now(),
    )
    if helped:
        said_it_helped(id)
    return _answered(found, answer, helped=helped, words=words, reason=reason)


@blueprint.get("/<int:id>/missing")
def missing(id: int) -> str:
    """Ask why the article did not help and show the ways on."""
    return _ask_why(_article(id))


def _answered(
    found: Article, answer: VoteAnswer, *, helped: bool, words: str, reason: str
) -> str | Response | tuple[str, int]:
    if not answer.kept:
        error = _("Too many answers came from your connection. Wait an hour and try again")
        return _ask_why(found, words=words, reason=reason, error=error), 429
    if answer is VoteAnswer.NO_WORDS:
        error = _("Too many messages. Wait an hour and try again")
        return _ask_why(found, words=words, reason=reason, error=error), 429
    if answer is VoteAnswer.CHANGED:
        flash(_("Your answer has been changed."))
    elif helped or words or reason:
        flash(_("Thank you. Your answer reaches the people who keep this article."))
    if helped or words or reason:
        return redirect(article_url(found))
    return redirect(url_for("votes.missing", id=found.id))


def _ask_why(found: Article, **typed: Any) -> str:
    tree = live().site.trees.get(found.troubleshooter or "", {}).get(lang()) or _fitting(found)
    return render(
        "articles/missing.html",
        section="kb",
        article=found,
        tree=tree,
        tree_url=tree_url(tree, found) if tree else "",
        reasons=reason_words(),
        longest=LONGEST,
        voted=_voted(found.id),
        **typed,
    )


def _voted(id: int) -> bool | None:
    """What this visitor said before; the ways on are shown without a database too."""
    with suppress(StoreError):
        return vote_of(wiring().db, id, _visitor())
    return None


def _fitting(found: Article) -> Any:
    """The tree that fits the article's words best, where its author named none."""
    text = " ".join((*found.error_codes, found.title))
    trees = fitting_trees(text, tuple(one.line for one in found.products))
    return trees[0] if trees else None


def _article(id: int) -> Article:
    found = live().site.articles[lang()].get(id)
    if found is None or not may_read(found):
        abort(404)
    return found


def _visitor() -> str:
    """Tell visitors apart without keeping who they are."""
    secret = wiring().settings.secret_key
    if current_user.is_authenticated:
        return visitor_mark(secret, "user", str(current_user.id))
    return visitor_mark(secret, request.remote_addr or "", request.user_agent.string)
