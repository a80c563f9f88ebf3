"""The views of the contact wizard: read the address, ask the rules, show or redirect."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import flash, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from kb.actions import cases
from kb.actions.chats import begin as begin_chat
from kb.actions.drafts import draft_of
from kb.actions.entitlements import Outcome, decide_for
from kb.pages import contact_steps as steps
from kb.pages import ways
from kb.pages.attached import file_limits, take_files
from kb.pages.banner import banner
from kb.pages.chat_words import Offer, offer_in
from kb.pages.consent_fields import seals
from kb.pages.contact.case_form import CaseForm, case_form, severity_hints
from kb.pages.contact.drafts import unfinished
from kb.pages.contact.routes import blueprint, require_own_product, said_wish, whole_wish
from kb.pages.contact.walks import tree_title, walked
from kb.pages.frame import lang, letters, live, now, render, wiring
from kb.pages.texts import gettext as _
from kb.pages.visit_steps import became_case
from kb.pages.visitors import customer_required, sign_in_url
from kb.rules.contact import Stage, Wish, asked_severity, next_stage, read_wish, without
from kb.rules.entitlement import Allowed
from kb.rules.policy import Channel, FieldKind
from kb.rules.products import ProductRange
from kb.search.query import Query
from kb.store.attachments import NewAttachment


@blueprint.get("/")
def start() -> str | Response:
    """Ask what is still missing, one question a page (R37)."""
    policy = live().site.policy
    if not policy.requests:
        return render("contact/elsewhere.html", section="contact")
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
        wish=wish,
        question=steps.question_for(stage, wish, _who()),
        alert=banner([ProductRange(wish.product)] if wish.product else []),
        trail=steps.trail(wish, _who(), _start),
        walked=tree_title(walked(wish.walk)),
        picked=wish.product,
        drafts=unfinished() if stage is Stage.REQUEST else [],
        this_page=request.full_path.rstrip("?"),
    )


@blueprint.get("/options")
@customer_required
def options() -> str | Response:
    """Show every way there is, allowed or not, and why (R37–R41)."""
    wish = whole_wish()
    if isinstance(wish, Response):
        return wish
    outcome = decide_for(wiring().db, live().site.policy, current_user.id, wish, now())
    allowed = isinstance(outcome.decision, Allowed)
    free = [
        (why, url_for("contact.options", **one.query()), _told_of(one))
        for why, one in ways.free(outcome, wish)
    ]
    return render(
        "contact/options.html" if allowed else "contact/refused.html",
        section="contact",
        change=_start(without(wish, Stage.PRODUCT)),
        free=free,
        alert=banner(_about(outcome)),
        **steps.decision_words(wish, outcome, current_user.row),
    )


def _told_of(wish: Wish) -> str:
    """What the link to a free topic says; to several, that it is asked which."""
    return _("That is my problem") if wish.topic else _("Choose another matter")


@blueprint.route("/case", methods=["GET", "POST"])
@customer_required
def case() -> str | Response:
    """Show the form and open the case; sent twice, it makes one (R42–R44)."""
    wish = said_wish()
    if isinstance(wish, Response):
        return wish
    channel = request.args.get("channel", "")
    if request.method == "POST":
        return _sent(wish, channel)
    outcome = _ask(wish, channel)
    if isinstance(outcome, Response):
        return outcome
    draft = draft_of(wiring().db, current_user.id, wish)
    typed = {**draft.typed, **_chosen(wish)} if draft else {}
    made = _form_of(wish, {**_suggested(wish, outcome), **typed})
    return _form_page(made, wish, outcome, channel, {}, draft.updated_at if draft else None)


def _sent(wish: Wish, channel: str) -> str | Response:
    """Open the case of a form that was sent, or show the form again.

    Whether the way is open is asked where the case is made, just before its transaction; here
    only before files are taken or a page is shown."""
    made = _form_of(wish, {})
    if made.files and made.files.brings_any:
        outcome = _ask(wish, channel)
        if isinstance(outcome, Response):
            return outcome
    sound = made.form.validate()
    files = take_files(made.files, made.form.submission.data or "")
    found: dict[str, Any] = {}
    if sound and files is not None:
        found = {} if made.form.seen.data else _found_before(made)
        if not found:
            return _open(made, wish, channel, files)
        made.form.seen.data = "yes"
    outcome = _ask(wish, channel)
    if isinstance(outcome, Response):
        return outcome
    return _form_page(made, wish, outcome, channel, found, None)


def _ask(wish: Wish, channel: str) -> Outcome | Response:
    """Return the decision on a wish, or the page of the ways where this one has no form."""
    require_own_product(wish)
    policy = live().site.policy
    outcome = decide_for(wiring().db, policy, current_user.id, wish, now())
    grant = outcome.decision.grant(channel) if isinstance(outcome.decision, Allowed) else None
    if grant is None or _is_a_call(grant.channel):
        return redirect(url_for("contact.options", **wish.query()))
    return outcome


def _is_a_call(channel: str) -> bool:
    """Whether this way leads out of the site and has no form."""
    way = live().site.policy.channels.get(Channel(channel)) if channel in set(Channel) else None
    return way is None or bool(way.address)


def _form_of(wish: Wish, known: Mapping[str, str]) -> CaseForm:
    return case_form(live().site.policy.requests[wish.request], wish, known)


@blueprint.get("/suggestions")
@customer_required
def suggestions() -> str:
    """Return articles and one's own open cases that fit a title while it is typed (R47)."""
    title = next((request.args[n] for n in request.args if n != "wish"), "")
    return render("contact/suggestions.html", **_like(title[:300]))


@blueprint.get("/without-consent")
def without_consent() -> str:
    """Say what is left to somebody who does not accept the conditions (R64)."""
    return render("contact/without_consent.html", section="contact")


def _about(outcome: Outcome) -> list[ProductRange]:
    """What alerts must be about to be shown beside the ways: the product of the wish."""
    if outcome.product is None:
        return []
    return [ProductRange(outcome.product, outcome.version, outcome.version)]


def _who() -> int | None:
    return current_user.id if current_user.is_authenticated else None


def _start(wish: Wish) -> str:
    return url_for("contact.start", **wish.query())


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
    if _is_a_call(channel):
        return redirect(url_for("contact.options", **wish.query()))
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
        agreed=seals(made.consents),
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
        require_own_product(wish)
        flash(_("This way is no longer open to you; see the others."), "warning")
        return redirect(url_for("contact.options", **wish.query()))
    became_case(opened.number)
    flash(_("Case opened. Its number is on its way to your mailbox."))
    if channel == Channel.CHAT:
        begin_chat(wiring().db, live().site.policy, current_user.id, opened.number, now())
        return redirect(url_for("chat.chat", number=opened.number))
    return redirect(url_for("cases.case", number=opened.number))


def _chat_offer(outcome: Outcome, channel: str) -> Offer | None:
    """Whether the chat begins as soon as the form is sent (R40)."""
    grant = outcome.decision.grant(channel) if isinstance(outcome.decision, Allowed) else None
    return offer_in(grant.calendar) if grant and channel == Channel.CHAT else None


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
        channel=live().site.policy.channels[Channel(channel)],
        chat=_chat_offer(outcome, channel),
        about=steps.about(wish, outcome, current_user.id),
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
