"""Which options and steps of a tree a product has, and the proof that each product has some."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from kb.rules.products import ProductRange, parse_range
from kb.rules.tree_flaws import Flaw, flaw
from kb.rules.trees import Node, Option, Question, Step, Subtree, Tree


@dataclass(frozen=True, slots=True)
class Chosen:
    """The product a walk is about: a line, and its version where that is known."""

    line: str
    version: str | None = None

    def __str__(self) -> str:
        return f"{self.line}@{self.version}" if self.version else self.line


def read_chosen(text: str, versions: Mapping[str, tuple[str, ...]]) -> Chosen | None:
    """Read `line` or `line@12`; None for anything that is no known line; an unknown version
    of a known line falls off. `versions` are those of each line."""
    try:
        range_ = parse_range(text)
    except ValueError:
        return None
    if range_.line not in versions:
        return None
    return Chosen(range_.line, range_.lowest if range_.lowest in versions[range_.line] else None)


def serves(tree: Tree, chosen: Chosen) -> bool:
    """Tell whether a tree is about this product; one that names none is about all."""
    return not tree.products or covered(tree.products, chosen)


def covered(ranges: Iterable[ProductRange], chosen: Chosen) -> bool:
    """Tell whether one of these ranges holds the product, as far as its version is known."""
    return any(range_.covers(chosen.line, chosen.version) for range_ in ranges)


def has(only: tuple[ProductRange, ...], tree: Tree, chosen: Chosen | None) -> bool:
    """Tell whether something for `only` these products is there for a walk about `chosen`.

    A product that is not known, or that the tree is not about, leaves nothing out."""
    return not only or chosen is None or not serves(tree, chosen) or covered(only, chosen)


def options_for(node: Question, tree: Tree, chosen: Chosen | None) -> tuple[Option, ...]:
    """Return the options of a question that a product has."""
    return tuple(option for option in node.options if has(option.only, tree, chosen))


def question_for(node: Question, tree: Tree, chosen: Chosen | None) -> Question:
    """Return a question with the options that a product has."""
    options = options_for(node, tree, chosen)
    return node if len(options) == len(node.options) else replace(node, options=options)


def limits(tree: Tree) -> Iterator[tuple[Node, tuple[str | int, ...], tuple[ProductRange, ...]]]:
    """Yield every `only` of a tree: its node, its place there, its products."""
    for node in tree.nodes.values():
        if isinstance(node, Question):
            for number, option in enumerate(node.options):
                if option.only:
                    yield node, ("options", number, "only"), option.only
        elif isinstance(node, Step) and node.only:
            yield node, ("only",), node.only


def served(tree: Tree, versions: Mapping[str, tuple[str, ...]]) -> tuple[Chosen, ...]:
    """Return every product a tree serves, in each of its versions."""
    lines = dict.fromkeys(range_.line for range_ in tree.products) if tree.products else versions
    every = (Chosen(line, version) for line in lines for version in (versions.get(line) or (None,)))
    return tuple(chosen for chosen in every if serves(tree, chosen))


def choices(
    tree: Tree, trees: Mapping[str, Tree], versions: Mapping[str, tuple[str, ...]]
) -> tuple[Chosen, ...]:
    """Return what to ask from when the product decides: each line the tree serves, in its
    versions only where some `only` on the way tells them apart."""
    finer = {
        range_.line
        for used in within(tree, trees)
        for _, _, only in limits(used)
        for range_ in only
        if range_.lowest or range_.highest
    }
    found = (one if one.line in finer else Chosen(one.line) for one in served(tree, versions))
    return tuple(dict.fromkeys(found))


def within(tree: Tree, trees: Mapping[str, Tree]) -> tuple[Tree, ...]:
    """Return a tree and every tree that it uses, directly or not."""
    found = {tree.id: tree}
    stack = [tree]
    while stack:
        for node in stack.pop().nodes.values():
            if isinstance(node, Subtree) and node.use not in found:
                found[node.use] = trees[node.use]
                stack.append(trees[node.use])
    return tuple(found.values())


def product_flaws(tree: Tree, versions: Mapping[str, tuple[str, ...]]) -> Iterator[Flaw]:
    """Yield each `only` that names nothing the tree serves, and each question that some
    product would find empty."""
    all_served = served(tree, versions)
    for node, place, only in limits(tree):
        for number, range_ in enumerate(only):
            if not any(range_.covers(one.line, one.version) for one in all_served):
                what = f"is only for “{range_}”, which this tree does not serve"
                mend = "mend the product, or add it to “products”"
                yield flaw(tree, node, what, mend, *place, number)
    for node in tree.nodes.values():
        if isinstance(node, Question) and any(option.only for option in node.options):
            yield from _holes(tree, node, all_served)


def _holes(tree: Tree, node: Question, all_served: Iterable[Chosen]) -> Iterator[Flaw]:
    left_out = [
        str(one)
        for one in all_served
        if all(option.other for option in options_for(node, tree, one))
    ]
    if left_out:
        listed = ", ".join(left_out[:4]) + (", …" if len(left_out) > 4 else "")
        mend = "give it an option for them, or for all products"
        yield flaw(tree, node, f"has no options for {listed}", mend, "options")
