"""A tree without its words, as data for a walk in the browser (`static/walk.js`)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kb.rules.tree_products import Chosen, has, within
from kb.rules.trees import ArticleEnd, Input, Node, Question, Route, Step, Subtree, Tree


def tree_data(tree: Tree, trees: Mapping[str, Tree], products: Sequence[Chosen]) -> dict[str, Any]:
    """Return the structure of a tree and all that it uses; `without` lists for each of the
    products what it lacks: `tree/step` and `tree/question/option`."""
    used = within(tree, trees)
    return {
        "tree": tree.id,
        "revision": tree.revision,
        "byProduct": tree.by_product,
        "trees": {
            one.id: {
                "start": one.start,
                "nodes": {name: _node(node) for name, node in one.nodes.items()},
            }
            for one in used
        },
        "without": {
            str(chosen): lacking
            for chosen in products
            if (lacking := [place for one in used for place in _lacking(one, chosen)])
        },
    }


def _node(node: Node) -> dict[str, Any]:
    match node:
        case Question():
            told: dict[str, Any] = {"options": {option.id: option.go for option in node.options}}
        case Input():
            told = {
                "input": str(node.input),
                "optional": node.optional,
                "whole": node.whole,
                "lowest": node.lowest,
                "highest": node.highest,
                "routes": [_route(route) for route in node.routes],
            }
        case Step():
            told = {"yes": node.solved, "no": node.not_solved}
        case Subtree():
            told = {"use": node.use, "then": node.then}
        case ArticleEnd():
            told = {"no": node.not_solved}
        case _:
            told = {}
    return {"kind": node.kind, **{name: value for name, value in told.items() if value}}


def _route(route: Route) -> dict[str, Any]:
    told: dict[str, Any] = {"go": route.go}
    if route.condition:
        meant = route.condition
        told |= {"values": meant.values, "least": meant.at_least, "below": meant.below}
    return {name: value for name, value in told.items() if value}


def _lacking(tree: Tree, chosen: Chosen) -> Iterator[str]:
    for node in tree.nodes.values():
        if isinstance(node, Step) and not has(node.only, tree, chosen):
            yield f"{tree.id}/{node.id}"
        elif isinstance(node, Question):
            for option in node.options:
                if not has(option.only, tree, chosen):
                    yield f"{tree.id}/{node.id}/{option.id}"
