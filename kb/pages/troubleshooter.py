"""The guided troubleshooter: a walk is an address; nothing is kept on the server."""

from collections.abc import Mapping

from flask import abort, redirect, request
from flask_login import current_user
from werkzeug.wrappers import Response

from kb.actions.assets import assets_of
from kb.pages.banner import banner
from kb.pages.frame import feature, lang, live, render, wiring
from kb.pages.page_cache import same_for_strangers
from kb.pages.troubleshooter_ends import End
from kb.pages.troubleshooter_product import ProductView
from kb.pages.troubleshooter_views import ASKED, UNKNOWN, Place, StepView, versions_of
from kb.pages.walk_steps import counted
from kb.rules.products import ProductRange
from kb.rules.tree_products import read_chosen
from kb.rules.trees import Purpose, Tree, is_asked
from kb.rules.typed import LONGEST_ANSWER
from kb.rules.walk import LONGEST_WALK, PRODUCT, Position, knows, walk

blueprint = feature("troubleshooter", __name__, "/troubleshoot")


@blueprint.get("/")
@same_for_strangers
def trees() -> str:
    """List the trees, faults first, then advice; those of the home page lead."""
    first = [start.tree for start in live().site.site.starts]
    shelf = sorted(
        _shelf().values(),
        key=lambda tree: (
            first.index(tree.id) if tree.id in first else len(first),
            tree.title.casefold(),
        ),
    )
    return render(
        "troubleshooter/trees.html",
        section="troubleshoot",
        alert=banner(),
        faults=[tree for tree in shelf if tree.purpose is Purpose.TROUBLESHOOTING],
        advice=[tree for tree in shelf if tree.purpose is Purpose.ADVICE],
    )


@blueprint.get("/<tree>/")
def tree(tree: str) -> Response:
    """Lead on to the node that the answers reach: every form of a walk is sent here."""
    shelf = _shelf()
    walked = _tree(shelf, tree)
    answers, place = _answers(), _place()
    position = walk(walked, shelf, answers, product=place.chosen)
    kept = position.answers | dict(position.spare)
    if walked.by_product and not place.product:
        asked = {ASKED: PRODUCT} if request.args.get(ASKED) == PRODUCT else {}
        led = redirect(place.address(position, {**kept, **asked}, PRODUCT))
        return counted(led, position, request.args.get(ASKED))
    if position.problem and position.typed is not None:
        kept[position.key] = position.typed
    elif request.args.get(ASKED) == position.key and position.key not in answers:
        kept[position.key] = ""  # sent without an answer: the page then says so
    led = redirect(place.address(position, kept))
    return counted(led, position, request.args.get(ASKED))


@blueprint.get("/<tree>/<node>")
@same_for_strangers
def step(tree: str, node: str) -> str:
    """Show one node of a walk, rebuilt from the answers in the address."""
    shelf = _shelf()
    walked = _tree(shelf, tree)
    place = _place()
    if node == PRODUCT and walked.by_product:
        return _product_page(walked, shelf, place)
    if not knows(walked, shelf, node):
        abort(404)
    position = walk(walked, shelf, _answers(), at=node, product=place.chosen)
    stale = position.key != node or position.key in position.dropped
    return _page(StepView(position, shelf, place, stale), position)


def _product_page(tree: Tree, shelf: Mapping[str, Tree], place: Place) -> str:
    """Ask which product it is about: the customer's own first, then those the tree serves."""
    view = ProductView(tree, shelf, place, _answers(), missing=ASKED in request.args)
    alert = banner(tree.products)
    return render("troubleshooter/product.html", section="troubleshoot", view=view, alert=alert)


def _page(view: StepView, position: Position) -> str:
    if is_asked(position.node) and position.outcome is None:
        name = "article" if position.node.kind == "article" else "step"
        alert = banner(_about(view))
        return render(f"troubleshooter/{name}.html", section="troubleshoot", view=view, alert=alert)
    end = End(view, live().site.policy)
    return render("troubleshooter/end.html", section="troubleshoot", view=view, end=end)


def _about(view: StepView) -> tuple[ProductRange, ...]:
    """The product of the walk, else those the tree is for."""
    chosen = view.place.chosen
    if chosen is None:
        return view.position.tree.products
    return (ProductRange(chosen.line, chosen.version, chosen.version),)


def _shelf() -> dict[str, Tree]:
    """Return the trees in the language of this request."""
    code = lang()
    return {name: texts[code] for name, texts in live().site.trees.items() if code in texts}


def _tree(shelf: Mapping[str, Tree], name: str) -> Tree:
    if name not in shelf:
        abort(404)
    return shelf[name]


def _answers() -> dict[str, str]:
    """Return the query, the first of each key; none of it when no page of ours can have made it."""
    if len(request.query_string) > 2 * LONGEST_WALK:
        return {}
    return {
        key: value[:LONGEST_ANSWER]
        for key, value in request.args.items()
        if key not in (ASKED, PRODUCT)
    }


def _place() -> Place:
    site = live().site
    product = request.args.get(PRODUCT, "")[:LONGEST_ANSWER]
    chosen = read_chosen(product, versions_of(site))
    known = str(chosen) if chosen else UNKNOWN if product == UNKNOWN else ""
    signed_in = current_user.is_authenticated
    owned = assets_of(wiring().db, current_user.id) if signed_in else ()
    return Place(lang(), known, site, tuple(owned))
