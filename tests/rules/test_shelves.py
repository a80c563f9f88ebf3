"""Which article stands before and after one in its category."""

import pytest

from kb.rules.articles import Article, Status
from kb.rules.products import parse_range
from kb.rules.shelves import by_category, neighbours, shelf_key


def article(title: str, id_: int, *products: str, **more: object) -> Article:
    facts: dict[str, object] = {"lang": "es", "slug": "a", "path": "", "category": "backup"}
    named = tuple(parse_range(product) for product in products)
    return Article(id=id_, title=title, products=named, **(facts | more))  # type: ignore[arg-type]


SHELF = [
    article("Índice", 1),
    article("avería", 2, "server"),
    article("Avería", 3, "home"),
    article("Bóveda", 4, "server@12", "home"),
    article("Caída", 5, "server", status=Status.ARCHIVED),
    article("Zona", 6, "server"),
    article("Copia", 7, "server", category="licences"),
    article("Zona", 8, "server"),
]


@pytest.mark.parametrize(
    ("id_", "previous", "next_"),
    [
        pytest.param(2, None, 4, id="another product's articles are passed over"),
        pytest.param(4, 2, 1, id="an article for all products stands among them, Í as I"),
        pytest.param(1, 4, 6, id="archived ones and other categories are not in the row"),
        pytest.param(6, 1, 8, id="the same title goes by number"),
        pytest.param(8, 6, None, id="the last one"),
        pytest.param(3, None, 4, id="the first of its product"),
    ],
)
def test_neighbours_follow_the_alphabet(id_: int, previous: int | None, next_: int | None) -> None:
    own = next(one for one in SHELF if one.id == id_)
    found = neighbours(own, by_category(SHELF)["backup"], lambda _: True)
    assert (found.previous.id if found.previous else None) == previous
    assert (found.next.id if found.next else None) == next_


def test_neighbours_are_those_the_reader_may_see() -> None:
    shelf = by_category(SHELF)["backup"]
    found = neighbours(SHELF[0], shelf, lambda article: article.id in {2, 8})
    assert (found.previous, found.next) == (SHELF[1], SHELF[7])


def test_an_article_that_is_not_on_the_shelf_has_neighbours_too() -> None:
    found = neighbours(article("Batería", 9), by_category(SHELF)["backup"], lambda _: True)
    assert found.previous
    assert found.next
    assert (found.previous.id, found.next.id) == (2, 4)


def test_titles_are_sorted_without_accents_and_capitals() -> None:
    titles = ["Zona", "índice", "Árbol", "avería", "Indice"]
    assert sorted(titles, key=shelf_key) == ["Árbol", "avería", "Indice", "índice", "Zona"]
