"""Exports of other help desks, written from their public documentation, become sites that compile:
nothing lost, nothing shown to more people than before, nothing fetched."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kb.actions.compile_site import compile_site
from kb.actions.live_site import LiveSite
from kb.content.compiled import CompiledSite
from kb.content.imports.foreign import Export, import_export
from kb.content.imports.freshdesk import read_freshdesk
from kb.content.imports.pages import read_confluence, read_pages
from kb.content.imports.report import Report
from kb.content.imports.zammad import read_zammad
from kb.content.imports.zendesk import read_zendesk
from kb.content.problems import ContentError
from kb.settings import read_settings

EXPORTS = Path(__file__).parent / "exports"
BOTH = ("en", "es")

Read = Callable[[Path, Report], Export]
READERS: dict[str, tuple[Read, tuple[str, ...]]] = {
    "zendesk": (lambda source, report: read_zendesk(source, (), report), BOTH),
    "freshdesk": (lambda source, report: read_freshdesk(source, (), "en", report), ("en",)),
    "freshdesk-api": (lambda source, report: read_freshdesk(source, (), "en", report), ("en",)),
    "zammad": (
        lambda source, report: read_zammad(source, (source / "attachments",), BOTH, report),
        BOTH,
    ),
    "confluence": (lambda source, report: read_confluence(source, "en", report), ("en",)),
    "html": (lambda source, report: read_pages(source, {"en": "en", "es": "es"}, report), BOTH),
}


class Brought:
    """A site made from an export."""

    def __init__(self, name: str, folder: Path, source: Path | None = None) -> None:
        read, languages = READERS[name]
        self.out, self.report = folder / "site", Report()
        export = read(source or EXPORTS / name, self.report)
        import_export(export, self.out, languages, self.report)
        compile_site(read_settings({"KB_VAR": str(folder / "var")}, self.out))
        self.site: CompiledSite = LiveSite(folder / "var").current().site

    def told(self) -> list[tuple[str, str, str, str, str]]:
        """Language, title, category, status and audience of every article."""
        return sorted(
            (lang, one.title, one.category, str(one.status), str(one.audience))
            for lang, articles in self.site.articles.items()
            for one in articles.values()
        )

    def html(self, title: str, lang: str = "en") -> str:
        article = next(one for one in self.site.articles[lang].values() if one.title == title)
        return self.site.page(lang, article.id).html


EXPECTED = {
    "zendesk": [
        ("en", "Internal checklist", "orchard-sync-faq", "published", "internal"),
        ("en", "Not finished", "orchard-sync-faq", "draft", "public"),
        ("en", "Restore one file", "restoring", "published", "public"),
        ("en", "Why is it slow?", "orchard-backup-faq", "published", "public"),
        ("es", "Recuperar un archivo", "restoring", "published", "public"),
        ("es", "¿Por qué va lento?", "orchard-backup-faq", "published", "public"),
    ],
    "freshdesk": [
        ("en", "Half a text", "restoring", "draft", "public"),
        ("en", "Prices", "for-customers", "published", "customers"),
        ("en", "Refunds", "for-agents", "published", "internal"),
        ("en", "Restore one file", "restoring", "published", "public"),
        ("en", "Special terms", "chosen-companies", "published", "internal"),
    ],
    "freshdesk-api": [
        ("en", "Refunds", "for-agents", "published", "internal"),
        ("en", "Restore one file", "restoring", "published", "public"),
    ],
    "zammad": [
        ("en", "A draft", "restoring", "draft", "public"),
        ("en", "For staff", "restoring", "published", "internal"),
        ("en", "Put away", "restoring", "archived", "public"),
        ("en", "Restore one file", "restoring", "published", "public"),
        ("es", "Recuperar un archivo", "restoring", "published", "public"),
    ],
    "confluence": [
        ("en", "Restore one file", "restoring", "published", "public"),
        ("en", "Restoring", "restoring", "published", "public"),
    ],
    "html": [
        ("en", "Restore one file", "backup", "published", "public"),
        ("en", "Why is it slow?", "sync", "published", "public"),
        ("es", "Recuperar un archivo", "backup", "published", "public"),
    ],
}


@pytest.mark.parametrize("name", sorted(READERS))
def test_every_article_comes_with_its_place_state_and_readers(name: str, tmp_path: Path) -> None:
    assert Brought(name, tmp_path).told() == EXPECTED[name]


PARTS = {
    "zendesk": [
        "<code>orchard restore</code> &amp; wait",
        "&lt;drive&gt;:\\folder_a.",
        '<h2 id="steps">Steps</h2>',
        "<li>Choose the file</li>",
        'alt="The button Start"',
        '<p class="admonition-title">Before you start</p>',
        "Close the program that uses the file.",
        "why it is slow</a>",
        'href="https://orchard.example.com/hc/en-us/articles/360009999999"',
    ],
    "freshdesk": [
        "<strong>Restore</strong>",
        "<p>Only a frame.</p>",
        "window.png",
        "list.pdf",
        "the prices</a>",
    ],
    "zammad": ["<strong>Restore</strong>", "41.png", "Older way</a>", "orchard restore"],
    "confluence": [
        '<h2 id="steps">Steps</h2>',
        '<p class="admonition-title">Mind the time</p>',
        "<strong>an hour</strong>",
        "Restore-Orchard",
        "<td>Disk is full</td>",
        'alt="window"',
        "<strong>More</strong>",
        ">log.txt</a>",
        ">Restoring</a>",
        "a page that is gone.",
    ],
    "html": [
        "<strong>Restore</strong>",
        "why it is slow</a>",
        "It takes a while.",
        'alt="The window"',
    ],
}


@pytest.mark.parametrize("name", sorted(PARTS))
def test_texts_boxes_listings_tables_pictures_and_links_come_along(
    name: str, tmp_path: Path
) -> None:
    html = Brought(name, tmp_path).html("Restore one file")
    missing = [part for part in PARTS[name] if part not in html]
    assert not missing, html
    gone = ("alert(1)", "Menu", "Created by", "expand-icon", "Document generated")
    assert not [part for part in gone if part in html]


def test_links_between_articles_lead_to_them_in_the_same_language(tmp_path: Path) -> None:
    html = Brought("zendesk", tmp_path).html("Recuperar un archivo", "es")
    assert 'href="/es/kb/1002-why-is-it-slow"' in html


def test_spans_and_lists_in_cells_become_a_plain_grid(tmp_path: Path) -> None:
    html = Brought("zendesk", tmp_path).html("Why is it slow?")
    assert "<td>Old</td>" in html
    assert "<td>10|20 MB/s</td>" in html
    assert "<td>• 12 • 14</td>" in html


def test_what_is_left_out_and_what_became_of_each_number_is_told(tmp_path: Path) -> None:
    zendesk = Brought("zendesk", tmp_path / "zd").report
    assert zendesk.left_out == {"360001112222 (fr)": "in a language that was not asked for: fr"}
    assert zendesk.numbers["360001112222"] == 1001
    assert zendesk.as_data()["numbers"] == zendesk.numbers
    zammad = Brought("zammad", tmp_path / "za").report
    assert zammad.left_out == {"15 (en)": "its content is not in the export; save the answer too"}
    assert zammad.numbers == {"11": 11, "12": 12, "13": 13, "14": 14}
    html = Brought("html", tmp_path / "ht").report
    assert html.left_out == {"empty.html": "there are no words in it"}
    for report in (zendesk, zammad, html):
        assert report.read == report.written + len(report.left_out)


@pytest.mark.parametrize("name", ["zendesk", "freshdesk", "freshdesk-api", "zammad"])
@pytest.mark.parametrize("part", [0.02, 0.5, 0.98])
def test_a_file_cut_in_the_middle_is_refused_whole(name: str, part: float, tmp_path: Path) -> None:
    source = tmp_path / "export"
    shutil.copytree(EXPORTS / name, source)
    longest = max(source.rglob("*.json"), key=lambda path: path.stat().st_size)
    longest.write_bytes(longest.read_bytes()[: int(longest.stat().st_size * part)])
    with pytest.raises(ContentError) as caught:
        READERS[name][0](source, Report())
    (problem,) = caught.value.problems
    assert problem.path == longest.relative_to(source).as_posix()
    assert problem.what == "the file ends in the middle"
    assert "nothing was imported" in problem.mend


ODD = {
    "nothing": (b"{}", "there "),
    "a list of numbers": (b"[1, 2, null]", "there "),
    "a number": (b"7", "there "),
    "not JSON": (b"<html>Sign in</html>", "this is not JSON"),
    "not UTF-8": (b"\xff\xfe{", "this is not UTF-8"),
    "nested too deep": (b"[" * 100_000, "nested too deep"),
}


@pytest.mark.parametrize("name", ["zendesk", "freshdesk", "zammad"])
@pytest.mark.parametrize("odd", ODD)
def test_files_that_are_no_export_are_refused_with_a_sentence(
    name: str, odd: str, tmp_path: Path
) -> None:
    text, told = ODD[odd]
    path = tmp_path / "odd.json"
    path.write_bytes(text)
    with pytest.raises(ContentError) as caught:
        READERS[name][0](path, Report())
    assert told in caught.value.problems[0].what


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    for name, (read, _) in READERS.items():
        (tmp_path / "en").mkdir(exist_ok=True)
        (tmp_path / "es").mkdir(exist_ok=True)
        with pytest.raises(ContentError):
            read(tmp_path, Report())
        assert name


def zendesk(folder: Path, body: str, **more: object) -> Brought:
    article = {"id": 1, "title": "One", "locale": "en", "body": body, **more}
    folder.mkdir(exist_ok=True)
    (folder / "articles.json").write_text(json.dumps({"articles": [article]}))
    return Brought("zendesk", folder.parent / "made", folder)


@pytest.mark.parametrize(
    "src",
    [
        "../../secret.png",
        "file:///etc/hostname.png",
        "/etc/passwd",
        "link.png",
        "%2e%2e/%2e%2e/secret.png",
    ],
)
def test_pictures_outside_of_the_export_stay_outside(src: str, tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(b"\x89PNG secret")
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "link.png").symlink_to(tmp_path / "secret.png")
    made = zendesk(tmp_path / "export", f'<p>Text <img src="{src}" alt="x"></p>')
    assert not list(made.out.rglob("*.png"))
    assert "Text" in made.html("One")


def test_elements_nested_deeper_than_anybody_writes_are_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    articles = [
        {"id": 1, "title": "Deep", "locale": "en", "body": "<div>" * 5000 + "x"},
        {"id": 2, "title": "Two", "locale": "en", "body": "<p>x</p>"},
    ]
    (folder / "articles.json").write_text(json.dumps({"articles": articles}))
    made = Brought("zendesk", tmp_path, folder)
    assert list(made.report.left_out) == ["1 (en)"]
    assert made.report.articles == 1


def test_wrong_kinds_of_values_are_taken_as_missing(tmp_path: Path) -> None:
    made = zendesk(
        tmp_path / "export", "<p>x</p>", label_names={"a": 1}, section_id=[], updated_at=17,
        translations="none", title="One",
    )  # fmt: skip
    assert made.told() == [("en", "One", "general", "published", "public")]


def test_a_picture_is_found_by_its_only_name(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    (folder / "deep" / "down").mkdir(parents=True)
    png = (EXPORTS / "zammad" / "attachments" / "41.png").read_bytes()
    (folder / "deep" / "down" / "shot.png").write_bytes(png)
    made = zendesk(folder, '<p><img src="https://cdn.example.com/x/9/shot.png?v=2"></p>')
    assert [path.name for path in made.out.rglob("*.png")] == ["shot.png"]
