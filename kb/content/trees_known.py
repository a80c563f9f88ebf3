"""What the ends of trees may name beyond the trees: articles, requests, products."""

from collections.abc import Mapping

from kb.content.shelf_checks import is_supported
from kb.rules.articles import Article, Audience, Status
from kb.rules.policy import Policy
from kb.rules.products import Lifecycle
from kb.rules.tree_ends import Known, KnownArticle


def known_to_trees(
    languages: tuple[str, ...], policy: Policy, articles: Mapping[int, Mapping[str, Article]]
) -> Known:
    """Return what the ends of trees may name: articles every customer can read, requests,
    products."""
    return Known(
        languages=languages,
        articles={
            number: KnownArticle(
                languages=frozenset(shelf),
                supported=any(is_supported(a, policy.products) for a in shelf.values()),
                anchors={
                    lang: frozenset(heading.anchor for heading in article.headings)
                    for lang, article in shelf.items()
                },
                products=next(iter(shelf.values())).products,
            )
            for number, shelf in articles.items()
            if all(_is_published(article) for article in shelf.values())
        },
        topics={
            request.id: frozenset(topic.id for topic in request.topics)
            for request in policy.requests.values()
        },
        products=frozenset(policy.products),
        severities=frozenset(policy.severities),
        versions={line: product.versions for line, product in policy.products.items()},
        supported={
            line: frozenset(
                v for v in product.versions if product.lifecycle(v) is Lifecycle.SUPPORTED
            )
            for line, product in policy.products.items()
        },
        calculator=policy.licensing is not None,
    )


def _is_published(article: Article) -> bool:
    return article.status is Status.PUBLISHED and article.audience is Audience.PUBLIC
