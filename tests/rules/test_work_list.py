"""The knowledge work list: each gap is found, weighed by people a month, the worst first."""

from dataclasses import replace
from datetime import date

import pytest

from kb.rules.visits import Asked
from kb.rules.work_list import (
    ArticleFacts,
    Facts,
    Gap,
    ProductFacts,
    TreeLoss,
    Twins,
    Work,
    work_list,
)

TODAY = date(2026, 11, 23)
ARTICLE = ArticleFacts(7, "en", "Disk not found")


def gaps(**known: object) -> list[Work]:
    return list(work_list(Facts(days=30, today=TODAY, **known)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "gap", "weight", "count"),
    [
        (Asked("disk", "en", 10, 10, 0, 0), Gap.NO_RESULT, 5.0, 10),
        (Asked("disk", "en", 10, 0, 8, 0), Gap.NOT_OPENED, 2.0, 8),
        (Asked("disk", "en", 10, 0, 0, 4), Gap.CASE_ANYWAY, 4.0, 4),
        (Asked("disk", "en", 10, 6, 0, 2), Gap.NO_RESULT, 5.0, 6),
        (Asked("disk", "en", 10, 2, 4, 3), Gap.CASE_ANYWAY, 5.0, 3),
        (Asked("disk", "en", 2, 2, 0, 0), Gap.NO_RESULT, 1.0, 2),
    ],
)
def test_a_search_is_one_line_by_what_is_worst_about_it(
    asked: Asked, gap: Gap, weight: float, count: int
) -> None:
    (work,) = gaps(asked=[asked])
    assert (work.gap, work.weight, work.count, work.total) == (gap, weight, count, asked.times)
    assert (work.about, work.lang) == ("disk", "en")


@pytest.mark.parametrize(
    "known",
    [
        {"asked": [Asked("disk", "en", 1, 1, 0, 1)]},
        {"asked": [Asked("disk", "en", 50)]},
        {"articles": [ARTICLE]},
        {"articles": [replace(ARTICLE, helped=2, not_helped=2)]},
        {"articles": [replace(ARTICLE, not_helped=1, sent=1, review_by=TODAY)]},
        {"losses": [TreeLoss("t", "n", "Which?", 1, 5)]},
        {"products": [ProductFacts("suite", "Suite", 30, 10)]},
        {"products": [ProductFacts("suite", "Suite", 1, 0)]},
    ],
)
def test_what_may_be_chance_or_is_well_is_no_line(known: dict[str, object]) -> None:
    assert gaps(**known) == []


def test_articles_that_do_not_help_are_often_sent_or_late() -> None:
    late = date(2026, 11, 13)
    one = replace(ARTICLE, helped=1, not_helped=6, words=("Old.",), sent=10, review_by=late)
    assert gaps(articles=[one]) == [
        Work(Gap.OFTEN_SENT, 5.0, one.title, "en", 10, article=7),
        Work(Gap.NOT_HELPFUL, 3.0, one.title, "en", 6, 7, 7, words=("Old.",)),
        Work(Gap.REVIEW_DUE, 0.2, one.title, "en", 10, article=7),
    ]


def test_trees_products_and_twins() -> None:
    twin = Twins(ARTICLE, replace(ARTICLE, id=9, title="Disk is missing"), 0.93)
    found = gaps(
        losses=[TreeLoss("boot", "when", "When does it stop?", 12, 40)],
        products=[ProductFacts("suite", "Suite", 31, 10)],
        twins=[twin],
    )
    assert found == [
        Work(Gap.FEW_ARTICLES, 6.2, "Suite", "", 31, 10, product="suite"),
        Work(Gap.TREE_LOSES, 3.0, "When does it stop?", "", 12, 40, tree="boot", node="when"),
        Work(Gap.TWINS, 0.93, ARTICLE.title, "en", 93, article=7, other=9,
             words=("Disk is missing",)),
    ]  # fmt: skip


def test_a_quarter_counts_by_the_month() -> None:
    asked = [Asked("disk", "en", 30, 30)]
    (month,) = gaps(asked=asked)
    (quarter,) = work_list(Facts(days=90, today=TODAY, asked=asked))
    assert quarter.weight == pytest.approx(month.weight / 3)
