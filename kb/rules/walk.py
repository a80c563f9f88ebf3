"""Walking a tree: a position is the replay of the answers, never a stored pointer."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode

from kb.rules.tree_products import Chosen
from kb.rules.trees import (
    NO,
    YES,
    ArticleEnd,
    Asked,
    Input,
    Node,
    Question,
    Step,
    Subtree,
    Tree,
    is_asked,
)
from kb.rules.typed import LONGEST_ANSWER, Bad, holds, read
from kb.rules.walk_spots import Spot, settle, spare

PRODUCT = "product"
"""The key that holds the product in addresses; no node has this name."""

LONGEST_WALK = 4000
"""Characters of an encoded walk that are still read; sound trees stay far below."""


class Outcome(StrEnum):
    """How an article end was answered when nothing comes after it."""

    SOLVED = "solved"
    UNSOLVED = "unsolved"


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer of the trail: `value` as it stands in the URL, `said` as the customer reads it
    (the option's label or the typed value; '' for `yes`, `no` and a skipped input); `left` is
    the most answers that can follow it."""

    key: str
    node: Node
    value: str
    said: str = ""
    left: int = 0


@dataclass(frozen=True, slots=True)
class Position:
    """Where the answers lead.

    `key` names the node in URLs: nodes of subtrees are `<subtree node>.<node>`; where an article
    end was answered and nothing comes after it, it is `<node>.yes` or `<node>.no`. `left` is the
    most answers that can still follow this node. `later` are answers given after this node, kept
    while an earlier one is changed; `typed` is what stands at this node already, good or not.
    Of the answers `dropped`, `spare` ones may still fit questions that can come."""

    tree: Tree
    key: str
    node: Node
    trail: tuple[Answered, ...] = ()
    later: tuple[Answered, ...] = ()
    left: int = 0
    typed: str | None = None
    problem: Bad | None = None
    dropped: tuple[str, ...] = ()
    spare: tuple[tuple[str, str], ...] = ()
    outcome: Outcome | None = None
    product: Chosen | None = None

    @property
    def answers(self) -> dict[str, str]:
        """The answers that led here, by key, in order."""
        return {answered.key: answered.value for answered in self.trail}


def walk(
    tree: Tree,
    trees: Mapping[str, Tree],
    answers: Mapping[str, str],
    at: str | None = None,
    product: Chosen | None = None,
) -> Position:
    """Replay `answers` in a sound tree and return the first node they do not answer; or the
    node `at`, where they pass it. Takes any mapping and never raises.

    `product` leaves out the options and steps that it does not have."""
    position = _replay(tree, trees, answers, product)
    for number, answered in enumerate(position.trail):
        if answered.key == at:
            return _back_to(position, number)
    return position


def knows(tree: Tree, trees: Mapping[str, Tree], key: str) -> bool:
    """Tell whether `key` names a place where a walk through this tree can stand."""
    *way, last = key.split(".")
    if way and last in (YES, NO):
        *way, asked = way
        home = _inside(tree, trees, way)
        node = home.nodes.get(asked) if home else None
        return isinstance(node, ArticleEnd) and (last == YES or node.not_solved is None)
    home = _inside(tree, trees, way)
    node = home.nodes.get(last) if home else None
    return node is not None and not isinstance(node, Subtree)


def _inside(tree: Tree, trees: Mapping[str, Tree], way: list[str]) -> Tree | None:
    """Follow the names of subtree nodes."""
    for name in way:
        node = tree.nodes.get(name)
        if not isinstance(node, Subtree):
            return None
        tree = trees[node.use]
    return tree


