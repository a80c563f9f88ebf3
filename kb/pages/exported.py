"""Pages that only an export has, because no server is behind it: a tree as one page, search in the
browser, a choice of languages, and what to do where only the site itself helps."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from flask import Blueprint, abort, g

from kb.pages.frame import feature, lang, live, may_read, render
from kb.pages.names import type_name
from kb.pages.texts import gettext as _
from kb.pages.troubleshooter_ends import End
from kb.pages.troubleshooter_views import UNKNOWN, Place, StepView, versions_of
from kb.pages.troubleshooter_words import problem_words
from kb.rules.articles import ArticleType
from kb.rules.tree_data import tree_data
from kb.rules.tree_drawing import Words, route_words
from kb.rules.tree_products import choices, within
from kb.rules.trees import (
    ArticleEnd,
    ContactEnd,
    Input,
    Node,
    Purpose,
    Question,
    ReturnEnd,
    Step,
    Subtree,
    Tree,
    exits,
    is_asked,
)
from kb.rules.typed import Bad
from kb.rules.walk import Position

blueprint: Blueprint = feature("exported", __name__, "/exported")


@dataclass(frozen=True, slots=True)
class Exporting:
    """What templates may know of an export: the address of the site itself, '' if not told."""

    live: str = ""
    offline: bool = False
    languages: tuple[str, ...] = ()


class Way(NamedTuple):
    """One answer and the section of the page that it leads to."""

    answer: str
    label: str
    hint: str
    anchor: str


@blueprint.get("/search")
def search() -> str:
    """Search in the browser, over an index that lies beside the pages."""
    types = {str(type_): type_name(type_) for type_ in ArticleType}
    _stands_at("search", live().site.site.languages)
    return render("export/search.html", section="search", types=types)


@blueprint.get("/away")
def away() -> str:
    """Say plainly what these pages cannot do, and who can."""
    return render("export/away.html", section="")


@blueprint.get("/start")
def start() -> str:
    """Choose a language; a script chooses the browser's own."""
    g.alternates = {}
    return render("export/start.html", section="")


@blueprint.get("/tree/<tree>")
def tree(tree: str) -> str:
    """Show a tree whole, each node with links to the next ones; a script makes a walk of it."""
    shelf = {name: texts[lang()] for name, texts in live().site.trees.items() if lang() in texts}
    if tree not in shelf:
        abort(404)
    _stands_at(f"troubleshoot/{tree}/", live().site.trees[tree])
    walked = shelf[tree]
    offered = choices(walked, shelf, versions_of(live().site)) if walked.by_product else ()
    place = Place(lang(), "", live().site)
    return render(
        "export/tree.html",
        section="troubleshoot",
        tree=walked,
        nodes=_sections(walked, shelf, place),
        products=[(str(one), place.product_name(one)) for one in offered],
        unknown=UNKNOWN,
        data=tree_data(walked, shelf, offered),
        advice=walked.purpose is Purpose.ADVICE,
    )


def _stands_at(place: str, languages: Iterable[str]) -> None:
    """Tell where other languages have this page: at the address that it has on the site."""
    g.alternates = {code: f"/{code}/{place}" for code in languages if code != lang()}


def _sections(walked: Tree, shelf: Mapping[str, Tree], place: Place) -> list["Section"]:
    """Every node where a walk can stand, in the order in which it may come to them."""
    used = within(walked, shelf)
    return [
        Section(one, node, used, place)
        for one in used
        for node in _in_order(one)
        if not isinstance(node, Subtree)
    ]


def _in_order(tree: Tree) -> list[Node]:
    found = {tree.start: None}
    waiting = [tree.start]
    for name in waiting:
        fresh = {target: None for _place, target in exits(tree.nodes[name]) if target not in found}
        found |= fresh
        waiting += fresh
    return [tree.nodes[name] for name in found]


