"""A foreign Markdown knowledge base becomes a site that compiles; every change is reported."""

import os
import random
import tarfile
from datetime import date
from pathlib import Path

import pytest

from kb.content.imports.fields import Mapped
from kb.content.imports.lists import indent_by_four
from kb.content.imports.markdown import read_map
from kb.content.problems import ContentError
from kb.search.query import Query
from tests.content.foreign import Foreign, head

CORPUS = Path(__file__).parents[3] / "shared" / "corpora" / "kcs-articles.tar.gz"


def test_common_keys_become_ours(foreign: Foreign) -> None:
    keys = head(
        title="Import &quot;fails&quot;",
        description="What to do.",
        keywords="KCS, import, error",
        product="Big Suite,Small Suite",
        article_number="KA-123",
        article_published_date="5/17/2024 10:17:25 PM",
    )
    foreign.write("en/KA-123.md", keys + '# Import "fails"\n\nText.\n')
    foreign.write("es/KA-123.md", keys.replace("What to do", "Qué hacer") + "Texto.\n")
    foreign.run(mapped=Mapped(drop_keywords=("KCS",)))
    article = foreign.article()
    assert (article.id, article.slug, article.category) == (123, "import-fails", "big-suite")
    assert article.title == 'Import "fails"'
    assert article.summary == "What to do."
    assert article.keywords == ("import", "error")
    assert [str(range_) for range_ in article.products] == ["big-suite", "small-suite"]
    assert article.updated == date(2024, 5, 17)
    assert foreign.article("es").summary == "Qué hacer."
    assert foreign.html() == "<p>Text.</p>"


def test_translations_are_matched_by_path_or_name(foreign: Foreign) -> None:
    foreign.write("en/a/one.md", head(title="One") + "x")
    foreign.write("es/a/one.md", head(title="Uno") + "x")
    foreign.write("en/b/two.md", head(title="Two") + "x")
    foreign.write("es/otra/two.md", head(title="Dos") + "x")
    foreign.write("en/alone.md", head(title="Alone") + "x")
    foreign.run()
    site = foreign.live().current().site
    titles = {
        id_: (a.title, site.articles["es"][id_].title if id_ in site.articles["es"] else "")
        for id_, a in site.articles["en"].items()
    }
    assert sorted(titles.values()) == [("Alone", ""), ("One", "Uno"), ("Two", "Dos")]
    assert not site.site.translations_required


def test_a_number_is_given_once(foreign: Foreign) -> None:
    for name in ("a", "b", "c"):
        foreign.write(f"en/{name}.md", head(title=name, id="7" if name != "c" else "") + "x")
    foreign.run({"en": "en"})
    assert sorted(foreign.live().current().site.articles["en"]) == [7, 1001, 1002]
    assert "number that was missing or taken, a new one given" in str(foreign.report.as_data())


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"no front matter", id="no front matter"),
        pytest.param(b"", id="empty"),
        pytest.param(b"---\ntitle: a: b: c\n\tx\n---\ntext", id="loose YAML"),
        pytest.param("---\ntitle: Año\n---\ntext".encode("latin-1"), id="Latin-1"),
        pytest.param("\ufeff---\r\ntitle: A\r\n---\r\ntext\r\n".encode(), id="BOM and CRLF"),
        pytest.param(b"---\ntitle: A\n---\n\x00\x01\xff\xfe", id="binary"),
        pytest.param(b"---\na: &a [1]\nb: [*a,*a]\ntitle: A\n---\nx", id="aliases"),
        pytest.param(head(title="x" * 900, description="y " * 900).encode() + b"z", id="long"),
        pytest.param(head(title="A").encode() + b"> " * 3000, id="deep"),
        pytest.param(head(title="<script>alert(1)</script>").encode() + b"x", id="script title"),
        pytest.param(head(title="A", date="2024-99-99").encode() + b"x", id="no such day"),
        pytest.param(head(title="日本語").encode() + b"x", id="no slug"),
        pytest.param(head(title="A").encode() + b"::: only\n:::\n```\n[[", id="half syntax"),
    ],
)
def test_any_file_gives_an_article_or_a_reason(foreign: Foreign, raw: bytes) -> None:
    foreign.write("en/with space & ñ.md", raw)
    foreign.write("en/good.md", head(title="Good") + "x")
    foreign.run({"en": "en"})
    shelf = foreign.live().current().site.articles["en"]
    assert len(shelf) + len(foreign.report.left_out) == 2
    assert "Good" in {article.title for article in shelf.values()}


