"""A foreign Markdown knowledge base that a test fills and imports."""

from pathlib import Path

from kb.actions.compile_site import compile_site
from kb.actions.live_site import LiveSite
from kb.content.imports.fields import Mapped
from kb.content.imports.markdown import import_markdown
from kb.content.imports.report import Report
from kb.rules.articles import Article
from kb.settings import read_settings


class Foreign:
    """A foreign knowledge base in a temporary folder, and what its import gives."""

    def __init__(self, folder: Path) -> None:
        self.source = folder / "old"
        self.out = folder / "new"
        self.var = folder / "var"
        self.report = Report()

    def write(self, path: str, text: str | bytes) -> None:
        target = self.source / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())

    def run(self, folders: dict[str, str] | None = None, mapped: Mapped | None = None) -> None:
        chosen = folders or {"en": "en", "es": "es"}
        self.report = import_markdown(self.source, self.out, chosen, mapped or Mapped())

    def live(self) -> LiveSite:
        compile_site(read_settings({"KB_VAR": str(self.var)}, self.out))
        return LiveSite(self.var)

    def article(self, lang: str = "en") -> Article:
        return next(iter(self.live().current().site.articles[lang].values()))

    def html(self, lang: str = "en") -> str:
        site = self.live().current().site
        return site.page(lang, self.article(lang).id).html


def head(**keys: str) -> str:
    lines = "".join(f"{key.replace('_', '-')}: {value}\n" for key, value in keys.items())
    return f"---\n{lines}---\n"
