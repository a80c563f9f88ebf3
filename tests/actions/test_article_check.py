"""A source that is not live is shown and checked as the site would after a compile."""

from pathlib import Path

import pytest

from kb.actions.article_check import check_source
from kb.actions.live_site import LiveSite
from kb.content.compiled import CompiledSite
from kb.content.media import MediaFile
from kb.content.problems import Level
from kb.settings import Settings

PATH = "articles/backup/99001-new/en.md"
HEAD = "---\ntitle: A new one\ntype: problem\nproducts: [backup-server]\nstatus: draft\n---\n\n"
PARTS = "## Problem\n\nIt stops.\n\n## Environment\n\nx\n\n## Cause\n\ny\n\n## Resolution\n\n1. z\n"


@pytest.fixture
def live(vendor_settings: Settings) -> CompiledSite:
    return LiveSite(vendor_settings.var).current().site


def test_a_sound_draft_has_its_page_and_no_mistake(live: CompiledSite, tmp_path: Path) -> None:
    seen = check_source(live, tmp_path, PATH, (HEAD + PARTS).encode())
    assert seen.article is not None
    assert (seen.article.id, seen.article.title, seen.problems) == (99001, "A new one", ())
    assert '<h2 id="problem">' in seen.html


def test_mistakes_are_told_by_line_those_against_the_site_too(
    live: CompiledSite, tmp_path: Path
) -> None:
    bad = HEAD.replace("backup-server", "backup-serve") + PARTS + "\nSee [[424242]], ![](x.png)\n"
    seen = check_source(live, tmp_path, PATH, bad.encode())
    told = {(one.line, one.rule) for one in seen.problems}
    assert {(4, "unknown-product"), (24, "dead-link"), (24, "missing-file")} <= told
    assert Level.ERROR in {one.level for one in seen.problems}
    there = check_source(live, tmp_path, PATH, bad.encode(), {"articles/backup/99001-new/x.png"})
    assert "missing-file" not in {one.rule for one in there.problems}


def test_what_is_no_article_or_stands_nowhere_is_told(live: CompiledSite, tmp_path: Path) -> None:
    none = check_source(live, tmp_path, PATH, b"no front matter")
    assert (none.article, none.html) == (None, "")
    assert Level.ERROR in {one.level for one in none.problems}
    lost = check_source(live, tmp_path, "articles/backup/x/pt.md", HEAD.encode())
    assert "not named <id>-<slug>" in str(lost.problems[0])


def test_the_site_s_own_levels_count(live: CompiledSite, vendor_settings: Settings) -> None:
    lost = HEAD + PARTS.replace("## Cause", "## Why")
    seen = check_source(live, vendor_settings.site, PATH, lost.encode())
    assert [one.rule for one in seen.problems].count("problem-parts") >= 1


def test_doubles_and_missing_translations_are_told(live: CompiledSite, tmp_path: Path) -> None:
    other = next(one for one in live.articles["en"].values() if one.status == "published")
    twin = HEAD.replace("A new one", other.title).replace("draft", "published") + PARTS
    rules = [one.rule for one in check_source(live, tmp_path, PATH, twin.encode()).problems]
    assert rules.count("missing-translation") == 1
    assert rules.count("duplicate-title") == 1
    there = {PATH.replace("en.md", "es.md")}
    again = check_source(live, tmp_path, PATH, twin.encode(), there).problems
    assert "missing-translation" not in {one.rule for one in again}


def test_a_picture_that_is_to_come_has_its_address(live: CompiledSite, tmp_path: Path) -> None:
    path = "articles/backup/99001-new/x.png"
    coming = {path: MediaFile(path, "abc", "x.png")}
    raw = f"{HEAD}{PARTS}\n![A picture](x.png)\n".encode()
    seen = check_source(live, tmp_path, PATH, raw, coming, coming)
    assert 'src="/media/abc/x.png"' in seen.html
    assert seen.problems == ()
