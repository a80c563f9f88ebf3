"""Exports that are larger and worse than those of the documentation: what comes can be compiled at
once, and what cannot come is named."""

import json
import resource
import subprocess
import sys
from pathlib import Path

from kb.content.imports.fields import Mapped
from kb.content.imports.markdown import import_markdown
from tests.content.test_imports import EXPORTS, Brought

PNG = (EXPORTS / "zammad" / "attachments" / "41.png").read_bytes()


def zendesk(folder: Path, articles: list[dict[str, object]]) -> Path:
    folder.mkdir()
    told = [{"locale": "en", "section_id": 1, **one} for one in articles]
    (folder / "articles.json").write_text(json.dumps({"articles": told}))
    return folder


def test_a_link_to_what_its_readers_may_not_read_keeps_its_words(tmp_path: Path) -> None:
    """Else the site that was made would not compile."""
    link = '<p>See <a href="/hc/en-us/articles/{}-x">the other</a>.</p>'
    source = zendesk(
        tmp_path / "export",
        [
            {"id": 1001, "title": "Open", "body": link.format(1002)},
            {"id": 1002, "title": "Inside", "body": link.format(1001), "user_segment_id": 5},
            {"id": 1003, "title": "Draft", "body": link.format(1002), "draft": True},
        ],
    )
    made = Brought("zendesk", tmp_path, source)
    assert made.html("Open") == "<p>See the other.</p>"
    assert '<a href="/en/kb/1001-open">the other</a>' in made.html("Inside")
    told = "link to an article that its readers may not read, its words kept"
    assert made.report.mended["en/1001.md"] == {told: 1}


def test_pages_in_utf_16_come_and_those_that_are_no_text_do_not(tmp_path: Path) -> None:
    for lang in ("en", "es"):
        (tmp_path / "export" / lang).mkdir(parents=True)
    folder = tmp_path / "export" / "en"
    (folder / "wide.html").write_bytes("<h1>Año</h1><p>Sí</p>".encode("utf-16"))
    (folder / "noise.html").write_bytes(b"<h1>\x00\x01\x02\x03" + bytes(range(256)))
    made = Brought("html", tmp_path, tmp_path / "export")
    assert made.html("Año") == "<p>Sí</p>"
    assert made.report.left_out == {"noise.html": "not a text"}


def test_two_pictures_of_one_name_stay_two(tmp_path: Path) -> None:
    folder = tmp_path / "old" / "en"
    for name, data in {"a": PNG, "b": PNG + b"other"}.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "shot.png").write_bytes(data)
    text = "# T\n\n![x](a/shot.png) ![y](b/shot.png) ![z](a/shot.png)\n"
    (folder / "one.md").write_text(text)
    import_markdown(tmp_path / "old", tmp_path / "new", {"en": "en"}, Mapped())
    article = next((tmp_path / "new").rglob("en.md"))
    assert "![x](shot.png) ![y](shot-2.png) ![z](shot.png)" in article.read_text()
    assert (article.parent / "shot.png").read_bytes() == PNG
    assert (article.parent / "shot-2.png").read_bytes() == PNG + b"other"


def test_a_disk_that_is_full_in_the_middle_leaves_nothing_half_written(tmp_path: Path) -> None:
    """The new site is there whole, or not at all; the next try needs no cleaning up."""
    big = {"id": 1002, "title": "Big", "body": "<p>" + "words and more " * 9000 + "</p>"}
    source = zendesk(tmp_path / "export", [{"id": 1001, "title": "One", "body": "<p>x</p>"}, big])
    out = tmp_path / "made" / "site"
    words = [sys.executable, "-m", "kb", "import", "zendesk", str(source), "--site", str(out)]

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    failed = subprocess.run(
        [*words, "--lang", "en"], capture_output=True, text=True, preexec_fn=small_files
    )
    assert failed.returncode == 2
    said = failed.stderr.splitlines()[-1]
    assert "file too large; let the user that runs kb write larger files" in said
    assert said.endswith("; nothing was imported")
    assert "Traceback" not in failed.stderr
    assert not list((tmp_path / "made").iterdir())
    done = subprocess.run([*words, "--lang", "en"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in (tmp_path / "made").iterdir()] == ["site"]


def test_hundreds_of_broken_articles_come_whole(tmp_path: Path) -> None:
    """Both languages, links between all, tags that are not closed, spans, scripts, odd signs."""
    body = (
        "<h4>Skipped</h4><p><b>not closed<br/>{{% x %}} ::: only `tick` [[7]] | a_b"
        '<table><tr><th colspan=2>A<tr><td rowspan="2">1<td><ul><li>x<li>y</ul>'
        "<tr><td>a | b</table>"
        '<pre><code class="language-python">if a &lt; b:\n    pass</code></pre>'
        '<p onclick="x()"><a href="/hc/es/articles/{}-t#h">next</a><a href="javascript:x()">js</a>'
        "<script>alert(1)</script><ol><li>one<ol><li>in</ol><li>two<blockquote>cut"
    )
    articles: list[dict[str, object]] = []
    for number in range(1, 301):
        text = body.replace("{}", str(1000 + number % 300 + 1))
        articles.append({"id": 1000 + number, "title": f"T {number}", "body": text})
        articles.append({"id": 1000 + number, "title": f"É {number}", "body": text, "locale": "es"})
    made = Brought("zendesk", tmp_path, zendesk(tmp_path / "export", articles))
    assert {lang: len(shelf) for lang, shelf in made.site.articles.items()} == {
        "en": 300,
        "es": 300,
    }
    page = made.html("T 7")
    assert '<a href="/en/kb/1008-t-8">next</a>' in page
    assert '<a href="/es/kb/1008-t-8">next</a>' in made.html("É 7", "es")
    assert "<script" not in page
    assert "onclick" not in page
    assert "javascript:" not in page
    assert "[[7]]" in page
    assert not made.report.left_out
