"""Who is visiting: the signed-in person, and the doors that only some may pass."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, make_response, redirect, request, url_for
from flask_login import AnonymousUserMixin, LoginManager, UserMixin, current_user
from werkzeug.wrappers import Response

from kb.actions.staff import note_seen, staff
from kb.pages.frame import now, render, wiring
from kb.store import users

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class SignedIn(UserMixin):  # type: ignore[misc]  # flask_login is untyped
    """A person with an account, as the pages see them."""

    row: users.User

    def get_id(self) -> str:
        """Name the session's person; a changed password ends every older session."""
        return f"{self.row.id}:{self.row.session_epoch}"

    @property
    def must_enrol(self) -> bool:
        """Whether the site asks agents for a second factor and this one has none yet."""
        wanted = self.row.is_agent and wiring().settings.require_agent_2fa
        return wanted and not self.row.has_second_factor

    @property
    def is_agent(self) -> bool:
        """Whether this person may work as an agent now."""
        return self.row.is_agent and not self.must_enrol

    @property
    def is_admin(self) -> bool:
        """Whether this person may work as an administrator now."""
        return self.row.is_admin and not self.must_enrol

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)


class Nobody(AnonymousUserMixin):  # type: ignore[misc]
    """A visitor who has not signed in."""

    is_agent = False
    is_admin = False
    must_enrol = False
    first_name = ""
    time_zone = None


def load(user_id: str) -> SignedIn | None:
    """Find the person of a session; None once the account or the session is gone."""
    number, _, epoch = user_id.partition(":")
    if not number.isdigit() or not epoch.isdigit():
        return None
    with wiring().db.read() as conn:
        row = users.by_id(conn, int(number))
    return SignedIn(row) if row and row.session_epoch == int(epoch) else None


class Door(LoginManager):  # type: ignore[misc]  # flask_login is untyped
    """Flask-Login's, which compares what is no mark of ours as text, and fails at odd letters."""

    def _load_user_from_remember_cookie(self, cookie: str) -> Any:
        return super()._load_user_from_remember_cookie(cookie) if cookie.isascii() else None


def install(app: Flask) -> None:
    """Let Flask-Login find our visitors."""
    manager = Door(app)
    manager.anonymous_user = Nobody
    manager.session_protection = None
    manager.user_loader(load)


def customer_required(view: Callable[P, R]) -> Callable[P, R | Response]:
    """Ask a stranger to sign in first and bring them back to this very page (R4)."""

    @wraps(view)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R | Response:
        if not current_user.is_authenticated:
            return _ask_to_sign_in()
        return view(*args, **kwargs)

    return checked


def agent_required(view: Callable[P, R]) -> Callable[P, R | Response]:
    """Let agents in, ask strangers to sign in; for customers the page does not exist."""

    @wraps(view)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R | Response:
        if not current_user.is_authenticated:
            return _ask_to_sign_in()
        if current_user.must_enrol:
            return redirect(url_for("account.second_factor"))
        if not current_user.is_agent:
            abort(404)
        note_seen(wiring().db, current_user.row, now())
        return view(*args, **kwargs)

    return checked


def admin_required(view: Callable[P, R]) -> Callable[P, R | Response]:
    """Let administrators in; an agent is told who they are, for others the page does not exist."""

    @agent_required
    @wraps(view)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R | Response:
        if current_user.is_admin:
            return view(*args, **kwargs)
        names = [one.name for one in staff(wiring().db) if one.is_admin]
        return make_response(render("errors/admins.html", section="desk", names=names), 403)

    return checked


def _ask_to_sign_in() -> Response:
    """Lead to the sign-in page; but a form that was sent is kept in sight (see errors.py)."""
    if request.method == "POST":
        abort(401)
    return redirect(sign_in_url())


def sign_in_url() -> str:
    """Return the sign-in page's address, with the way back to what is being read."""
    if request.method != "GET":
        return url_for("account.sign_in")
    return url_for("account.sign_in", next=request.full_path.rstrip("?"))


def safe_next(target: str | None) -> str | None:
    """Return a path on this very site, or None: nobody is led elsewhere after signing in."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    parts = urlsplit(target)
    unsafe = parts.scheme or parts.netloc or any(ord(char) < 32 for char in target)
    return None if unsafe else target
