"""`kb index` where nothing changed: it says so, and loads next to nothing to find out."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands import kb
from tests.content.sites import PRODUCTS, SITE, SmallSite, front

HEAVY = {
    *("flask", "jinja2", "markdown", "nh3", "numpy", "pydantic", "pygments", "sqlalchemy"),
    *("whoosh", "yaml", "babel", "email_validator", "alembic"),
}
ONE = "articles/setup/1-one/es.md"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallSite:
    """A site whose files were all written a while ago, and compiled since."""
    monkeypatch.setenv("KB_VAR", str(tmp_path / "var"))
    made = SmallSite(tmp_path / "site")
    for number, name in enumerate(("one", "two"), 1):
        made.article(number, name)
    made.write("static/logo.svg", "<svg/>")
    made.write("articles/setup/2-two/unused.txt", "nobody names it")
    _let_it_age(made)
    assert told(made)["changed"]
    return made


def _let_it_age(site: SmallSite, seconds: int = 60) -> None:
    for path in site.root.rglob("*"):
        if path.is_file():
            past = path.stat().st_mtime_ns - seconds * 10**9
            os.utime(path, ns=(past, past))


def told(site: SmallSite) -> dict[str, object]:
    done = kb(site.root, "index", "--json")
    assert done.exit_code == 0, done.output
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def loaded(site: SmallSite) -> set[str]:
    """The packages that a process loads for `kb index`."""
    words = [sys.executable, "-X", "importtime", "-m", "kb", "--site", str(site.root), "index"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert "was live already; 0 of 4 articles" in done.stdout
    names = re.findall(r"^import time:.*\| +(\S+)$", done.stderr, re.M)
    return {name.partition(".")[0] for name in names} | {n for n in names if n.startswith("kb.")}


def test_an_unchanged_site_loads_nothing_that_reads_renders_or_indexes(site: SmallSite) -> None:
    found = loaded(site)
    assert "click" in found
    assert not found & HEAVY
    assert not {name for name in found if name.startswith(("kb.rules", "kb.search", "kb.pages"))}
    assert not {"kb.content.load", "kb.content.article_file", "kb.actions.compile_site"} & found


def test_what_it_says_of_an_unchanged_site_is_what_it_said_before(site: SmallSite) -> None:
    whole = kb(site.root, "index")
    assert "2-two/unused.txt:1:" in whole.stderr
    (Path(os.environ["KB_VAR"]) / "cache" / "unchanged.json").unlink()
    again = kb(site.root, "index")
    assert (again.stdout, again.stderr) == (whole.stdout, whole.stderr)


def _same_size(site: SmallSite) -> None:
    path = site.root / ONE
    path.write_text(path.read_text().replace("Texto", "Letra"))


def _swapped(site: SmallSite) -> None:
    """Another file of the same size and time."""
    path, other = site.root / ONE, site.root / "other.md"
    other.write_text(path.read_text().replace("Texto", "Letra"))
    shutil.copystat(path, other)
    other.replace(path)


def _committed(site: SmallSite) -> None:
    git = ["git", "-C", str(site.root), "-c", "user.name=A", "-c", "user.email=a@example.com"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "First"]):
        subprocess.run([*git, *words], check=True, capture_output=True)


CHANGES: dict[str, Callable[[SmallSite], object]] = {
    "an article": _same_size,
    "an article of the same size and time": _swapped,
    "a new article": lambda site: site.article(3, "three"),
    "an article that went": lambda site: shutil.rmtree(site.root / "articles/setup/2-two"),
    "the site file": lambda site: site.write("site.yaml", SITE + "company: Acme\n"),
    "the policy": lambda site: site.write("policy/products.yaml", PRODUCTS + "\n"),
    "the words of search": lambda site: site.write(
        "search/synonyms.es.yaml", "same:\n- [copia, respaldo]\n"
    ),
    "a commit": _committed,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_kind_of_change_is_seen(
    site: SmallSite, change: Callable[[SmallSite], object]
) -> None:
    before = told(site)
    assert not before["changed"]
    change(site)
    after = told(site)
    assert after["changed"]
    assert after["revision"] != before["revision"]


def test_a_logo_that_went_is_a_mistake_though_no_text_changed(site: SmallSite) -> None:
    site.write("site.yaml", SITE + "logo: logo.svg\n")
    _let_it_age(site)
    assert told(site)["changed"]
    (site.root / "static" / "logo.svg").unlink()
    done = kb(site.root, "index")
    assert done.exit_code == 1
    assert "logo.svg" in done.stderr


def test_a_mistake_is_told_each_time_and_a_mended_site_is_live_again(site: SmallSite) -> None:
    before, sound = told(site)["revision"], (site.root / ONE).read_text()
    site.write(ONE, front("", "[[77]]\n"))
    for _ in range(2):
        assert kb(site.root, "index").exit_code == 1
    site.write(ONE, sound)
    assert told(site)["revision"] == before


@pytest.mark.parametrize("name", ["manifest.json", "trees.json", "search/languages.json"])
def test_a_damaged_revision_is_made_anew(site: SmallSite, name: str) -> None:
    live = Path(os.environ["KB_VAR"]) / "site" / "current"
    (live / name).write_text("")
    assert told(site)["changed"]
    assert (live / name).read_text()


def test_a_file_as_young_as_the_look_is_looked_at_again(site: SmallSite) -> None:
    path = site.root / ONE
    path.write_text(path.read_text().replace("Texto", "Letra"))
    ahead = path.stat().st_mtime_ns + 60 * 10**9
    os.utime(path, ns=(ahead, ahead))
    told(site)
    path.write_text(path.read_text().replace("Letra", "Texto"))
    os.utime(path, ns=(ahead, ahead))  # as a disk does that keeps only whole seconds
    assert told(site)["changed"]


def test_bundles_that_are_lost_are_made_anew(site: SmallSite) -> None:
    site.write("site.yaml", SITE + "offline: yes\n")
    _let_it_age(site)
    told(site)
    bundles = Path(os.environ["KB_VAR"]) / "offline"
    assert {path.name for path in bundles.glob("*.zip")} == {"en.zip", "es.zip"}
    shutil.rmtree(bundles)
    told(site)
    assert {path.name for path in bundles.glob("*.zip")} == {"en.zip", "es.zip"}
