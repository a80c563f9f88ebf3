"""What a selection of the feedback holds, as CSV."""

from collections.abc import Iterator

from flask import Response, request
from flask_login import current_user

from kb.actions.listening import Heard, all_heard, note_download
from kb.pages.feedback_desk import selection
from kb.pages.feedback_desk.routes import blueprint
from kb.pages.feedback_desk.words import kind_names
from kb.pages.frame import now, wiring
from kb.pages.texts import gettext as _
from kb.pages.visitors import agent_required
from kb.rules.csv_cells import csv_lines


@blueprint.get("/feedback/feedback.csv")
@agent_required
def download() -> Response:
    """Give the selection as a file, line by line; addresses to ask back at are left out."""
    said = selection.read(request.args)
    wanted, db = selection.wanted_of(said), wiring().db
    note_download(db, current_user.id, now(), selection.query_of(said))
    names = kind_names()
    head = [
        _("Number"), _("Received (UTC)"), _("Kind"), _("Message"), _("Rating"), _("Helpful"),
        _("Article"), _("Case"), _("Products"), _("Language"), _("Tags"), _("First read (UTC)"),
        _("Read by"),
    ]  # fmt: skip
    lines = csv_lines(head, _rows(all_heard(db, wanted), names, (_("Yes"), _("No"))))
    answer = Response((line.encode() for line in lines), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="feedback.csv"'
    return answer


def _rows(
    found: Iterator[Heard], names: dict[str, str], yes_no: tuple[str, str]
) -> Iterator[tuple[object, ...]]:
    for heard in found:
        one = heard.said
        helpful = None if one.helpful is None else yes_no[0 if one.helpful else 1]
        yield (
            one.id,
            one.at.strftime("%Y-%m-%d %H:%M"),
            names.get(one.kind, one.kind),
            one.text,
            one.rating,
            helpful,
            one.article_id,
            one.case_number,
            ", ".join(heard.products),
            one.lang,
            ", ".join(heard.tags),
            heard.readings[0].at.strftime("%Y-%m-%d %H:%M") if heard.readings else None,
            ", ".join(each.name for each in heard.readings),
        )
