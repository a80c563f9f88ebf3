"""Webhooks at the desk: where events of cases are told, whether they arrive, sending again."""

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, make_response, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from kb.actions import webhooks as actions
from kb.actions.webhooks import Made, NotMade
from kb.pages.desk.routes import blueprint
from kb.pages.desk.views import groups
from kb.pages.desk.webhook_words import trouble_words
from kb.pages.fields import Form, said
from kb.pages.formats import show_recent
from kb.pages.frame import now, render, wiring
from kb.pages.texts import gettext as _
from kb.pages.texts import lazy_gettext as _l
from kb.pages.visitors import admin_required
from kb.rules.webhooks import LONGEST_URL, MOST, UrlFlaw, WebhookEvent
from kb.store.outbox import MailState
from kb.store.webhook_outbox import Delivery
from kb.store.webhooks import Webhook

_DEEDS = {"on", "off", "ping", "secret", "remove"}
_ID = "<int(max=9999999999):id_>"
_EVENTS: Mapping[WebhookEvent, Any] = {
    WebhookEvent.OPENED: _l("A case was opened"),
    WebhookEvent.REPLIED: _l("Somebody replied"),
    WebhookEvent.NOTED: _l("An internal note was added"),
    WebhookEvent.STATUS: _l("A case has another state"),
    WebhookEvent.SEVERITY: _l("A case has another severity"),
    WebhookEvent.ASSIGNED: _l("A case was given to an agent, or back"),
    WebhookEvent.TAGGED: _l("A tag was added or taken off"),
    WebhookEvent.MERGED: _l("A case was merged"),
}
_FLAWS: Mapping[UrlFlaw, Any] = {
    UrlFlaw.SHAPE: _l("Write an address like https://example.com/hook"),
    UrlFlaw.SCHEME: _l("The address must begin with https://"),
    UrlFlaw.LOGIN: _l("An address with a name or password in it is not taken"),
    UrlFlaw.PRIVATE: _l("This address is not public; the operator can allow its network"),
}


class WebhookForm(Form):
    """Where which events go."""

    address = StringField(
        _l("Address"),
        validators=[
            DataRequired(_l("Write the address")),
            Length(max=LONGEST_URL, message=_l("Write at most %(max)d characters")),
        ],
        render_kw={"type": "url", "autocomplete": "off"},
    )
    events = SelectMultipleField(
        _l("What is told"), validators=[InputRequired(_l("Choose at least one event"))]
    )

    def __init__(self, **known: Any) -> None:
        super().__init__(**known)
        self.events.choices = [(str(one), str(name)) for one, name in _EVENTS.items()]


@blueprint.route("/webhooks", methods=["GET", "POST"])
@admin_required
def webhooks() -> str | Response:
    """List every target; add one and show its secret this once."""
    form = WebhookForm()
    if form.validate_on_submit():
        settings = wiring().settings
        made = actions.subscribe(
            wiring().db,
            settings.secret_key,
            settings.webhook_networks,
            current_user.id,
            said(form.address),
            form.events.data or [],
            now(),
        )
        if isinstance(made, Made):
            return _secret_page(made.id, made.secret)
        form.address.errors = [_why(made)]
    rows = [(one, *_standing(one), dead) for one, dead in actions.listed(wiring().db)]
    return _render("desk/webhooks.html", form=form, rows=rows)


