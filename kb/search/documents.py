"""What search is given to index: documents, whatever they were made from."""

from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from hashlib import blake2b


class Kind(StrEnum):
    ARTICLE = "article"
    TREE = "tree"


@dataclass(frozen=True, slots=True)
class Document:
    """One article or decision tree in one language, as plain text (no HTML, no Markdown).

    `products` are written `line`, `line@12` or `line@11-12`; none means every product.
    `audience` is public, customers or internal; a document whose `status` is draft is
    never indexed. `fingerprint` changes whenever anything that is indexed or shown
    changes; leave it empty and it is computed from the fields.
    """

    lang: str
    id: str
    title: str
    url: str
    kind: Kind = Kind.ARTICLE
    summary: str = ""
    body: str = ""
    headings: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    error_codes: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    type: str = "reference"
    audience: str = "public"
    status: str = "published"
    updated: date | None = None
    supported: bool = True
    fingerprint: str = ""

    @property
    def key(self) -> str:
        """The document's name over all revisions of the site: `article:1042:es`."""
        return f"{self.kind}:{self.id}:{self.lang}"

    @property
    def print(self) -> str:
        """The given fingerprint, else one over every field."""
        return self.fingerprint or self._digest()

    def _digest(self) -> str:
        digest = blake2b(digest_size=16)
        for field in fields(self):
            digest.update(f"{getattr(self, field.name)!r}\0".encode(errors="surrogatepass"))
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Kept:
    """A document that is known not to have changed since `previous`: it is taken over
    without its text having to be read; the build fails if it is not there."""

    lang: str
    key: str
    fingerprint: str
