"""The words that a site's customers use: synonyms and the names of its products."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One language's words; every phrase of a group in `same` stands for the others.

    `products` are the names of each product line, nicknames among them, and `versions` its
    versions; both tell search which product a query is about. The `brand` is in so many names that
    it says little by itself."""

    same: tuple[tuple[str, ...], ...] = ()
    products: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    brand: str = ""
    versions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


NO_VOCABULARY = Vocabulary()
