"""A selection of the queue to take along: CSV for spreadsheets, JSON for programs."""

from flask import Response, abort, request
from flask_login import current_user

from kb.actions.case_export import MEDIA_TYPES, Format, export_cases
from kb.pages.desk import selection
from kb.pages.desk.routes import blueprint
from kb.pages.frame import now, wiring
from kb.pages.visitors import admin_required


@blueprint.get("/export")
@admin_required
def export() -> Response:
    """Send the cases of a selection as a file, as they are read from the database."""
    name = request.args.get("format", Format.CSV)
    if name not in set(Format):
        abort(404)
    form = Format(name)
    wanted = selection.filter_of(selection.read(request.args))
    text = export_cases(wiring().db, wanted, form, now(), by=current_user.id)
    answer = Response((piece.encode() for piece in text), content_type=MEDIA_TYPES[form])
    answer.headers["Content-Disposition"] = f"attachment; filename=cases-{now():%Y-%m-%d}.{form}"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
