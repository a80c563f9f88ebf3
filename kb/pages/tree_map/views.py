"""Every tree's figures, its drawing with them, and where people leave it; for agents."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from flask import abort, request
from markupsafe import Markup

from kb.actions.tree_drawings import draw
from kb.pages.formats import show_number
from kb.pages.frame import feature, lang, live, now, render
from kb.pages.texts import gettext as _
from kb.pages.texts import ngettext
from kb.pages.tree_map.chart import chart
from kb.pages.tree_map.words import drawing_words, place_name
from kb.pages.visitors import agent_required
from kb.pages.walk_steps import walk_figures
from kb.rules.tree_drawing import Words, inside, ways
from kb.rules.tree_figures import Figures, NodeFigures
from kb.rules.tree_reach import ways_to
from kb.rules.tree_svg import Marked
from kb.rules.trees import Tree

blueprint = feature("tree_map", __name__)

PERIODS = (28, 91, 396)
LOSING = 3  # nodes that are marked as losing most people
LISTED = 10  # nodes in the list of those that lose most


@dataclass(frozen=True, slots=True)
class Row:
    """A node as the list beside the drawing tells it."""

    id: str
    kind: str
    words: str
    url: str
    ways: tuple[tuple[str, str], ...]
    figures: NodeFigures
    loses: bool


@blueprint.get("/desk/trees")
@agent_required
def trees() -> str:
    """List all trees with how their walks went, those that lose most people first."""
    shelf = _shelf()
    days = _days()
    found = walk_figures().of_all(shelf, now(), days=days)
    order = sorted(shelf.values(), key=lambda tree: (-_left(found[tree.id]), tree.title.casefold()))
    return render(
        "troubleshooter/all_stats.html",
        section="desk",
        shelf=[(tree, found[tree.id]) for tree in order],
        periods=_periods(request.path, days),
        days=days,
    )


@blueprint.get("/troubleshoot/<tree>/map")
@agent_required
def map(tree: str) -> str:
    """Show a tree's drawing with live figures on each node, and the same as a list."""
    drawn = _tree(tree)
    days = _days()
    found = walk_figures().of(tree, now(), days=days, revision=_revision(drawn))
    words = drawing_words()
    urls = _urls(drawn)
    svg = draw(drawn, words, _marks(drawn, found, urls), about=_about(drawn))
    return render(
        "troubleshooter/map.html",
        section="desk",
        tree=drawn,
        svg=Markup(svg),  # noqa: S704 # made by tree_svg, which escapes every text
        rows=_rows(drawn, found, words, urls),
        figures=found,
        **_filters(drawn, days),
    )


@blueprint.get("/troubleshoot/<tree>/stats")
@agent_required
def stats(tree: str) -> str:
    """Show where people leave a tree, how its walks went, week by week and node by node."""
    drawn = _tree(tree)
    days = _days()
    found = walk_figures().of(tree, now(), days=days, revision=_revision(drawn))
    urls = _urls(drawn)
    worst = [(key, place_name(drawn, _shelf(), key), found.at(key)) for key in found.worst]
    return render(
        "troubleshooter/stats.html",
        section="desk",
        tree=drawn,
        figures=found,
        worst=[(urls.get(key, ""), name, node) for key, name, node in worst if name][:LISTED],
        chart=chart(found.weeks),
        rows=_rows(drawn, found, drawing_words(), urls),
        **_filters(drawn, days),
    )


def _shelf() -> Mapping[str, Tree]:
    code = lang()
    return {name: texts[code] for name, texts in live().site.trees.items() if code in texts}


def _tree(name: str) -> Tree:
    found = _shelf().get(name)
    if found is None:
        abort(404)
    return found


def _days() -> int:
    """The time that was chosen; the shortest for anything else."""
    chosen = request.args.get("days", "")
    return next((days for days in PERIODS if str(days) == chosen), PERIODS[0])


def _revision(tree: Tree) -> str | None:
    return tree.revision if request.args.get("version") == "present" else None


def _periods(path: str, days: int, version: str = "") -> list[tuple[str, str, bool]]:
    """Return the times to choose from: address, words, chosen."""
    names = {28: _("4 weeks"), 91: _("13 weeks"), 396: _("13 months")}
    return [(f"{path}?days={one}{version}", names[one], one == days) for one in PERIODS]


def _filters(tree: Tree, days: int) -> dict[str, object]:
    """What map and stats share: the times, and whether older versions of the tree count."""
    present = _revision(tree) is not None
    version, other = ("&version=present", "") if present else ("", "&version=present")
    return {
        "periods": _periods(request.path, days, version),
        "present": present,
        "other_version": f"{request.path}?days={days}{other}",
        "days": days,
        "kept": f"?days={days}{version}",
    }


def _left(found: Figures) -> int:
    return sum(found.at(name).left for name in found.worst if "." not in name)


def _urls(tree: Tree) -> dict[str, str]:
    """Return the address of each node, with the answers that lead to it."""
    start = f"/{lang()}/troubleshoot/{tree.id}/"
    return {
        key: f"{start}{quote(way.key)}" + (f"?{urlencode(way.answers)}" if way.answers else "")
        for key, way in ways_to(tree, _shelf()).items()
    }


def _marks(tree: Tree, found: Figures, urls: Mapping[str, str]) -> dict[str, Marked]:
    losing = _losing(found)
    return {
        name: Marked(
            urls.get(name, ""), _note(found.at(name)) if found.walks else "", name in losing
        )
        for name in tree.nodes
    }


def _losing(found: Figures) -> frozenset[str]:
    own = [name for name in found.worst if "." not in name]
    return frozenset(own[:LOSING])


def _note(node: NodeFigures) -> str:
    """The line of figures in a box: “128 came · 12 left”."""
    came = ngettext("%(num)s came", "%(num)s came", node.reached)
    if not node.left:
        return came
    left = ngettext("%(num)s left", "%(num)s left", node.left)
    return f"{came} · {left} ({show_number(round(node.loss * 100))} %)"


def _rows(tree: Tree, found: Figures, words: Words, urls: Mapping[str, str]) -> list[Row]:
    losing = _losing(found)
    return [
        Row(
            node.id,
            words.kind(node),
            inside(node, words),
            urls.get(node.id, ""),
            tuple(ways(node, words)),
            found.at(node.id),
            node.id in losing,
        )
        for node in tree.nodes.values()
    ]


def _about(tree: Tree) -> str:
    """Describe the drawing for who cannot see it."""
    count = ngettext("%(num)s node", "%(num)s nodes", len(tree.nodes))
    told = _("The list below the drawing says the same.")
    return f"{count}. {told}"