class Section:
    """One node as a part of the tree's page."""

    def __init__(self, tree: Tree, node: Node, used: tuple[Tree, ...], place: Place) -> None:
        self.tree = tree
        self.node = node
        self._used = used
        self._by_id = {one.id: one for one in used}
        self._view = StepView(Position(tree, node.id, node), self._by_id, place, stale=False)

    @property
    def anchor(self) -> str:
        return _anchor(self.tree, self.node.id)

    @property
    def place(self) -> str:
        """How `static/walk.js` names it."""
        return f"{self.tree.id}/{self.node.id}"

    @property
    def advice(self) -> bool:
        return self.tree.purpose is Purpose.ADVICE

    @property
    def asked(self) -> bool:
        return is_asked(self.node)

    @property
    def title(self) -> str:
        """The question, what to try, or what the end says."""
        node = self.node
        if isinstance(node, ArticleEnd):
            return node.title or (self.article.title if self.article else "")
        if is_asked(node):
            return self._view.title
        names = {
            "contact": _("Go on with a person"),
            "solved": _("You have your answer") if self.advice else _("Solved"),
            "unsolved": _("Let us look further"),
            "product": self.end.product.name if self.end.kind == "product" else "",
            "calculator": _("Calculate your licences"),
        }
        own = "" if isinstance(node, ContactEnd) else getattr(node, "title", "")
        return own or names.get(self.end.kind, "")

    @cached_property
    def end(self) -> End:
        return End(self._view, live().site.policy)

    @property
    def article(self) -> Any:
        """The article of an end, if everybody may read it."""
        found = self._view.article
        return found if found is not None and may_read(found) else None

    @property
    def text(self) -> tuple[str, str]:
        """The heading and the HTML of the article's section."""
        return self._view.section if self.article else ("", "")

    @property
    def contact(self) -> str:
        return self.end.contact

    @property
    def expected(self) -> str:
        return self._view.expected

    @property
    def problems(self) -> list[tuple[str, str]]:
        """What to say of each kind of answer that cannot be used."""
        if not isinstance(self.node, Input):
            return []
        at = (Position(self.tree, self.node.id, self.node, problem=bad) for bad in Bad)
        return [(str(one.problem), problem_words(one)) for one in at]

    @property
    def verdict(self) -> tuple[str, str, str] | None:
        """Whether it helped, and the two answers."""
        return self._view.helped_words if isinstance(self.node, Step | ArticleEnd) else None

    @property
    def ways(self) -> list[Way]:
        """The ways on, each with the section it leads to."""
        node = self.node
        match node:
            case Question():
                return [self._way(o.id, o.label, o.go, o.hint) for o in node.options]
            case Input():
                words = Words(otherwise=_("anything else"))
                return [self._way("", route_words(r, words), r.go) for r in node.routes]
            case Step():
                _asked, yes, no = self._view.helped_words
                return [
                    self._way("yes", yes, node.solved),
                    self._way("no", no, node.not_solved),
                ]
            case ArticleEnd():
                _asked, yes, no = self._view.helped_words
                ways = [Way("yes", yes, "", "ended-solved")]
                if node.not_solved is None:
                    return [*ways, Way("no", no, "", "ended-unsolved")]
                return [*ways, self._way("no", no, node.not_solved)]
            case ReturnEnd():
                return self._ways_back()
            case _:
                return []

    def _way(self, answer: str, label: str, go: str, hint: str = "") -> Way:
        return Way(answer, label, hint, self._anchor_of(self.tree, go))

    def _anchor_of(self, tree: Tree, name: str) -> str:
        """The section of a node; a used tree is entered at its start."""
        node = tree.nodes[name]
        while isinstance(node, Subtree):
            tree = self._by_id[node.use]
            node = tree.nodes[tree.start]
        return _anchor(tree, node.id)

    def _ways_back(self) -> list[Way]:
        """Where a used tree goes on: after each place that uses it."""
        found = {
            self._anchor_of(tree, node.then): tree.title
            for tree in self._used
            for node in tree.nodes.values()
            if isinstance(node, Subtree) and node.use == self.tree.id and node.then
        }
        return [Way("", title, "", anchor) for anchor, title in found.items()]


def _anchor(tree: Tree, node: str) -> str:
    return f"n-{tree.id}-{node}"