def _replay(
    tree: Tree, trees: Mapping[str, Tree], answers: Mapping[str, str], product: Chosen | None
) -> Position:
    trail: list[Answered] = []
    outcome = problem = typed = None
    spot = settle(Spot(tree, tree.nodes[tree.start]), trees, product)
    key = spot.key
    while True:
        node, key = spot.node, spot.key
        typed = answers.get(key)
        if typed is None or not is_asked(node):
            break
        given = _answer(node, typed)
        if not isinstance(given, _Given):
            problem = given
            break
        trail.append(Answered(key, node, given.value, given.said, spot.left))
        if given.go is None:
            outcome = Outcome.SOLVED if given.value == YES else Outcome.UNSOLVED
            key = f"{key}.{given.value}"
            break
        spot = settle(spot.at(given.go), trees, product)
    used = {answered.key for answered in trail} | ({key} if problem else set())
    dropped = tuple(k for k in answers if k not in used)
    return Position(
        tree=tree,
        key=key,
        node=spot.node,
        trail=tuple(trail),
        left=0 if outcome else spot.left,
        typed=typed if is_asked(spot.node) and not outcome else None,
        problem=problem,
        dropped=dropped,
        spare=() if outcome else spare(spot, trees, answers, dropped),
        outcome=outcome,
        product=product,
    )


def _back_to(position: Position, number: int) -> Position:
    """Return the position at an answer of the trail, the rest of the trail kept as `later`."""
    answered = position.trail[number]
    return replace(
        position,
        key=answered.key,
        node=answered.node,
        trail=position.trail[:number],
        later=position.trail[number + 1 :],
        left=answered.left,
        typed=answered.value,
        problem=None,
        outcome=None,
    )


@dataclass(frozen=True, slots=True)
class _Given:
    """An answer that fits its node; `go` is None where the walk ends with it."""

    value: str
    said: str
    go: str | None


def _answer(node: Asked, typed: str) -> _Given | Bad | None:
    """Fit an answer to its node; None for a choice the node does not have."""
    if isinstance(node, Input):
        return _typed_answer(node, typed)
    if isinstance(node, Question):
        for option in node.options:
            if option.id == typed:
                return _Given(option.id, option.label, option.go)
        return None if typed.strip() else Bad.EMPTY
    helped = node.solved if isinstance(node, Step) else None
    ways = {YES: helped, NO: node.not_solved}
    return _Given(typed, "", ways[typed]) if typed in ways else None


def _typed_answer(node: Input, typed: str) -> _Given | Bad:
    value = read(node, typed)
    if isinstance(value, Bad):
        return value
    for route in node.routes[:-1]:
        if value and route.condition and holds(node.input, route.condition, value):
            return _Given(value, value, route.go)
    return _Given(value, value, node.routes[-1].go)


def transcript(
    position: Position,
    words: Mapping[str, str],
    article: Callable[[int], str] = str,
) -> tuple[tuple[str, str], ...]:
    """Return the walk as (question, answer) pairs for a case; `words` says in the reader's
    language what `yes`, `no` and `skipped` mean, `article` names an article."""
    return tuple(
        (
            question(answered.node, article),
            answered.said or words.get(answered.value or "skipped", ""),
        )
        for answered in position.trail
    )


def question(node: Node, article: Callable[[int], str] = str) -> str:
    """Return what a node asks, or what it has the customer try, in one line."""
    match node:
        case Question() | Input():
            return node.ask
        case Subtree():
            return ""
        case ArticleEnd() if not node.title:
            return article(node.article)
        case _:
            return node.title


def encode(position: Position) -> str:
    """Return a walk as one query value, with the tree's revision and the product, if known:
    `backup-fails@1f9c~when=midway&code=E000101F4&product=backup-server@12`."""
    product = {PRODUCT: str(position.product)} if position.product else {}
    revision = f"@{position.tree.revision}" if position.tree.revision else ""
    query = urlencode({**position.answers, **product}, safe="@")
    return f"{position.tree.id}{revision}~{query}"


def decode(walked: str) -> tuple[str, dict[str, str]]:
    """Return tree id and answers of an encoded walk, the product among them under `PRODUCT`;
    ('', {}) for anything else."""
    head, tilde, query = walked.partition("~")
    if not tilde or len(walked) > LONGEST_WALK:
        return "", {}
    pairs = parse_qsl(query, keep_blank_values=True)
    return head.partition("@")[0], dict(_first_of_each(pairs))


def _first_of_each(pairs: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for key, value in pairs:
        if key not in seen and len(value) <= LONGEST_ANSWER:
            seen.add(key)
            yield key, value
