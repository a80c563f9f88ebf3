"""A position is the replay of the answers: back, bookmark and share come for nothing."""

import timeit
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.rules.tree_products import Chosen
from kb.rules.trees import (
    ArticleEnd,
    Option,
    Question,
    ReturnEnd,
    Subtree,
    Tree,
    is_asked,
)
from kb.rules.typed import Bad
from kb.rules.walk import (
    LONGEST_WALK,
    Outcome,
    Position,
    decode,
    encode,
    knows,
    question,
    transcript,
    walk,
)
from tests.rules.tree_samples import (
    BACKUP,
    DONE,
    answers_to,
    ask,
    grown,
    sound_forests,
    tree,
)

TREES = grown(
    BACKUP,
    tree(ask("first", "in"), Subtree("in", "middle"), id="outer"),
    tree(Subtree("deeper", "backup"), id="middle"),
    tree(ArticleEnd("read", 1042), id="leaf"),
)
MIDWAY = {"when": "to-code", "code": "e000101f4"}


def at(answers: dict[str, str], node: str | None = None, name: str = "backup") -> Position:
    return walk(TREES[name], TREES, answers, node)


@pytest.mark.parametrize(
    ("answers", "reached", "left"),
    [
        pytest.param({}, "when", 2, id="nothing answered"),
        pytest.param({"when": "to-try"}, "try", 0, id="one answer"),
        pytest.param(MIDWAY, "article", 0, id="a typed code"),
        pytest.param({"when": "to-code", "code": "E999"}, "try", 0, id="another code"),
        pytest.param({"when": "to-code", "code": ""}, "try", 0, id="skipped"),
        pytest.param({**MIDWAY, "article": "no"}, "contact", 0, id="the article did not help"),
        pytest.param({"when": "to-try", "try": "yes"}, "done", 0, id="the step helped"),
    ],
)
def test_walk(answers: dict[str, str], reached: str, left: int) -> None:
    position = at(answers)
    assert (position.key, position.left, position.dropped) == (reached, left, ())


def test_trail_says_what_was_answered() -> None:
    position = at({**MIDWAY, "article": "no"})
    assert transcript(position, {"yes": "Yes", "no": "No"}) == (
        ("when?", "To code"),
        ("Code?", "E000101F4"),
        ("Raise the quota", "No"),
    )
    assert transcript(at({"when": "to-code", "code": ""}), {"skipped": "None"})[1][1] == "None"
    assert position.answers == {"when": "to-code", "code": "E000101F4", "article": "no"}


@pytest.mark.parametrize(
    ("answers", "reached", "dropped"),
    [
        pytest.param({"when": "later"}, "when", ("when",), id="no such option"),
        pytest.param({"when": "to-try", "try": "maybe"}, "try", ("try",), id="not yes or no"),
        pytest.param({"when": "to-try", "code": "E1"}, "try", ("code",), id="other branch"),
        pytest.param({"try": "yes"}, "when", ("try",), id="a gap before it"),
        pytest.param({"utm": "mail"}, "when", ("utm",), id="unknown key"),
        pytest.param({"when": "to-try", "try": "yes", "done": "x"}, "done", ("done",), id="end"),
    ],
)
def test_answers_that_no_longer_fit_fall_off(
    answers: dict[str, str], reached: str, dropped: tuple[str, ...]
) -> None:
    position = at(answers)
    assert (position.key, position.dropped, position.problem) == (reached, dropped, None)


def test_bad_value_is_kept_with_its_problem() -> None:
    position = at({"when": "to-code", "code": "??", "try": "no"})
    assert (position.key, position.typed, position.problem) == ("code", "??", Bad.NOT_A_CODE)
    assert position.dropped == ("try",)
    empty = at({"when": " "})
    assert (empty.key, empty.problem, empty.dropped) == ("when", Bad.EMPTY, ())


