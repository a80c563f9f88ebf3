"""`kb export json`: the whole knowledge base, or what strangers may read of it, byte for byte."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kb.actions.compile_site import compile_site
from kb.cli.export_json import knowledge_json
from kb.content.site_source import load_site_file
from kb.settings import read_settings
from tests.content.sites import SITE, SmallSite, front
from tests.edited_site import png

CHECKS = "checks: {hidden-link: off}\ncategories:\n  setup: {es: Instalar, en: Set up}\n"
SECRET = "Zarzamora-7"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site with public, internal and draft articles, compiled."""
    site = SmallSite(tmp_path / "site", SITE + CHECKS)
    keys = f"owner: {SECRET}-owner\nkeywords: [{SECRET}-word]\nproducts: [server@11-12]\n"
    body = f"Vea [[3]] y [[2]].\n\n<!-- {SECRET}-comment -->\n\n![Un botón](foto.png)\n"
    site.spanish(front(f"# {SECRET}-top\n{keys}related: [2, 3]\n", body))
    site.write("articles/setup/1-one/foto.png", png())
    site.article(2, "two")
    hidden = front(f"audience: internal\nsummary: {SECRET}-summary\n",
                   f"{SECRET}-text\n\n![Un plano](plano.png)\n")  # fmt: skip
    hidden = hidden.replace("Uno", f"{SECRET}-title")
    site.article(3, f"{SECRET.lower()}-slug", es=hidden, en=hidden)
    site.write(f"articles/setup/3-{SECRET.lower()}-slug/plano.png", png((1, 2, 3)))
    draft = f"---\ntitle: {SECRET}-draft\nstatus: draft\n---\n\n{SECRET}\n"
    site.article(4, "draft", es=draft, en=draft)
    assert load_site_file(site.root)
    monkeypatch.setenv("KB_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("KB_BASE_URL", "https://help.example.com")
    compile_site(read_settings(site=site.root))
    return site.root


def run(root: Path, *words: str) -> Result:
    return CliRunner().invoke(knowledge_json, list(words), obj=root)


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def test_everything_the_owner_has_is_in_it_with_files_beside(root: Path, tmp_path: Path) -> None:
    target, files = tmp_path / "all.json", tmp_path / "files"
    done = run(root, str(target), "--media", str(files))
    assert done.exit_code == 0, done.output
    told = read(target)
    assert told["schema"] == "waypost-knowledge/1"
    assert told["site"]["languages"] == ["es", "en"]
    assert told["site"]["categories"] == {"setup": {"es": "Instalar", "en": "Set up"}}
    assert [(one["id"], one["lang"]) for one in told["articles"]] == [
        (number, lang) for number in (1, 2, 3, 4) for lang in ("en", "es")
    ]
    one = told["articles"][1]
    assert one["url"] == "https://help.example.com/es/kb/1-one"
    assert one["products"] == ["server@11-12"]
    assert (one["owner"], one["related"], one["links"]) == (f"{SECRET}-owner", [2, 3], [3, 2])
    assert one["markdown"].startswith("Vea [[3]] y [[2]].\n")
    assert '<a href="/es/kb/2-two">' in one["html"]
    (picture,) = one["media"]
    kept = (files / picture["file"]).read_bytes()
    assert picture["sha256"] == hashlib.sha256(kept).hexdigest()
    assert picture["bytes"] == len(kept) == len(png())
    assert [product["id"] for product in told["products"]] == ["cloud", "server"]
    assert told["products"][1]["versions"][0] == {"version": "12", "lifecycle": "supported"}


def test_nothing_that_strangers_may_not_read_is_in_the_public_one(
    root: Path, tmp_path: Path
) -> None:
    """R57: neither words, titles, keys nor files of what is internal or not published."""
    target, files = tmp_path / "public.json", tmp_path / "files"
    assert run(root, str(target), "--public", "--media", str(files)).exit_code == 0
    told = read(target)
    assert [(one["id"], one["lang"]) for one in told["articles"]] == [
        (1, "en"), (1, "es"), (2, "en"), (2, "es"),
    ]  # fmt: skip
    raw = target.read_bytes().lower()
    assert SECRET.lower().encode() not in raw
    assert b"draft" not in raw
    assert told["articles"][1]["related"] == [2]
    assert "markdown" not in told["articles"][1]
    assert [file.read_bytes() for file in files.iterdir()] == [png()]
    plain = run(root, "-")
    assert SECRET in plain.stdout  # the search above can find it


def test_the_same_site_gives_the_same_bytes_on_standard_output_too(
    root: Path, tmp_path: Path
) -> None:
    for name in ("one.json", "two.json"):
        assert run(root, str(tmp_path / name)).exit_code == 0
    first = (tmp_path / "one.json").read_bytes()
    assert first == (tmp_path / "two.json").read_bytes()
    assert run(root, "-").stdout.encode() == first
    assert (tmp_path / "one.json").stat().st_mode & 0o077 == 0


def test_a_source_that_changed_since_stops_it_and_leaves_the_old_file(
    root: Path, tmp_path: Path
) -> None:
    target = tmp_path / "all.json"
    target.write_text("old")
    article = root / "articles/setup/1-one/es.md"
    article.write_text(article.read_text().replace("Uno", "Otra"))
    done = run(root, str(target))
    assert (done.exit_code, target.read_text()) == (2, "old")
    assert "articles/setup/1-one/es.md changed since the site was compiled" in done.output
    article.unlink()
    done = run(root, str(target))
    assert done.exit_code == 2
    assert "run kb index" in done.output
    assert sorted(path.name for path in tmp_path.glob(".all*")) == []


def test_without_a_compiled_site_or_folder_it_says_so(root: Path, tmp_path: Path) -> None:
    done = run(root, str(tmp_path / "no" / "such" / "all.json"))
    assert done.exit_code == 2
    assert "no such file or directory; make the folder first" in done.output
