"""Pictures that are pasted or dropped into a text, and those that lie beside it."""

from flask import Response as FlaskResponse
from flask import abort, make_response, request
from werkzeug.wrappers import Response

from kb.actions.article_edits import file_beside, open_sheet
from kb.content.git_commits import CommitTrouble
from kb.content.pictures import MOST_BYTES
from kb.pages.editor.blueprint import blueprint
from kb.pages.editor.pictures import content_of, read_ticket, take_picture
from kb.pages.frame import live, wiring
from kb.pages.texts import gettext as _
from kb.pages.visitors import agent_required

_KINDS = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif",
          "webp": "image/webp"}  # fmt: skip
_PRIVATE = "default-src 'none'; sandbox"


@blueprint.post("/pictures")
@agent_required
def take() -> tuple[dict[str, str], int]:
    """Take a picture that was pasted or dropped: its name, ticket and address, or what is wrong."""
    sent = request.files.get("picture")
    if sent is None:
        return {"wrong": _("There is no picture in what was sent.")}, 400
    taken = take_picture(sent)
    if isinstance(taken, str):
        return {"wrong": taken}, 400
    return {"name": taken.name, "ticket": taken.ticket, "url": taken.url}, 200


@blueprint.get("/pictures/<ticket>")
@agent_required
def picture(ticket: str) -> Response:
    """Show a picture that is not saved yet to whom sent it."""
    found = read_ticket(ticket)
    content = content_of(found) if found else b""
    if found is None or not content:
        abort(404)
    return _shown(found.name, content)


@blueprint.get("/<int:id>/files/<name>")
@agent_required
def beside(id: int, name: str) -> Response:
    """Show a picture that stands beside an article on a branch."""
    code, settings = live().site.site.default_language, wiring().settings
    try:
        sheet = open_sheet(settings, id, code, request.args.get("branch", ""))
        content = file_beside(settings, sheet, name) if sheet else None
    except CommitTrouble:
        content = None
    if content is None or len(content) > 4 * MOST_BYTES:
        abort(404)
    return _shown(name, content)


def _shown(name: str, content: bytes) -> FlaskResponse:
    kind = _KINDS.get(name.rpartition(".")[2].lower())
    if kind is None:
        abort(404)
    answer = make_response(content)
    answer.headers["Content-Type"] = kind
    answer.headers["Content-Security-Policy"] = _PRIVATE
    answer.headers["Cache-Control"] = "private, max-age=600"
    return answer
