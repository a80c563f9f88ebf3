"""Articles: every mistake has its line and its mend, all at once; odd input is no traceback."""

from pathlib import Path

import pytest

from kb.rules.articles import ArticleType
from tests.content.sites import SmallSite, front

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
