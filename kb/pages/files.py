"""The site's own downloads: given out for a signed link that has not expired (R12)."""

from flask import Blueprint, abort, flash, redirect, request, send_from_directory, url_for
from werkzeug.wrappers import Response

from kb.pages.frame import best_language, now, wiring
from kb.pages.texts import gettext as _
from kb.rules.download_links import OWN, LinkState, judge, signed

blueprint = Blueprint("files", __name__)

FOLDER = "files"  # of the site


def download_url(url: str) -> str:
    """Return a download's address as its owner gets it: signed for our own files, and for others
    where KB_DOWNLOAD_SECRET lets their server check it."""
    settings = wiring().settings
    if url.startswith(OWN):
        return signed(url, settings.secret_key, now())
    secret = settings.download_secret
    return signed(url, secret, now()) if secret else url


@blueprint.get("/files/<path:path>")
def file(path: str) -> Response:
    """Give out one file, to be saved; an expired link leads to where a new one is."""
    asked = request.args
    state = judge(
        f"{OWN}{path}",
        asked.get("expires", ""),
        asked.get("signature", ""),
        wiring().settings.secret_key,
        now(),
    )
    if state is LinkState.FORGED:
        abort(404)
    if state is LinkState.EXPIRED:
        flash(_("That link has expired. Here is your product with a new one."), "warning")
        return redirect(url_for("assets.assets", lang=best_language()))
    answer = send_from_directory(wiring().settings.site / FOLDER, path, as_attachment=True)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
