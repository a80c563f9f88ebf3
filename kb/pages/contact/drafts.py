"""The draft of the case form: saved while it is written, found again, thrown away (R42)."""

import re

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from kb.actions import drafts as actions
from kb.pages.contact.case_form import case_form
from kb.pages.contact.routes import blueprint, whole_wish
from kb.pages.contact_steps import product_name
from kb.pages.formats import show_datetime
from kb.pages.frame import lang, live, now, wiring
from kb.pages.texts import catalogue
from kb.pages.texts import gettext as _
from kb.pages.visitors import customer_required
from kb.rules.contact import Wish, read_wish
from kb.rules.policy import FieldKind
from kb.store.drafts import Draft

KEY_WORDS = "Key ending in %(last)s"  # as `views.py` fills the key in


@blueprint.post("/draft")
@customer_required
def save_draft() -> str | Response:
    """Keep what was typed: by itself while it is written, or by the button to go on later."""
    wish = whole_wish()
    if isinstance(wish, Response):
        return wish
    made = case_form(live().site.policy.requests[wish.request], wish, {})
    channel = request.args.get("channel", "")[:20]
    kept = actions.save_draft(
        wiring().db,
        current_user.id,
        wish,
        channel,
        _own_words(made.typed()),
        submission_id=made.form.submission.data or "",
        now=now(),
    )
    if request.headers.get("HX-Request"):
        return render_template("contact/saved.html", kept=kept, at=now())
    if request.form.get("go") == "severity":
        return redirect(url_for("contact.severity", channel=channel, **wish.query()))
    if not kept:
        flash(_("This is too long to be kept. Put long texts into a file."), "warning")
        return redirect(url_for("contact.case", channel=channel, **wish.query()))
    flash(_("Draft saved. You find it here for 30 days; files have to be chosen again."))
    return redirect(url_for("contact.start"))


@blueprint.post("/draft/discard")
@customer_required
def discard_draft() -> Response:
    """Throw a draft away."""
    wish = read_wish(live().site.policy, request.args)
    if actions.drop_draft(wiring().db, current_user.id, wish):
        flash(_("Draft thrown away."))
    if request.form.get("back") == "case":
        channel = request.args.get("channel", "")
        return redirect(url_for("contact.case", channel=channel, **wish.query()))
    return redirect(url_for("contact.start"))


def unfinished() -> list[dict[str, str]]:
    """The drafts of whoever is signed in, as rows: where they lead, what they are about."""
    if not current_user.is_authenticated:
        return []
    found = []
    for draft in actions.drafts_of(wiring().db, current_user.id):
        wish = read_wish(live().site.policy, draft.query)
        query = {**wish.query(), "channel": draft.query.get("channel", "")}
        if actions.subject_of(wish) == draft.subject:  # the policy still knows all of it
            found.append(
                {
                    "url": url_for("contact.case", **query),
                    "title": _title(draft, wish),
                    "hint": _hint(draft, wish),
                    "discard": url_for("contact.discard_draft", **query),
                }
            )
    return found


def _own_words(typed: dict[str, str]) -> dict[str, str]:
    """Leave out what the form has filled in itself, in whatever language it was read: it is filled
    in again, in the language of whoever goes on with the draft."""
    ours = [catalogue(code).gettext(KEY_WORDS) for code in live().site.site.languages]
    patterns = [re.escape(words).replace(re.escape("%(last)s"), ".{4}") for words in ours]
    return {
        name: text
        for name, text in typed.items()
        if not any(re.fullmatch(pattern, text) for pattern in patterns)
    }


def _title(draft: Draft, wish: Wish) -> str:
    """What was written as title, else what it is about."""
    request_ = live().site.policy.requests[wish.request]
    titles = [field.id for field in request_.fields if field.kind is FieldKind.TITLE]
    written = next((draft.typed[name] for name in titles if draft.typed.get(name)), "")
    topic = request_.topic(wish.topic)
    return written or (topic.name.in_(lang()) if topic else request_.name.in_(lang()))


def _hint(draft: Draft, wish: Wish) -> str:
    saved = _("Draft of %(moment)s", moment=show_datetime(draft.updated_at))
    return " · ".join(part for part in (product_name(wish, current_user.id), saved) if part)