@blueprint.route(f"/webhooks/{_ID}", methods=["GET", "POST"])
@admin_required
def webhook(id_: int) -> str | Response:
    """Show a target with what was told to it; change where it is and what it is told."""
    only_dead = request.args.get("show") == "given-up"
    found = actions.view(wiring().db, id_, dead=only_dead)
    if found is None:
        abort(404)
    target, deliveries = found
    form = WebhookForm(data={"address": target.url, "events": list(target.events)})
    if form.validate_on_submit():
        flaw = actions.change(
            wiring().db,
            wiring().settings.webhook_networks,
            current_user.id,
            id_,
            said(form.address),
            form.events.data or [],
            now(),
        )
        if flaw is None:
            flash(_("The webhook is changed."))
            return redirect(url_for("desk.webhook", id_=id_))
        form.address.errors = [_why(flaw)]
    word, kind = _standing(target)
    return _render(
        "desk/webhook.html",
        form=form,
        target=target,
        word=word,
        kind=kind,
        stopped=show_recent(target.stopped_at, now()) if target.stopped_at else "",
        reached=show_recent(target.reached_at, now()) if target.reached_at else "",
        rows=[_delivery(one) for one in deliveries],
        only_dead=only_dead,
    )


@blueprint.post(f"/webhooks/{_ID}/<deed>")
@admin_required
def change_webhook(id_: int, deed: str) -> str | Response:
    """Switch a target on or off, try it out, draw a new secret, or drop it."""
    db, me = wiring().db, current_user.id
    if deed not in _DEEDS or actions.view(db, id_, dead=False) is None:
        abort(404)
    if deed == "secret":
        secret = actions.renew_secret(db, wiring().settings.secret_key, me, id_, now())
        return _secret_page(id_, secret) if secret else abort(404)
    if deed == "remove":
        actions.remove(db, me, id_, now())
        flash(_("The webhook is gone."))
        return redirect(url_for("desk.webhooks"))
    if deed == "ping":
        done, told = actions.try_out(db, me, id_, now()), _("A “ping” is on its way.")
    else:
        done = actions.switch(db, me, id_, on=deed == "on", now=now())
        told = _("The webhook is on.") if deed == "on" else _("The webhook is off.")
    flash(told if done else _("Switch the webhook on first."), "message" if done else "warning")
    return redirect(url_for("desk.webhook", id_=id_))


@blueprint.post(f"/webhooks/{_ID}/deliveries/<int(max=9999999999):delivery>/again")
@admin_required
def tell_again(id_: int, delivery: int) -> Response:
    """Send an event again that was given up."""
    if actions.view(wiring().db, id_, dead=False) is None:
        abort(404)
    if actions.send_again(wiring().db, current_user.id, id_, delivery, now()):
        flash(_("The event is on its way again."))
    else:
        flash(_("Switch the webhook on first, or it was sent meanwhile."), "warning")
    return redirect(url_for("desk.webhook", id_=id_))


def _secret_page(id_: int, secret: str) -> Response:
    answer = make_response(_render("desk/webhook_secret.html", secret=secret, id_=id_))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _standing(target: Webhook) -> tuple[str, str]:
    """How a target stands, in a word, and the colour of its chip."""
    if target.stopped_at is not None:
        return _("Stopped by itself"), "bad"
    if not target.is_active:
        return _("Off"), ""
    return (_("Fails"), "warn") if target.failures else (_("On"), "ok")


def _delivery(one: Delivery) -> dict[str, Any]:
    words = {
        MailState.QUEUED: _("Waits") if not one.attempts else _("Will be tried again"),
        MailState.SENT: _("Arrived"),
        MailState.DEAD: _("Given up"),
    }
    colours = {MailState.SENT: "ok", MailState.DEAD: "bad"}
    return {
        "id": one.id,
        "event": one.event,
        "event_id": one.event_id,
        "number": one.case_number,
        "at": show_recent(one.created_at, now()),
        "word": words[one.state],
        "kind": colours.get(one.state, "warn" if one.attempts else ""),
        "answer": one.answer,
        "error": trouble_words(one.error or ""),
        "dead": one.state is MailState.DEAD,
    }


def _why(flaw: NotMade) -> str:
    if flaw.url is not None:
        return str(_FLAWS[flaw.url])
    if flaw.too_many:
        return _("There are %(num)s webhooks already; drop one first", num=MOST)
    return _("Choose at least one event")


def _render(template: str, **told: Any) -> str:
    return render(template, section="desk", groups=groups("webhooks"), **told)
