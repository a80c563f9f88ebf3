"""The list of drafts and edits that wait on branches, and giving one up."""

from flask import abort, flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from kb.actions.article_edits import give_up
from kb.actions.open_edits import open_edit, open_edits
from kb.actions.previews import previews
from kb.content.git_branches import content_repository, has_remote
from kb.content.git_commits import CommitTrouble
from kb.pages.commit_words import trouble_words
from kb.pages.editor.blueprint import blueprint
from kb.pages.editor.sheet_page import sheet_url
from kb.pages.frame import live, now, render, wiring
from kb.pages.texts import gettext as _
from kb.pages.visitors import agent_required
from kb.store import audit


@blueprint.get("/drafts")
@agent_required
def drafts() -> str:
    """List the branches of drafts and edits with what `kb check` says of each."""
    settings = wiring().settings
    try:
        found = open_edits(settings, live().site)
        repo = content_repository(settings)
        remote = settings.sync_remote if has_remote(repo, settings.sync_remote) else ""
    except CommitTrouble as trouble:
        return render("editor/trouble.html", section="desk", words=trouble_words(trouble))
    shown = {one.preview.branch: one.url for one in previews(settings, now())}
    return render(
        "editor/drafts.html",
        section="desk",
        found=found,
        previews=shown,
        remote=remote,
        # A preview takes what is not pushed from the site's own repository.
        can_preview=bool(remote) or settings.content_repo is None,
        main=repo.main or "main",
        sheet_url=sheet_url,
    )


@blueprint.route("/drafts/end", methods=["GET", "POST"])
@agent_required
def end() -> str | Response:
    """Ask once more, then delete a branch of ours as it was when that was asked."""
    name = request.values.get("branch", "")
    settings = wiring().settings
    try:
        found = open_edit(settings, live().site, name)
        if found is None:
            abort(404)
        if request.method == "GET":
            return render("editor/end.html", section="desk", edit=found)
        give_up(settings, name, request.form.get("commit", ""))
    except CommitTrouble as trouble:
        flash(trouble_words(trouble), "warn")
        return redirect(url_for("editor.drafts"))
    with wiring().db.write() as conn:
        audit.record(conn, current_user.id, "article.given_up", f"branch:{name}"[:80], now())
    flash(_("The branch %(branch)s has been deleted.", branch=name))
    return redirect(url_for("editor.drafts"))
