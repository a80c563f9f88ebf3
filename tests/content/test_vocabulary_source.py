"""`search/synonyms.<lang>.yaml`: read, checked with its line, and part of what is compiled."""

from pathlib import Path

import pytest

from tests.content.sites import SmallSite

GOOD = """\
same:
  - [vault, backup store]
products:
  server: [AS, the big one]
"""


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    made = SmallSite(tmp_path / "site")
    made.article(1)
    return made


def test_words_and_product_names_are_read(site: SmallSite) -> None:
    site.write("search/synonyms.en.yaml", GOOD)
    words = site.load().vocabularies
    assert words["en"].same == (("vault", "backup store"),)
    assert words["en"].products["server"] == ("Acme Server", "Server", "AS", "the big one")
    assert words["en"].versions["server"] == ("12", "11.5", "11", "10")
    assert words["es"].same == ()
    assert words["es"].products["cloud"] == ("Acme Cloud", "Cloud")


def test_a_changed_synonym_makes_a_new_revision(site: SmallSite) -> None:
    before = site.load().revision
    site.write("search/synonyms.en.yaml", GOOD)
    assert site.load().revision != before


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        pytest.param(
            "synonyms.en.yaml",
            GOOD.replace("server:", "sever:"),
            "search/synonyms.en.yaml:4: there is no product “sever”; did you mean “server”?",
            id="unknown product",
        ),
        pytest.param(
            "synonyms.en.yaml",
            "same:\n  - [vault, store]\n  - [alone]\n",
            "search/synonyms.en.yaml:3: a group of one word says nothing; "
            "add another word for the same, or remove the line",
            id="one word",
        ),
        pytest.param(
            "synonyms.en.yaml",
            "same:\n  - [vault, Vault, store]\n",
            "search/synonyms.en.yaml:2: a word stands twice in this group; keep one",
            id="twice",
        ),
        pytest.param(
            "synonyms.en.yaml",
            "same:\n  - [vault, the place in which we keep it]\n",
            "search/synonyms.en.yaml:2: “the place in which we keep it” has more than 5 words; "
            "write the words that matter",
            id="a sentence",
        ),
        pytest.param(
            "synonyms.en.yaml",
            "sames:\n  - [a, b]\n",
            "search/synonyms.en.yaml:1: “sames” is not a key known here; did you mean “same”?",
            id="unknown key",
        ),
        pytest.param(
            "synonyms.fr.yaml",
            GOOD,
            "search/synonyms.fr.yaml:1: this file is not read: it is no synonyms file of a "
            "language of this site; did you mean “synonyms.",
            id="a language the site has not",
        ),
    ],
)
def test_mistakes_are_told_with_their_line(
    site: SmallSite, name: str, text: str, told: str
) -> None:
    site.write(f"search/{name}", text)
    assert any(problem.startswith(told) for problem in site.problems()), site.problems()
