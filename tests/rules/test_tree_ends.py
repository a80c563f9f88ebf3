"""What the ends of a tree may name, and what the proof says of anything else."""

from dataclasses import replace

import pytest

from kb.rules.products import ProductRange
from kb.rules.tree_ends import KnownArticle
from kb.rules.tree_proof import prove
from kb.rules.trees import (
    ArticleEnd,
    CalculatorEnd,
)
from tests.rules.tree_samples import (
    BOTH,
    KNOWN,
    tree,
)

SERVER_10 = ProductRange("backup-server", "10", "10")


@pytest.mark.parametrize(
    ("article", "products", "told"),
    [
        (KnownArticle(BOTH, True, {}, (ProductRange("home"),)), "backup-server", "none of the"),
        (KnownArticle(BOTH, True, {}, (ProductRange("backup-server", "9", "9"),)),
         "backup-server", "about none of the tree's products"),
        (KnownArticle(BOTH, True, {}, (SERVER_10, ProductRange("home"))),
         "backup-server", "fits only unsupported versions of the tree"),
        (KnownArticle(BOTH, True, {}, (ProductRange("backup-server", "10", "11"),)),
         "backup-server", ""),
        (KnownArticle(BOTH, True, {}, (ProductRange("home"),)), "", ""),
        (KnownArticle(BOTH, True, {}), "backup-server", ""),
    ],
)  # fmt: skip
def test_R27_end_articles_fit_the_trees_products(
    article: KnownArticle, products: str, told: str
) -> None:
    lines = (ProductRange(products),) if products else ()
    ending = replace(tree(ArticleEnd("a", 1)), products=lines)
    flaws = prove(ending, {"t": ending}, replace(KNOWN, articles={1: article}))
    assert [flaw.what for flaw in flaws if told and told in flaw.what] == [f.what for f in flaws]
    assert bool(flaws) == bool(told)


@pytest.mark.parametrize("there", [True, False])
def test_R52_the_calculator_is_an_end_only_where_the_site_has_one(there: bool) -> None:
    ending = tree(CalculatorEnd("c"))
    flaws = prove(ending, {"t": ending}, replace(KNOWN, calculator=there))
    told = "“c” leads to the licence calculator, which this site does not have"
    assert [(flaw.what, flaw.place) for flaw in flaws] == (
        [] if there else [(told, ("nodes", "c", "end"))]
    )
