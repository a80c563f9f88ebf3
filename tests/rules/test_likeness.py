"""What is worth reading beside an article: its author's word, codes, links, products, words."""

import pytest

from kb.rules.articles import Article
from kb.rules.likeness import LEAST, Relations, Tie, candidates, doubles, related, relations, tie
from kb.rules.products import parse_range


def article(id_: int, **changes: object) -> Article:
    facts = {"id": id_, "lang": "en", "slug": "a", "path": "", "category": "a", "title": "A"}
    return Article(**{**facts, **changes})  # type: ignore[arg-type]


def on(*products: str) -> dict[str, object]:
    return {"products": tuple(parse_range(product) for product in products)}


OWN = article(1, error_codes=("E1", "E2"), links=(2,), related=(7, 99), **on("server@12"))
OTHERS = {
    found.id: found
    for found in (
        article(2),
        article(3, error_codes=("E1",)),
        article(4, links=(1,)),
        article(5, **on("server@11")),
        article(6),
        article(7),
        article(8, versions=(1,)),
        article(9, error_codes=("E1", "E2")),
    )
}
TIES = relations([OWN, *OTHERS.values()])


@pytest.mark.parametrize(
    ("alike", "shown"),
    [
        pytest.param({}, (7, 9, 3, 2, 4), id="the author's first, then codes, then links"),
        pytest.param({6: 0.9}, (7, 9, 6, 3, 2), id="words count with them"),
        pytest.param({6: LEAST - 0.01}, (7, 9, 3, 2, 4), id="chance does not"),
        pytest.param({5: LEAST - 0.05}, (7, 9, 3, 2, 4), id="a product does, with words"),
        pytest.param({5: 0.5}, (7, 9, 5, 3, 2), id="the same product before another"),
        pytest.param({8: 0.99}, (7, 9, 3, 2, 4), id="other versions are tabs, not neighbours"),
        pytest.param({1: 1.0, 50: 1.0}, (7, 9, 3, 2, 4), id="not itself, nor what is hidden"),
    ],
)
def test_what_is_read_beside(alike: dict[int, float], shown: tuple[int, ...]) -> None:
    assert related(OWN, OTHERS, TIES, alike, 5) == shown


def test_all_that_its_author_named_are_shown_however_many() -> None:
    own = article(1, related=(2, 3, 4))
    assert related(own, OTHERS, Relations(), {9: 1.0}, 2) == (2, 3, 4)


def test_a_reader_is_shown_only_what_they_may_read() -> None:
    seen = {id_: found for id_, found in OTHERS.items() if id_ not in (7, 9)}
    assert not {7, 9} & set(related(OWN, seen, TIES, {9: 1.0}, 9))


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (3, Tie(text=0.2, codes=1)),
        (4, Tie(text=0.2, linked=True)),
        (2, Tie(text=0.2, linked=True)),
        (5, Tie(text=0.2, same_product=True)),
        (6, Tie(text=0.2)),
    ],
)
def test_what_ties_two_articles(other: int, expected: Tie) -> None:
    assert tie(OWN, OTHERS[other], TIES, 0.2) == expected


def test_a_third_shared_code_says_no_more() -> None:
    assert Tie(codes=3).strength == Tie(codes=2).strength


def test_versions_are_one_group_however_they_are_named() -> None:
    ties = relations([article(1, versions=(2,)), article(2), article(3, versions=(2,))])
    for id_, others in ((1, {2, 3}), (2, {1, 3}), (3, {1, 2})):
        assert ties.other_versions[id_] == others
    assert candidates(article(2), ties, {1: 0.9, 5: 0.9}) == {5}


def test_doubles_are_the_pairs_that_say_the_same() -> None:
    pairs = [(1, 2, 0.86), (1, 3, 0.99), (4, 5, 0.84), (6, 7, 0.99)]
    assert doubles(pairs, [frozenset({6, 7})]) == [(1, 3, 0.99), (1, 2, 0.86)]
