"""`kb` as tests run it, and the small site that most of them run it on."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kb.cli import main
from tests.content.sites import SmallSite


def run(*words: str | Path) -> Result:
    """Run `kb`; whatever it does, it never fails with a traceback."""
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def kb(site: SmallSite | Path, *words: str | Path) -> Result:
    """Run a command on a site."""
    return run("--site", site if isinstance(site, Path) else site.root, *words)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallSite:
    """A site of one article, whose files and what `kb` makes of them lie side by side."""
    monkeypatch.setenv("KB_VAR", str(tmp_path / "var"))
    made = SmallSite(tmp_path / "site")
    made.article(1)
    return made
