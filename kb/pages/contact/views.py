"""The views of the contact wizard: read the address, ask the rules, show or redirect."""

from datetime import datetime
from typing import Any

from flask import flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from kb.actions import cases
from kb.actions.drafts import draft_of, drop_draft
from kb.actions.entitlements import Outcome, decide_for
from kb.pages import ways
from kb.pages.attached import file_limits, take_files
from kb.pages.contact import steps
from kb.pages.contact.case_form import CaseForm, case_form, severity_hints
from kb.pages.contact.drafts import unfinished
from kb.pages.contact.routes import blueprint, whole_wish
from kb.pages.contact.walks import tree_title, walked
from kb.pages.frame import lang, letters, live, now, render, wiring
from kb.pages.texts import gettext as _
from kb.pages.visitors import customer_required, sign_in_url
from kb.pages.zones import find_zone
from kb.rules.contact import Stage, Wish, asked_severity, next_stage, read_wish, without
from kb.rules.entitlement import Allowed
from kb.rules.policy import Channel, FieldKind
from kb.search.query import Query
from kb.store.attachments import NewAttachment


@blueprint.get("/")
def start() -> str | Response:
    """Ask what is still missing, one question a page (R37)."""
    policy = live().site.policy
    wish = read_wish(policy, request.args)
    if "item" in request.args:
        chosen: dict[str, Any] = {**wish.query(), **steps.read_item(request.args["item"])}
        return redirect(url_for("contact.start", **chosen))
    stage = next_stage(policy, wish, signed_in=current_user.is_authenticated)
    if stage is Stage.DONE:
        return redirect(url_for("contact.options", **wish.query()))
    if stage is Stage.SIGN_IN:
        return redirect(sign_in_url())
    return render(
        "contact/step.html",
        section="contact",
        stage=stage,
        wish=wish,
        question=steps.question_for(stage, wish),
        trail=steps.trail(wish),
        walked=tree_title(walked(wish.walk)),
        picked=wish.product,
        drafts=unfinished() if stage is Stage.REQUEST else [],
    )


@blueprint.get("/options")
@customer_required
def options() -> str | Response:
    """Show every way there is, allowed or not, and why (R37–R41)."""
    wish = whole_wish()
    if isinstance(wish, Response):
        return wish
    topic = live().site.policy.requests[wish.request].topic(wish.topic)
    outcome = decide_for(wiring().db, live().site.policy, current_user.id, wish, now())
    policy = live().site.policy
    decision = outcome.decision
    allowed = isinstance(decision, Allowed)
    return render(
        "contact/options.html" if allowed else "contact/refused.html",
        section="contact",
        wish=wish,
        outcome=outcome,
        topic=topic,
        request=policy.requests[wish.request],
        cards=ways.cards(outcome, wish, now(), find_zone(current_user.time_zone)),
        why=[rule.why.in_(lang()) for r in decision.why if (rule := policy.rule(r))],
        offers=[ways.offer_link(policy.offers[o], outcome) for o in decision.offers],
        ways=list(ways.ways_on(outcome, wish)),
        about=_about(wish, outcome),
        change=url_for("contact.start", **without(wish, Stage.PRODUCT).query()),
        before=ways.before_writing(wish, outcome.product),
        free=list(ways.free_topics(outcome, wish)),
        severity=_severity(wish),
    )


@blueprint.route("/case", methods=["GET", "POST"])
@customer_required
def case() -> str | Response:
    """Show the form and open the case; sent twice, it makes one (R42–R44)."""
    wish = whole_wish()
    if isinstance(wish, Response):
        return wish
    policy = live().site.policy
    outcome = decide_for(wiring().db, policy, current_user.id, wish, now())
    channel = request.args.get("channel", "")
    grant = outcome.decision.grant(channel) if isinstance(outcome.decision, Allowed) else None
    if grant is None:
        return redirect(url_for("contact.options", **wish.query()))
    draft = draft_of(wiring().db, current_user.id, wish)
    typed = {**draft.typed, **_chosen(wish)} if draft else {}
    suggested = {**_suggested(wish, outcome), **typed}
    made = case_form(policy.requests[wish.request], wish, suggested)
    found: dict[str, Any] = {}
    if made.form.is_submitted():
        sound = made.form.validate()
        files = take_files(made.files, made.form.submission.data or "")
        if sound and files is not None:
            found = {} if made.form.seen.data else _found_before(made)
            if not found:
                return _open(made, wish, channel, files)
            made.form.seen.data = "yes"
    saved = draft.updated_at if draft and request.method == "GET" else None
    return _form_page(made, wish, outcome, channel, found, saved)


