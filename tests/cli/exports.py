"""An exported site for tests, and the command that makes it."""

from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner, Result

from kb.cli import main
from tests.content.sites import SmallSite

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x02"


@dataclass(frozen=True)
class Made:
    """An exported folder and what the command said."""

    folder: Path
    site: Path
    result: Result

    def read(self, file: str) -> str:
        return (self.folder / file).read_text(encoding="utf-8")

    @property
    def files(self) -> dict[str, Path]:
        found = (path for path in self.folder.rglob("*") if path.is_file())
        return {path.relative_to(self.folder).as_posix(): path for path in found}


def kb(site: Path, *words: str) -> Result:
    env = {"KB_VAR": str(site.parent / "var"), "KB_BASE_URL": None, "KB_SITE": None}
    return CliRunner().invoke(main, ["--site", str(site), *words], env=env)


def small_site(folder: Path) -> SmallSite:
    """A small site, compiled."""
    site = SmallSite(folder / "site")
    site.article(1)
    site.article(2, "two")
    assert kb(site.root, "index").exit_code == 0
    return site


def exported(site: SmallSite, *words: str) -> Made:
    """Export a small site beside itself."""
    out = site.root.parent / "out"
    return Made(out, site.root, kb(site.root, "export", "static", str(out), *words))
