"""What the ends of a tree may name, and the proof that they name nothing else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kb.rules.trees import ArticleEnd, ContactEnd, Flaw, ProductEnd, Tree, flaw, some


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """What a tree needs to know of a published article: its languages, and whether one of
    the versions it is about is in support (R27)."""

    languages: frozenset[str]
    supported: bool
    anchors: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Known:
    """All that the ends of a tree may name."""

    languages: tuple[str, ...]
    articles: Mapping[int, KnownArticle]
    topics: Mapping[str, frozenset[str]]
    products: frozenset[str]
    severities: frozenset[str] = frozenset("ABCD")


KCS_PARTS = frozenset({"problem", "environment", "cause", "resolution"})


def end_flaws(tree: Tree, known: Known) -> Iterator[Flaw]:
    """Yield the ends that name an article, request, topic or product that is not there."""
    for node in tree.nodes.values():
        match node:
            case ArticleEnd():
                yield from _article_flaws(tree, node, known)
            case ContactEnd():
                yield from _contact_flaws(tree, node, known)
            case ProductEnd() if node.product not in known.products:
                what = f"recommends “{node.product}”, which is no product"
                yield flaw(tree, node, what, f"name one of: {some(known.products)}", "product")
            case _:
                pass


def _article_flaws(tree: Tree, node: ArticleEnd, known: Known) -> Iterator[Flaw]:
    article = known.articles.get(node.article)
    if article is None:
        what = f"ends at article {node.article}, which is not published"
        yield flaw(tree, node, what, "publish it or name another", "article")
        return
    missing = [lang for lang in known.languages if lang not in article.languages]
    if missing:
        what = f"ends at article {node.article}, which is not there in: {', '.join(missing)}"
        yield flaw(tree, node, what, "translate it or name another", "article")
    if not article.supported:
        what = f"ends at article {node.article}, which is about unsupported versions only"
        yield flaw(tree, node, what, "name an article about a supported version", "article")
    if node.section and node.section not in KCS_PARTS:
        without = [lang for lang, anchors in article.anchors.items() if node.section not in anchors]
        if without:
            what = f"shows the section “{node.section}”, which is not in: {', '.join(without)}"
            mend = f"name a heading's anchor or one of: {some(KCS_PARTS)}"
            yield flaw(tree, node, what, mend, "section")


def _contact_flaws(tree: Tree, node: ContactEnd, known: Known) -> Iterator[Flaw]:
    if node.request not in known.topics:
        what = f"asks for “{node.request}”, which the policy does not know"
        yield flaw(tree, node, what, f"name one of: {some(known.topics)}", "request")
    elif node.topic is not None and node.topic not in known.topics[node.request]:
        what = f"has the topic “{node.topic}”, which “{node.request}” does not have"
        mend = f"name one of: {some(known.topics[node.request])}"
        yield flaw(tree, node, what, mend, "topic")
    if node.severity is not None and node.severity not in known.severities:
        what = f"has the severity “{node.severity}”, which the policy does not know"
        yield flaw(tree, node, what, f"name one of: {some(known.severities)}", "severity")
