"""A walk about a product: options and steps that only some have, and what is asked."""

from dataclasses import replace

import pytest

from kb.rules.products import ProductRange
from kb.rules.tree_products import Chosen, choices, read_chosen
from kb.rules.trees import (
    Option,
    Question,
    Step,
    Subtree,
)
from kb.rules.walk import (
    decode,
    encode,
    walk,
)
from tests.rules.test_walk import PART
from tests.rules.tree_samples import (
    CONTACT,
    DONE,
    grown,
    tree,
)

SERVER_12 = ProductRange("backup-server", "12", "12")
BY_PRODUCT = grown(
    replace(
        tree(
            Question(
                "q",
                "q?",
                (
                    Option("new", "New", "try", only=(SERVER_12,)),
                    Option("old", "Old", "done"),
                    Option("other", "Other", "try", other=True),
                ),
            ),
            Step("try", "Try.", "done", "contact", only=(SERVER_12,)),
            DONE,
            CONTACT,
        ),
        products=(ProductRange("backup-server"), ProductRange("home")),
    ),
    tree(Subtree("in", "t"), id="user"),
)


@pytest.mark.parametrize(
    ("product", "options", "skipped"),
    [
        pytest.param(None, ["new", "old", "other"], False, id="not known"),
        pytest.param(Chosen("backup-server", "12"), ["new", "old", "other"], False, id="named"),
        pytest.param(Chosen("backup-server"), ["new", "old", "other"], False, id="any version"),
        pytest.param(Chosen("backup-server", "11"), ["old", "other"], True, id="another version"),
        pytest.param(Chosen("home", "5"), ["old", "other"], True, id="another line"),
        pytest.param(Chosen("cloud"), ["new", "old", "other"], False, id="not the tree's"),
    ],
)
@pytest.mark.parametrize("name", ["t", "user"])
def test_options_and_steps_depend_on_the_product(
    name: str, product: Chosen | None, options: list[str], skipped: bool
) -> None:
    prefix = "in." if name == "user" else ""
    tree_ = BY_PRODUCT[name]
    assert tree_.by_product
    first = walk(tree_, BY_PRODUCT, {}, product=product)
    assert isinstance(first.node, Question)
    assert [option.id for option in first.node.options] == options
    asked = walk(tree_, BY_PRODUCT, {f"{prefix}q": "other"}, product=product)
    assert asked.key == f"{prefix}{'contact' if skipped else 'try'}"
    new = walk(tree_, BY_PRODUCT, {f"{prefix}q": "new"}, product=product)
    assert bool(new.trail) == ("new" in options)


def test_product_goes_along_in_an_encoded_walk() -> None:
    named = replace(BY_PRODUCT["t"], revision="1f9c")
    position = walk(named, BY_PRODUCT, {"q": "new"}, product=Chosen("backup-server", "12"))
    assert encode(position) == "t@1f9c~q=new&product=backup-server@12"
    assert decode(encode(position)) == ("t", {"q": "new", "product": "backup-server@12"})


VERSIONS = {"backup-server": ("12", "11"), "home": ("5",), "cloud": ()}


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("backup-server", Chosen("backup-server")),
        ("backup-server@12", Chosen("backup-server", "12")),
        ("backup-server@9", Chosen("backup-server")),
        ("cloud", Chosen("cloud")),
        ("tape", None),
        ("", None),
        ("backup-server@", None),
        ("@12", None),
        ("<script>", None),
    ],
)
def test_product_of_an_address(text: str, chosen: Chosen | None) -> None:
    assert read_chosen(text, VERSIONS) == chosen


def test_what_is_asked_when_the_product_decides() -> None:
    """Versions are told apart only where an `only` on the way does."""
    asked = [str(one) for one in choices(BY_PRODUCT["t"], BY_PRODUCT, VERSIONS)]
    assert asked == ["backup-server@12", "backup-server@11", "home"]
    whole = [str(one) for one in choices(BY_PRODUCT["user"], BY_PRODUCT, VERSIONS)]
    assert whole == ["backup-server@12", "backup-server@11", "home", "cloud"]
    assert [str(one) for one in choices(PART, {"part": PART}, VERSIONS)] == [
        "backup-server", "home", "cloud",
    ]  # fmt: skip
