"""Small sites for tests: a folder with site.yaml, two products, and articles as needed."""

from pathlib import Path

from kb.content.kept import Kept
from kb.content.load import Source, load_site
from kb.content.problems import ContentError

SITE = """\
name: {es: Ayuda, en: Help}
brand: Acme
languages: [es, en]
"""

PRODUCTS = """\
- {id: server, name: Acme Server, market: business, versions: [12, [11.5, 11], 10]}
- {id: cloud, name: Acme Cloud, market: business}
"""

HOW_TO = {
    "es": "---\ntitle: {title}\ntype: how-to\n---\n\nTexto de {name}.\n",
    "en": "---\ntitle: {title}\ntype: how-to\n---\n\nText of {name}.\n",
}


class SmallSite:
    """A site in a temporary folder that a test fills, breaks and reads."""

    def __init__(self, root: Path, site: str = SITE) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        self.write("site.yaml", site)
        self.write("policy/products.yaml", PRODUCTS)

    def write(self, path: str, text: str | bytes) -> Path:
        """Write a file of the site."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())
        return target

    def article(self, number: int, name: str = "one", **texts: str) -> str:
        """Write a sound article in both languages, or the given text for a language."""
        folder = f"articles/setup/{number}-{name}"
        for lang, text in HOW_TO.items():
            self.write(
                f"{folder}/{lang}.md",
                texts.get(lang, text.format(title=f"{name} {lang}", name=name)),
            )
        return folder

    def spanish(self, text: str, number: int = 1) -> str:
        """Write an article whose Spanish file is `text`; return that file's path."""
        return f"{self.article(number, es=text)}/es.md"

    def load(self) -> Source:
        """Read and check the site, with a store beside it."""
        return load_site(self.root, Kept(self.root.parent / "kept"))

    def problems(self) -> list[str]:
        """Return every problem of the site, errors and warnings, as it is printed."""
        try:
            return [str(problem) for problem in self.load().problems]
        except ContentError as error:
            return [str(problem) for problem in error.problems]


def front(keys: str, body: str = "Texto.\n") -> str:
    """Return an article with these keys beside its title."""
    return f"---\ntitle: Uno\n{keys}---\n\n{body}"
