"""Ways to break a sound tree. The proof must catch every one of them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from kb.rules.products import ProductRange
from kb.rules.tree_ends import Known
from kb.rules.tree_products import served
from kb.rules.tree_proof import prove
from kb.rules.trees import (
    ArticleEnd,
    Input,
    InputKind,
    Node,
    Option,
    Question,
    Step,
    Subtree,
    Tree,
)

Mutant = Callable[[Node, Tree, Known], Node | None]
"""Gives the broken node, or None where this cannot be broken so."""


def edge_removed(node: Node, _tree: Tree, _known: Known) -> Node | None:
    match node:
        case Question():
            return replace(node, options=(replace(node.options[0], go=""), *node.options[1:]))
        case Input():
            return replace(node, routes=node.routes[:-1])
        case Step():
            return replace(node, solved="")
        case ArticleEnd(not_solved=str()):
            return replace(node, not_solved="")
        case Subtree():
            return replace(node, use="")
        case _:
            return None


def target_renamed(node: Node, _tree: Tree, _known: Known) -> Node | None:
    match node:
        case Question():
            last = replace(node.options[-1], go=node.options[-1].go + "x")
            return replace(node, options=(*node.options[:-1], last))
        case Input():
            last_route = replace(node.routes[-1], go=node.routes[-1].go + "x")
            return replace(node, routes=(*node.routes[:-1], last_route))
        case Step():
            return replace(node, not_solved=node.not_solved + "x")
        case ArticleEnd(not_solved=str(target)):
            return replace(node, not_solved=f"{target}x")
        case Subtree(then=str(target)):
            return replace(node, then=f"{target}x")
        case Subtree():
            return replace(node, use=node.use + "x")
        case _:
            return None


def cycle_added(node: Node, tree: Tree, _known: Known) -> Node | None:
    match node:
        case Question():
            return replace(node, options=(*node.options, Option("back", "Back", tree.start)))
        case Input():
            last = replace(node.routes[-1], go=tree.start)
            return replace(node, routes=(*node.routes[:-1], last))
        case Step():
            return replace(node, not_solved=tree.start)
        case ArticleEnd(not_solved=str()):
            return replace(node, not_solved=tree.start)
        case Subtree(then=str()):
            return replace(node, then=tree.start)
        case Subtree():
            return replace(node, use=tree.id)
        case _:
            return None


def option_duplicated(node: Node, _tree: Tree, _known: Known) -> Node | None:
    if not isinstance(node, Question):
        return None
    return replace(node, options=(*node.options, node.options[0]))


def option_said_twice(node: Node, _tree: Tree, _known: Known) -> Node | None:
    """Another id, the same words but for case and accents."""
    if not isinstance(node, Question):
        return None
    first = node.options[0]
    again = replace(first, id="again", label=first.label.upper().replace("Í", "I"))
    return replace(node, options=(*node.options, again))


def range_gap(node: Node, _tree: Tree, _known: Known) -> Node | None:
    """A route takes less than it did, and nothing takes what it leaves."""
    if not isinstance(node, Input) or node.input is InputKind.ERROR_CODE:
        return None
    if node.routes[-1].condition is None:
        return replace(node, routes=node.routes[:-1])
    return replace(node, routes=node.routes[:-1], optional=False)


def range_overlap(node: Node, _tree: Tree, _known: Known) -> Node | None:
    """Two routes take the same values."""
    if not isinstance(node, Input) or node.routes[0].condition is None:
        return None
    return replace(node, routes=(node.routes[0], *node.routes))


def only_hole(node: Node, tree: Tree, known: Known) -> Node | None:
    """Every answer but “none of these” is for one product; the others find none."""
    every = served(tree, known.versions)
    if not isinstance(node, Question) or len({one.line for one in every}) < 2:
        return None
    only = (ProductRange(every[0].line),)
    options = (o if o.other else replace(o, only=only) for o in node.options)
    return replace(node, options=tuple(options))


def only_unserved(node: Node, _tree: Tree, _known: Known) -> Node | None:
    """Something is only for a product that the tree is not about."""
    only = (ProductRange("nothing-of-ours"),)
    if isinstance(node, Question):
        return replace(node, options=(replace(node.options[0], only=only), *node.options[1:]))
    return replace(node, only=only) if isinstance(node, Step) else None


def way_for_others_removed(node: Node, _tree: Tree, _known: Known) -> Node | None:
    if isinstance(node, Question) and not node.closed:
        return replace(node, options=tuple(replace(o, other=False) for o in node.options))
    if isinstance(node, Input) and not node.closed and node.optional:
        return replace(node, optional=False)
    return None


def return_forgotten(node: Node, _tree: Tree, _known: Known) -> Node | None:
    """A tree that comes back finds no way on; one that does not is waited for."""
    if not isinstance(node, Subtree):
        return None
    return replace(node, then=None if node.then else node.id)


MUTANTS: tuple[Mutant, ...] = (
    edge_removed,
    target_renamed,
    cycle_added,
    option_duplicated,
    option_said_twice,
    range_gap,
    range_overlap,
    only_hole,
    only_unserved,
    way_for_others_removed,
    return_forgotten,
)


def broken(tree: Tree, mutate: Mutant, known: Known) -> Iterator[Tree]:
    """Yield the tree broken at each node where it can be."""
    for node in tree.nodes.values():
        changed = mutate(node, tree, known)
        if changed is not None:
            yield replace(tree, nodes={**tree.nodes, node.id: changed})


def score(trees: Mapping[str, Tree], known: Known) -> dict[str, tuple[int, int]]:
    """Return for each way to break a tree how many mutants there are and how many are caught."""
    sound = {name: set(prove(tree, trees, known)) for name, tree in trees.items()}
    told: dict[str, tuple[int, int]] = {}
    for mutate in MUTANTS:
        made = caught = 0
        for name, tree in trees.items():
            for mutant in broken(tree, mutate, known):
                made += 1
                caught += bool(set(prove(mutant, {**trees, name: mutant}, known)) - sound[name])
        told[mutate.__name__] = made, caught
    return told
