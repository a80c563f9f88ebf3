"""Articles: every mistake has its line and its mend, all at once; odd input is no traceback."""

import os
import unicodedata
from pathlib import Path

import pytest

from kb.rules.articles import ArticleType
from tests.content.sites import SITE, SmallSite, front

KCS = "## Problema\n\na\n\n## Entorno\n\nb\n\n## Causa\n\nc\n\n## Resolución\n\nd\n"
PATH = "articles/setup/1-one/es.md"


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    return SmallSite(tmp_path / "site")


def test_a_sound_article_is_read_with_all_its_keys(site: SmallSite) -> None:
    site.article(2, "two")
    site.write("articles/setup/1-one/clip.webm", b"video")
    keys = (
        "summary: Corto.\ntype: problem\nproducts: [server@11-12, cloud]\naudience: public\n"
        "error_codes: [E1]\nkeywords: [uno]\nfind_with:\n  - {q: uno dos, within: 2}\n"
        "updated: 2026-11-03\nreview_by: 2027-06-01\nowner: team\nrelated: [2]\n"
        "video: {src: clip.webm, title: Clip, transcript: Se ve.}\n"
    )
    site.spanish(front(keys, KCS))
    source = site.load()
    article = source.entries[PATH].card.article
    assert article.type is ArticleType.PROBLEM
    assert [str(range_) for range_ in article.products] == ["server@11-12", "cloud"]
    assert (article.id, article.slug, article.category, article.lang) == (1, "one", "setup", "es")
    assert article.related == (2,)
    assert article.video is not None
    assert article.find_with[0].within == 2
    assert [heading.anchor for heading in article.headings] == [
        "problem", "environment", "cause", "resolution",
    ]  # fmt: skip
    assert source.problems == ()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(
            "Texto.",
            ":1: this article does not begin with its front matter; put",
            id="no front matter",
        ),
        pytest.param(
            "---\ntitle: Uno\nTexto.\n",
            ":2: the front matter is not closed; put",
            id="open front matter",
        ),
        pytest.param(
            "---\nsummary: x\n---\nTexto.", ":2: “title” is missing; add it", id="no title"
        ),
        pytest.param(
            front("sumary: x\n"),
            ":3: “sumary” is not a key known here; did you mean “summary”?",
            id="unknown key",
        ),
        pytest.param(
            front("type: howto\n"),
            ":3: “type” cannot be “howto”; did you mean “how-to”?",
            id="type",
        ),
        pytest.param(
            front("products: [servr]\n"),
            ":3: there is no product “servr”; did you mean “server”?",
            id="product",
        ),
        pytest.param(
            front("products: [server@13]\n"), ":3: “server” has no version 13;", id="version"
        ),
        pytest.param(
            front("products: ['server@x']\n"), ":3: “server@x” is not a product; write", id="range"
        ),
        pytest.param(
            front("related: [99]\n"), ":3: there is no article 99 to be related to;", id="related"
        ),
        pytest.param(
            front("related: [1]\n"),
            ":3: the article names itself in “related”; remove",
            id="related to itself",
        ),
        pytest.param(
            front("versions: [99]\n"), ":3: there is no article 99 about another", id="versions"
        ),
        pytest.param(
            front("versions: [1]\n"),
            ":3: the article names itself in “versions”; remove",
            id="a version of itself",
        ),
        pytest.param(front("troubleshooter: nope\n"), ":3: there is no tree “nope”;", id="tree"),
        pytest.param(
            front("updated: yesterday\n"),
            ":3: “updated” must be a date, not “yesterday”; write it like 2026-11-03",
            id="date",
        ),
        pytest.param(
            front("updated: 2026-02-30\n"), ":3: “updated” must be a date", id="no such day"
        ),
        pytest.param(
            front("updated: 2026-05-02\nreview_by: 2026-05-01\n"),
            ":4: “review_by” lies before “updated”; set a later day",
            id="dates in order",
        ),
        pytest.param(front("type: alert\n"), ":3: an alert needs its days; add", id="alert days"),
        pytest.param(
            front("type: alert\nalert: {from: 2026-02-02, until: 2026-02-01}\n"),
            ":4: the alert ends before it begins; swap",
            id="alert order",
        ),
        pytest.param(
            front("alert: {from: 2026-02-02, until: 2026-03-01}\n"),
            ":3: an article of the type reference has no alert days; make it",
            id="days without an alert",
        ),
        pytest.param(
            front("video: {src: a.webm, title: A, transcript: B}\n"),
            ":3: there is no file “a.webm”; add it as articles/setup/1-one/a.webm",
            id="video",
        ),
        pytest.param(
            front("type: problem\n", KCS.replace("## Causa\n\nc\n\n", "")),
            ":14: a problem article has no part “cause”; add ## Cause (es: Causa)",
            id="KCS part missing",
        ),
        pytest.param(
            front("type: problem\n", KCS + "\n## Más\n\nx\n"),
            ":22: “Más” is not one of the four parts",
            id="one part too many",
        ),
        pytest.param(
            front(
                "type: problem\n",
                KCS.replace("Problema", "Entornx")
                .replace("Entorno", "Problema")
                .replace("Entornx", "Entorno"),
            ),
            ":6: the four parts are not in order; put",
            id="KCS order",
        ),
        pytest.param(front("", "# Uno\n"), ":5: “Uno” is a heading of the first level", id="h1"),
        pytest.param(front("", "## A\n\n#### B\n"), ":7: “B” skips a heading level", id="levels"),
        pytest.param(
            front("", "x\n\n![foto](a.png)\n"),
            ":7: there is no file “a.png”; add it as",
            id="image missing",
        ),
        pytest.param(
            front("", "![](a.png)\n"),
            ":5: an image has no alternative text; say",
            id="alternative text",
        ),
        pytest.param(
            front("", "![x](https://x.example/a.png)\n"),
            ":5: an image is on another site",
            id="image elsewhere",
        ),
        pytest.param(
            front("", "x\n\nVea [[77]].\n"),
            ":7: there is no article 77 to link to;",
            id="broken link",
        ),
        pytest.param(
            front("", "Vea [[2#nada]].\n"),
            ":5: article 2 has no heading “#nada”",
            id="broken anchor",
        ),
        pytest.param(
            front("", "[x](#nada)\n"),
            ":5: there is no heading “#nada” in this article",
            id="own anchor",
        ),
        pytest.param(
            front("", "[x](../2-two/es.md)\n"),
            "is a link to a source file; link to an",
            id="link to a file",
        ),
        pytest.param(
            front("", "[x](../../../site.yaml)\n"), "lies outside of articles/", id="file outside"
        ),
        pytest.param(front("", "[x](run.exe)\n"), "there is no file “run.exe”", id="file missing"),
        pytest.param(
            front("", "::: only servr@12\nx\n:::\n"),
            ":5: there is no product “servr”",
            id="only: product",
        ),
        pytest.param(
            front("", "Vea [[3]].\n"),
            ":5: this links to article 3, which customers cannot",
            id="link to a draft",
        ),
    ],
)
def test_each_mistake_names_line_and_mend(site: SmallSite, text: str, problem: str) -> None:
    site.article(2, "two")
    site.article(3, "draft", es=front("status: draft\n"), en=front("status: draft\n"))
    path = site.spanish(text)
    found = site.problems()
    assert any(line.startswith(path) and problem in line for line in found), found


def test_all_mistakes_are_told_at_once_in_order(site: SmallSite) -> None:
    site.spanish(front("type: x\nupdated: y\n", "# Uno\n\n[[9]]\n"))
    site.spanish(front("related: [8]\n", "[[9]] ![](b.png)\n"), number=2)
    found = [line for line in site.problems() if "is also that of" not in line]
    assert [line.split(": ")[0] for line in found] == [
        "articles/setup/1-one/es.md:3",
        "articles/setup/1-one/es.md:4",
        "articles/setup/1-one/es.md:7",
        "articles/setup/1-one/es.md:9",
        "articles/setup/2-one/es.md:3",
        "articles/setup/2-one/es.md:6",
        "articles/setup/2-one/es.md:6",
        "articles/setup/2-one/es.md:6",
    ]


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
