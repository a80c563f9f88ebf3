"""A tree as text, as a Mermaid flowchart, and as the list of its paths."""

from collections.abc import Iterator, Mapping

from kb.rules.trees import (
    ArticleEnd,
    CalculatorEnd,
    Input,
    LinkEnd,
    Node,
    ProductEnd,
    Question,
    ReturnEnd,
    Route,
    SolvedEnd,
    Step,
    Subtree,
    Tree,
)

SHAPES = {
    "question": ("{", "}"),
    "input": ("[/", "/]"),
    "step": ("[", "]"),
    "subtree": ("[[", "]]"),
    "article": ("([", "])"),
    "solved": ("((", "))"),
    "contact": (">", "]"),
    "product": ("([", "])"),
    "calculator": ("([", "])"),
    "link": ("([", "])"),
    "return": ("((", "))"),
}


Spots = tuple[tuple[Tree, str], ...]
"""Where a path stands, last, and before it the nodes that a `return` leads to."""


def ways(node: Node) -> list[tuple[str, str]]:
    """Return each way on from a node as (what is answered, target)."""
    match node:
        case Question():
            return [(option.label, option.go) for option in node.options]
        case Input():
            return [(route_words(route), route.go) for route in node.routes]
        case Step():
            return [("yes", node.solved), ("no", node.not_solved)]
        case Subtree(then=str(target)):
            return [("then", target)]
        case ArticleEnd(not_solved=str(target)):
            return [("no", target)]
        case _:
            return []


def route_words(route: Route) -> str:
    """Say a route's condition in a few signs: `E1, E2`, `≥ 2, < 5`, `else`."""
    test = route.condition
    if test is None:
        return "else"
    parts = [", ".join(test.values)] if test.values else []
    parts += [f"≥ {test.at_least}"] if test.at_least is not None else []
    parts += [f"< {test.below}"] if test.below is not None else []
    return ", ".join(parts)


def label(node: Node) -> str:
    """Return what stands in the box of a node."""
    if isinstance(node, Question | Input):
        return node.ask
    if isinstance(node, Step):
        return node.title
    if isinstance(node, Subtree):
        return f"use {node.use}"
    if isinstance(node, SolvedEnd):
        return node.title or "solved"
    if isinstance(node, ArticleEnd):
        return f"article {node.article}" + (f": {node.title}" if node.title else "")
    if isinstance(node, ProductEnd):
        return f"product {node.product}"
    if isinstance(node, CalculatorEnd | ReturnEnd):
        return node.title or node.kind
    if isinstance(node, LinkEnd):
        return f"{node.title}: {node.url}"
    what = "/".join(part for part in (node.request, node.topic, node.severity) if part)
    return f"contact {what}"


def mermaid(tree: Tree) -> str:
    """Return the tree as a Mermaid flowchart."""
    lines = ["flowchart TD"]
    for node in tree.nodes.values():
        opening, closing = SHAPES[node.kind]
        lines.append(f'  {_name(node.id)}{opening}"{_quoted(label(node))}"{closing}')
    for node in tree.nodes.values():
        for words, target in ways(node):
            lines.append(f'  {_name(node.id)} -->|"{_quoted(words)}"| {_name(target)}')
    return "\n".join(lines) + "\n"


def _name(node: str) -> str:
    return f"n_{node.replace('-', '_')}"


def _quoted(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def outline(tree: Tree) -> str:
    """Return the tree as indented text; a node that was drawn before is only named."""
    lines = [f"{tree.title} ({tree.id})"]
    drawn: set[str] = set()
    stack = [(0, "", tree.start)]
    while stack:
        depth, words, name = stack.pop()
        node = tree.nodes[name]
        way = f"{words} → " if words else ""
        again = name in drawn and bool(ways(node))
        lines.append(f"{'  ' * depth}{way}[{name}] {'(see above)' if again else label(node)}")
        if not again:
            drawn.add(name)
            stack += [(depth + 1, said, target) for said, target in reversed(ways(node))]
    return "\n".join(lines) + "\n"


def paths(tree: Tree, trees: Mapping[str, Tree]) -> Iterator[tuple[str, ...]]:
    """Yield every path of a sound tree, answer by answer, its end last; there may be millions,
    so take only what is needed."""
    stack: list[tuple[Spots, tuple[str, ...]]] = [(((tree, tree.start),), ())]
    while stack:
        spots, way = stack.pop()
        *callers, (home, name) = spots
        node = home.nodes[name]
        if isinstance(node, Subtree):
            used = trees[node.use]
            back = ((home, node.then),) if node.then else ()
            stack.append(((*callers, *back, (used, used.start)), way))
            continue
        if isinstance(node, ReturnEnd) and callers:
            stack.append((tuple(callers), way))
            continue
        onward = ways(node)
        if isinstance(node, ArticleEnd) or not onward:
            yield (*way, f"[{name}] {label(node)}")
        for words, target in reversed(onward):
            stack.append(((*callers, (home, target)), (*way, f"{name}: {words}")))
