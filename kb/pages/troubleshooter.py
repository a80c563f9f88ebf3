"""The guided troubleshooter: a walk is an address; nothing is kept on the server."""

from collections.abc import Mapping

from flask import abort, redirect, request
from werkzeug.wrappers import Response

from kb.pages.frame import feature, lang, live, render
from kb.pages.page_cache import same_for_strangers
from kb.pages.troubleshooter_views import ASKED, PRODUCT, End, Place, StepView
from kb.pages.walk_steps import counted
from kb.rules.trees import Purpose, Tree, is_asked
from kb.rules.typed import LONGEST_ANSWER
from kb.rules.walk import LONGEST_WALK, Position, knows, walk

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
        faults=[tree for tree in shelf if tree.purpose is Purpose.TROUBLESHOOTING],
        advice=[tree for tree in shelf if tree.purpose is Purpose.ADVICE],
    )


@blueprint.get("/<tree>/")
def tree(tree: str) -> Response:
    """Lead on to the node that the answers reach: every form of a walk is sent here."""
    shelf = _shelf()
    walked = _tree(shelf, tree)
    answers = _answers()
    position = walk(walked, shelf, answers)
    kept = position.answers
    if position.problem and position.typed is not None:
        kept[position.key] = position.typed
    elif request.args.get(ASKED) == position.key and position.key not in answers:
        kept[position.key] = ""  # sent without an answer: the page then says so
    led = redirect(_place().address(position, kept))
    return counted(led, position, request.args.get(ASKED))


@blueprint.get("/<tree>/<node>")
@same_for_strangers
def step(tree: str, node: str) -> str:
    """Show one node of a walk, rebuilt from the answers in the address."""
    shelf = _shelf()
    walked = _tree(shelf, tree)
    if not knows(walked, shelf, node):
        abort(404)
    position = walk(walked, shelf, _answers(), at=node)
    stale = position.key != node or position.key in position.dropped
    return _page(position, shelf, stale=stale)


def _page(position: Position, shelf: Mapping[str, Tree], *, stale: bool) -> str:
    view = StepView(position, shelf, _place(), stale)
    if is_asked(position.node) and position.outcome is None:
        name = "article" if position.node.kind == "article" else "step"
        return render(f"troubleshooter/{name}.html", section="troubleshoot", view=view)
    end = End(view, live().site.policy)
    return render("troubleshooter/end.html", section="troubleshoot", view=view, end=end)


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
    product = request.args.get(PRODUCT, "")
    known = product in live().site.policy.products
    return Place(lang(), product if known else "", live().site)
