"""Following an article or a product by mail without an account, and the list of feeds (R62)."""

from dataclasses import dataclass

from flask import abort, flash, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import RadioField
from wtforms.validators import InputRequired

from kb.actions import following
from kb.actions.following import Ask, FollowOutcome
from kb.pages.fields import Form, choices, email, said
from kb.pages.frame import article_url, feature, lang, letters, live, now, render, wiring
from kb.pages.names import nested
from kb.pages.page_cache import same_for_strangers
from kb.pages.safety import csrf
from kb.pages.texts import gettext as _
from kb.pages.texts import lazy_gettext as _l
from kb.rules.following import Pace, Subject, Wanted, may_be_followed

blueprint = feature("follow", __name__, "/follow")

PACES = [
    (Pace.DAILY, _l("At most one e-mail a day")),
    (Pace.AT_ONCE, _l("As soon as there is something")),
]


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that is followed, as the pages show it."""

    key: str
    title: str
    url: str


class PaceForm(Form):
    """How often letters come."""

    pace = RadioField(
        _l("How often shall we write?"),
        choices=choices(PACES),
        default=str(Pace.DAILY),
        validators=[InputRequired(_l("Choose how often"))],
    )


class FollowForm(PaceForm):
    """Where letters go."""

    email = email(_l("E-mail"))


class ButtonForm(Form):
    """Only a button: a mail scanner that opens a link agrees to nothing."""


@blueprint.get("/")
@same_for_strangers
def ways() -> str:
    """Show how one is told of news: feeds, and letters about a product."""
    products = live().site.policy.products.values()
    return render("follow/ways.html", section="kb", products=[p for p in products if not p.addon])


@blueprint.route("/<subject>/<target>", methods=["GET", "POST"])
def follow(subject: str, target: str) -> str | Response:
    """Take an address and mail it the link that agrees; the answer is the same for all."""
    thing = _thing(Subject(subject), target, lang()) if subject in set(Subject) else None
    if thing is None:
        abort(404)
    form = FollowForm()
    if request.method == "GET" and current_user.is_authenticated:
        form.email.data = current_user.email
    if form.validate_on_submit():
        pace = Pace(said(form.pace))
        wish = Ask(said(form.email), Subject(subject), target, lang(), pace, thing.title)
        outcome = following.ask(wiring().db, letters(), wish, request.remote_addr or "", now())
        if outcome is FollowOutcome.DONE:
            session["follows"] = said(form.email)
            return redirect(url_for("follow.sent"))
        form.email.errors = [_refusal(outcome)]
    return render("follow/follow.html", section="kb", form=form, thing=thing, subject=subject)


@blueprint.get("/sent")
def sent() -> str:
    """Say that a mail is on its way."""
    return render("follow/sent.html", section="kb", address=session.get("follows", ""))


@blueprint.route("/agree/<token>", methods=["GET", "POST"])
def agree(token: str) -> str | Response:
    """Agree to letters by one press."""
    wish = following.read_link(letters().secret, token, now())
    thing = _thing(wish.subject, wish.target, wish.lang) if wish else None
    if wish is None or thing is None:
        return render("follow/dead_link.html", section="kb")
    form = ButtonForm()
    if not form.validate_on_submit():
        return _private("follow/agree.html", form=form, thing=thing, wish=wish)
    outcome, mine = following.agree(wiring().db, letters().secret, wish, now())
    session.pop("follows", None)
    if outcome is FollowOutcome.TOO_MANY:
        flash(_("You already follow a great deal. Stop following something first."), "error")
    else:
        flash(_("You follow “%(title)s” from now on.", title=nested(thing.title)))
    return redirect(url_for("follow.mine", token=mine))


@blueprint.route("/mine/<token>", methods=["GET", "POST"])
def mine(token: str) -> str | Response:
    """Show what one follows; change how often letters come, or end one thing."""
    db, secret = wiring().db, letters().secret
    found = following.mine(db, secret, token)
    if found is None:
        return render("follow/dead_link.html", section="kb")
    form = PaceForm(pace=str(found.follower.pace)) if request.method == "GET" else PaceForm()
    subject, _colon, target = request.form.get("drop", "").partition(":")
    if request.method == "POST" and subject in set(Subject):
        following.drop(db, secret, token, Subject(subject), target)
        if len(found.wanted) <= 1:
            return _private("follow/ended.html")
        flash(_("You no longer follow it."))
        return redirect(url_for("follow.mine", token=token))
    if form.validate_on_submit():
        following.set_pace(db, secret, token, Pace(said(form.pace)))
        flash(_("Saved."))
        return redirect(url_for("follow.mine", token=token))
    things = [_shown(one) for one in found.wanted]
    address = found.follower.email
    return _private("follow/mine.html", form=form, things=things, token=token, address=address)


@blueprint.get("/end/<token>")
def end(token: str) -> str | Response:
    """Ask whether to end all letters: a mail scanner that opens the link ends nothing."""
    if following.mine(wiring().db, letters().secret, token) is None:
        return render("follow/dead_link.html", section="kb")
    return _private("follow/end.html", token=token)


@blueprint.post("/end/<token>")
@csrf.exempt  # type: ignore[untyped-decorator]  # mail programs post here (RFC 8058); the token is the right
def end_now(token: str) -> str | Response:
    """End all e-mails at once, without signing in and without a question (RFC 8058)."""
    if not following.end(wiring().db, letters().secret, token):
        abort(403)
    return _private("follow/ended.html")


def _private(template: str, **context: object) -> Response:
    """A page whose address is somebody's own: nobody keeps it or lists it."""
    answer = Response(render(template, section="kb", **context), content_type="text/html")
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _thing(subject: Subject, target: str, code: str) -> Thing | None:
    site = live().site
    shelf = site.articles.get(code, {})
    if not may_be_followed(subject, target, shelf, site.policy.products):
        return None
    if subject is Subject.PRODUCT:
        url = url_for("products.product", line=target)
        return Thing(f"{subject}:{target}", site.policy.products[target].name, url)
    article = shelf[int(target)]
    return Thing(f"{subject}:{target}", article.title, article_url(article))


def _shown(one: Wanted) -> Thing:
    """What somebody follows; a thing that has gone is still named, so that it can be ended."""
    thing = _thing(one.subject, one.target, one.lang)
    return thing or Thing(f"{one.subject}:{one.target}", _("No longer on this site"), "")


def _refusal(outcome: FollowOutcome) -> str:
    if outcome is FollowOutcome.TOO_MANY:
        return _("Too many e-mails asked for. Wait an hour and try again")
    return _("Write an address like name@example.com")
