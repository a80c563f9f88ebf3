"""What the ends of a tree may name, and the proof that they name nothing else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kb.rules.products import ProductRange
from kb.rules.tree_flaws import Flaw, flaw, one_of, some
from kb.rules.tree_products import Chosen, covered, served
from kb.rules.trees import ArticleEnd, CalculatorEnd, ContactEnd, LinkEnd, ProductEnd, Tree


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """What a tree needs to know of a published article: its languages, whether one of the
    versions it is about is in support (R27), and its products (none: it is about all)."""

    languages: frozenset[str]
    supported: bool
    anchors: Mapping[str, frozenset[str]]
    products: tuple[ProductRange, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """All that the ends of a tree may name; `versions` of each line, and of these the ones in
    support (a line without versions is in support as a whole); whether there is a licence
    `calculator`."""

    languages: tuple[str, ...]
    articles: Mapping[int, KnownArticle]
    topics: Mapping[str, frozenset[str]]
    products: frozenset[str]
    severities: frozenset[str] = frozenset("ABCD")
    versions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    supported: Mapping[str, frozenset[str]] = field(default_factory=dict)
    calculator: bool = True

    def in_support(self, chosen: Chosen) -> bool:
        """Tell whether this version of a product is in support."""
        return chosen.version is None or chosen.version in self.supported.get(chosen.line, ())


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
                yield flaw(tree, node, what, one_of(node.product, known.products), "product")
            case LinkEnd() if not node.url.startswith("https://"):
                what = f"leads to “{node.url}”, which is no safe address of another site"
                yield flaw(tree, node, what, "begin it with https://", "url")
            case CalculatorEnd() if not known.calculator:
                what = "leads to the licence calculator, which this site does not have"
                yield flaw(
                    tree, node, what, "write policy/licensing.yaml, or end it otherwise", "end"
                )
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
    yield from _misfits(tree, node, article, known)
    if not article.supported:
        what = f"ends at article {node.article}, which is about unsupported versions only"
        yield flaw(tree, node, what, "name an article about a supported version", "article")
    if node.section and node.section not in KCS_PARTS:
        without = [lang for lang, anchors in article.anchors.items() if node.section not in anchors]
        if without:
            what = f"shows the section “{node.section}”, which is not in: {', '.join(without)}"
            mend = f"name a heading's anchor or one of: {some(KCS_PARTS)}"
            yield flaw(tree, node, what, mend, "section")


def _misfits(tree: Tree, node: ArticleEnd, article: KnownArticle, known: Known) -> Iterator[Flaw]:
    """An article about products must be about one that the tree serves, in support."""
    if not article.products or not tree.products:
        return
    shared = [one for one in served(tree, known.versions) if covered(article.products, one)]
    if not shared:
        what = f"ends at article {node.article}, which is about none of the tree's products"
        yield flaw(tree, node, what, "name another, or mend “products”", "article")
    elif article.supported and not any(known.in_support(one) for one in shared):
        what = f"ends at article {node.article}, which fits only unsupported versions of the tree"
        yield flaw(tree, node, what, "name an article about a supported version", "article")


def _contact_flaws(tree: Tree, node: ContactEnd, known: Known) -> Iterator[Flaw]:
    if node.request not in known.topics:
        what = f"asks for “{node.request}”, which the policy does not know"
        yield flaw(tree, node, what, one_of(node.request, known.topics), "request")
    elif node.topic is not None and node.topic not in known.topics[node.request]:
        what = f"has the topic “{node.topic}”, which “{node.request}” does not have"
        mend = one_of(node.topic, known.topics[node.request])
        yield flaw(tree, node, what, mend, "topic")
    if node.severity is not None and node.severity not in known.severities:
        what = f"has the severity “{node.severity}”, which the policy does not know"
        yield flaw(tree, node, what, f"name one of: {some(known.severities)}", "severity")
