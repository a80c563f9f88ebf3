"""The walk through the troubleshooter that led to the form, in the words the customer read."""

from collections.abc import Iterator

from kb.actions.cases import Walked
from kb.pages.frame import lang, live
from kb.pages.texts import gettext as _
from kb.pages.walk_steps import walk_of
from kb.rules.tree_products import Chosen, read_chosen
from kb.rules.walk import PRODUCT, decode, transcript, walk


def walked(encoded: str) -> Walked | None:
    """Replay the walk an address carries; None when there is none that still means anything."""
    tree_id, answers = decode(encoded)
    if tree_id not in live().site.trees:
        return None
    code = lang()
    trees = {id_: texts[code] for id_, texts in live().site.trees.items() if code in texts}
    tree = trees.get(tree_id)
    if tree is None:
        return None
    versions = {line: product.versions for line, product in live().site.policy.products.items()}
    product = read_chosen(answers.pop(PRODUCT, ""), versions)
    position = walk(tree, trees, answers, product=product)
    words = {"yes": _("Yes, it works now"), "no": _("No, it still fails"), "skipped": _("Skipped")}
    trail = (*_product(product), *transcript(position, words, _article_title))
    if not position.trail:
        return None
    return Walked(tree.id, position.key, trail, walk_of(tree.id), tree.revision)


def _product(product: Chosen | None) -> Iterator[tuple[str, str]]:
    """What the walk was about, as its first answer."""
    if product is not None:
        name = live().site.policy.products[product.line].name
        answer = f"{name} {product.version}" if product.version else name
        yield _("Which product is it about?"), answer


def _article_title(number: int) -> str:
    article = live().site.articles[lang()].get(number)
    return article.title if article else str(number)


def tree_title(found: Walked | None) -> str:
    """Name the tree of a walk."""
    texts = live().site.trees.get(found.tree, {}) if found else {}
    return texts[lang()].title if lang() in texts else ""
