"""A small site that a test compiles, breaks and serves."""

from pathlib import Path

from kb.actions.compile_site import Compiled, compile_site
from kb.actions.live_site import Live, LiveSite
from kb.search.query import Query
from kb.settings import Settings, read_settings
from tests.content.sites import SmallSite


class Workshop:
    """A small site with a var folder: compile it, look at what is live."""

    def __init__(self, folder: Path) -> None:
        self.site = SmallSite(folder / "site")
        self.var = folder / "var"
        self.settings: Settings = read_settings({"KB_VAR": str(self.var)}, self.site.root)
        self.live_site = LiveSite(self.var)

    def compile(self) -> Compiled:
        return compile_site(self.settings)

    def live(self) -> Live:
        return self.live_site.current()

    def html(self, number: int = 1, lang: str = "es") -> str:
        return self.live().site.page(lang, number).html

    def found(self, words: str, lang: str = "es") -> list[str]:
        return [hit.id for hit in self.live().index.search(Query(words, lang)).hits]

    def revisions(self) -> list[str]:
        folder = self.var / "site"
        return sorted(p.name for p in folder.iterdir() if p.is_dir() and not p.is_symlink())
