"""The draft that a case has: where it is, how far it has come, pushing it again, giving it up."""

from flask import abort, flash, redirect, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from kb.actions.case_articles import (
    Stage,
    forget_draft,
    live_article,
    push_draft,
    stage_of,
)
from kb.actions.case_steps import Answer, Who
from kb.pages.case_article.blueprint import blueprint
from kb.pages.frame import article_url, live, now, render, wiring
from kb.pages.texts import gettext as _
from kb.pages.visitors import agent_required
from kb.rules.cases import Actor
from kb.store.article_drafts import ArticleDraft, Pushed


def existing_page(draft: ArticleDraft) -> str:
    """Draw the page of a draft."""
    here, site = wiring(), live().site
    stage = stage_of(here.settings, site, draft)
    found = live_article(site, draft, draft.lang)
    return render(
        "case_article/draft.html",
        section="desk",
        draft=draft,
        stage=stage,
        url=article_url(found) if found and stage is Stage.PUBLISHED else "",
        refused=draft.push is Pushed.REFUSED,
        can_push=draft.push in (Pushed.REFUSED, Pushed.NOT_YET) and stage is Stage.OPEN,
    )


@blueprint.post("/push")
@agent_required
def push(number: int) -> Response:
    """Push the branch of the draft again."""
    found = push_draft(wiring().db, wiring().settings, number) or abort(404)
    told = {
        Pushed.PUSHED: (_("The branch was pushed."), "message"),
        Pushed.NOWHERE: (_("The repository has no remote to push to."), "warning"),
    }
    refused = (_("The remote refused it: %(said)s", said=found.said), "warning")
    flash(*told.get(found.push, refused))
    return redirect(url_for("case_article.article", number=number))


@blueprint.post("/forget")
@agent_required
def forget(number: int) -> Response:
    """Forget a draft whose branch somebody has deleted, so that another can be made."""
    me, here = Who(Actor.AGENT, current_user.id), wiring()
    answer = forget_draft(here.db, here.settings, live().site, me, number, now())
    if answer is Answer.NOT_FOUND:
        abort(404)
    if answer is Answer.NOT_ALLOWED:
        flash(_("The draft is still there; nothing was changed."), "warning")
    return redirect(url_for("case_article.article", number=number))
