"""Snippets: the best passage, escaped, with the words marked."""

import re
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from kb.search.index import Query
from tests.search.library import document, index_of

FILLER = "Nothing of interest stands in this sentence at all. " * 12


def snippet(folder: Path, text: str, **fields: object) -> Markup:
    index = index_of(folder, document("1", **fields), document("2", body="something else"))
    return index.search(Query(text, "en")).hits[0].snippet


def test_the_best_passage_is_shown(tmp_path: Path) -> None:
    body = f"{FILLER}The vault is new. {FILLER}Enlarge the quota of the vault first. {FILLER}"
    shown = snippet(tmp_path / "a", "vault quotas", body=body)
    assert shown.startswith("Enlarge the <mark>quota</mark> of the <mark>vault</mark> first.")
    assert shown.endswith("…")
    assert len(shown.striptags()) <= 260


def test_the_summary_is_shown_where_it_says_as_much(tmp_path: Path) -> None:
    shown = snippet(
        tmp_path / "a",
        "vault quota",
        summary="Enlarge the vault's quota.",
        body=f"{FILLER} vault quota vault quota",
    )
    assert shown.startswith("Enlarge the <mark>vault&#39;s</mark> <mark>quota</mark>.")


def test_a_match_in_the_title_alone_shows_the_beginning(tmp_path: Path) -> None:
    shown = snippet(tmp_path / "a", "quota", title="Quota", body=FILLER)
    assert shown.startswith("Nothing of interest")
    assert "<mark>" not in shown


def test_an_article_without_text_has_no_snippet(tmp_path: Path) -> None:
    assert snippet(tmp_path / "a", "quota", title="Quota") == ""


def test_everything_is_escaped(tmp_path: Path) -> None:
    shown = snippet(tmp_path / "a", "quota", body='<img src=x onerror="a()"> quota & <b>more</b>')
    assert shown == (
        "&lt;img src=x onerror=&#34;a()&#34;&gt; <mark>quota</mark> &amp; &lt;b&gt;more&lt;/b&gt;"
    )


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=300),
    st.text(max_size=60),
    st.lists(st.sampled_from(["quota", "vault", "<mark>", "&amp;", "\n"]), max_size=20),
)
def test_a_snippet_is_always_safe(
    tmp_path_factory: object, body: str, summary: str, words: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("snippet") / "a"  # type: ignore[attr-defined]
    shown = snippet(folder, "quota vault", summary=summary, body=f"{body} {' '.join(words)} quota")
    bare = re.sub(r"</?mark>", "", str(shown))
    assert "<" not in bare
    assert ">" not in bare
    assert shown.count("<mark>") == shown.count("</mark>")
    assert "\n" not in shown


def test_paragraphs_do_not_run_into_each_other(tmp_path: Path) -> None:
    shown = snippet(tmp_path / "a", "quota", body="Quota\nThe disk is full.\nOpen the panel\nThen")
    assert shown == "<mark>Quota</mark> · The disk is full. Open the panel · Then"
