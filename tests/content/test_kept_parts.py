"""The policy and the trees are read and proved when they changed, and not for an article's sake."""

import subprocess
import sys
from pathlib import Path

import pytest

from kb.content import kept_parts
from kb.content.kept import Kept
from kb.content.left_out import policy_of
from kb.content.load import Source, load_site
from kb.content.problems import ContentError
from tests.content.sites import PRODUCTS, SmallSite, front

TREE = """\
title: Sobre la luz
start: one
nodes:
  one:
    ask: ¿Hay luz?
    help: "![Luz](lamp.png)"
    options:
      - {id: a, label: Sí, go: done}
      - {id: b, label: No, go: read, other: true}
  done: {end: solved}
  read: {end: article, article: 1, else: done}
"""
ENGLISH = """\
title: About the light
nodes: {one: {ask: Is it lit?, help: "![Lamp](lamp.png)", options: {a: "Yes", b: "No"}}}
"""
AGAIN = """
import sys
from pathlib import Path
from kb.content.kept import Kept
from kb.content.load import load_site
load_site(Path(sys.argv[1]), Kept(Path(sys.argv[2])))
print(*(name for name in sys.modules if name.startswith("kb.content.")))
"""


class Shop:
    """A site with a policy and a tree, and how often either was read."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.site = SmallSite(folder / "site")
        self.site.article(1, "one")
        self.site.write("troubleshooter/lamp.yaml", TREE)
        self.site.write("troubleshooter/lamp.en.yaml", ENGLISH)
        self.site.write("troubleshooter/lamp.png", b"lit")
        self.store = folder / "kept"
        self.kept = Kept(self.store)
        self.read: list[str] = []
        for name in ("policy_of", "trees_of"):
            monkeypatch.setattr(kept_parts, name, self._counted(name))

    def _counted(self, name: str) -> object:
        real = getattr(kept_parts, name)

        def counted(*given: object) -> object:
            self.read.append(name.removesuffix("_of"))
            return real(*given)

        return counted

    def load(self, *, anew: bool = False) -> tuple[Source | list[str], list[str]]:
        """Load the site, `anew` with a store opened for it; the outcome and what was read."""
        self.read.clear()
        kept = Kept(self.store) if anew else self.kept
        try:
            return load_site(self.site.root, kept), list(self.read)
        except ContentError as error:
            return [str(problem) for problem in error.problems], list(self.read)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    made = Shop(tmp_path, monkeypatch)
    assert made.load()[1] == ["trees", "policy"]
    return made


@pytest.mark.parametrize("anew", [False, True], ids=["here", "another process"])
def test_an_edit_of_an_article_reads_neither_and_gives_both_as_they_were(
    shop: Shop, anew: bool
) -> None:
    before, _ = shop.load()
    shop.site.article(1, "one", es=front("", "Otro texto.\n"))
    after, read = shop.load(anew=anew)
    assert read == []
    assert isinstance(before, Source)
    assert isinstance(after, Source)
    assert (after.policy, after.trees) == (before.policy, before.trees)
    assert after.problems == before.problems
    assert "troubleshooter/lamp.en.yaml:1: this file does not say" in str(after.problems[0])


def test_what_reads_them_is_not_loaded_for_an_edit(shop: Shop) -> None:
    words = [sys.executable, "-c", AGAIN, str(shop.site.root), str(shop.store)]
    loaded = set(subprocess.run(words, capture_output=True, text=True, check=True).stdout.split())
    assert "kb.content.kept_parts" in loaded
    unused = ("policy_source", "policy_forms", "licensing_forms", "trees_source", "tree_forms")
    assert not loaded & {f"kb.content.{name}" for name in unused}


@pytest.mark.parametrize("anew", [False, True], ids=["here", "another process"])
@pytest.mark.parametrize(
    ("path", "text", "read"),
    [
        ("policy/products.yaml", PRODUCTS.replace("Acme Server", "Acme Vault"), ["policy"]),
        ("policy/canned.yaml", "", ["policy"]),
        ("policy/wrong.yaml", "", ["policy"]),
        ("troubleshooter/lamp.yaml", TREE.replace("luz", "vida"), ["trees"]),
        ("troubleshooter/lamp.es.yaml", ENGLISH, ["trees"]),
        ("site.yaml", "name: Help\nbrand: Acme\nlanguages: [en, es]\n", ["trees", "policy"]),
    ],
)
def test_what_changed_is_read_again(
    shop: Shop, path: str, text: str, read: list[str], anew: bool
) -> None:
    shop.site.write(path, text)
    assert shop.load(anew=anew)[1] == read


def test_a_file_that_went_is_seen(shop: Shop) -> None:
    (shop.site.root / "troubleshooter/lamp.en.yaml").unlink()
    told, read = shop.load()
    assert read == ["trees"]
    assert "troubleshooter/lamp.yaml:1: this tree has no text in “en”" in str(told)


@pytest.mark.parametrize("anew", [False, True], ids=["here", "another process"])
def test_a_picture_of_a_tree_that_went_is_a_mistake_until_it_is_there_again(
    shop: Shop, anew: bool
) -> None:
    (shop.site.root / "troubleshooter/lamp.png").unlink()
    for _ in range(2):
        told, read = shop.load(anew=anew)
        assert "“one” shows the picture “lamp.png”, which is not below" in str(told)
        assert read == ["trees"]
    shop.site.write("troubleshooter/lamp.png", b"lit")
    assert isinstance(shop.load(anew=anew)[0], Source)


def test_what_has_a_mistake_is_read_each_time(shop: Shop) -> None:
    shop.site.write("policy/products.yaml", "- {id: server}\n")
    for _ in range(2):
        told, read = shop.load()
        assert "policy/products.yaml:1" in str(told)
        assert read == ["policy"]


@pytest.mark.parametrize("name", ["policy", "troubleshooter"])
@pytest.mark.parametrize("end", [0, 10, -1])
def test_a_store_that_is_cut_off_is_as_if_it_were_not_there(
    shop: Shop, name: str, end: int
) -> None:
    file = shop.store / f"{name}.kept"
    file.write_bytes(file.read_bytes()[:end])
    made, read = shop.load(anew=True)
    assert isinstance(made, Source)
    assert len(read) == 1
    assert shop.load(anew=True)[1] == []


def test_what_is_written_while_it_is_read_is_not_kept(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(root: Path, languages: tuple[str, ...]) -> object:
        read = policy_of(root, languages)
        shop.site.write("policy/products.yaml", PRODUCTS + "\n# another\n")
        return read

    first = PRODUCTS + "\n# first\n"
    with monkeypatch.context() as patched:
        patched.setattr(kept_parts, "policy_of", slow)
        shop.site.write("policy/products.yaml", first)
        assert isinstance(shop.load()[0], Source)
    shop.site.write("policy/products.yaml", first)
    assert shop.load()[1] == ["policy"]
    assert shop.load()[1] == []
