"""Who else has a case before them: asked now and then by the page's script."""

from flask import abort, jsonify, request
from flask_login import current_user
from werkzeug.wrappers import Response

from kb.actions.presence import here
from kb.pages.desk.routes import blueprint
from kb.pages.frame import now, wiring
from kb.pages.texts import gettext as _
from kb.pages.visitors import agent_required
from kb.store.presence import Present


@blueprint.post("/cases/<int(max=9999999999):number>/presence")
@agent_required
def presence(number: int) -> Response:
    """Note that the agent is there and answer with what to show, in words."""
    answering = request.form.get("answering") == "yes"
    found = here(wiring().db, current_user.id, number, now(), is_answering=answering)
    if found is None:
        abort(404)
    answer: Response = jsonify({"others": sentences(found)})
    return answer


def sentences(found: tuple[Present, ...]) -> list[str]:
    """Say of each colleague what they are doing."""
    return [
        _("%(name)s is answering", name=one.name)
        if one.is_answering
        else _("%(name)s is looking at this case", name=one.name)
        for one in found
    ]
