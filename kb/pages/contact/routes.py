"""The blueprint that the contact pages share, and the wish that every address carries."""

from flask import abort, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from kb.pages import contact_steps as steps
from kb.pages.frame import feature, live
from kb.rules.contact import Stage, Wish, next_stage, read_wish

blueprint = feature("contact", "kb.pages.contact", "/contact")


def whole_wish() -> Wish | Response:
    """Return the wish of the address, or the way back to the question that is still open."""
    wish = said_wish()
    if isinstance(wish, Wish):
        require_own_product(wish)
    return wish


def said_wish() -> Wish | Response:
    """The same before it is known whose product it is about."""
    policy = live().site.policy
    wish = read_wish(policy, request.args)
    if next_stage(policy, wish, signed_in=True) is not Stage.DONE:
        return redirect(url_for("contact.start", **wish.query()))
    return wish


def require_own_product(wish: Wish) -> None:
    """Somebody else's product is not found."""
    if wish.asset is not None and not steps.product_name(wish, current_user.id):
        abort(404)