def test_node_in_the_address_counts_only_when_it_is_passed() -> None:
    answers = {**MIDWAY, "article": "no"}
    back = at(answers, "code")
    assert (back.key, back.typed, back.left) == ("code", "E000101F4", 1)
    assert [a.key for a in back.trail] == ["when"]
    assert [a.key for a in back.later] == ["article"]
    assert at(answers, "try").key == "contact"
    assert at({}, "contact").key == "when"
    assert at(answers, "contact").key == "contact"


def test_subtree_nodes_carry_the_names_of_the_way_in() -> None:
    position = at({"first": "to-in", "in.deeper.when": "to-try"}, name="outer")
    assert (position.key, position.left) == ("in.deeper.try", 0)
    done = at({**position.answers, "in.deeper.try": "yes"}, name="outer")
    assert (done.key, done.node) == ("in.deeper.done", DONE)
    assert at(done.answers, "in.deeper.when", "outer").left == 2


@pytest.mark.parametrize(("answer", "outcome"), [("yes", Outcome.SOLVED), ("no", Outcome.UNSOLVED)])
def test_article_that_nothing_follows(answer: str, outcome: Outcome) -> None:
    position = at({"read": answer}, f"read.{answer}", "leaf")
    assert (position.key, position.outcome, position.left) == (f"read.{answer}", outcome, 0)
    assert at({"read": answer}, "read", "leaf").outcome is None


@pytest.mark.parametrize(
    ("tree_id", "key", "known"),
    [
        ("backup", "when", True),
        ("backup", "gone", False),
        ("backup", "when.yes", False),
        ("backup", "article.yes", True),
        ("backup", "article.no", False),  # “no” leads on to another node
        ("leaf", "read.no", True),
        ("leaf", "gone.no", False),
        ("outer", "in", False),  # a subtree is never a place to stand
        ("outer", "in.deeper", False),
        ("outer", "in.deeper.when", True),
        ("outer", "in.deeper.article.yes", True),
        ("outer", "first.when", False),
        ("outer", "gone.article.yes", False),
        ("backup", "", False),
        ("backup", "yes", False),
    ],
)
def test_places_a_walk_can_stand(tree_id: str, key: str, known: bool) -> None:
    assert knows(TREES[tree_id], TREES, key) is known


def test_what_a_node_asks() -> None:
    assert question(ArticleEnd("a", 1042)) == "1042"
    assert question(Subtree("s", "t")) == ""
    assert question(BACKUP.nodes["try"]) == "Free space"
    assert question(BACKUP.nodes["when"]) == "when?"


def test_encoded_walk() -> None:
    position = at({**MIDWAY, "article": "no"})
    text = encode(position)
    assert text == "backup~when=to-code&code=E000101F4&article=no"
    assert decode(text) == ("backup", position.answers)
    assert decode("backup~") == ("backup", {})
    assert decode("backup~a=1&a=2") == ("backup", {"a": "1"})
    assert decode(f"backup~a={'1' * 300}&b=2") == ("backup", {"b": "2"})
    for bad in ("", "backup", "t~" + "x" * LONGEST_WALK):
        assert decode(bad) == ("", {})


@given(st.text(max_size=60))
def test_decoding_never_raises(text: str) -> None:
    name, answers = decode(text)
    assert isinstance(name, str)
    assert isinstance(answers, dict)


@given(
    st.dictionaries(st.sampled_from(["when", "code", "try", "article", "x"]), st.text()),
    st.text() | st.none(),
)
def test_walk_takes_any_answers(answers: dict[str, str], node: str | None) -> None:
    position = at(answers, node)
    assert position.key in BACKUP.nodes
    assert set(position.dropped) <= set(answers)


def test_a_tree_that_has_grown_asks_only_what_is_new() -> None:
    """The answer to a later question is kept while the one in between is asked."""
    old = {"when": "to-code", "code": "E000101F4", "article": "no"}
    between = ask("where", "code", "done")
    grown_tree = tree(ask("when", "where", "try"), between, *list(BACKUP.nodes.values())[1:])
    trees = grown(replace(grown_tree, id="backup"))
    stopped = walk(trees["backup"], trees, {**old, "when": "to-where"})
    assert (stopped.key, dict(stopped.spare)) == ("where", {"code": "E000101F4", "article": "no"})
    answers = stopped.answers | {"where": "to-code"} | dict(stopped.spare)
    assert walk(trees["backup"], trees, answers).key == "contact"


