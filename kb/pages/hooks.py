"""Where git servers tell of a push; believed only when signed, and done by the worker."""

from flask import Blueprint, Response, abort, request

from kb.content.git_remote import is_branch
from kb.content.sync_files import SyncFiles
from kb.pages.frame import now, wiring
from kb.pages.safety import csrf, read_the_rest
from kb.rules.hooks import LARGEST_HOOK, is_signed, pushed_branch

blueprint = Blueprint("hooks", __name__)


@blueprint.post("/hooks/content")
@csrf.exempt  # type: ignore[untyped-decorator]  # signed instead
def content() -> Response:
    """Note a push and answer at once; whoever does not sign learns not even that this is here.

    A push that is told again, by whomever, leads to one more look that finds nothing new."""
    settings = wiring().settings
    if (request.content_length or 0) > LARGEST_HOOK:
        read_the_rest()
        abort(404)
    headers = {name.lower(): value for name, value in request.headers.items()}
    body = request.get_data()
    if len(body) > LARGEST_HOOK or not is_signed(settings.hook_secret, headers, body):
        abort(404)
    branch = pushed_branch(body)
    if branch and is_branch(branch):
        SyncFiles(settings.var).ask(branch, now())
    return Response("noted\n", status=202, content_type="text/plain")
