"""A tree as text, as a Mermaid flowchart, and as the list of its paths; `tree_svg.py` draws it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kb.rules.trees import (
    ArticleEnd,
    ContactEnd,
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


@dataclass(frozen=True, slots=True)
class Words:
    """What a drawing says beside the tree's own texts; `kinds` names nodes by their kind."""

    yes: str = "yes"
    no: str = "no"
    otherwise: str = "else"
    then: str = "then"
    solved: str = "solved"
    kinds: Mapping[str, str] = field(
        default_factory=lambda: {
            "question": "question",
            "input": "typed answer",
            "step": "to try",
            "subtree": "use",
            "article": "article",
            "solved": "end",
            "contact": "contact",
            "product": "product",
            "calculator": "calculator",
            "link": "link",
            "return": "return",
        }
    )

    def kind(self, node: Node) -> str:
        """Name the kind of a node; one that has no word here is named as in the file."""
        return self.kinds.get(node.kind, node.kind)


ENGLISH = Words()


def ways(node: Node, words: Words = ENGLISH) -> list[tuple[str, str]]:
    """Return each way on from a node as (what is answered, target)."""
    match node:
        case Question():
            return [(option.label, option.go) for option in node.options]
        case Input():
            return [(route_words(route, words), route.go) for route in node.routes]
        case Step():
            return [(words.yes, node.solved), (words.no, node.not_solved)]
        case Subtree(then=str(target)):
            return [(words.then, target)]
        case ArticleEnd(not_solved=str(target)):
            return [(words.no, target)]
        case _:
            return []


def route_words(route: Route, words: Words = ENGLISH) -> str:
    """Say a route's condition in a few signs: `E1, E2`, `≥ 2, < 5`, `else`."""
    test = route.condition
    if test is None:
        return words.otherwise
    parts = [", ".join(test.values)] if test.values else []
    parts += [f"≥ {test.at_least}"] if test.at_least is not None else []
    parts += [f"< {test.below}"] if test.below is not None else []
    return ", ".join(parts)


def label(node: Node, words: Words = ENGLISH) -> str:
    """Return a node in one line: what it asks, or its kind and where it leads."""
    if isinstance(node, Question | Input | Step | SolvedEnd):
        return inside(node, words)
    return f"{words.kind(node)} {inside(node, words)}".strip()


def inside(node: Node, words: Words = ENGLISH) -> str:
    """Return what stands in the box of a node, whose kind is said beside it."""
    match node:
        case Question() | Input():
            return node.ask
        case Subtree():
            return node.use
        case ArticleEnd():
            return f"{node.article}" + (f": {node.title}" if node.title else "")
        case ProductEnd():
            return node.product
        case LinkEnd():
            return f"{node.title}: {node.url}"
        case ContactEnd():
            return " · ".join(part for part in (node.request, node.topic, node.severity) if part)
        case SolvedEnd():
            return node.title or words.solved
        case _:
            return node.title


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