def test_answers_of_another_branch_are_not_kept() -> None:
    assert at({"when": "to-try", "code": "E1"}).spare == ()
    assert at({"when": "to-code", "try": "yes", "utm": "mail"}).spare == (("try", "yes"),)
    assert at({"when": "to-code", "code": "??", "try": "no"}).spare == (("try", "no"),)


PART = tree(ask("p", "back", "done"), ReturnEnd("back"), DONE, id="part")
TWICE = grown(
    PART,
    tree(Subtree("one", "part", "two"), Subtree("two", "part", "last"), ask("last", "done"), DONE),
)


def test_a_used_tree_comes_back() -> None:
    first = walk(TWICE["t"], TWICE, {})
    assert (first.key, first.left) == ("one.p", 2)
    second = walk(TWICE["t"], TWICE, {"one.p": "to-back"})
    assert (second.key, second.left) == ("two.p", 1)
    last = walk(TWICE["t"], TWICE, {"one.p": "to-back", "two.p": "to-back"})
    assert (last.key, last.left) == ("last", 0)
    assert walk(TWICE["t"], TWICE, {"one.p": "to-done"}).key == "one.done"
    assert walk(TWICE["t"], TWICE, {"two.p": "to-back"}).spare == (("two.p", "to-back"),)
    assert walk(TWICE["part"], TWICE, {"p": "to-back"}).node == ReturnEnd("back")


@given(data=st.data(), trees=sound_forests())
def test_walking_step_by_step_equals_replaying(data, trees: dict[str, Tree]) -> None:  # type: ignore[no-untyped-def]
    """Replay equals walk, dropping the last answer equals back, and every walk ends; whatever
    the product."""
    tree_ = trees["a"]
    product = data.draw(st.sampled_from([None, Chosen("backup-server", "10"), Chosen("home")]))
    positions = [walk(tree_, trees, {}, product=product)]
    while is_asked(positions[-1].node) and positions[-1].outcome is None:
        here = positions[-1]
        assert len(positions) <= tree_.ahead[tree_.start] + 1
        answer = data.draw(answers_to(here.node))
        given = {**here.answers, here.key: answer}
        positions.append(walk(tree_, trees, given, product=product))
    last = positions[-1]
    assert last.left == 0
    assert last.dropped == ()
    for number, position in enumerate(positions[:-1]):
        assert position.left + number < tree_.ahead[tree_.start]
        kept = dict(list(last.answers.items())[:number])
        assert walk(tree_, trees, kept, product=product) == position
        back = walk(tree_, trees, last.answers, position.key, product)
        assert (back.key, back.trail, back.left) == (position.key, position.trail, position.left)
    carried = {"product": str(product)} if product else {}
    assert decode(encode(last)) == ("a", {**last.answers, **carried})


def test_option_without_hint_says_its_label() -> None:
    one = tree(Question("q", "q?", (Option("a", "Sí", "done"),)), DONE)
    trees = grown(one)
    assert walk(trees["t"], trees, {"q": "a"}).trail[0].said == "Sí"


def test_a_walk_takes_under_a_millisecond() -> None:
    """Rule time of the longest walk of a tree of 1,000 nodes, with answers of another branch."""
    from tests.rules.test_tree_sizes import layered

    large = layered(layers=39, width=25)
    trees = grown(large)
    answers: dict[str, str] = {}
    position = walk(trees["t"], trees, answers)
    while isinstance(position.node, Question):
        answers[position.key] = position.node.options[0].id
        position = walk(trees["t"], trees, answers)
    best = min(timeit.repeat(lambda: walk(trees["t"], trees, answers), number=1, repeat=20))
    assert len(position.trail) == 40
    assert best < 0.001
