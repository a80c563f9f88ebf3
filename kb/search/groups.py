"""Documents that pass the same filters are one group; a filter is decided once a group."""

from collections.abc import Collection
from dataclasses import dataclass

from kb.rules.products import ProductRange, parse_range, version_key
from kb.search.documents import Document
from kb.search.forms import AUDIENCES

TREE = "tree"


@dataclass(frozen=True, slots=True)
class Group:
    """What filters, facets and priors ask of a document; a tree's type is `tree`."""

    type: str
    audience: str
    archived: bool
    supported: bool
    products: tuple[str, ...]

    @property
    def level(self) -> int:
        return AUDIENCES.index(self.audience)

    def lines(self) -> frozenset[str]:
        """The product lines it names; none means all."""
        return frozenset(product.partition("@")[0] for product in self.products)

    def is_for(self, wanted: Collection[str]) -> bool:
        """Tell whether it is about one of the wanted products, `line` or `line@version`."""
        if not wanted or not self.products:
            return True
        ranges = [parse_range(product) for product in self.products]
        return any(_covers(ranges, product) for product in wanted)


def group_of(document: Document) -> Group:
    """Return a document's group."""
    return Group(
        type=TREE if document.kind == TREE else document.type,
        audience=document.audience,
        archived=document.status == "archived",
        supported=document.supported,
        products=tuple(sorted(document.products)),
    )


def _covers(ranges: Collection[ProductRange], wanted: str) -> bool:
    line, _, version = wanted.partition("@")
    try:
        version_key(version or "0")
    except ValueError:
        return False
    return any(product.covers(line, version or None) for product in ranges)
