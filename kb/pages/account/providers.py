"""Signing in by a provider: there, back, and into an account."""

from dataclasses import asdict

from flask import abort, current_app, flash, request, session, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from kb.actions import provider_sign_in
from kb.actions.provider_sign_in import EntryOutcome
from kb.outside.sign_in import Begun, Provider
from kb.outside.sign_in_web import Failure, SignInFailed
from kb.pages.account.common import blueprint, enter
from kb.pages.frame import lang, live, now, render, wiring
from kb.pages.texts import gettext as _
from kb.pages.visitors import safe_next
from kb.rules.accounts import Role
from kb.store.users import User

_ON_THE_WAY = "provider"  # in the session: the sign-in that was begun


def provider_links(target: str | None) -> list[tuple[str, str]]:
    """Return (label, address) of each provider that one may sign in with."""
    return [
        (provider.about.label, url_for("account.provider", name=name, next=target))
        for name, provider in _providers().items()
    ]


def provider_label(name: str) -> str:
    """Return what a provider is called; one that the site has given up keeps its bare name."""
    known = _providers().get(name)
    return known.about.label if known else name


def running_for(user: User) -> dict[str, str]:
    """Return the labels of the providers that may open an account like this, by name."""
    return {
        name: provider.about.label
        for name, provider in _providers().items()
        if not user.is_agent or provider.about.role == Role.AGENT
    }


@blueprint.get("/provider/<name>")
def provider(name: str) -> Response:
    """Go to the provider; what must come back unchanged stays in the session."""
    try:
        begun = _provider(name).begin(_back(name))
    except SignInFailed as failed:
        return _failed(failed)
    session[_ON_THE_WAY] = {
        **asdict(begun),
        "name": name,
        "lang": lang(),
        "next": safe_next(request.args.get("next")),
    }
    return redirect(begun.url)


@blueprint.get("/provider/<name>/return")
def provider_return(name: str) -> Response:
    """Come back with the provider's word, which is judged and works once."""
    begun_in = session.get(_ON_THE_WAY, {}).get("lang", lang())
    if begun_in != lang():  # providers know one address; the visitor reads another language
        here = url_for("account.provider_return", lang=begun_in, name=name)
        return redirect(f"{here}?{request.query_string.decode()}")
    kept = session.pop(_ON_THE_WAY, None)
    there = _provider(name)
    if not kept or kept["name"] != name:
        return _failed(SignInFailed(Failure.FORGED, "no sign-in was begun here"))
    begun = Begun(kept["url"], kept["state"], kept["nonce"], kept["verifier"])
    try:
        person = there.finish(begun, _back(name), request.args.to_dict(), now())
    except SignInFailed as failed:
        return _failed(failed)
    entered = provider_sign_in.enter(wiring().db, there.about, person, lang(), now())
    if entered.user is None:
        return _page(_not_entered(entered.outcome, there.about.label), 403)
    if entered.made:
        flash(_("Your account is made. Complete your details."))
        return enter(entered.user, url_for("account.profile"), remember=False)
    return enter(entered.user, kept["next"], remember=False)


def _back(name: str) -> str:
    """Where providers return to: one address for each, so it can be told to them once."""
    first = live().site.site.default_language
    path = url_for("account.provider_return", lang=first, name=name)
    return f"{wiring().settings.base_url}{path}"


def _providers() -> dict[str, Provider]:
    found: dict[str, Provider] = current_app.extensions["waypost-providers"]
    return found


def _provider(name: str) -> Provider:
    return _providers().get(name) or abort(404)


def _failed(failed: SignInFailed) -> Response:
    """Tell the person what happened; the reason in full is for the operator's log."""
    current_app.logger.warning("sign-in by a provider failed: %s", failed)
    told = {
        Failure.AWAY: _("The sign-in service does not answer. Try again later, or use a password."),
        Failure.DENIED: _("The sign-in was cancelled there."),
        Failure.FORGED: _("The answer did not belong to a sign-in begun here. Begin again."),
    }[failed.failure]
    return _page(told, 502 if failed.failure is Failure.AWAY else 400)


def _not_entered(outcome: EntryOutcome, label: str) -> str:
    if outcome is EntryOutcome.NOT_HERE:
        return _("This account is not opened by %(provider)s. Use its password.", provider=label)
    return _(
        "%(provider)s has not verified your e-mail address, so it opens no account here.",
        provider=label,
    )


def _page(told: str, status: int) -> Response:
    page = render("account/provider_failed.html", section="account", told=told)
    return Response(page, status, content_type="text/html; charset=utf-8")
