"""The blueprint that these pages share, and the list at their left."""

from flask import url_for

from kb.actions.listening import unread_count
from kb.pages.desk_lists import Group
from kb.pages.frame import feature, wiring
from kb.pages.texts import gettext as _

blueprint = feature("feedback_desk", "kb.pages.feedback_desk", "/desk")


def groups(current: str) -> list[Group]:
    """Return the list at the left; what nobody has read is counted."""
    unread = unread_count(wiring().db)
    places: list[tuple[str, str, str, str, int | None]] = [
        ("all", url_for("feedback_desk.queue"), "inbox", _("All feedback"), None),
        ("nobody", url_for("feedback_desk.queue", read="nobody"), "hand", _("Nobody has read it"),
         unread),
        ("me", url_for("feedback_desk.queue", read="me"), "user", _("You have not read it"), None),
    ]  # fmt: skip
    uses = url_for("feedback_desk.articles")
    figures: list[tuple[str, str, str, str, int | None]] = [
        ("trends", url_for("feedback_desk.trends"), "list", _("Trends"), None),
        ("articles", uses, "book-open", _("Articles that answer cases"), None),
    ]
    return [
        (title, [(url, icon, name, count, id_ == current) for id_, url, icon, name, count in rows])
        for title, rows in ((_("Feedback"), places), (_("In figures"), figures))
    ]