@blueprint.get("/suggestions")
@customer_required
def suggestions() -> str:
    """Return articles and one's own open cases that fit a title while it is typed (R47)."""
    title = next((request.args[n] for n in request.args if n != "wish"), "")
    return render("contact/suggestions.html", **_like(title[:300]))


def _about(wish: Wish, outcome: Outcome) -> list[tuple[str, str]]:
    """Product and cover, for the line on top; of several alike it is the one that gives most."""
    asset = outcome.asset
    items = [(_("Product"), steps.asset_name(asset) if asset else steps.product_name(wish))]
    until = steps.cover_until(asset) if asset else ""
    items.append((_("Cover"), until))
    if asset and wish.asset is None:
        items.append((_("Key"), _("ending in %(last)s", last=asset.key_last4)))
        items.append((_("Chosen"), steps.choice_words(asset)))
    return [(name, value) for name, value in items if value]


def _severity(wish: Wish) -> dict[str, str] | None:
    """The severity on which the expected answer hangs, and where to think about it again."""
    policy = live().site.policy
    form = policy.requests[wish.request].fields
    severity = ways.severity_of(wish)
    if severity is None or not any(field.kind is FieldKind.SEVERITY for field in form):
        return None
    info = policy.severities[severity]
    asks = asked_severity(policy, ()) is not None
    return {
        "letter": str(severity),
        "name": info.name.in_(lang()),
        "meaning": info.meaning.in_(lang()),
        "url": url_for("contact.severity", **wish.query()) if asks else "",
    }


def _chosen(wish: Wish) -> dict[str, str]:
    """What was chosen since a draft was saved."""
    return {"severity": wish.severity} if wish.severity else {}


def _suggested(wish: Wish, outcome: Outcome) -> dict[str, str]:
    """What the wizard knows for fields of the form: the severity the topic proposes, the key."""
    severity = ways.severity_of(wish)
    known = {"severity": str(severity)} if severity else {}
    if outcome.asset:
        known["serial"] = _("Key ending in %(last)s", last=outcome.asset.key_last4)
    return known


def _found_before(made: CaseForm) -> dict[str, Any]:
    """What should be read before a new case is made, without JavaScript on the first try (R47)."""
    found = _like(made.of_kind(FieldKind.TITLE))
    return found if found["articles"] or found["similar"] else {}


def _like(title: str) -> dict[str, Any]:
    wanted = Query(text=title, lang=lang(), limit=3)
    hits = live().index.search(wanted).hits if title.strip() else ()
    return {
        "articles": [hit for hit in hits if hit.kind == "article"],
        "similar": cases.similar_cases(wiring().db, current_user.id, title),
    }


def _open(
    made: CaseForm, wish: Wish, channel: str, files: tuple[NewAttachment, ...]
) -> str | Response:
    form = cases.CaseForm(
        channel=channel,
        severity=made.of_kind(FieldKind.SEVERITY),
        title=made.of_kind(FieldKind.TITLE),
        description=made.of_kind(FieldKind.DESCRIPTION),
        lang=lang(),
        first_name=made.value("first_name"),
        last_name=made.value("last_name"),
        email=made.value("email"),
        phone=made.value("phone"),
        country=made.value("country"),
        details=made.details(),
        files=files,
    )
    opened = cases.open_case(
        wiring().db,
        live().site.policy,
        letters(),
        current_user.id,
        wish,
        form,
        submission_id=made.form.submission.data or "",
        now=now(),
        walk=walked(wish.walk),
    )
    if isinstance(opened, cases.NotOpened):
        flash(_("This way is no longer open to you; see the others."), "warning")
        return redirect(url_for("contact.options", **wish.query()))
    drop_draft(wiring().db, current_user.id, wish)
    flash(_("Case opened. Its number is on its way to your mailbox."))
    return redirect(url_for("cases.case", number=opened.number))


def _form_page(
    made: CaseForm,
    wish: Wish,
    outcome: Outcome,
    channel: str,
    found: dict[str, Any],
    saved: datetime | None,
) -> str:
    return render(
        "contact/case.html",
        section="contact",
        made=made,
        form=made.form,
        wish=wish,
        channel=live().site.policy.channels[Channel(channel)],
        about=_about(wish, outcome),
        back=url_for("contact.options", **wish.query()),
        saved=saved,
        draft_url=url_for("contact.save_draft", channel=channel, **wish.query()),
        discard_url=url_for("contact.discard_draft", channel=channel, **wish.query()),
        asks_severity=asked_severity(live().site.policy, ()) is not None,
        severity_hints=severity_hints(),
        walk=walked(wish.walk),
        found=found,
        file_limits=file_limits(),
    )
