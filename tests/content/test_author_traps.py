"""What authors get wrong without seeing it: the check sees it, and says it once."""

from pathlib import Path

import pytest

from tests.content.sites import SmallSite, front
from tests.png import png

AT = "articles/setup/1-one"


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    return SmallSite(tmp_path / "site")


def test_a_conflict_of_git_never_goes_live(site: SmallSite) -> None:
    """Blank lines around its signs make paragraphs of them, which nothing else would notice."""
    body = "Text.\n\n<<<<<<< HEAD\n\nA.\n\n=======\n\nB.\n\n>>>>>>> branch\n"
    site.spanish(front("", body))
    assert site.problems() == [
        f"{AT}/es.md:7: a conflict of git that nobody has resolved begins here; "
        "choose between the two and delete the lines <<<<<<<, ======= and >>>>>>>"
    ]


def test_lines_that_only_look_like_a_conflict_are_text(site: SmallSite) -> None:
    site.spanish(front("", "Uno\n=======\n\n    <<<<<<< HEAD\n    =======\n    >>>>>>> x\n"))
    assert not [one for one in site.problems() if "conflict" in one]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("summary: Error #12 is shown", ":3: “summary” ends before the # sign, which begins"),
        ('summary: "Error #12 is shown"', ""),
        ("summary: Error#12 is shown", ""),
        ("keywords: [one] # two", ""),
    ],
)
def test_a_text_that_a_comment_cuts_short_is_told(site: SmallSite, line: str, said: str) -> None:
    site.spanish(front(f"{line}\n"))
    found = [one for one in site.problems() if "# sign" in one]
    assert len(found) == bool(said)
    assert not said or found[0].startswith(f"{AT}/es.md{said}")


@pytest.mark.parametrize("products", ["[nothing]", "[server@99]"])
def test_an_unknown_product_is_not_called_out_of_support_too(
    site: SmallSite, products: str
) -> None:
    site.article(1)
    site.spanish(front(f"products: {products}\n"))
    assert len(site.problems()) == 1, site.problems()


def test_an_article_on_an_old_version_alone_is_still_told(site: SmallSite) -> None:
    """R27"""
    site.spanish(front("products: [server@10]\n"))
    site.write("policy/products.yaml", "- {id: server, name: S, market: business, versions: [12, 11, 10]}\n")  # noqa: E501 # fmt: skip
    assert "out of support" in " ".join(site.problems())


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "this file is empty; save it anew"),
        (b"<html>Sign in</html>", "this file is no picture that a browser shows; save it anew"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "fetch it: git lfs pull"),
        (png(20, 20), ""),
        (b"\xff\xd8\xff\xe0 a JPEG with another ending", ""),
    ],
    ids=["empty", "a page", "a pointer", "a PNG", "a JPEG"],
)
def test_a_picture_that_is_none_is_told(site: SmallSite, raw: bytes, said: str) -> None:
    """Else the customer is the first who sees that it is broken."""
    site.spanish(front("", "![El disco](a.png)\n"))
    site.write(f"{AT}/a.png", raw)
    found = site.problems()
    assert len(found) == bool(said)
    assert not said or (found[0].startswith(f"{AT}/a.png:1: ") and said in found[0])