def test_files_that_are_too_large_or_lead_out_are_left_out(
    foreign: Foreign, tmp_path: Path
) -> None:
    foreign.write("en/good.md", head(title="Good") + "x")
    foreign.write("en/big.md", b"x" * 6_000_000)
    (tmp_path / "secret.md").write_text("secret")
    os.symlink(tmp_path / "secret.md", foreign.source / "en/link.md")
    foreign.run({"en": "en"})
    assert set(foreign.report.left_out) == {"en/big.md", "link.md"}
    assert len(foreign.live().current().site.articles["en"]) == 1


def test_a_mapping_file_chooses_the_fields(foreign: Foreign) -> None:
    mapped = read_map("map.yaml", (
        "fields:\n  title: [heading]\n  products: [apps]\n  category: [area]\n"
        "products: {Old Name: Suite}\ndefault_category: misc\n"
    ))  # fmt: skip
    keys = head(heading="H", title="T", apps="Old Name", area="How it works")
    foreign.write("en/1.md", keys + "x")
    foreign.run({"en": "en"}, mapped)
    article = foreign.article()
    assert (article.title, article.category) == ("H", "how-it-works")
    assert [str(range_) for range_ in article.products] == ["suite"]


def test_a_wrong_mapping_file_is_told() -> None:
    with pytest.raises(ContentError, match=r"map.yaml:2: “titel” is not a key known here"):
        read_map("map.yaml", "fields:\n  titel: [x]\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("- a\n  - b", "- a\n    - b", id="two"),
        pytest.param("1. a\n   - b\n\n   text", "1. a\n    - b\n\n    text", id="three"),
        pytest.param(
            "1. a\n\n   text\n\n2. b", "1. a\n\n    text\n\n2. b", id="paragraph in an item"
        ),
        pytest.param("- a\n    - b", "- a\n    - b", id="four already"),
        pytest.param("1. a\n   ```\n     x\n   ```", "1. a\n    ```\n      x\n    ```", id="code"),
        pytest.param("text\n  more", "text\n  more", id="no list"),
        pytest.param("- a\n\ntext", "- a\n\ntext", id="list ends"),
    ],
)
def test_lists_are_indented_by_four(before: str, after: str) -> None:
    assert indent_by_four(before.split("\n"), lambda _times: None) == after.split("\n")


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.is_file(), reason="the shared corpora are not beside the project")
def test_a_sample_of_a_real_knowledge_base_becomes_a_site(foreign: Foreign) -> None:
    with tarfile.open(CORPUS) as archive:
        names = sorted(name for name in archive.getnames() if name.endswith(".md"))
        stems = sorted({Path(name).name for name in names if "/en/" in name})
        sample = set(random.Random(7).sample(stems, 60))  # noqa: S311 - a sample, no secret
        for name in names:
            if Path(name).name in sample:
                file = archive.extractfile(name)
                assert file is not None
                foreign.write("/".join(Path(name).parts[-2:]), file.read())
    foreign.run()
    live = foreign.live().current()
    both = set(live.site.articles["en"]) & set(live.site.articles["es"])
    assert len(both) >= 58
    assert foreign.report.left_out == {}
    for id_ in both:
        assert live.site.page("en", id_).html
        assert live.site.articles["es"][id_].slug == live.site.articles["en"][id_].slug
    found = 0
    for id_ in sorted(both):
        hits = live.index.search(Query(live.site.articles["en"][id_].title, "en", limit=3)).hits
        found += str(id_) in {hit.id for hit in hits}
    assert found >= 0.9 * len(both)
