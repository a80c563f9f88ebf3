"""Small trees to test with, and random ones."""

from collections.abc import Mapping

from hypothesis import strategies as st

from kb.rules.tree_ends import Known, KnownArticle
from kb.rules.tree_proof import measure
from kb.rules.trees import (
    ArticleEnd,
    Condition,
    ContactEnd,
    Input,
    InputKind,
    Node,
    Option,
    ProductEnd,
    Question,
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
)


def ask(name: str, *ways: str) -> Question:
    """A question whose option ids are the targets: `ask("q", "a", "b")`."""
    options = tuple(Option(id=f"to-{way}", label=f"To {way}", go=way) for way in ways)
    return Question(id=name, ask=f"{name}?", options=options)


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
def sound_trees(draw: st.DrawFn, id: str = "t", uses: tuple[str, ...] = ()) -> Tree:
    """Random sound trees: every node only leads to later ones, and the last ones are ends."""
    size = draw(st.integers(1, 12))
    ends: list[Node] = [
        SolvedEnd("end-0"),
        ContactEnd("end-1", "technical", "A", "boot"),
        ProductEnd("end-2", "home"),
        ArticleEnd("end-3", 1043, "a", None),
    ]
    nodes: list[Node] = []
    for number in range(size):
        later = [f"n{n}" for n in range(number + 1, size)] + [end.id for end in ends]
        nodes.append(draw(_node(f"n{number}", later, uses)))
    return _reachable(tree(*nodes, *ends, id=id))


@st.composite
def _node(draw: st.DrawFn, name: str, later: list[str], uses: tuple[str, ...]) -> Node:
    target = st.sampled_from(later)
    kinds = ["question", "input", "step", "article", *(["subtree"] if uses else [])]
    match draw(st.sampled_from(kinds)):
        case "question":
            ways = draw(st.lists(target, min_size=1, max_size=4))
            options = (Option(f"o{n}", f"Option {n}", way) for n, way in enumerate(ways))
            return Question(name, f"{name}?", tuple(options))
        case "input":
            below = Route(draw(target), Condition(below="10"))
            return Input(name, f"{name}?", InputKind.NUMBER, (below, Route(draw(target))))
        case "step":
            solved = draw(target)
            still = draw(st.sampled_from([t for t in later if t != solved]))
            return Step(name, "<p>Try.</p>", solved, still, title=name)
        case "article":
            return ArticleEnd(name, 1043, "a", draw(target))
        case _:
            return Subtree(name, draw(st.sampled_from(uses)))


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
    middle = draw(sound_trees("b", ("c",)))
    first = draw(sound_trees("a", ("b", "c")))
    return measure({"a": first, "b": middle, "c": last})


def answers_to(node: Node) -> st.SearchStrategy[str]:
    """Answers that fit a node."""
    match node:
        case Question():
            return st.sampled_from([option.id for option in node.options])
        case Input():
            return st.sampled_from(["3", "12"])
        case _:
            return st.sampled_from(["yes", "no"])
