"""Small trees to test with, and random ones."""

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import strategies as st

from kb.rules.products import ProductRange
from kb.rules.tree_ends import Known, KnownArticle
from kb.rules.tree_measure import measure
from kb.rules.trees import (
    ArticleEnd,
    CalculatorEnd,
    Condition,
    ContactEnd,
    Input,
    InputKind,
    LinkEnd,
    Node,
    Option,
    ProductEnd,
    Question,
    ReturnEnd,
    Route,
    SolvedEnd,
    Step,
    Subtree,
    Tree,
    exits,
)

BOTH = frozenset({"es", "en"})
KNOWN = Known(
    languages=("es", "en"),
    articles={
        1042: KnownArticle(BOTH, True, {"es": frozenset({"causa"}), "en": frozenset({"cause"})}),
        1043: KnownArticle(BOTH, True, {"es": frozenset({"a"}), "en": frozenset({"a"})}),
        1050: KnownArticle(frozenset({"es"}), True, {"es": frozenset()}),
        1060: KnownArticle(BOTH, False, {}),
    },
    topics={"technical": frozenset({"backup", "boot"}), "customer-service": frozenset()},
    products=frozenset({"backup-server", "home"}),
    versions={"backup-server": ("12", "11", "10"), "home": ("5", "4")},
    supported={"backup-server": frozenset({"12", "11"}), "home": frozenset({"5", "4"})},
)


def ask(name: str, *ways: str) -> Question:
    """A question whose option ids are the targets: `ask("q", "a", "b")`."""
    options = tuple(Option(id=f"to-{way}", label=f"To {way}", go=way) for way in ways)
    return Question(id=name, ask=f"{name}?", options=options, closed="a sample")


def tree(*nodes: Node, id: str = "t") -> Tree:
    """A tree that starts at its first node."""
    return Tree(id, "en", f"Tree {id}", nodes[0].id, {node.id: node for node in nodes})


def grown(*trees: Tree) -> Mapping[str, Tree]:
    """Sound trees by id, with their figures."""
    return measure({tree.id: tree for tree in trees})


DONE = SolvedEnd("done")
CONTACT = ContactEnd("contact", "technical", "B", "backup")
CODE = Input(
    "code",
    "Code?",
    InputKind.ERROR_CODE,
    (Route("article", Condition(("E000101F4",))), Route("try")),
    optional=True,
)
TRY = Step("try", "<p>Free space.</p>", "done", "contact", title="Free space")
ARTICLE = ArticleEnd("article", 1042, "resolution", "contact", title="Raise the quota")
BACKUP = tree(ask("when", "code", "try"), CODE, TRY, ARTICLE, DONE, CONTACT, id="backup")


@st.composite
def sound_trees(draw: st.DrawFn, id: str = "t", uses: tuple[Tree, ...] = ()) -> Tree:
    """Random sound trees: every node only leads to later ones, and the last ones are ends."""
    size = draw(st.integers(1, 12))
    ends: list[Node] = [
        SolvedEnd("end-0"),
        ContactEnd("end-1", "technical", "A", "boot"),
        ProductEnd("end-2", "home"),
        ArticleEnd("end-3", 1043, "a", None),
        CalculatorEnd("end-4"),
        LinkEnd("end-5", "https://forum.example/", "The forum"),
    ]
    if id != "a" and draw(st.booleans()):
        ends.append(ReturnEnd("end-6"))
    nodes: list[Node] = []
    for number in range(size):
        later = [f"n{n}" for n in range(number + 1, size)] + [end.id for end in ends]
        nodes.append(draw(_node(f"n{number}", later, uses)))
    products = draw(st.sampled_from([(), (SERVER,), (SERVER, HOME)]))
    return replace(_reachable(tree(*nodes, *ends, id=id)), products=products)


SERVER, HOME = ProductRange("backup-server", "11", "12"), ProductRange("home")


@st.composite
def _node(draw: st.DrawFn, name: str, later: list[str], uses: tuple[Tree, ...]) -> Node:
    target = st.sampled_from(later)
    kinds = ["question", "yes-no", "number", "version", "step", "article"]
    match draw(st.sampled_from([*kinds, *(["subtree"] if uses else [])])):
        case "question":
            return draw(_question(name, target))
        case "yes-no":
            ways = {word: draw(target) for word in ("yes", "no", "unsure")}
            options = (Option(n, n, way, other=n == "unsure") for n, way in ways.items())
            return Question(name, f"{name}?", tuple(options), yes_no=True)
        case "number":
            few = Route(draw(target), Condition(below="10"))
            many = Route(draw(target), Condition(at_least="10"))
            return Input(name, f"{name}?", InputKind.NUMBER, (few, many), closed="a sample")
        case "version":
            new = Route(draw(target), Condition(at_least="11.5", below="13"))
            routes = (new, Route(draw(target)))
            return Input(name, f"{name}?", InputKind.VERSION, routes, optional=True)
        case "step":
            solved = draw(target)
            still = draw(st.sampled_from([t for t in later if t != solved]))
            only = draw(st.sampled_from([(), (SERVER,)]))
            return Step(name, "<p>Try.</p>", solved, still, title=name, only=only)
        case "article":
            return ArticleEnd(name, 1043, "a", draw(target))
        case _:
            used = draw(st.sampled_from(uses))
            then = draw(target) if returns(used) else None
            return Subtree(name, used.id, then)


@st.composite
def _question(draw: st.DrawFn, name: str, target: st.SearchStrategy[str]) -> Question:
    """The first option is for all products, so that none finds the question empty."""
    ways = draw(st.lists(target, min_size=1, max_size=4))
    options = [
        Option(
            f"o{n}", f"Option {n}", way, only=draw(st.sampled_from([(), (SERVER,)])) if n else ()
        )
        for n, way in enumerate(ways)
    ]
    return Question(name, f"{name}?", (*options, Option("other", "Other", ways[0], other=True)))


def returns(tree: Tree) -> bool:
    """Tell whether a tree comes back to the one that uses it."""
    return any(isinstance(node, ReturnEnd) for node in tree.nodes.values())


def _reachable(tree: Tree) -> Tree:
    seen, stack = set[str](), [tree.start]
    while stack:
        name = stack.pop()
        if name not in seen:
            seen.add(name)
            stack += [target for _, target in exits(tree.nodes[name])]
    kept = {name: node for name, node in tree.nodes.items() if name in seen}
    return Tree(tree.id, tree.lang, tree.title, tree.start, kept)


@st.composite
def sound_forests(draw: st.DrawFn) -> Mapping[str, Tree]:
    """Three random trees of which earlier ones may use later ones; the first is “a”."""
    last = draw(sound_trees("c"))
    middle = draw(sound_trees("b", (last,)))
    first = draw(sound_trees("a", (middle, last)))
    return measure({"a": first, "b": middle, "c": last})


def answers_to(node: Node) -> st.SearchStrategy[str]:
    """Answers that fit a node."""
    match node:
        case Question():
            return st.sampled_from([option.id for option in node.options])
        case Input():
            return st.sampled_from(["3", "12", *([""] if node.optional else [])])
        case _:
            return st.sampled_from(["yes", "no"])
