"""Files of articles: where they lie, odd bytes, links out of the site, left-over files."""

import os
import unicodedata
from pathlib import Path

import pytest

from tests.content.sites import SITE, SmallSite, front

PATH = "articles/setup/1-one/es.md"


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    return SmallSite(tmp_path / "site")


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        pytest.param(
            "articles/setup/one/es.md", "the folder “one” is not named <id>-<slug>", id="id"
        ),
        pytest.param("articles/setup/1-One/es.md", "is not named <id>-<slug>", id="upper case"),
        pytest.param("articles/setup/1-one two/es.md", "is not named <id>-<slug>", id="space"),
        pytest.param("articles/setup/1-año/es.md", "is not named <id>-<slug>", id="accent"),
        pytest.param("articles/setup/1-one/fr.md", "is not named after a language", id="language"),
        pytest.param("articles/es.md", "an article cannot stand here", id="too high"),
        pytest.param(
            "articles/Set Up/1-one/es.md", "the category folder “Set Up” has signs", id="category"
        ),
    ],
)
def test_a_file_in_the_wrong_place_is_told(site: SmallSite, path: str, problem: str) -> None:
    site.write(path, front(""))
    assert any(line.startswith(path) and problem in line for line in site.problems())


def test_an_id_belongs_to_one_folder(site: SmallSite) -> None:
    site.article(1, "one")
    site.article(1, "other")
    assert any(
        "1-other/en.md:1: the id 1 is already that of articles/setup/1-one" in line
        and "2 is free" in line
        for line in site.problems()
    )


def test_a_missing_translation_is_a_mistake_unless_the_site_says_otherwise(site: SmallSite) -> None:
    site.article(1)
    (site.root / "articles/setup/1-one/en.md").unlink()
    assert "has no translation into “en”; write articles/setup/1-one/en.md" in site.problems()[0]
    site.write("site.yaml", SITE + "translations: optional\n")
    assert site.problems() == []


def test_a_category_is_one_of_the_site(site: SmallSite) -> None:
    site.article(1)
    site.write("site.yaml", SITE + "categories:\n  set-up: {es: A, en: B}\n")
    assert "the category “setup” is not in site.yaml; did you mean “set-up”?" in site.problems()[0]


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(front("", "Año\r\ndos\r\n").replace("\n", "\r\n").encode(), id="CRLF"),
        pytest.param(b"\xef\xbb\xbf" + front("", "Año\n").encode(), id="BOM"),
        pytest.param(front("", unicodedata.normalize("NFD", "Año\n")).encode(), id="NFD"),
    ],
)
def test_harmless_odd_bytes_are_read(site: SmallSite, raw: bytes) -> None:
    site.article(1)
    site.write(PATH, raw)
    source = site.load()
    assert source.problems == ()
    assert source.entries[PATH].card.article.title == "Uno"


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        pytest.param(
            front("", "a\n\x00b\n").encode(), ":6: a control character (U+0000)", id="NUL"
        ),
        pytest.param(
            front("", "Año\n").encode("latin-1"),
            ":5: this file is not UTF-8 text (byte 0xf1)",
            id="Latin-1",
        ),
        pytest.param(
            front("", "Año\n").encode("utf-16"), ":1: this file is not UTF-8", id="UTF-16"
        ),
        pytest.param(front("").encode() + b"x" * 5_000_000, ":1: this file has", id="5 MB"),
        pytest.param(
            front("", "x" * 1_200_000).encode(), "the limit is 1024 KB; split it", id="1.2 MB"
        ),
        pytest.param(
            front("a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n").encode(), ":3:", id="aliases"
        ),
        pytest.param(b"", ":1: this article does not begin", id="empty"),
        pytest.param(b"---\n---\n", ":2: there is nothing here", id="empty front matter"),
        pytest.param(front("keywords: [\n").encode(), ":4:", id="broken YAML"),
        pytest.param(b"---\n- a\n---\nx", ":2:", id="front matter is a list"),
    ],
)
def test_harmful_bytes_are_told_with_their_line(site: SmallSite, raw: bytes, problem: str) -> None:
    site.article(1)
    site.write(PATH, raw)
    found = site.problems()
    assert any(line.startswith(PATH) and problem in line for line in found), found


def test_links_out_of_the_site_are_refused(site: SmallSite, tmp_path: Path) -> None:
    outside = tmp_path / "secret"
    outside.mkdir()
    (outside / "es.md").write_text(front(""))
    folder = site.root / site.article(1)
    os.symlink(outside / "es.md", folder / "secret.png")
    os.symlink(outside, site.root / "articles/setup/2-two")
    os.symlink("es.md", folder / "loop-free.md")
    os.symlink(folder / "gone", folder / "gone")
    found = "\n".join(site.problems())
    assert "1-one/secret.png:1: this link leads out of the site; copy" in found
    assert "setup/2-two:1: this link leads out of the site" in found
    assert "1-one/gone:1: this link leads out of the site" in found


def test_hidden_and_left_over_files_are_not_articles(site: SmallSite) -> None:
    folder = site.article(1)
    site.write(f"{folder}/.es.md.swp", b"\x00")
    site.write(f"{folder}/es.md~", b"\x00")
    assert site.problems() == []


def test_pictures_may_have_spaces_and_accents_in_their_names(site: SmallSite) -> None:
    folder = site.article(1, es=front("", "![Foto](<la cámara 1.png>)\n"))
    site.write(
        f"{folder}/la cámara 1.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 8 + b"\0\0\0\x10\0\0\0\x08"
    )
    source = site.load()
    file = source.media[f"{folder}/la cámara 1.png"]
    assert (file.width, file.height) == (16, 8)
    assert file.url.endswith("/la%20c%C3%A1mara%201.png")


def test_a_site_without_articles_is_no_mistake(site: SmallSite) -> None:
    assert site.load().entries == {}
